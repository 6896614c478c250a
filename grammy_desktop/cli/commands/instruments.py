"""`grammy instruments`: the sounds that style sheets may name."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

from grammy_desktop.cli.options import Command
from grammy_desktop.cli.output import say
from grammy_desktop.cli.session import Session
from grammy_desktop.cli.wrap import list_table

_KINDS = ("preset", "patch", "font", "vst3")


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--kind", choices=_KINDS, help="only these (default: all)")
    parser.add_argument("--own", action="store_true", help="only your own: patches, sound fonts, VST3 instruments")
    parser.add_argument(
        "--check",
        action="store_true",
        help="load every VST3 plug-in for a moment: effects and broken ones are left out",
    )


def _run(session: Session, arguments: argparse.Namespace) -> dict[str, Any]:
    from grammy_desktop.workflows.list_instruments import list_instruments

    found = list_instruments(session.paths, kind=arguments.kind, check=arguments.check)
    for problem in found.problems:
        say(problem)
    items = [asdict(entry) for entry in found.entries if entry.own or not arguments.own]
    return {"items": items, "problems": list(found.problems), "soundfonts": str(session.paths.soundfonts)}


def _show(result: dict[str, Any]) -> str:
    if not result["items"]:
        return f"None. Put sound fonts (SF2, SF3) into {result['soundfonts']}."
    rows = []
    for item in result["items"]:
        licence = f"; {item['licence']}" if item["licence"] and item["own"] else ""
        rows.append([item["id"], item["name"], f"{item['description']}{licence}"])
    return list_table(rows)


COMMANDS = [
    Command(
        name="instruments",
        summary="The sounds that style sheets may name: shipped ones, your sound fonts and VST3 instruments.",
        example="grammy instruments --own --json",
        declare=_declare,
        run=_run,
        show=_show,
    )
]
