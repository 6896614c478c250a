"""Recursive filters of any number of sections for the price of one, as matrix products instead of a loop over samples.

All sections become one linear system x' = A x + B u, y = C x + D u. Over a row of 64 samples that is a lower triangular
Toeplitz product for the row itself, and two thin ones for the state that goes in and comes out; the states of many rows
are found by doubling (Hillis and Steele's scan). Sums in float32, states in float64.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.chunked_stage import ChunkedStage

_ROW = 64
"""Samples a row: larger ones multiply more zeros of the triangle, smaller ones carry more states."""
_ROWS = 256
"""A chunk; a power of two for the doubling."""
_LEAST_JUDGED = 4_096
"""Frames: in fewer of them a low note looks like an offset."""
_BEGINNING = 1_024
"""Frames in which an offset must be there already."""
_HEARD_OFFSET = 0.1
"""Of the signal's standard deviation: a smaller step is covered by the sound that begins with it."""

Matrix = NDArray[np.float64]
Section = tuple[float, float, float, float, float]
"""b0, b1, b2, a1, a2 of (b0 + b1 z^-1 + b2 z^-2) / (1 + a1 z^-1 + a2 z^-2)."""


class FilterCascade(ChunkedStage):
    """Second-order sections one after the other, as a `Processor`; every channel for itself."""

    def __init__(self, sections: Iterable[Section], channels: int, *, settled: bool = False) -> None:
        """settled: begin as though the offset (DC) that the sound begins with had always been there.

        A high-pass would else meet a step at the first sample, and its answer is a thump. Found in the first chunk, so that
        any way of cutting blocks gives the same; the offset of the whole file, taken off before a chain, would not do: it needs
        a pass of its own, cannot be had by `chain_processor`, and breaks the silence before a sound that has one.
        """
        super().__init__(channels=channels, chunk=_ROW * _ROWS)
        a, b, c, d = joined_sections(sections)
        powers = [np.eye(len(a))]
        for _ in range(_ROW):
            powers.append(powers[-1] @ a)
        impulse = np.array([d, *(c @ power @ b for power in powers[: _ROW - 1])])
        gap = np.arange(_ROW)[None, :] - np.arange(_ROW)[:, None]
        self._direct = np.where(gap >= 0, impulse[np.maximum(gap, 0)], 0.0).astype(np.float32)
        self._out_of = np.stack([power.T @ c for power in powers[:_ROW]], axis=1).astype(np.float32)
        self._into = np.stack([power @ b for power in reversed(powers[:_ROW])]).astype(np.float32)
        # Transposed, because states are rows here.
        self._leaps = [powers[_ROW].T]
        while len(self._leaps) < _ROWS.bit_length():
            self._leaps.append(self._leaps[-1] @ self._leaps[-1])
        self._state = np.zeros((channels, len(a)))
        # x = A x + B: where the state comes to rest when ones come in.
        self._rest = np.linalg.solve(np.eye(len(a)) - a, b)
        self._to_settle = settled and len(a) > 0

    def _work(self, chunk: Samples) -> Samples:
        channels = len(chunk)
        if self._to_settle:
            self._to_settle = False
            offsets = [offset_at_start(row[: min(self._taken, self.chunk)]) for row in chunk]
            self._state = np.outer(offsets, self._rest)
        rows = np.ascontiguousarray(chunk).reshape(channels * _ROWS, _ROW)
        out = rows @ self._direct
        if self._state.shape[1]:
            out += self._states_before(rows).astype(np.float32) @ self._out_of
        return out.reshape(channels, self.chunk)

    def _states_before(self, rows: Samples) -> Matrix:
        """The state at the beginning of every row; keeps the one after the last for the next chunk."""
        channels, order = self._state.shape
        states = np.empty((channels, _ROWS + 1, order))
        states[:, 0] = self._state
        states[:, 1:] = (rows @ self._into).reshape(channels, _ROWS, order)
        for number, leap in enumerate(self._leaps):
            distance = 1 << number
            states[:, distance:] += states[:, :-distance] @ leap
        self._state = states[:, -1].copy()
        return states[:, :-1].reshape(channels * _ROWS, order)


def offset_at_start(samples: Samples) -> float:
    """The constant that [n] samples begin with and keep to; 0 where there is none that would be heard.

    Silence, or sound that only later gets an offset, has none at its start.
    """
    if len(samples) < _LEAST_JUDGED:
        return 0.0
    # Weighted by a bell, so that a low note's last part of a wave does not count.
    bell = np.hanning(len(samples))
    offset = float(bell @ samples) / float(bell.sum())
    if abs(offset) <= _HEARD_OFFSET * float(np.std(samples, dtype=np.float64)):
        return 0.0
    start = float(np.mean(samples[:_BEGINNING], dtype=np.float64))
    # Whichever step is the smaller: from nothing to the start, or from the offset to it.
    return offset if abs(start - offset) < abs(start) else 0.0


def first_order_highpass(frequency: float, sample_rate: int) -> Section:
    """-3 dB at `frequency` Hz, 6 dB an octave (bilinear transform)."""
    n = math.tan(math.pi * frequency / sample_rate)
    return 1 / (n + 1), -1 / (n + 1), 0.0, (n - 1) / (n + 1), 0.0


def first_order_lowpass(frequency: float, sample_rate: int) -> Section:
    """-3 dB at `frequency` Hz, 6 dB an octave (bilinear transform)."""
    n = math.tan(math.pi * frequency / sample_rate)
    return n / (n + 1), n / (n + 1), 0.0, (n - 1) / (n + 1), 0.0


def peak(frequency: float, gain_db: float, q: float, sample_rate: int) -> Section:
    """A bell (R. Bristow-Johnson, Audio EQ Cookbook)."""
    w = 2 * math.pi * frequency / sample_rate
    alpha, amplitude = math.sin(w) / (2 * q), 10 ** (gain_db / 40)
    middle = -2 * math.cos(w)
    return _normal(
        (1 + alpha * amplitude, middle, 1 - alpha * amplitude), (1 + alpha / amplitude, middle, 1 - alpha / amplitude)
    )


def low_shelf(frequency: float, gain_db: float, q: float, sample_rate: int) -> Section:
    """`gain_db` below, half of it at `frequency` (R. Bristow-Johnson, Audio EQ Cookbook)."""
    return _shelf(frequency, gain_db, q, sample_rate, 1)


def high_shelf(frequency: float, gain_db: float, q: float, sample_rate: int) -> Section:
    """`gain_db` above, half of it at `frequency` (R. Bristow-Johnson, Audio EQ Cookbook)."""
    return _shelf(frequency, gain_db, q, sample_rate, -1)


def bandpass(frequency: float, q: float, sample_rate: int) -> Section:
    """0 dB at `frequency`, 6 dB an octave to both sides (R. Bristow-Johnson, Audio EQ Cookbook)."""
    w = 2 * math.pi * frequency / sample_rate
    alpha = math.sin(w) / (2 * q)
    return _normal((alpha, 0.0, -alpha), (1 + alpha, -2 * math.cos(w), 1 - alpha))


def flat_gain(gain_db: float) -> Section:
    return 10 ** (gain_db / 20), 0.0, 0.0, 0.0, 0.0


def butterworth(order: int, frequency: float, sample_rate: int, kind: str) -> tuple[Section, ...]:
    """Sections of a Butterworth filter; kind: 'highpass' or 'lowpass'."""
    from scipy.signal import butter

    where = 1.0 if kind == "lowpass" else -1.0
    sections = []
    for b0, b1, b2, _, a1, a2 in butter(order, frequency, kind, fs=sample_rate, output="sos").tolist():
        # Each section at 0 dB in the pass band: scipy puts all gain into the first, which then is too small for float32.
        level = (b0 + b1 * where + b2) / (1 + a1 * where + a2)
        sections.append((b0 / level, b1 / level, b2 / level, a1, a2))
    return tuple(sections)


def _shelf(frequency: float, gain_db: float, q: float, sample_rate: int, sign: int) -> Section:
    w = 2 * math.pi * frequency / sample_rate
    a = 10 ** (gain_db / 40)
    cosine, slope = sign * math.cos(w), math.sin(w) * math.sqrt(a) / q
    above = (a * (a + 1 - (a - 1) * cosine + slope), sign * 2 * a * (a - 1 - (a + 1) * cosine))
    below = (a + 1 + (a - 1) * cosine + slope, -sign * 2 * (a - 1 + (a + 1) * cosine))
    return _normal((*above, above[0] - 2 * a * slope), (*below, below[0] - 2 * slope))


def _normal(b: tuple[float, float, float], a: tuple[float, float, float]) -> Section:
    return b[0] / a[0], b[1] / a[0], b[2] / a[0], a[1] / a[0], a[2] / a[0]


def joined_sections(sections: Iterable[Section]) -> tuple[Matrix, Matrix, Matrix, float]:
    """One state space of all sections in series: A [n, n], B [n], C [n], D."""
    a, b, c, d = np.zeros((0, 0)), np.zeros(0), np.zeros(0), 1.0
    for section in sections:
        a2, b2, c2, d2 = _section_system(section)
        joined = np.block([[a, np.zeros((len(a), len(a2)))], [np.outer(b2, c), a2]])
        a, b, c, d = joined, np.concatenate([b, b2 * d]), np.concatenate([d2 * c, c2]), d2 * d
    return a, b, c, d


def _section_system(section: Section) -> tuple[Matrix, Matrix, Matrix, float]:
    """The least states that give the section, in coordinates in which each is about as large as the signal.

    The controllability Gramian is the identity: float32 products then lose nothing, however low the filter lies.
    """
    b0, b1, b2, a1, a2 = section
    order = 2 if b2 or a2 else 1 if b1 or a1 else 0
    if order == 0:
        return np.zeros((0, 0)), np.zeros(0), np.zeros(0), b0
    a = np.array([[-a1, -a2], [1.0, 0.0]])[:order, :order]
    c = np.array([b1 - a1 * b0, b2 - a2 * b0])[:order]
    values, vectors = np.linalg.eigh(_gramian(a1, a2, order))
    scale = np.sqrt(np.maximum(values, values[-1] * 1e-14))
    into, back = vectors * scale, (vectors / scale).T
    return back @ a @ into, back[:, 0], c @ into, b0


def _gramian(a1: float, a2: float, order: int) -> Matrix:
    """Of the states' energy when white noise of unit power comes in: the autocorrelation of 1 / (1 + a1 z^-1 + a2 z^-2)."""
    if order == 1:
        return np.array([[1 / (1 - a1 * a1)]])
    power = (1 + a2) / ((1 - a2) * ((1 + a2) ** 2 - a1 * a1))
    beside = -a1 * power / (1 + a2)
    return np.array([[power, beside], [beside, power]])
