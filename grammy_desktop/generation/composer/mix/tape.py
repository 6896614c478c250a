"""What happens to a whole stem: peaks, mono low end, tape. Done stem by stem, so that the mix stays their sum."""

from __future__ import annotations

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.generation.composer.mix.blocks import Check, RunningFilter, blocks, middle, peak_of, side
from grammy_desktop.generation.composer.render.oscillators import RATE

_MONO_BELOW = 120.0
_SUBSONIC = 22.0
_WOW_HZ, _FLUTTER_HZ = 0.6, 6.1


def tame_peaks(samples: Samples, ceiling: float, check: Check) -> None:
    """Round off what rises above 60 % of `ceiling` (linear) so that nothing passes it, in place."""
    knee = np.float32(0.6 * ceiling)
    room = np.float32(ceiling) - knee
    for piece in blocks(len(samples), check):
        block = samples[piece]
        size = np.abs(block)
        if float(size.max(initial=0.0)) > knee:
            rounded = knee + room * np.tanh((size - knee) / room)
            samples[piece] = np.where(size > knee, np.copysign(rounded, block), block)


def crush(samples: Samples, bits: int, check: Check) -> None:
    """Quantise to `bits` about the signal's own peak, in place."""
    peak = peak_of(samples)
    if peak == 0.0:
        return
    step = np.float32(peak / 2 ** (bits - 1))
    for piece in blocks(len(samples), check):
        samples[piece] = np.round(samples[piece] / step) * step


def colour(samples: Samples, *, saturation_db: float, lowpass: float, check: Check) -> None:
    """Mono below 120 Hz, soft saturation and a band, in place.

    saturation_db: drive into a tanh at the stem's peak. The band goes from 22 Hz to `lowpass` Hz (0: open).
    """
    mono = RunningFilter.butterworth(2, _MONO_BELOW, "highpass")
    top = RunningFilter.band(_SUBSONIC, lowpass)
    peak, gain = np.float32(peak_of(samples) or 1.0), np.float32(10.0 ** (saturation_db / 20.0))
    level = peak / np.tanh(gain)
    for piece in blocks(len(samples), check):
        block = samples[piece]
        if saturation_db > 0.0:
            block = np.tanh(block * (gain / peak)) * level
        mid, edge = middle(block), mono(side(block))
        block = np.stack([mid + edge, mid - edge], axis=1)
        samples[piece] = top(block)


def wow(samples: Samples, cents: float, phase: float, check: Check) -> Samples:
    """A tape's slow pitch drift of +-`cents` with a little flutter; the same for every stem with the same `phase` (turns)."""
    depth = cents * np.log(2) / 1200.0 / (2 * np.pi * _WOW_HZ) * RATE
    flutter = 0.15 * cents * np.log(2) / 1200.0 / (2 * np.pi * _FLUTTER_HZ) * RATE
    base = depth + flutter + 2.0
    margin = int(2 * base) + 4
    out = np.empty_like(samples)
    before = np.zeros((margin, 2), np.float32)
    for piece in blocks(len(samples), check):
        padded = np.concatenate([before, samples[piece]])
        before = padded[-margin:]
        turns = np.arange(piece.start, piece.stop) / RATE
        delay = base + depth * np.sin(2 * np.pi * (_WOW_HZ * turns + phase))
        delay += flutter * np.sin(2 * np.pi * _FLUTTER_HZ * turns)
        position = np.arange(piece.stop - piece.start) + margin - delay
        index = position.astype(np.int64)
        fraction = (position - index).astype(np.float32)[:, None]
        out[piece] = padded[index] * (1 - fraction) + padded[index + 1] * fraction
    return out
