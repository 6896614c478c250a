"""The mix against its style: spectrum and width. One correction for all stems, so that the mix stays their sum."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.filter_cascade import Section, high_shelf, low_shelf, peak
from grammy_desktop.generation.composer.mix.blocks import Check, middle
from grammy_desktop.generation.composer.mix.filters import RunningFilter, Sections, band, butterworth
from grammy_desktop.generation.composer.mix.levels import Energies
from grammy_desktop.generation.composer.mix.reference import CENTRES, TOP, Bands, Target
from grammy_desktop.generation.composer.render.oscillators import RATE

WINDOW = 1 << 15
"""Frames of one look at the spectrum; five lines in the lowest third octave."""
_WINDOWS_AT_ONCE = 4
"""Transforms of several cost half as much as one after the other."""
EQ_BANDS = (
    *(50.0, 80.0, 115.0, 160.0, 220.0, 310.0, 440.0, 620.0),
    *(880.0, 1250.0, 1750.0, 2500.0, 3500.0, 5000.0, 8000.0),
)
"""Hz: a shelf at each end, half-octave bells between. So wide that a note is not a resonance to be taken out, and so narrow
that a hump of two thirds of an octave is: with bells an octave wide 12 of 52 styles kept one of 4 to 6 dB."""
_Q, _OUTER_Q, _SHELF_Q = 2.2, 1.4, 0.7
_CUT, _BOOST = -14.0, np.array([6.0, *[9.0] * (len(EQ_BANDS) - 1)])
"""dB of the bands; what the sources lack beyond this is not the equaliser's business, in the lowest octave least of all."""
_TOLERANCE = 1.0
"""dB that a song may stand from the middle: songs of a style are not all alike."""
_FARTHEST = 14.0
"""dB beyond which a band counts as missing rather than soft."""
_ENDS, _END_WEIGHT = (55.0, 9000.0), 0.25
"""Hz; beyond, music differs most and matters least: nothing else is bent for it."""
_WIDE = 10.0
"""dB between the quietest and the loudest tenth of the music, from which a band is not taken less seriously."""
_ROUNDS = 6
_EFFORT = 0.002
"""What a dB of equaliser costs against a dB of error squared."""
_MONO_BELOW = 140.0
_SUBSONIC = 22.0
_WIDEST_DB = -9.0
"""Side below mid over the song; wider mixes lose too much in mono."""
_WIDEST_MOMENT_DB = -1.5
"""Side below mid at any moment: left and right never work against each other."""
_MOMENT = 11
"""Steps of 100 ms that a moment lasts."""


@dataclass(frozen=True, eq=False)
class BandPowers:
    """Power of the mid in third octaves, and up to 11 kHz, window after window: [windows, 26] and [windows]."""

    bands: NDArray[np.float64]
    whole: NDArray[np.float64]

    def levels(self, weights: NDArray[np.float64] | None = None) -> Bands:
        """dB of each band against the whole; weights: of the windows (power)."""
        weights = np.ones(len(self.whole)) if weights is None else weights
        whole = float(weights @ self.whole)
        if whole <= 0.0:
            return np.full(len(CENTRES), -120.0)
        return np.asarray(10.0 * np.log10(np.maximum(weights @ self.bands / whole, 1e-12)))


class BandMeter:
    """Third-octave powers of one channel that comes in blocks."""

    def __init__(self) -> None:
        self._window = np.hanning(WINDOW).astype(np.float32)
        hertz = np.fft.rfftfreq(WINDOW, 1 / RATE)
        edges = np.append(CENTRES * 2.0 ** (-1 / 6), CENTRES[-1] * 2.0 ** (1 / 6))
        self._edges = np.searchsorted(hertz, np.append(np.minimum(edges, TOP), TOP))
        self._waiting = np.zeros((_WINDOWS_AT_ONCE, WINDOW), np.float32)
        self._count = 0
        self._rows: list[NDArray[np.float64]] = []

    def push(self, samples: Samples) -> None:
        """The next WINDOW samples (shorter ones are filled up with silence)."""
        row = self._waiting[self._count]
        np.multiply(samples, self._window[: len(samples)], out=row[: len(samples)])
        row[len(samples) :] = 0.0
        self._count += 1
        if self._count == _WINDOWS_AT_ONCE:
            self._look()

    def result(self) -> BandPowers:
        self._look()
        rows = np.concatenate(self._rows) if self._rows else np.zeros((0, len(CENTRES) + 2))
        return BandPowers(rows[:, : len(CENTRES)], rows[:, -1])

    def _look(self) -> None:
        """The powers of the windows that wait."""
        import scipy.fft

        if not self._count:
            return
        spectra = scipy.fft.rfft(self._waiting[: self._count])
        power = spectra.real**2
        power += spectra.imag**2
        sums = np.zeros((self._count, power.shape[1] + 1))
        np.cumsum(power, axis=1, dtype=np.float64, out=sums[:, 1:])
        found = sums[:, self._edges]
        self._rows.append(np.concatenate([np.diff(found, axis=1), found[:, -1:]], axis=1))
        self._count = 0


def band_levels(samples: Samples, check: Check) -> Bands:
    """dB of the mid's third octaves against its power up to 11 kHz, of [frames, 2]."""
    meter = BandMeter()
    for first in range(0, len(samples), WINDOW):
        check()
        meter.push(middle(samples[first : first + WINDOW]))
    return meter.result().levels()


def equaliser_gains(levels: Bands, target: Target) -> NDArray[np.float64]:
    """dB for each of `EQ_BANDS` that brings third-octave `levels` to the target, as far as a few wide bands can.

    What lies within the tolerance of the middle is left; bands outside of what four in five songs keep to count most.
    """
    curves = _curves()
    gains = np.zeros(len(EQ_BANDS))
    inner = np.clip(CENTRES, *_ENDS) == CENTRES
    ends = np.where(inner, 1.0, _END_WEIGHT)
    cost = np.eye(len(EQ_BANDS)) * _EFFORT * len(CENTRES)
    before = np.sum(10.0 ** (levels / 10.0))
    for _ in range(_ROUNDS):
        raised = levels + curves @ gains
        powers = 10.0 ** (raised / 10.0)
        # A level is a share of the whole: what one band gains, all others lose.
        now = raised - 10.0 * np.log10(powers.sum() / before)
        error = target.middle - now
        wanted = np.clip(error - np.clip(error, -_TOLERANCE, _TOLERANCE), -_FARTHEST, _FARTHEST)
        outside = (now < target.low) | (now > target.high)
        weights = ends * np.where(outside, 2.0, 1.0) * 6.0 / np.clip(target.high - target.low, 6.0, _WIDE)
        matrix = (curves - powers / powers.sum() @ curves) * weights[:, None]
        push = matrix.T @ (wanted * weights) - cost @ gains
        gains = np.clip(gains + np.linalg.solve(matrix.T @ matrix + cost, push), _CUT, _BOOST)
    return gains


def equaliser(gains: NDArray[np.float64]) -> Sections:
    """The filter of `equaliser_gains`, as second-order sections."""
    return np.array([(b0, b1, b2, 1.0, a1, a2) for b0, b1, b2, a1, a2 in _sections(gains)]).reshape(-1, 6)


def _sections(gains: NDArray[np.float64]) -> Iterable[Section]:
    last = len(EQ_BANDS) - 1
    for place, (hertz, gain) in enumerate(zip(EQ_BANDS, gains.tolist(), strict=True)):
        if place == 0:
            yield low_shelf(hertz, gain, _SHELF_Q, RATE)
        elif place == last:
            yield high_shelf(hertz, gain, _SHELF_Q, RATE)
        else:
            yield peak(hertz, gain, _OUTER_Q if place in (1, last - 1) else _Q, RATE)


@lru_cache(maxsize=1)
def _curves() -> NDArray[np.float64]:
    """dB that one dB of each band gives at each third octave, [26, bands]; nearly the same for any gain."""
    size = 6.0
    return np.column_stack([response_db(equaliser(size * row)) / size for row in np.eye(len(EQ_BANDS))])


def response_db(sections: Sections, hertz: NDArray[np.float64] = CENTRES) -> NDArray[np.float64]:
    """dB of a filter at `hertz`."""
    from scipy import signal

    _, response = signal.freqz_sos(sections, worN=hertz, fs=RATE)
    return np.asarray(20.0 * np.log10(np.maximum(np.abs(response), 1e-9)))


class Bus:
    """The filters that every stem goes through alike, on mid and side: band, equaliser, and a side without bass."""

    def __init__(self, gains: NDArray[np.float64], lowpass: float) -> None:
        """gains: dB of the equaliser's bands. lowpass: Hz (0: open)."""
        self._both = RunningFilter(np.vstack([band(_SUBSONIC, lowpass), equaliser(gains)]))
        self._side = RunningFilter(butterworth(4, _MONO_BELOW, "highpass"), 1)

    @property
    def rings(self) -> bool:
        """Whether silence that goes in would not come out as silence."""
        return self._both.rings or self._side.rings

    def __call__(self, rows: Samples) -> Samples:
        """The next [2, n], filtered; `rows` itself if that is silence."""
        out = self._both(rows)
        apart = out[1:]
        filtered = self._side(apart)
        if filtered is not apart:
            apart[...] = filtered
        return out


def side_gains(powers: Energies) -> NDArray[np.float64]:
    """What the side is multiplied with in each step of 100 ms; powers: of mid and side, [2, steps].

    The whole song is no wider than mono can take, and at no moment is the side as strong as the mid.
    """
    from scipy import ndimage

    mid, edge = np.maximum(powers, 1e-14)
    whole = min(1.0, 10.0 ** (_WIDEST_DB / 20.0) * float(np.sqrt(mid.sum() / edge.sum()))) if mid.size else 1.0
    if mid.size == 0:
        return np.ones(1)
    around = [ndimage.uniform_filter1d(power, _MOMENT, mode="nearest") for power in (mid, edge)]
    allowed = np.sqrt(10.0 ** (_WIDEST_MOMENT_DB / 10.0) * around[0] / around[1])
    least = ndimage.minimum_filter1d(np.minimum(allowed, whole), _MOMENT, mode="nearest")
    return np.asarray(ndimage.uniform_filter1d(least, _MOMENT // 2, mode="nearest"))
