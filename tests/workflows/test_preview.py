"""The opening is a file that can be played before the song is there."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from grammy_desktop.assistant import read_prompt
from grammy_desktop.core.audio_file import read_clip
from grammy_desktop.core.progress import NoProgress
from grammy_desktop.core.styles import load_styles
from grammy_desktop.workflows.create_song import CreateRequest, make_song


class Listening(NoProgress):
    """Plays what is published when it is published."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, float, float]] = []

    def publish(self, kind: str, path: Path) -> None:
        clip = read_clip(path)
        self.heard.append((kind, clip.duration, float(np.abs(clip.samples).max())))


def test_the_opening_is_published_before_the_mix(tmp_path: Path) -> None:
    brief = read_prompt("trap", load_styles(), duration=22.0)
    staging = tmp_path / "staging"
    staging.mkdir()
    listening = Listening()
    made = make_song(CreateRequest(str(tmp_path), brief.to_json(), 5, finish=False), staging, listening)
    (first, length, peak), (second, whole, _) = listening.heard
    assert (first, second) == ("preview", "mix")
    assert 4.0 < length < 9.0 < whole
    assert 0.01 < peak <= 0.51
    assert "preview" not in made.take_files, "the library keeps the song, not its preview"


def test_nothing_is_made_ahead_where_nobody_listens(tmp_path: Path) -> None:
    brief = read_prompt("trap", load_styles(), duration=12.0)
    staging = tmp_path / "staging"
    staging.mkdir()
    listening = Listening()
    request = CreateRequest(str(tmp_path), brief.to_json(), 5, finish=False, opening=False)
    make_song(request, staging, listening)
    assert [kind for kind, *_ in listening.heard] == ["mix"]
