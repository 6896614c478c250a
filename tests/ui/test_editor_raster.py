"""The waveform's pixels against the definition, column by column."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from editor_kit import RATE, ArrayWave, Levels, tone
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from grammy_desktop.core.peaks import PeakPyramid
from grammy_desktop.ui.editor.raster import bridge, premultiplied, rasterise, to_image

PEAK, RMS, CLIP = 0xFF112233, 0xFF445566, 0xFF778899


def naive(low: float, high: float, rms: float, height: int) -> list[int]:
    """One column by definition: row r shows the level 1 − 2r / (height − 1)."""
    column = []
    middle = (height - 1) / 2

    def row(level: float) -> int:
        return int(np.floor(min(height - 1, max(0, middle - level * middle)) + 0.5))

    for r in range(height):
        body = row(high) <= r <= row(low)
        inner = body and row(rms) <= r <= row(-rms)
        column.append(RMS if inner else PEAK if body else 0)
    return column


def test_every_pixel_matches_the_naive_picture() -> None:
    rng = np.random.default_rng(1)
    high = rng.uniform(0, 1, 40).astype(np.float32)
    low = -rng.uniform(0, 1, 40).astype(np.float32)
    rms = (np.minimum(high, -low) * 0.6).astype(np.float32)
    picture = rasterise(Levels(low, high, rms), 41, PEAK, RMS)
    low, high = bridge(low, high)
    for x in range(40):
        assert picture[:, x].tolist() == naive(float(low[x]), float(high[x]), float(rms[x]), 41)


def test_silence_is_one_line() -> None:
    zero = np.zeros(8, np.float32)
    picture = rasterise(Levels(zero, zero, zero), 21, PEAK, None)
    assert (picture != 0).sum(axis=0).tolist() == [1] * 8
    assert (picture[10] == PEAK).all()


def test_stereo_is_folded_to_its_outline() -> None:
    low = np.array([[-0.2, -0.8]], np.float32)
    high = np.array([[0.5, 0.1]], np.float32)
    both = rasterise(Levels(low, high, np.zeros((1, 2), np.float32)), 101, PEAK, None)
    rows = np.flatnonzero(both[:, 0])
    assert (rows[0], rows[-1]) == (25, 90)


def test_a_close_up_stays_one_line() -> None:
    high = np.array([0.0, 0.9, -0.9], np.float32)
    low, up = bridge(high.copy(), high.copy())
    assert (low[1:] <= up[:-1]).all()
    assert (up[1:] >= low[:-1]).all()


def test_clipped_columns_wear_a_cap() -> None:
    high = np.array([0.5, 1.0], np.float32)
    picture = rasterise(Levels(-high, high, high / 2), 20, PEAK, RMS, clip=CLIP)
    assert (picture[:2, 1] == CLIP).all()
    assert not (picture == CLIP)[:, 0].any()


def test_colours_are_premultiplied(qapp: QApplication) -> None:
    value = premultiplied(QColor(255, 0, 0), 0.5)
    assert (value >> 24, value >> 16 & 255, value & 255) == (128, 128, 0)
    image = to_image(np.full((2, 3), PEAK, np.uint32), 1.0)
    assert image.pixelColor(1, 1).name() == "#112233"


def test_gain_scales_the_picture() -> None:
    wave = ArrayWave(tone(0.1))
    quiet = rasterise(wave.columns(0, wave.frames, 50), 60, PEAK, None, gain=0.5)
    loud = rasterise(wave.columns(0, wave.frames, 50), 60, PEAK, None)
    assert (quiet != 0).sum() < 0.6 * (loud != 0).sum()


@pytest.mark.parametrize("height", [120])
def test_an_hour_is_drawn_fast(tmp_path: Path, capsys: pytest.CaptureFixture[str], height: int) -> None:
    """A measurement, not a limit: columns and raster of six lanes of an hour at 2400 px."""
    bins = RATE * 3600 // 256
    rng = np.random.default_rng(2)
    levels = [np.sort(rng.integers(-20_000, 20_000, (bins, 2, 3)).astype(np.int16), axis=2)]
    while len(levels[-1]) > 600:
        levels.append(levels[-1][::4].copy())
    pyramid = PeakPyramid(levels, frames=bins * 256, sample_rate=RATE, key="")
    spent = []
    for step in range(20):
        begin = time.perf_counter()
        for _ in range(6):
            first = step * 1000 * 256.0
            picture = rasterise(pyramid.columns(first, first + 2400 * 4096, 2400), height, PEAK, RMS)
            to_image(picture, 1.0)
        spent.append((time.perf_counter() - begin) * 1000)
    with capsys.disabled():
        print(f"\n60 min, 6 lanes of 2400 x {height}: median {np.median(spent):.1f} ms, worst {max(spent):.1f} ms")
    assert picture.shape == (height, 2400)
