"""Recursive filters over mid and side in blocks: `FilterCascade`'s matrices with a scan of fewer and larger products."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.filter_cascade import FilterCascade
from grammy_desktop.generation.composer.mix.blocks import BLOCK
from grammy_desktop.generation.composer.render.oscillators import RATE

_GROUPS = (4, 8, 8)
"""Rows (of 64 samples) whose states one product finds; then groups of groups: 256 rows in all."""
_INAUDIBLE = 1e-9

Sections = NDArray[np.float64]
"""Second-order sections, [n, 6] as scipy has them."""


class RunningFilter(FilterCascade):
    """Second-order sections that remember their state from block to block; every channel for itself."""

    def __init__(self, sections: Sections, channels: int = 2) -> None:
        super().__init__([(b0, b1, b2, a1, a2) for b0, b1, b2, _, a1, a2 in sections.tolist()], channels)
        order = len(self._leaps[0])
        self._all = np.concatenate([self._direct, self._into], axis=1)
        self._levels: list[tuple[int, NDArray[Any], NDArray[Any]]] = []
        leap = self._leaps[0]
        for level, count in enumerate(_GROUPS):
            powers = [np.eye(order)]
            for _ in range(count):
                powers.append(powers[-1] @ leap)
            across = np.zeros((count * order, (count + 1) * order))
            for row in range(count):
                for later in range(row + 1, count + 1):
                    across[row * order : (row + 1) * order, later * order : (later + 1) * order] = powers[
                        later - 1 - row
                    ]
            # What is carried on is summed in float64.
            kind = np.float64 if level else np.float32
            self._levels.append((count * order, across.astype(kind), np.concatenate(powers, axis=1).astype(kind)))
            leap = powers[count]
        self._rings = np.zeros(channels, bool)

    def __call__(self, samples: Samples) -> Samples:
        """Filter the next [channels, n], n at most BLOCK, and fewer only in the last; a new array, or `samples` if silent.

        Channels in silence that have rung out cost nothing.
        """
        count = samples.shape[1]
        sounds = [bool(self._rings[channel]) or bool(row.any()) for channel, row in enumerate(samples)]
        if not any(sounds):
            return samples
        if count < BLOCK:
            samples = np.pad(samples, ((0, 0), (0, BLOCK - count)))
        if all(sounds):
            return self._filtered(samples, slice(None))[:, :count]
        out = np.zeros_like(samples)
        for channel, does in enumerate(sounds):
            if does:
                out[channel] = self._filtered(samples[channel : channel + 1], slice(channel, channel + 1))
        return out[:, :count]

    def _work(self, chunk: Samples) -> Samples:
        return self._filtered(np.ascontiguousarray(chunk), slice(None))

    def _filtered(self, rows: Samples, channels: slice) -> Samples:
        size = len(self._direct)
        both = rows.reshape(-1, size) @ self._all
        if not self._state.shape[1]:
            return np.ascontiguousarray(both).reshape(rows.shape)
        states, after = self._scanned(both[:, size:], self._state[channels], 0)
        self._state[channels] = after
        self._rings[channels] = np.abs(after).max(axis=1) > _INAUDIBLE
        out = states @ self._out_of
        out += both[:, :size]
        return out.reshape(rows.shape)

    def _scanned(self, pushed: NDArray[Any], first: NDArray[Any], level: int) -> tuple[NDArray[Any], NDArray[Any]]:
        """The state before every row, and after the last; pushed [rows, order]: what each row adds to the state after it."""
        width, across, onwards = self._levels[level]
        order = pushed.shape[1]
        found = pushed.reshape(-1, width) @ across
        if level + 1 < len(self._levels):
            starts, after = self._scanned(found[:, width:].astype(np.float64), first, level + 1)
            found += starts.astype(found.dtype) @ onwards
        else:
            found += first @ onwards
            after = found[:, width:].copy()
        return found[:, :width].reshape(-1, order), after


def butterworth(order: int, hertz: float, kind: str) -> Sections:
    """Sections of a Butterworth filter; kind: 'highpass' or 'lowpass'."""
    from scipy import signal

    return np.asarray(signal.butter(order, min(hertz, RATE * 0.45), kind, fs=RATE, output="sos"))


def band(low: float, high: float) -> Sections:
    """High-pass at `low` Hz and, where `high` is not 0, low-pass at `high` Hz, 12 dB an octave each."""
    highpass = butterworth(2, low, "highpass")
    return highpass if high <= 0.0 else np.vstack([highpass, butterworth(2, high, "lowpass")])
