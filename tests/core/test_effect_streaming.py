"""Effects as processors: nothing depends on where the blocks are cut, and nothing comes late."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from grammy_desktop.core.audio import AudioClip, Samples
from grammy_desktop.core.band_limit import BandLimitStage, limit_band
from grammy_desktop.core.effects import Effect, apply_effects, chain_processor, make_processor
from grammy_desktop.core.effects.named_chains import load_chains
from grammy_desktop.core.effects.specs import EFFECTS
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.oversampled import ClipperStage, shape_waveform, soft_clipper
from grammy_desktop.core.progress import NoProgress
from grammy_desktop.core.stream import Processor

RATE = 44_100
INAUDIBLE = 1e-6
"""-120 dBFS."""
_AUDIBLE: dict[str, dict[str, float]] = {
    "lowpass": {"frequency": 2_000},
    "gate": {"threshold_db": -6, "hysteresis_db": 1, "hold_ms": 30, "release_ms": 40},
    "bit_crush": {"bits": 7, "rate_hz": 6_100},
    "stereo": {"swap": 0, "invert_left": 0},
}
"""Where the middle of the range does nothing."""
_STEREO_ONLY = ("width", "stereo", "widener")


def music(channels: int, seconds: float = 2.0, rate: int = RATE) -> Samples:
    rng = np.random.default_rng(5)
    t = np.arange(round(seconds * rate)) / rate
    beat = np.exp(-(t % 0.4) * 12)[:, None]
    tone = 0.3 * np.sin(2 * np.pi * 82 * t)[:, None]
    return (0.4 * beat * rng.standard_normal((len(t), channels)) + tone).astype(np.float32)


def audible(kind: str) -> Effect:
    """Every parameter between its default and its highest value."""
    values = {name: 0.5 * (spec.default + spec.highest) for name, spec in EFFECTS[kind].parameters.items()}
    return Effect(kind, values | _AUDIBLE.get(kind, {}))


def in_blocks(samples: Samples, processor: Processor, seed: int, longest: int = 30_000) -> Samples:
    """Through the processor in blocks of random sizes, some of them empty, some of one frame."""
    rng = np.random.default_rng(seed)
    out, start = [], 0
    while start < len(samples):
        size = int(rng.choice([0, 1, int(rng.integers(2, 600)), int(rng.integers(600, longest))]))
        block = samples[start : start + size]
        block.flags.writeable = False
        out.append(processor.process(block))
        start += size
    out.append(processor.finish())
    return np.concatenate(out)


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("kind", EFFECTS)
def test_blocks_of_any_size_give_what_the_whole_gives(kind: str, channels: int) -> None:
    samples = music(channels)
    effect = audible(kind)
    whole = apply_effects(AudioClip(samples, RATE), [effect], progress=NoProgress()).samples
    assert np.abs(whole - samples).max() > 1e-3 or (kind in _STEREO_ONLY and channels == 1)
    for seed in range(3):
        pieces = in_blocks(samples, make_processor(effect, RATE, channels), seed)
        assert pieces.shape == samples.shape
        assert np.abs(pieces - whole).max() <= INAUDIBLE


@pytest.mark.parametrize("frames", [0, 1, 47, 5_000])
def test_short_clips_come_out_whole(frames: int) -> None:
    samples = music(2)[:frames]
    chain = [Effect(kind) for kind in EFFECTS]
    assert in_blocks(samples, chain_processor(chain, RATE, 2), 1).shape == samples.shape
    assert apply_effects(AudioClip(samples, RATE), chain, progress=NoProgress()).frames == frames


@pytest.mark.parametrize(
    "effect",
    [
        Effect("multiband", {"ratio": 3}),
        Effect("glue", {"threshold_db": -40, "ratio": 4}),
        Effect("width", {"mono_below": 120, "width": 1.3}),
        Effect("saturation", {"drive_db": 12}),
    ],
    ids=lambda effect: effect.kind,
)
def test_nothing_comes_late(effect: Effect) -> None:
    """A click stays where it is, to the frame."""
    samples = np.zeros((RATE, 2), np.float32)
    samples[20_011] = (0.9, 0.2)
    result = apply_effects(AudioClip(samples, RATE), [effect], progress=NoProgress()).samples
    assert int(np.abs(result[:, 0]).argmax()) == 20_011
    around = np.abs(result[20_011 - 30 : 20_011 + 31, 0])
    np.testing.assert_allclose(around, around[::-1], atol=0.02)


@pytest.mark.parametrize("rate", [8_000, 44_100, 192_000])
def test_chains_at_any_rate(rate: int) -> None:
    samples = music(2, 0.25, rate)
    for chain in load_chains().values():
        whole = apply_effects(AudioClip(samples, rate), chain.chain, progress=NoProgress()).samples
        pieces = in_blocks(samples, chain_processor(chain.chain, rate, 2), 7)
        assert np.abs(pieces - whole).max() <= INAUDIBLE, chain.id


def test_the_mastering_stages_stream_too() -> None:
    samples = music(2) * np.float32(2)
    clipped = shape_waveform(samples, RATE, soft_clipper(0.6, 1.1), straight_below=0.6)
    pieces = in_blocks(samples, ClipperStage(0.6, 1.1, RATE, 2, 4), 3)
    np.testing.assert_array_equal(pieces, clipped)
    assert np.abs(clipped).max() < 0.8 * np.abs(samples).max()
    np.testing.assert_array_equal(in_blocks(samples, BandLimitStage(2), 4), limit_band(samples))


def test_the_band_limit_is_flat_to_0_45_and_steep_above() -> None:
    noise = np.random.default_rng(1).standard_normal((1 << 17, 1)).astype(np.float32)
    before, after = (np.abs(np.fft.rfft(x[:, 0])) for x in (noise, limit_band(noise)))
    gain_db = 20 * np.log10(after / before)
    share = np.arange(len(gain_db)) / (2 * (len(gain_db) - 1))
    middle = np.abs(gain_db[(share > 0.01) & (share < 0.44)])
    assert np.median(middle) < 0.01
    assert np.median(gain_db[share > 0.492]) < -60


def test_more_than_stereo_is_refused() -> None:
    with pytest.raises(UserError, match="not 6 channels"):
        make_processor(Effect("gain"), RATE, 6)


def test_memory_does_not_grow_with_the_length() -> None:
    """What the stages keep after ten seconds they kept after four."""
    block = music(2, 1.0)
    chain = [audible(kind) for kind in ("highpass", "multiband", "glue", "saturation", "width", "gate", "tape")]
    processor = chain_processor(chain, RATE, 2)
    for _ in range(4):
        processor.process(block)
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        given = sum(len(processor.process(block)) for _ in range(6))
        growth = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    # Six seconds are 2 MB.
    assert growth < 600_000
    assert abs(given - 6 * RATE) < 2 * RATE
