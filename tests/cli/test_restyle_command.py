"""`grammy restyle` as it is typed: what is refused, in which words, before any work is done."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from grammy_desktop.cli.commands import restyle
from grammy_desktop.cli.options import build_parser
from grammy_desktop.cli.session import Session
from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.audio_file import write_wav
from grammy_desktop.core.errors import UserError


def typed(data: Path, *arguments: str) -> object:
    options = build_parser(restyle.COMMANDS).parse_args(["restyle", *arguments])
    with Session(str(data), quiet=True) as session:
        return options.selected.run(session, options)


def test_wrong_calls_say_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "song.txt").write_text("la la la")
    tone = np.zeros((10 * 48_000, 2), np.float32)
    write_wav(tmp_path / "tone.wav", AudioClip(tone, 48_000))
    write_wav(tmp_path / "short.wav", AudioClip(tone[:96_000], 48_000))
    tone_file = str(tmp_path / "tone.wav")
    for arguments, words in (
        (("--style", "lofi"), "Name the file to restyle, or a song of the library with --track."),
        ((tone_file, "--track", "1a2b3c4d", "--style", "lofi"), "Name the file to restyle, or a song"),
        ((tone_file, "--take", "1", "--style", "lofi"), "--take names a version of --track"),
        ((tone_file, "--style", "polka"), "There is no style “polka”"),
        ((tone_file, "--style", "lofi", "--tempo", "quick"), "--tempo is keep or 30 to 300 BPM, not “quick”."),
        ((tone_file, "--style", "lofi", "--key", "Z"), "--key is keep or a key such as F# minor, not “Z”."),
        ((tone_file, "--style", "lofi", "--melody", "old"), "--melody is keep or new, not “old”."),
        ((tone_file, "--style", "lofi", "--seed", "-4"), "A seed is a whole number"),
        ((str(tmp_path / "short.wav"), "--style", "lofi"), "restyle needs 8 seconds of music at least"),
        ((str(tmp_path / "song.txt"), "--style", "lofi"), "song.txt"),
        ((str(tmp_path / "none.wav"), "--style", "lofi"), "none.wav"),
    ):
        with pytest.raises(UserError) as caught:
            typed(tmp_path / "data", *arguments)
        assert words in caught.value.message, arguments


def test_a_style_must_be_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="--style"):
        typed(tmp_path / "data", "song.wav")
