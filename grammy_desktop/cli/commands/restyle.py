"""`grammy restyle`: a recording, or a song of the library, in another style."""

from __future__ import annotations

import argparse
from typing import Any

from grammy_desktop.app.restyle_works import RestyleOptions, restyle
from grammy_desktop.cli.options import Command
from grammy_desktop.cli.places import song_id, user_path
from grammy_desktop.cli.session import Session
from grammy_desktop.cli.song_words import song_words
from grammy_desktop.core.errors import UserError


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", metavar="FILE", nargs="?", help="any audio file of 8 seconds to 10 minutes with a pulse"
    )
    parser.add_argument(
        "--track", metavar="ID", help="a song of the library instead; of one composed here nothing is guessed"
    )
    parser.add_argument("--take", metavar="VERSION", help="which version of --track (default: the newest)")
    parser.add_argument("--style", metavar="ID", required=True, help="the style to play it in (grammy styles)")
    parser.add_argument(
        "--tempo", metavar="keep|BPM", default="keep", help="keep its tempo map (default), or one tempo"
    )
    parser.add_argument(
        "--key", metavar="keep|KEY", default="keep", help='keep its key (default), or move it: "F# minor"'
    )
    parser.add_argument(
        "--melody", metavar="keep|new", default="keep", help="keep its melody (default), or one of the style's own"
    )
    parser.add_argument("--seed", metavar="N", type=int, help="the same seed makes the same song")
    parser.add_argument("--preset", metavar="NAME", default="spotify-loud", help="mastering preset (grammy presets)")
    parser.add_argument("--no-master", action="store_true", help="neither mastered nor scored")
    parser.add_argument("--out", metavar="DIR", help="also write the files to this folder")


def _run(session: Session, arguments: argparse.Namespace) -> dict[str, Any]:
    if (arguments.file is None) == (arguments.track is None):
        raise UserError("Name the file to restyle, or a song of the library with --track.")
    if arguments.take is not None and arguments.track is None:
        raise UserError("--take names a version of --track; a file has none.")
    app = session.app
    options = RestyleOptions(
        style=arguments.style,
        file=user_path(arguments.file) if arguments.file is not None else None,
        track=song_id(app.library, arguments.track) if arguments.track is not None else None,
        take=arguments.take,
        tempo=arguments.tempo,
        key=arguments.key,
        melody=arguments.melody,
        seed=arguments.seed,
        preset=arguments.preset,
        finish=not arguments.no_master,
        out_dir=user_path(arguments.out) if arguments.out is not None else None,
    )
    app.prewarm()
    result: dict[str, Any] = session.finish(restyle(app, options))
    return result


def _show(song: dict[str, Any]) -> str:
    brief, facts = song["brief"], song["restyle"]
    said = f"{brief['tempo']:g} BPM, {brief['key']}, {brief['metre']}, {brief['duration']:g} s, seed {song['seed']}"
    heard = [f"  {sentence}" for sentence in (*facts["sure"], *facts.get("notes", ()))]
    return "\n".join([f"{song['title']}: {said}", *heard, *song_words(song)])


COMMANDS = [
    Command(
        name="restyle",
        summary="A recording, or a song of the library, in another style: its tempo map, harmony and melody are kept.",
        example="grammy restyle demo.wav --style lofi --seed 7 --out songs",
        declare=_declare,
        run=_run,
        show=_show,
    )
]
