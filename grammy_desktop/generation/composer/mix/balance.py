"""The mix against its style: spectral tilt, width and peaks. One correction for all stems, so that the mix stays their sum."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples
from grammy_desktop.generation.composer.mix.blocks import Check, RunningFilter, blocks, middle, side
from grammy_desktop.generation.composer.mix.curves import stretched
from grammy_desktop.generation.composer.render.oscillators import RATE

_TILT_LOW, _TILT_HIGH = 100.0, 10_000.0
_TILT_LIMIT = 1.6
"""dB per octave; what the sources lack beyond this is not the equaliser's business."""
_WIDEST_DB = -9.0
"""Side below mid; wider mixes lose too much in mono."""
_TILT_POLES = (160.0, 800.0, 4000.0, 14_000.0)
_WINDOW = 16_384


@dataclass(frozen=True)
class Correction:
    """Decibels per octave to add, and what the side signal is multiplied with."""

    tilt: float
    side_gain: float


def spectral_tilt(samples: Samples, check: Check) -> float:
    """Slope in dB per octave of the mid signal's power per Hz, 100 Hz to 10 kHz, fitted over third octaves (pink: -3)."""
    import scipy.fft

    window = np.hanning(_WINDOW).astype(np.float32)
    power = np.zeros(_WINDOW // 2 + 1)
    for first in range(0, len(samples) - _WINDOW + 1, _WINDOW):
        check()
        power += np.abs(scipy.fft.rfft(middle(samples[first : first + _WINDOW]) * window)) ** 2
    hertz = np.fft.rfftfreq(_WINDOW, 1 / RATE)
    octaves, levels = [], []
    for low in _TILT_LOW * 2.0 ** np.arange(0.0, np.log2(_TILT_HIGH / _TILT_LOW), 1 / 3):
        band = power[(hertz >= low) & (hertz < low * 2 ** (1 / 3))]
        if band.size and band.mean() > 0.0:
            octaves.append(float(np.log2(low)))
            levels.append(float(10 * np.log10(band.mean())))
    if len(octaves) < 8:
        return 0.0
    return float(np.polyfit(octaves, levels, 1)[0])


def side_to_mid_db(samples: Samples, check: Check) -> float:
    """Energy of the side against that of the mid, in dB."""
    mids = sides = 1e-12
    for piece in blocks(len(samples), check):
        mid, edge = middle(samples[piece]), side(samples[piece])
        mids += float(np.dot(mid, mid))
        sides += float(np.dot(edge, edge))
    return float(10 * np.log10(sides / mids))


def correction_for(total: Samples, wanted_tilt: float, check: Check) -> Correction:
    """What brings the sum of the stems to its style's tilt and to a width that survives mono."""
    tilt = float(np.clip(wanted_tilt - spectral_tilt(total, check), -_TILT_LIMIT, _TILT_LIMIT))
    excess = side_to_mid_db(total, check) - _WIDEST_DB
    return Correction(tilt, float(10.0 ** (-max(0.0, excess) / 20.0)))


def tilt_sections(slope: float) -> NDArray[np.float64]:
    """Two biquads that tilt the spectrum by `slope` dB per octave about 800 Hz: four first-order shelves a decade part apart."""
    from scipy import signal

    ratio = 5.0
    alpha = slope / 6.02
    shelves = []
    for pole in _TILT_POLES:
        # First order: gain rises from 1 below the zero to pole/zero above the pole.
        zero = pole * ratio ** (-alpha)
        b, a = signal.bilinear([1.0 / _warp(zero), 1.0], [1.0 / _warp(pole), 1.0], fs=RATE)
        shelves.append((b, a))
    rows = []
    for (b1, a1), (b2, a2) in ((shelves[0], shelves[1]), (shelves[2], shelves[3])):
        rows.append(np.concatenate([np.polymul(b1, b2), np.polymul(a1, a2)]))
    sections = np.array(rows)
    _, response = signal.freqz_sos(sections, worN=[800.0], fs=RATE)
    sections[0, :3] /= abs(response[0])
    return sections


def _warp(hertz: float) -> float:
    """Radians per second before the bilinear transform, kept below Nyquist."""
    return float(2 * RATE * np.tan(np.pi * min(hertz, RATE * 0.47) / RATE))


def correct(stem: Samples, correction: Correction, check: Check) -> None:
    """Apply the common correction to one stem, in place."""
    tilt = RunningFilter(tilt_sections(correction.tilt)) if abs(correction.tilt) > 0.05 else None
    for piece in blocks(len(stem), check):
        block = stem[piece]
        if correction.side_gain < 1.0:
            mid, edge = middle(block), side(block) * np.float32(correction.side_gain)
            block[:, 0], block[:, 1] = mid + edge, mid - edge
        if tilt is not None:
            stem[piece] = tilt(block)


def glue_curve(total: Samples, ceiling: float, check: Check) -> Samples:
    """Gain over time, float32 [frames], that keeps the peaks of `total` at `ceiling` (linear); 1 where nothing sticks out.

    Look-ahead limiting in blocks of 1.3 ms: the reduction rises before the peak and lets go at 60 dB a second. The same
    gain goes to every stem.
    """
    from scipy import ndimage

    step = 64
    frames = len(total)
    count = -(-frames // step)
    peaks = np.zeros(count, np.float32)
    for piece in blocks(frames, check):
        loudest = np.abs(total[piece]).max(axis=1)
        padded = np.pad(loudest, (0, -len(loudest) % step)).reshape(-1, step).max(axis=1)
        peaks[piece.start // step : piece.start // step + len(padded)] = padded
    excess = np.maximum(0.0, 20.0 * np.log10(np.maximum(peaks, 1e-9) / ceiling))
    ahead = ndimage.maximum_filter1d(excess, 7)
    fall = np.arange(count) * (60.0 * step / RATE)
    held = np.maximum.accumulate(ahead + fall) - fall
    smooth = ndimage.uniform_filter1d(np.maximum(held, ahead), 5)
    coarse = (10.0 ** (-smooth / 20.0)).astype(np.float32)
    return stretched(coarse, (np.arange(count) + 0.5) * step, frames)
