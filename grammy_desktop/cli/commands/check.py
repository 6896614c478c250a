"""`grammy check ID|FILE`: how a song sounds elsewhere, after codecs, and what the services make of it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from grammy_desktop.cli.options import Command
from grammy_desktop.cli.output import level, table
from grammy_desktop.cli.places import song_id, user_path
from grammy_desktop.cli.session import Session
from grammy_desktop.cli.wrap import sentence, wrapped_table


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", metavar="ID|FILE", help="an audio file, or a song's id (or its beginning)")
    parser.add_argument("--no-codecs", action="store_true", help="leave the round trips through Opus, MP3 and AAC out")
    parser.add_argument("--every-codec", action="store_true", help="also the bit rates that decide nothing")
    parser.add_argument(
        "--render",
        metavar="DEVICE|CODEC|all",
        action="append",
        default=[],
        help="write how it sounds there, as loud as the original: mono, phone, laptop, small-speaker, car, earbuds, or a codec",
    )
    parser.add_argument(
        "--out",
        metavar="DIR",
        help="folder for what --render writes (default: beside the file; of a song, the current folder)",
    )


def _run(session: Session, arguments: argparse.Namespace) -> dict[str, Any]:
    path = user_path(arguments.what)
    is_file = path.exists() or bool(path.suffix)
    # Beside a song's audio would be within the library.
    beside = None if is_file else Path.cwd()
    options = {
        "codecs": not arguments.no_codecs,
        "every_codec": arguments.every_codec,
        "renders": tuple(arguments.render),
        "out_dir": user_path(arguments.out) if arguments.out is not None else beside,
    }
    if is_file:
        result: dict[str, Any] = session.finish(session.app.mastering.check_file(path, **options))
        return result
    song = song_id(session.app.library, arguments.what)
    result = session.finish(session.app.mastering.check(song, **options))
    return {**result, "title": session.app.library.track(song).title}


def _show(result: dict[str, Any]) -> str:
    loudness = result["loudness"]
    named = result.get("title") or Path(result["path"]).name
    lines = [
        f"{named}: {level(loudness['integrated'], 'LUFS')}, {level(loudness['true_peak'], 'dBTP')}",
        "",
        table([[device["name"], _VERDICTS[device["verdict"]]] for device in result["devices"]]),
    ]
    if result["codecs"]:
        rows = [[codec["name"], _codec(codec)] for codec in result["codecs"]]
        lines += ["", "After codecs:", table(rows)]
    lines += ["", "After upload:", platform_table(result["platforms"])]
    sayings = [*result["problems"], *result["notes"]]
    sayings += [f"{finding['device']}: {finding['text']}" for finding in result["findings"]]
    if sayings:
        lines += ["", *(sentence(saying) for saying in sayings)]
    lines += [f"{name}: {path}" for name, path in result["files"].items()]
    return "\n".join(lines)


_VERDICTS = {"good": "good", "info": "good", "warning": "loses something", "serious": "loses much"}


def _codec(codec: dict[str, Any]) -> str:
    return level(codec["true_peak"], "dBTP") if codec["checked"] else f"not checked: {codec['reason']}"


def platform_table(platforms: list[dict[str, Any]]) -> str:
    """One line a platform: whether it passes, and what happens there."""
    return wrapped_table([[p["name"], _word(p), p["note"]] for p in platforms])


def _word(platform: dict[str, Any]) -> str:
    """A broadcaster may refuse a level whose peaks are fine; a peak after a codec that decides nothing is no failure."""
    if platform["pass"]:
        return "pass"
    return "over" if platform["overs"] else "level"


COMMANDS = [
    Command(
        name="check",
        summary="How a song sounds on other devices, after codecs, and what the services make of it.",
        example="grammy check master.wav --render phone --render car",
        declare=_declare,
        run=_run,
        show=_show,
    )
]
