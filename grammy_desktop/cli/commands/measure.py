"""`grammy loudness` and `grammy score`: figures of files."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from grammy_desktop.cli.options import Command
from grammy_desktop.cli.output import error_json, level, say, table
from grammy_desktop.cli.places import user_path
from grammy_desktop.cli.session import Session
from grammy_desktop.core.errors import GrammyError, UserError


def each_file(files: list[str], work: Callable[[Path], dict[str, Any]]) -> dict[str, Any]:
    """`work` for every file in order; a failed one carries its own error. One file that fails alone fails the command."""
    items: list[dict[str, Any]] = []
    for name in files:
        path = user_path(name)
        try:
            items.append({"path": str(path), **work(path)})
        except GrammyError as error:
            if len(files) == 1:
                raise
            say(error.message)
            items.append({"path": str(path), "error": error_json(error)})
    return {"items": items}


def _declare_loudness(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", metavar="FILE", nargs="+", help="audio files")


def _run_loudness(session: Session, arguments: argparse.Namespace) -> dict[str, Any]:
    def measure_one(path: Path) -> dict[str, Any]:
        from grammy_desktop.core.audio_file import open_source
        from grammy_desktop.core.loudness import measure_source

        with open_source(path) as source:
            return measure_source(source).to_json()

    return each_file(arguments.files, measure_one)


def _show_loudness(result: dict[str, Any]) -> str:
    rows = [["file", "integrated", "range", "true peak", "short-term max"]]
    for item in result["items"]:
        if "error" in item:
            # What is wrong stands on standard error; here it would push the columns apart.
            rows.append([Path(item["path"]).name, "—", "—", "—", "—"])
            continue
        figures = [("integrated", "LUFS"), ("range", "LU"), ("true_peak", "dBTP"), ("short_term_max", "LUFS")]
        rows.append([Path(item["path"]).name, *(level(item[name], unit) for name, unit in figures)])
    return table(rows)


def _declare_score(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", metavar="FILE", nargs="+", help="audio files")
    parser.add_argument("--style", metavar="ID", help="compare with this style (default: the nearest)")
    parser.add_argument("--apply", metavar="ID|all", action="append", help="carry this fix out (needs --out)")
    parser.add_argument("--out", metavar="FILE", help="where to write the fixed file")


def _run_score(session: Session, arguments: argparse.Namespace) -> dict[str, Any]:
    if arguments.apply:
        return _run_fix(session, arguments)

    if arguments.out:
        raise UserError("--out is for fixed files: say which fix with --apply ID, or --apply all.")

    def score_one(path: Path) -> dict[str, Any]:
        result: dict[str, Any] = session.finish(session.app.score_file(path, arguments.style))
        return result

    return each_file(arguments.files, score_one)


def _run_fix(session: Session, arguments: argparse.Namespace) -> dict[str, Any]:
    if len(arguments.files) != 1 or not arguments.out:
        raise UserError("--apply takes one FILE and --out FILE.")
    path, out = (user_path(name) for name in (arguments.files[0], arguments.out))
    fixed = session.finish(session.app.fix_file(path, tuple(arguments.apply), arguments.style, out))
    return {"items": [{"path": str(path), **fixed}]}


def _show_score(result: dict[str, Any]) -> str:
    return "\n\n".join(_show_one_score(item) for item in result["items"])


def _show_one_score(item: dict[str, Any]) -> str:
    if "error" in item:
        return str(item["error"]["message"])
    lines = [f"{Path(item['path']).name}"]
    if item["overall_score"] is None:
        return lines[0] + "\nThis does not sound like music. No score is shown."
    names = ("production_quality", "radio_readiness", "emotional_impact", "commercial_appeal", "innovation")
    rows = [["Grammy Meter", f"{item['overall_score']:.0f}"]]
    rows += [[name.replace("_", " ").capitalize(), f"{item[name]:.0f}"] for name in names]
    lines.append(table(rows))
    for insight in item["insights"]:
        fix = f"  [{insight['id']}: {insight['fix']['label']}]" if insight.get("fix") else ""
        lines.append(f"- {insight['text']}{fix}")
    return "\n".join(lines)


COMMANDS = [
    Command(
        name="loudness",
        summary="Loudness and true peak of files (BS.1770, EBU R128).",
        example="grammy loudness master.wav --json",
        declare=_declare_loudness,
        run=_run_loudness,
        show=_show_loudness,
    ),
    Command(
        name="score",
        summary="The Grammy Meter of files, with what to mend; --apply carries fixes out.",
        example="grammy score master.wav --apply all --out fixed.wav",
        declare=_declare_score,
        run=_run_score,
        show=_show_score,
    ),
]
