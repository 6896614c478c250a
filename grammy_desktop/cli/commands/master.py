"""`grammy master FILE...`: one file, several, or folders of them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from grammy_desktop.cli.batch import finish_all
from grammy_desktop.cli.commands.check import platform_table
from grammy_desktop.cli.options import Command
from grammy_desktop.cli.output import level, table
from grammy_desktop.cli.places import user_path
from grammy_desktop.cli.session import Session
from grammy_desktop.cli.wrap import sentence, wrapped_table
from grammy_desktop.core.errors import UserError
from grammy_desktop.workflows.delivery import BITS, audio_files, plan_outputs
from grammy_desktop.workflows.master_album import MadeAlbumPlan, album_json, require_tracks
from grammy_desktop.workflows.mastering_aim import Mastering

_FORMATS = ("wav", "flac", "mp3", "ogg", "aiff", "opus", "m4a")


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", metavar="FILE", nargs="+", help="the mixes to master; folders are searched for audio")
    aim = parser.add_mutually_exclusive_group()
    aim.add_argument("--preset", metavar="NAME", default="spotify-loud", help="mastering preset (grammy presets)")
    aim.add_argument(
        "--reference",
        metavar="FILE",
        action="append",
        help="match tone, level and width of this file (audio or .gmref); repeated: of their blend",
    )
    aim.add_argument("--assistant", action="store_true", help="let the assistant listen and choose the settings")
    parser.add_argument("--genre", metavar="ID", help="style the assistant compares with (grammy styles)")
    parser.add_argument("--loudness", metavar="LUFS", type=float, help="target instead of the preset's")
    parser.add_argument("--ceiling", metavar="DBTP", type=float, help="true-peak ceiling instead of the preset's")
    parser.add_argument(
        "--intensity", metavar="0..1", type=float, default=1.0, help="how much of the chain (default 1)"
    )
    place = parser.add_mutually_exclusive_group()
    place.add_argument(
        "--out",
        metavar="FILE",
        help="where to write one file, in the format of its ending (default: “NAME master.wav” beside it)",
    )
    place.add_argument("--out-dir", metavar="DIR", help="folder for the masters, made when missing")
    parser.add_argument("--format", choices=_FORMATS, default="wav", help="format of masters named here (default wav)")
    parser.add_argument("--bits", choices=BITS, help="bit depth of WAV, FLAC and AIFF (default 24)")
    parser.add_argument(
        "--dither", choices=("tpdf", "shaped", "none"), default="tpdf", help="for 16 bits (default tpdf)"
    )
    parser.add_argument("--album", action="store_true", help="keep the loudness relations between the files")
    parser.add_argument("--codec-safe", action="store_true", help="keep the ceiling after Opus, MP3 and AAC too")
    parser.add_argument("--proof", action="store_true", help="send the written file through the codecs as well")


def _run(session: Session, arguments: argparse.Namespace) -> dict[str, Any]:
    places = [user_path(name) for name in arguments.files]
    folders = [place for place in places if place.is_dir()]
    if len(places) == 1 and not folders and not arguments.album:
        return _one(session, places[0], arguments)
    if arguments.out is not None:
        raise UserError("--out names one file; for several use --out-dir.")
    sources = audio_files(places)
    outs = _outputs(sources, arguments, folders)
    mastering = _mastering(arguments)
    options = _options(arguments)
    if arguments.album:
        return _album(session, sources, outs, mastering, options)
    return finish_all(
        session,
        sources,
        lambda number: session.app.mastering.master_to(sources[number], mastering, outs[number], **options),
    )


def _album(
    session: Session, sources: list[Path], outs: list[Path], mastering: Mastering, options: dict[str, Any]
) -> dict[str, Any]:
    require_tracks(sources)
    plan: MadeAlbumPlan = session.finish(
        session.app.mastering.plan_album(sources, mastering, assistant=options["assistant"])
    )
    result = finish_all(
        session,
        sources,
        lambda number: session.app.mastering.master_to(
            sources[number], plan.masterings[number], outs[number], **options
        ),
        failed=plan.failed,
    )
    made = {number: item for number, item in enumerate(result["items"]) if "error" not in item}
    return {**result, "album": album_json(plan, made)}


def _one(session: Session, source: Path, arguments: argparse.Namespace) -> dict[str, Any]:
    out = user_path(arguments.out) if arguments.out is not None else _outputs([source], arguments, [])[0]
    job = session.app.mastering.master_to(source, _mastering(arguments), out, **_options(arguments))
    result: dict[str, Any] = session.finish(job)
    return result


def _outputs(sources: list[Path], arguments: argparse.Namespace, folders: list[Path]) -> list[Path]:
    out_dir = user_path(arguments.out_dir) if arguments.out_dir is not None else None
    return plan_outputs(sources, out_dir=out_dir, roots=folders, suffix=f".{arguments.format}")


def _mastering(arguments: argparse.Namespace) -> Mastering:
    if arguments.genre is not None and not arguments.assistant:
        raise UserError("--genre is for the assistant: add --assistant.")
    return Mastering(
        preset=arguments.preset,
        references=tuple(str(user_path(name)) for name in arguments.reference or []),
        loudness=arguments.loudness,
        ceiling=arguments.ceiling,
        intensity=arguments.intensity,
        dither=arguments.dither,
        codec_safe=arguments.codec_safe,
    )


def _options(arguments: argparse.Namespace) -> dict[str, Any]:
    return {
        "bits": arguments.bits,
        "proof": arguments.proof,
        "assistant": arguments.assistant,
        "genre": arguments.genre,
        # A name that the user gave is theirs to replace; one of ours never replaces anything.
        "numbered": arguments.out is None,
    }


def _show(result: dict[str, Any]) -> str:
    if "items" not in result:
        return _show_one(result)
    rows = [["file", "integrated", "true peak", "written to"]]
    for item in result["items"]:
        name = Path(item["path"]).name
        if "error" in item:
            rows.append([name, "—", "—", item["error"]["message"]])
            continue
        after = item["after"]
        figures = [level(after["integrated"], "LUFS"), level(after["true_peak"], "dBTP")]
        rows.append([name, *figures, item["file"]])
    album = result.get("album")
    return wrapped_table(rows) if album is None else f"{wrapped_table(rows)}\n\n{sentence(album['note'], '')}"


def _show_one(result: dict[str, Any]) -> str:
    before, after = result["before"], result["after"]
    rows = [["", "before", "after"]]
    for words, name, unit in (
        ("integrated", "integrated", "LUFS"),
        ("true peak", "true_peak", "dBTP"),
        ("loudness range", "range", "LU"),
        ("peak to loudness", "plr", "dB"),
    ):
        rows.append([words, level(before[name], unit), level(after[name], unit)])
    lines = [result["file"], table(rows)]
    proof = result["proof"]
    if proof["codecs"]:
        peaks = [
            [
                codec["name"],
                level(codec["true_peak"], "dBTP") if codec["checked"] else f"not checked: {codec['reason']}",
            ]
            for codec in proof["codecs"]
        ]
        lines += ["", "After codecs:", table(peaks)]
    lines += ["", "After upload:", platform_table(result["platforms"])]
    sayings = [text for text in (result.get("note"), *proof["problems"], *proof["notes"]) if text]
    sayings += [finding["text"] for finding in result.get("findings", [])]
    if "codec_safe_ceiling_dbtp" not in result and any(
        name != "file" for p in result["platforms"] for name in p["overs"]
    ):
        sayings.append("With --codec-safe the peaks stay below the ceiling after codecs too.")
    return "\n".join([*lines, *(sentence(text) for text in sayings)])


COMMANDS = [
    Command(
        name="master",
        summary="Master files by preset or by reference, and prove what was written.",
        example="grammy master mix.wav --preset vinyl-warm --out master.wav",
        declare=_declare,
        run=_run,
        show=_show,
    )
]
