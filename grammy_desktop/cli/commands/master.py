"""`grammy master FILE`."""

from __future__ import annotations

import argparse
from typing import Any

from grammy_desktop.cli.options import Command
from grammy_desktop.cli.output import level, table
from grammy_desktop.cli.places import user_path
from grammy_desktop.cli.session import Session
from grammy_desktop.workflows.export_track import free_name
from grammy_desktop.workflows.master_track import Mastering


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="the mix to master")
    aim = parser.add_mutually_exclusive_group()
    aim.add_argument("--preset", metavar="NAME", default="spotify-loud", help="mastering preset (grammy presets)")
    aim.add_argument("--reference", metavar="FILE", help="match tone, level and width of this file")
    parser.add_argument("--loudness", metavar="LUFS", type=float, help="target instead of the preset's")
    parser.add_argument("--ceiling", metavar="DBTP", type=float, help="true-peak ceiling instead of the preset's")
    parser.add_argument(
        "--intensity", metavar="0..1", type=float, default=1.0, help="how much of the chain (default 1)"
    )
    parser.add_argument(
        "--out",
        metavar="FILE",
        help="where to write: WAV, FLAC, MP3, OGG or AIFF by its ending (default: “NAME master.wav” beside the file)",
    )


def _run(session: Session, arguments: argparse.Namespace) -> dict[str, Any]:
    mastering = Mastering(
        preset=arguments.preset,
        reference=str(user_path(arguments.reference)) if arguments.reference is not None else None,
        loudness=arguments.loudness,
        ceiling=arguments.ceiling,
        intensity=arguments.intensity,
    )
    source = user_path(arguments.file)
    beside = source.with_name(f"{source.stem} master.wav")
    out = user_path(arguments.out) if arguments.out is not None else free_name(beside)
    result: dict[str, Any] = session.finish(session.app.master_file(source, mastering, out))
    return result


def _show(result: dict[str, Any]) -> str:
    before, after = result["before"], result["after"]
    rows = [["", "before", "after"]]
    for words, name, unit in (
        ("integrated", "integrated", "LUFS"),
        ("true peak", "true_peak", "dBTP"),
        ("loudness range", "range", "LU"),
        ("peak to loudness", "plr", "dB"),
    ):
        rows.append([words, level(before[name], unit), level(after[name], unit)])
    platforms = [
        [platform["name"], "pass" if platform["pass"] else "over", level(platform["gain_change"], "dB")]
        for platform in result["platforms"]
    ]
    return f"{result['file']}\n{table(rows)}\n\nAfter upload:\n{table(platforms)}"


COMMANDS = [
    Command(
        name="master",
        summary="Master a file by preset or by reference.",
        example="grammy master mix.wav --preset vinyl-warm --out master.wav",
        declare=_declare,
        run=_run,
        show=_show,
    )
]
