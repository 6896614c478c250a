"""`grammy listen FILE`: what the assistant hears in a mix, and the settings it proposes."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from grammy_desktop.cli.options import Command
from grammy_desktop.cli.places import user_path
from grammy_desktop.cli.session import Session
from grammy_desktop.cli.wrap import sentence, wrapped_table


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="the mix to listen to")
    parser.add_argument(
        "--genre", metavar="ID", help="style to compare with (default: music of all kinds; grammy styles)"
    )
    parser.add_argument("--save", metavar="NAME", help="keep the proposal as a preset of your own")


def _run(session: Session, arguments: argparse.Namespace) -> dict[str, Any]:
    path = user_path(arguments.file)
    if arguments.save is not None:
        from grammy_desktop.mastering.preset_files import check_name

        # Before the listening: a long mix is not heard in vain.
        check_name(arguments.save)
    proposal: dict[str, Any] = session.finish(session.app.mastering.listen_file(path, arguments.genre))
    result = {"path": str(path), **proposal}
    if arguments.save is not None:
        from dataclasses import replace

        from grammy_desktop.mastering.preset_data import preset_from_json

        preset = preset_from_json(proposal["preset"], where=arguments.save)
        result["saved"] = session.app.mastering.save_preset(replace(preset, name=arguments.save)).id
    return result


def _show(result: dict[str, Any]) -> str:
    preset = result["preset"]
    lines = [f"{Path(result['path']).name}, compared with {result['compared_with']}", ""]
    lines += [sentence(finding["text"], _MARKS[finding["severity"]]) for finding in result["findings"]]
    rows = [[effect["kind"], _values(effect)] for effect in preset["chain"]]
    if rows:
        lines += ["", "Proposed chain:", wrapped_table(rows)]
    if "saved" in result:
        lines.append(f"\nKept as {result['saved']}: grammy master FILE --preset {result['saved']}")
    else:
        lines.append(f"\nTo use it: grammy master {Path(result['path']).name} --assistant")
    return "\n".join(lines)


_MARKS = {"fine": "  ", "notice": "- ", "problem": "! "}


def _values(effect: dict[str, Any]) -> str:
    named = (f"{name.replace('_', ' ')} {value:g}" for name, value in effect.items() if name != "kind")
    return ", ".join(named)


COMMANDS = [
    Command(
        name="listen",
        summary="What the assistant hears in a mix, and the mastering settings it proposes.",
        example="grammy listen mix.wav --genre lofi",
        declare=_declare,
        run=_run,
        show=_show,
    )
]
