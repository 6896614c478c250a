"""The pictures of the styles: what is drawn is what was played."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.styles import load_styles

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"
RATE = 48_000


@pytest.fixture
def pictures(monkeypatch: pytest.MonkeyPatch) -> Any:
    # The colours are the window's.
    pytest.importorskip("PySide6")
    monkeypatch.syspath_prepend(str(PACKAGING))
    import style_pictures

    return style_pictures


@pytest.fixture
def drawing(monkeypatch: pytest.MonkeyPatch) -> Any:
    # The colours are the window's.
    pytest.importorskip("PySide6")
    monkeypatch.syspath_prepend(str(PACKAGING))
    import style_picture_drawing

    return style_picture_drawing


def test_lanes_hold_ink_where_notes_are_and_nowhere_else(pictures: Any, drawing: Any, tmp_path: Path) -> None:
    from PIL import Image

    styles = load_styles()
    song = pictures.make_song(styles["chiptune"], styles, seconds=12.0, seed=1)
    path = pictures.write_picture(song, styles["chiptune"], tmp_path / "chiptune.png")
    assert [file.name for file in tmp_path.iterdir()] == ["chiptune.png"]
    assert path.stat().st_size < 90_000
    image = Image.open(path)
    assert image.mode == "P"
    assert image.width == 1200 and 650 <= image.height <= 760
    seen = np.asarray(image.convert("RGB")).astype(int).max(axis=2)
    score, heard = song.arrangement, 0
    for part, (left, top, right, bottom) in drawing.lane_boxes(score):
        # Bright columns of the lane against the columns that a note covers; section lines are darker than any note.
        inked = (seen[top:bottom, left:right] > 0x40).any(axis=0)
        played = np.zeros(right - left + 2, bool)
        for note in part.notes:
            first, last = (
                drawing.x_of(min(12.0, score.seconds(b)), 12.0) for b in (note.start, note.start + note.length)
            )
            columns = slice(max(0, round(first) - left), max(round(first) - left + 1, round(last) - left - 1))
            assert inked[columns].all(), (part.name, note)
            played[max(0, columns.start - 1) : columns.stop + 2] = True
            heard += 1
        assert not (inked & ~played[: len(inked)]).any(), part.name
    assert heard > 40


def test_a_tone_is_the_brightest_line_at_its_pitch_and_its_time(pictures: Any, drawing: Any) -> None:
    for frequency in (55.0, 440.0, 5000.0):
        times = np.arange(4 * RATE) / RATE
        wave = 0.5 * np.sin(2 * np.pi * frequency * times) * (times >= 2.0)
        levels = pictures.band_levels(AudioClip(np.stack([wave, wave], axis=1).astype(np.float32), RATE), columns=40)
        row = np.log(frequency / drawing.LOWEST) / np.log(drawing.HIGHEST / drawing.LOWEST) * drawing.ROWS
        assert abs(int(levels[:, 30].argmax()) + 0.5 - row) <= 1.5
        # A sine of amplitude 0.5 has -9 dB; it may lie across neighbouring bands.
        assert -9.5 < 10 * np.log10(np.sum(10 ** (levels[:, 30] / 10))) < -8.5
        assert levels[:, 10].max() < -100.0


def test_an_unknown_style_is_named(pictures: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pictures.main(["polka_core", "--out", str(tmp_path / "none")]) == 2
    assert "polka_core" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()
