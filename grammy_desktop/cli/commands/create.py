"""`grammy create` and `grammy generate`: a prompt in, a song out."""

from __future__ import annotations

import argparse
from typing import Any

from grammy_desktop.app import CreateOptions
from grammy_desktop.cli.options import Command
from grammy_desktop.cli.places import user_path
from grammy_desktop.cli.session import Session
from grammy_desktop.cli.song_words import song_words
from grammy_desktop.core.errors import UserError

MAX_TAKES = 8


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "prompt", metavar="PROMPT", help='what it should sound like, e.g. "Chill lo-fi hip hop, 90 BPM"'
    )
    parser.add_argument("--style", metavar="ID", help="a style id (grammy styles)")
    parser.add_argument("--duration", metavar="S", type=float, help="length in seconds, 5 to 600")
    parser.add_argument("--seed", metavar="N", type=int, help="the same seed makes the same song")
    parser.add_argument("--engine", metavar="NAME", default="composer", help="composer (the built-in one)")
    parser.add_argument(
        "--takes", metavar="N", type=int, default=1, help=f"variations with seeds N, N+1, ... (1 to {MAX_TAKES})"
    )
    parser.add_argument("--idea", metavar="FILE", help="a MIDI file: its melody becomes the hook, its chords the loop")
    parser.add_argument("--out", metavar="DIR", help="also write the files to this folder")


def _declare_create(parser: argparse.ArgumentParser) -> None:
    _declare(parser)
    aim = parser.add_mutually_exclusive_group()
    aim.add_argument("--preset", metavar="NAME", default="spotify-loud", help="mastering preset (grammy presets)")
    aim.add_argument("--reference", metavar="FILE", help="master like this file")


def _run(session: Session, arguments: argparse.Namespace, *, finish: bool) -> dict[str, Any]:
    if not 1 <= arguments.takes <= MAX_TAKES:
        raise UserError(f"--takes must be 1 to {MAX_TAKES}, not {arguments.takes}.")
    if arguments.seed is not None and not 0 <= arguments.seed < 2**32:
        raise UserError(f"--seed must be a whole number from 0 to {2**32 - 1}, not {arguments.seed}.")
    reference = getattr(arguments, "reference", None)
    heard = None
    if arguments.idea is not None:
        brief = session.app.read_brief(arguments.prompt, style=arguments.style, duration=arguments.duration)
        heard = session.app.read_idea(user_path(arguments.idea), brief)
    options = CreateOptions(
        prompt=arguments.prompt,
        style=arguments.style,
        duration=arguments.duration,
        seed=arguments.seed,
        engine=arguments.engine,
        takes=arguments.takes,
        preset=getattr(arguments, "preset", "spotify-loud"),
        reference=str(user_path(reference)) if reference is not None else None,
        finish=finish,
        out_dir=user_path(arguments.out) if arguments.out is not None else None,
        brief=heard.brief if heard is not None else None,
        idea=heard.idea if heard is not None else None,
        opening=False,
    )
    session.app.prewarm()
    songs = [session.finish(job_id) for job_id in session.app.create(options)]
    return songs[0] if len(songs) == 1 else {"items": songs}


def _show(result: dict[str, Any]) -> str:
    return "\n\n".join(_show_song(song) for song in result.get("items", [result]))


def _show_song(song: dict[str, Any]) -> str:
    brief = song["brief"]
    said = f"{brief['genre']}, {brief['tempo']:g} BPM, {brief['key']}, {brief['duration']:g} s, seed {song['seed']}"
    return "\n".join([f"{song['title']}: {said}", *song_words(song, remarks=brief["notes"])])


COMMANDS = [
    Command(
        name="create",
        summary="Prompt to finished song: composed, mixed, mastered, scored, kept in the library.",
        example='grammy create "Chill lo-fi hip hop, 90 BPM" --duration 60 --seed 7 --out songs',
        declare=_declare_create,
        run=lambda session, arguments: _run(session, arguments, finish=True),
        show=_show,
    ),
    Command(
        name="generate",
        summary="The same without mastering and score.",
        example='grammy generate "Trap beat in F minor" --duration 30',
        declare=_declare,
        run=lambda session, arguments: _run(session, arguments, finish=False),
        show=_show,
    ),
]
