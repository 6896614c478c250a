"""The spectrum at full rate in third-octave bands, over the whole song and in windows, with what left and right share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import AudioClip

Levels = NDArray[np.float64]

CENTRES = 1000.0 * 2.0 ** (np.arange(-17, 14) / 3.0)
"""Hz: 31 third-octave bands from 19.7 Hz to 20.2 kHz (base two, IEC 61260-1)."""

REFERENCE_BANDS = range(2, 28)
"""Indices into `CENTRES` of the 26 bands the reference table knows, 31 Hz to 10 kHz."""

_REFERENCE_TOP = 11_025.0  # Hz: the table's levels are shares of the power below this
_WINDOW_SECONDS = 4.0


@dataclass(frozen=True, eq=False)
class Bands:
    """Power in third-octave bands: [bands], or [windows, bands]. `cross`: real part of the cross spectrum."""

    left: Levels
    right: Levels
    cross: Levels

    @property
    def mid(self) -> Levels:
        """Power of (left + right) / 2: what a mono speaker plays."""
        return np.maximum((self.left + self.right + 2.0 * self.cross) / 4.0, 0.0)

    @property
    def side(self) -> Levels:
        return np.maximum((self.left + self.right - 2.0 * self.cross) / 4.0, 0.0)

    def correlation(self, low: float, high: float) -> Levels:
        """-1..1 between left and right for the bands from `low` to `high` Hz; 1 where there is nothing."""
        inside = (low <= CENTRES) & (high >= CENTRES)
        left, right, cross = (part[..., inside].sum(axis=-1) for part in (self.left, self.right, self.cross))
        scale = np.sqrt(left * right)
        return np.where(scale > 1e-14, cross / np.maximum(scale, 1e-14), 1.0)


@dataclass(frozen=True, eq=False)
class Spectrum:
    """`whole`: the song's average; `windows`: every 4 s; `starts`, `ends`: seconds of each window, [windows]."""

    whole: Bands
    windows: Bands
    starts: Levels
    ends: Levels

    @property
    def mid_db(self) -> Levels:
        """[31] dB of all power below 11 kHz: comparable with the table, whatever the level."""
        return relative_db(self.whole.mid)

    @property
    def window_mid_db(self) -> Levels:
        """[windows, 31], each against its own total."""
        return relative_db(self.windows.mid)


def relative_db(power: Levels) -> Levels:
    """dB of each band against the sum of the bands below 11 kHz."""
    total = power[..., CENTRES < _REFERENCE_TOP].sum(axis=-1, keepdims=True)
    level: Levels = 10.0 * np.log10(np.maximum(power / np.maximum(total, 1e-20), 1e-11))
    return level


def measure_spectrum(clip: AudioClip, check: Callable[[], None]) -> Spectrum:
    """Average the spectra of overlapping Hann frames of 0.7 s (Welch 1967) in each window; `check` is called between them."""
    rate, frames = clip.sample_rate, clip.frames
    size = 2 ** round(np.log2(0.68 * rate))
    window = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)).astype(np.float32)
    bins = np.fft.rfftfreq(size, 1.0 / rate)
    band_of = np.round(3.0 * np.log2(np.maximum(bins, 1.0) / 1000.0)).astype(int) + 17
    valid = (band_of >= 0) & (band_of < CENTRES.size)
    stereo = clip.samples if clip.channels > 1 else np.repeat(clip.samples, 2, axis=1)
    step = int(_WINDOW_SECONDS * rate)
    starts = list(range(0, max(1, frames - step // 2), step))
    rows: list[list[Levels]] = []
    for start in starts:
        check()
        # Frames may reach into the next window; the last window is padded.
        chunk = stereo[start : start + step + size // 2, :2]
        rows.append(_band_powers(chunk, window, band_of[valid], valid))
    parts = [np.stack([row[index] for row in rows]) for index in range(3)]
    ends = np.append(np.array(starts[1:], dtype=np.float64), frames) / rate
    return Spectrum(
        whole=Bands(*(part.mean(axis=0) for part in parts)),
        windows=Bands(*parts),
        starts=np.array(starts, dtype=np.float64) / rate,
        ends=ends,
    )


def _band_powers(
    chunk: NDArray[np.float32], window: NDArray[np.float32], bands: NDArray[np.int_], valid: NDArray[np.bool_]
) -> list[Levels]:
    """Band power of left, right and their cross spectrum, averaged over the frames of `chunk`."""
    size = window.size
    if chunk.shape[0] < size:
        chunk = np.pad(chunk, ((0, size - chunk.shape[0]), (0, 0)))
    totals = np.zeros((3, window.size // 2 + 1))
    count = 0
    for first in range(0, chunk.shape[0] - size + 1, size // 2):
        frame = np.fft.rfft(chunk[first : first + size] * window[:, None], axis=0)
        left, right = frame[:, 0], frame[:, 1]
        totals[0] += np.square(left.real) + np.square(left.imag)
        totals[1] += np.square(right.real) + np.square(right.imag)
        totals[2] += left.real * right.real + left.imag * right.imag
        count += 1
    scale = 2.0 / (float(np.sum(window.astype(np.float64) ** 2)) * size * max(1, count))  # to mean power
    return [np.asarray(np.bincount(bands, row[valid], CENTRES.size) * scale, dtype=np.float64) for row in totals]
