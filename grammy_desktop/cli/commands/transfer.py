"""`grammy import` and `grammy export`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from grammy_desktop.cli.commands.measure import each_file
from grammy_desktop.cli.options import Command
from grammy_desktop.cli.places import song_id, user_path
from grammy_desktop.cli.session import Session
from grammy_desktop.core.audio_file import AUDIO_FORMATS


def _declare_import(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", metavar="FILE", nargs="+", help="audio files")


def _import(session: Session, arguments: argparse.Namespace) -> dict[str, Any]:
    def import_one(path: Path) -> dict[str, Any]:
        (job_id,) = session.app.import_files([path])
        return dict(session.finish(job_id).to_row())

    return each_file(arguments.files, import_one)


def _declare_export(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", help="a song's id, or its beginning (grammy library list)")
    parser.add_argument("--format", choices=AUDIO_FORMATS, default="wav", help="of the audio files (default wav)")
    parser.add_argument("--out", metavar="DIR", required=True, help="folder to write to; made when missing")
    parser.add_argument("--stems", action="store_true", help="the stems too")
    parser.add_argument("--midi", action="store_true", help="the MIDI file too")


def _export(session: Session, arguments: argparse.Namespace) -> dict[str, Any]:
    job_id = session.app.export(
        song_id(session.app.library, arguments.id),
        format=arguments.format,
        out_dir=user_path(arguments.out),
        stems=arguments.stems,
        midi=arguments.midi,
    )
    return {"files": session.finish(job_id)}


def _show_imported(result: dict[str, Any]) -> str:
    lines = []
    for item in result["items"]:
        lines.append(item["error"]["message"] if "error" in item else f"{item['title']} ({item['id']})")
    return "\n".join(lines)


COMMANDS = [
    Command(
        name="import",
        summary="Bring audio files into the library.",
        example='grammy import "demo final.wav"',
        declare=_declare_import,
        run=_import,
        show=_show_imported,
    ),
    Command(
        name="export",
        summary="Write a song's files to a folder.",
        example="grammy export ID --format flac --stems --midi --out delivery",
        declare=_declare_export,
        run=_export,
        show=lambda result: "\n".join(str(path) for path in result["files"].values()),
    ),
]
