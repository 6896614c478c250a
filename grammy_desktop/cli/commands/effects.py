"""`grammy effects FILE --chain NAME|FILE.toml`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from grammy_desktop.cli.options import Command
from grammy_desktop.cli.output import level, table
from grammy_desktop.cli.places import user_path
from grammy_desktop.cli.session import Session
from grammy_desktop.cli.wrap import sentence
from grammy_desktop.core.errors import UserError
from grammy_desktop.workflows.delivery import BITS, plan_outputs


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="the audio to send through the chain")
    parser.add_argument(
        "--chain",
        metavar="NAME|FILE.toml",
        required=True,
        help="an effect chain by its name, such as tape, hall or vocal, or a file of your own",
    )
    parser.add_argument(
        "--out",
        metavar="FILE",
        help="where to write, in the format of its ending (default: “NAME CHAIN.wav” beside the file)",
    )
    parser.add_argument("--bits", choices=BITS, help="bit depth of WAV, FLAC and AIFF")
    parser.add_argument(
        "--dither", choices=("tpdf", "shaped", "none"), default="tpdf", help="for 16 bits (default tpdf)"
    )


def _run(session: Session, arguments: argparse.Namespace) -> dict[str, Any]:
    source = user_path(arguments.file)
    chain = arguments.chain
    if chain.lower().endswith(".toml"):
        chain = str(_existing(user_path(chain)))
    word = f" {user_path(chain).stem}"
    out = user_path(arguments.out) if arguments.out is not None else plan_outputs([source], word=word)[0]
    result: dict[str, Any] = session.finish(
        session.app.mastering.effects_file(
            source, chain, out, bits=arguments.bits, dither=arguments.dither, numbered=arguments.out is None
        )
    )
    return result


def _existing(chain: Path) -> Path:
    if not chain.is_file():
        raise UserError(f"“{chain.name}” does not exist.", file=str(chain))
    return chain


def _show(result: dict[str, Any]) -> str:
    rows = [["", "before", "after"]]
    for words, name, unit in (("integrated", "integrated", "LUFS"), ("true peak", "true_peak", "dBTP")):
        rows.append([words, level(result["before"][name], unit), level(result["after"][name], unit)])
    lines = [result["file"], table(rows)]
    if result["turned_down_db"] > 0:
        lines.append(f"Turned down by {result['turned_down_db']:.1f} dB so that nothing is clipped.")
    if (result["after"]["sample_peak"] or 0.0) > 0.0:
        lines.append(
            sentence("It goes beyond full scale, which a float WAV holds: turn it down before it is played.", "")
        )
    return "\n".join(lines)


COMMANDS = [
    Command(
        name="effects",
        summary="Send a file through an effect chain.",
        example="grammy effects vocal.wav --chain vocal --out treated.wav",
        declare=_declare,
        run=_run,
        show=_show,
    )
]
