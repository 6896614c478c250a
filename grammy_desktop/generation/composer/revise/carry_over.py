"""Puts a newly played stem in the place of an old one: what the mix did to the old one, it does to the new one.

The mix's own steps are not taken again, since they depend on all stems. What they did is measured instead: gain over time and
tone, from the old stem as it was built and as it was delivered. Where the new stem is the old one, the delivered samples stay.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples

RATE = 48_000
_HOP = RATE // 10
"""Frames between two measurements of gain."""
_AUDIBLE_DB = -55.0
"""Below the stem's loudest step by this much, its gain cannot be measured."""
_SAME_DB = -40.0
"""Difference below which two stems are the same sound."""
_LIKENESS = 0.999
"""Correlation from which a new stem's hop is the old one's at another level."""
_FADE = RATE // 40
_WINDOW = 8_192
_TAPS = 4_096
_TONE_LOW, _TONE_HIGH = -36.0, 18.0
"""dB that a band can have been changed by; the side of low bands may be gone."""
_ROUNDS = 2
"""Tone is measured through the gain, and gain through the tone: in turns."""
_BANDS = 2.0 ** (np.arange(-14, 14) / 3) * 1_000.0
"""Hz: third octaves from 40 Hz to 20 kHz."""
_STEPS = np.float32(2.0**23)
_HIGHEST = 10 ** (-5.0 / 20)
"""Sample peak of a mix that a new stem may lead to, unless the mix had a higher one."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Treatment:
    """What the mix did to its stems: tone in dB by third octave, of mid and side, and gain in dB every `_HOP` frames."""

    tone_db: Floats
    gain_db: Floats


def treatment_of(raw: Samples, delivered: Samples) -> Treatment | None:
    """None where the sound is silent: nothing can be learned from it."""
    if _gain(raw, delivered) is None:
        return None
    tone = np.zeros((2, len(_BANDS)))
    for _ in range(_ROUNDS):
        shaped = _shape(raw, tone)
        gain = _gain(shaped, delivered)
        if gain is None:
            return None
        tone = np.clip(tone + _tone(shaped * _curve(gain, len(raw))[:, None], delivered), _TONE_LOW, _TONE_HIGH)
    last = _gain(_shape(raw, tone), delivered)
    return None if last is None else Treatment(tone, last)


def treated(raw: Samples, treatment: Treatment) -> Samples:
    """A built stem as the mix would deliver it."""
    return np.asarray(_shape(raw, treatment.tone_db) * _curve(treatment.gain_db, len(raw))[:, None], np.float32)


def carried_over(raw_old: Samples, delivered: Samples, raw_new: Samples, treatment: Treatment | None) -> Samples:
    """The new stem as delivered; where it sounds as before, the old one's own samples."""
    if treatment is None:
        return raw_new
    levelled = raw_new * np.float32(_level_between(raw_new, raw_old))
    new = treated(levelled, treatment)
    share = _kept(raw_old, levelled)
    return np.asarray(new + (delivered - new) * share[:, None], np.float32)


def quantised(samples: Samples) -> Samples:
    """On the steps of 24-bit PCM, so that a file holds exactly this and sums are exact."""
    return np.asarray(np.round(samples * _STEPS) / _STEPS, np.float32)


def within(new: Samples, others: Samples, peak: float) -> Samples:
    """The new stem turned down where its sum with the others would pass the `peak` that the mix had, or -5 dBFS."""
    from scipy import ndimage

    ceiling = max(peak, _HIGHEST)
    over = np.abs(others + new) > ceiling
    if not over.any():
        return new
    step = 64
    room = np.clip((ceiling * 0.995 - np.abs(others)) / np.maximum(np.abs(new), 1e-9), 0.0, 1.0)
    factor = np.where(over, room, 1.0).min(axis=1)
    blocks = np.pad(factor, (0, -len(factor) % step), constant_values=1.0).reshape(-1, step).min(axis=1)
    smooth = ndimage.uniform_filter1d(ndimage.minimum_filter1d(blocks, 15), 7)
    smooth = np.where(smooth > 1.0 - 1e-6, 1.0, smooth)
    curve = np.interp(np.arange(len(new)), (np.arange(len(smooth)) + 0.5) * step, smooth)
    return np.asarray(new * curve[:, None].astype(np.float32), np.float32)


def _powers(samples: Samples) -> Floats:
    """Mean square over both channels in each hop."""
    padded = np.pad(samples, ((0, -len(samples) % _HOP), (0, 0)))
    return np.asarray(np.square(padded.reshape(-1, _HOP * 2), dtype=np.float64).mean(axis=1))


def _gain(before: Samples, after: Samples) -> Floats | None:
    """dB in every hop; where nothing is heard, between its neighbours. None for silence."""
    one, other = _powers(before), _powers(after)
    top = float(one.max(initial=0.0))
    heard = (one > top * 10 ** (_AUDIBLE_DB / 10)) & (other > 0.0)
    if top < 1e-12 or heard.sum() < 3:
        return None
    places = np.arange(len(one))
    return _median(np.interp(places, places[heard], 10 * np.log10(other[heard] / one[heard])))


def _median(values: Floats) -> Floats:
    from scipy import ndimage

    return np.asarray(ndimage.median_filter(values, 3, mode="nearest"))


def _curve(gain_db: Floats, frames: int) -> Samples:
    """Linear gain a frame, drawn through the middles of the hops."""
    linear = 10 ** (gain_db / 20)
    places = (np.arange(len(linear)) + 0.5) * _HOP
    return np.interp(np.arange(frames), places, linear).astype(np.float32)


def _tone(before: Samples, after: Samples) -> Floats:
    """dB in each third octave of mid and side."""
    rows = []
    for one, other in zip(_mid_and_side(before), _mid_and_side(after), strict=True):
        had, has = _bands(one), _bands(other)
        heard = had > max(1e-9, had.max(initial=0.0) * 1e-7)
        if heard.sum() < 3:
            rows.append(np.zeros(len(_BANDS)))
            continue
        places = np.arange(len(_BANDS))
        levels = 10 * np.log10(np.maximum(has[heard], 1e-20) / had[heard])
        rows.append(np.interp(places, places[heard], levels))
    return np.stack(rows)


def _mid_and_side(samples: Samples) -> tuple[Samples, Samples]:
    left, right = samples[:, 0], samples[:, 1]
    return (left + right) * np.float32(0.5), (left - right) * np.float32(0.5)


def _bands(row: Samples) -> Floats:
    import scipy.fft

    window = np.hanning(_WINDOW).astype(np.float32)
    power = np.zeros(_WINDOW // 2 + 1)
    for first in range(0, max(1, len(row) - _WINDOW + 1), _WINDOW):
        block = row[first : first + _WINDOW]
        power += np.abs(scipy.fft.rfft(block * window[: len(block)], _WINDOW)) ** 2
    hertz = np.fft.rfftfreq(_WINDOW, 1 / RATE)
    edge = 2.0 ** (1 / 6)
    return np.array([power[(hertz >= f / edge) & (hertz < f * edge)].sum() for f in _BANDS])


def _shape(samples: Samples, tone_db: Floats) -> Samples:
    """Mid and side through minimum-phase filters, as equalisers are."""
    from scipy import signal

    if not tone_db.any():
        return samples
    hertz = np.fft.rfftfreq(_TAPS, 1 / RATE)
    rows = []
    for row, levels in zip(_mid_and_side(samples), tone_db, strict=True):
        gain_db = np.interp(np.log2(np.maximum(hertz, 10.0)), np.log2(_BANDS), levels)
        taps = _minimum_phase(gain_db).astype(np.float32)
        rows.append(signal.oaconvolve(row, taps)[: len(samples)])
    mid, side = rows
    return np.stack([mid + side, mid - side], axis=1).astype(np.float32)


def _minimum_phase(gain_db: Floats) -> Floats:
    """The impulse response of these gains (dB at the bins of `_TAPS`) with the phase that follows from them, by the cepstrum."""
    cepstrum = np.fft.irfft(gain_db * np.log(10.0) / 20)
    half = _TAPS // 2
    folded = np.zeros(_TAPS)
    folded[0], folded[half] = cepstrum[0], cepstrum[half]
    folded[1:half] = 2 * cepstrum[1:half]
    return np.asarray(np.fft.irfft(np.exp(np.fft.rfft(folded)))[:half])


def _level_between(new: Samples, old: Samples) -> float:
    """What brings the new stem to the old one's level, judged where both play the same; 1 where they nowhere do."""
    frames = len(old) // _HOP * _HOP
    one, other = (samples[:frames].reshape(-1, _HOP * 2) for samples in (old, new))
    both = np.einsum("ij,ij->i", one, other, dtype=np.float64)
    ours, theirs = (np.einsum("ij,ij->i", x, x, dtype=np.float64) for x in (one, other))
    heard = (ours > 1e-7) & (theirs > 1e-7)
    alike = heard & (both > _LIKENESS * np.sqrt(ours * theirs))
    if alike.sum() < 5:
        return 1.0
    return float(np.sqrt(np.median(ours[alike] / theirs[alike])))


def _kept(old: Samples, new: Samples) -> Samples:
    """1 where both sound the same, 0 where they do not, with short fades inside what is the same."""
    from scipy import ndimage

    limit = 10 ** (_SAME_DB / 10)
    loudest = max(float(_powers(old).max(initial=0.0)), 1e-12)
    same = _powers(new - old) <= np.maximum(_powers(old) * limit, loudest * limit * 1e-3)
    # A hop beside one that differs is not kept: filters reach over its edge.
    same = ndimage.minimum_filter1d(same.astype(np.uint8), 3)
    share = np.repeat(same.astype(np.float32), _HOP)[: len(old)]
    return np.asarray(ndimage.uniform_filter1d(ndimage.minimum_filter1d(share, _FADE), _FADE), np.float32)
