"""Filters as matrix products, long rooms in parts, and the last step on stems in groups, against the plain way to do each."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import signal

from grammy_desktop.generation.composer.mix import space
from grammy_desktop.generation.composer.mix.balance import EQ_BANDS, equaliser
from grammy_desktop.generation.composer.mix.blocks import Curve
from grammy_desktop.generation.composer.mix.filters import RunningFilter, band, butterworth
from grammy_desktop.generation.composer.mix.finish import Treatment
from grammy_desktop.generation.composer.render import shaping
from grammy_desktop.generation.composer.render.running_filter import BLOCK, has_sound


def nothing() -> None:
    pass


def noise(shape: tuple[int, ...], seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape, dtype=np.float32)


def zigzag(size: float) -> np.ndarray:
    return size * (-1.0) ** np.arange(len(EQ_BANDS))


@pytest.mark.parametrize(
    "sections",
    [
        np.vstack([band(22.0, 0.0), equaliser(zigzag(9.0))]),
        np.vstack([band(22.0, 9000.0), equaliser(zigzag(0.0))]),
        # Four times the same poles: no modes of their own, so that they go by groups of rows.
        np.vstack([band(30.0, 0.0)] * 4),
        butterworth(10, 200.0, "lowpass"),
        band(24.0, 8000.0),
    ],
)
def test_any_number_of_sections_is_what_scipy_makes_of_them(sections: np.ndarray) -> None:
    source = noise((2, 3 * BLOCK + 777)) + np.float32(0.3)
    run = RunningFilter(sections)
    found = np.concatenate(
        [run(source[:, first : first + BLOCK]) for first in range(0, source.shape[1], BLOCK)], axis=1
    )
    expected = signal.sosfilt(sections, source.astype(np.float64), axis=1)
    assert np.abs(found - expected).max() < 2e-6 * np.abs(expected).max()


def test_a_filter_rings_until_it_has_rung_out() -> None:
    run = RunningFilter(np.vstack([band(22.0, 0.0), equaliser(zigzag(6.0))]))
    silence = np.zeros((2, BLOCK), np.float32)
    ringing = [run.rings]
    run(noise((2, BLOCK)))
    ringing.append(run.rings)
    for _ in range(40):
        run(silence)
    assert [*ringing, run.rings] == [False, True, False]
    assert run(silence) is silence


def test_silence_is_told_from_a_single_sample() -> None:
    for shape in ((BLOCK,), (BLOCK, 2), (2, BLOCK)):
        samples = np.zeros(shape, np.float32)
        assert not has_sound(samples)
        samples.reshape(-1)[1234] = 1e-9
        assert has_sound(samples)


@pytest.mark.parametrize("shape", [(100_001,), (2, 60_000)])
def test_long_lines_are_filtered_as_short_ones(shape: tuple[int, ...]) -> None:
    source = noise(shape)
    for sections in (shaping.sections_of("highpass", 45.0), shaping.sections_of("bandpass", 300.0, 4000.0)):
        found = shaping.filtered(source, sections, axis=-1)
        expected = signal.sosfilt(sections.astype(np.float64), source.astype(np.float64), axis=-1)
        assert found.dtype == np.float32
        assert np.abs(found - expected).max() < 1e-5


def test_a_long_room_in_parts_is_the_whole_room() -> None:
    frames, length = 500_000, 170_000
    send, response = noise((frames,)), noise((length, 2), 1)
    # Longer silences than a part of the room, and than the room.
    send[60_000:150_000] = 0.0
    send[200_000:420_000] = 0.0
    assert space._division(length, frames)[2] > 1
    out = np.zeros((frames, 2), np.float32)
    space.convolve_into(out, send, response, nothing)
    expected = signal.fftconvolve(send.astype(np.float64)[:, None], response.astype(np.float64), axes=0)[:frames]
    assert np.abs(out - expected).max() < 1e-5 * np.abs(expected).max()


def test_stems_are_finished_alike_in_any_groups() -> None:
    frames = 2 * BLOCK + 100
    treatment = Treatment(
        zigzag(3.0),
        0.0,
        Curve.through(np.linspace(1.0, 0.2, frames // 64 + 1), 64),
        Curve.through(np.linspace(0.1, 0.3, frames // 64 + 1), 64),
    )
    ways = []
    for groups in (((0, 1, 2),), ((0, 2), (1,))):
        stems, mix = (
            [noise((frames, 2), seed) * np.float32(0.1) for seed in range(3)],
            np.zeros((frames, 2), np.float32),
        )
        stems[2][:] = 0.0
        for group in groups:
            treatment.apply([stems[number] for number in group], mix, nothing)
        np.testing.assert_array_equal(mix, stems[0] + stems[1])
        assert not stems[2].any()
        ways.append(mix)
    np.testing.assert_array_equal(ways[0], ways[1])
