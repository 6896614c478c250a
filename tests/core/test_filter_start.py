"""How filters begin: an offset that a sound begins with must not be heard as a thump."""

from __future__ import annotations

import numpy as np
import pytest

from grammy_desktop.core import filter_cascade as filters
from grammy_desktop.core.audio import AudioClip, Samples
from grammy_desktop.core.effects import Effect, apply_effects, chain_processor
from grammy_desktop.core.filter_cascade import FilterCascade, offset_at_start
from grammy_desktop.core.progress import NoProgress
from grammy_desktop.core.stream import process_samples, run_through

RATE = 44_100
QUIET = NoProgress()
LOW_CUT = [Effect("highpass", {"frequency": 25.0, "slope": 12})]


def sine(seconds: float = 1.0, *, hertz: float = 440.0, phase: float = 0.0) -> Samples:
    time = np.arange(round(seconds * RATE)) / RATE
    return np.repeat(0.1 * np.sin(2 * np.pi * hertz * time + phase)[:, None], 2, axis=1).astype(np.float32)


def through(samples: Samples, chain: list[Effect]) -> Samples:
    return apply_effects(AudioClip(samples, RATE), chain, progress=QUIET).samples


@pytest.mark.parametrize("phase", [0.0, 1.6, 4.7])
def test_an_offset_gives_no_thump(phase: float) -> None:
    plain = through(sine(phase=phase), LOW_CUT)
    offset = through(sine(phase=phase) + np.array([0.4, -0.2], np.float32), LOW_CUT)
    assert np.abs(offset - plain).max() < 1e-3


@pytest.mark.parametrize(
    "effect",
    [
        Effect("tape", {"drive_db": 6.0, "warmth": 0.5, "wow": 0.0, "flutter": 0.0, "hiss_db": -120.0}),
        Effect("widener", {"amount": 1.0}),
        Effect("saturation", {"drive_db": 6.0, "warmth": 0.5}),
    ],
    ids=lambda effect: effect.kind,
)
def test_effects_with_a_high_pass_inside_begin_as_they_go_on(effect: Effect) -> None:
    """On an offset alone: what is heard at the start must not differ from what is heard later."""
    quiet = sine(hertz=2_000.0) * np.float32(0.01) + np.float32(0.3)
    done = through(quiet, [effect]).mean(axis=1)
    beginning, later = done[2_000:4_205].mean(), done[20_000:42_050].mean()
    side = through(quiet, [effect]) @ np.array([0.5, -0.5])
    assert abs(beginning - later) < 2e-3
    assert np.abs(side[:8_000]).max() < 0.01


def test_how_blocks_are_cut_does_not_show() -> None:
    samples = sine(1.0) + np.float32(0.4)
    whole = through(samples, LOW_CUT)
    for size in (1, 333, 16_384, 20_000):
        cut = (samples[start : start + size] for start in range(0, len(samples), size))
        pieces = np.concatenate(list(run_through(cut, chain_processor(LOW_CUT, RATE, 2))))
        np.testing.assert_array_equal(pieces, whole)


def test_silence_stays_silent_and_what_begins_without_an_offset_is_filtered_as_ever() -> None:
    rng = np.random.default_rng(2)
    noise = (0.2 * rng.standard_normal((30_000, 2))).astype(np.float32)
    late = noise.copy()
    late[:3_000] = 0
    late[3_000:] += np.float32(0.4)
    kick = (np.exp(-np.arange(30_000) / 4_000) * np.sin(np.arange(30_000) * 0.008))[:, None].astype(np.float32)
    click = np.zeros((30_000, 1), np.float32)
    click[0] = 1
    for samples in (noise, late, kick, click):
        cut = [filters.first_order_highpass(25, RATE)] * 2
        channels = samples.shape[1]
        settled = process_samples(samples, FilterCascade(cut, channels, settled=True))
        np.testing.assert_array_equal(settled, process_samples(samples, FilterCascade(cut, channels)))
    assert not through(late, LOW_CUT)[:3_000].any()


def test_low_notes_and_short_clips_have_no_offset() -> None:
    time = np.arange(16_384) / 192_000
    for hertz in (30, 41, 55):
        for phase in np.linspace(0, 6, 13):
            assert offset_at_start(np.sin(2 * np.pi * hertz * time + phase).astype(np.float32)) == 0
    assert offset_at_start(np.full(4_000, 0.5, np.float32)) == 0
    assert offset_at_start(np.full(5_000, 0.5, np.float32)) == pytest.approx(0.5)
