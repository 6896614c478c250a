"""Filters that run over long audio in blocks and in place, so that a song needs little memory beside itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples
from grammy_desktop.generation.composer.render.oscillators import RATE

BLOCK = 1 << 16
"""Frames; small enough to stay in the processor's cache."""

_INAUDIBLE = 1e-9

Check = Callable[[], None]


def blocks(frames: int, check: Check) -> Iterator[slice]:
    """Slices that cover `frames`; `check` may raise between two of them."""
    for first in range(0, frames, BLOCK):
        check()
        yield slice(first, min(frames, first + BLOCK))


class RunningFilter:
    """Second-order sections that remember their state from block to block."""

    def __init__(self, sections: NDArray[Any], dtype: type[np.floating[Any]] = np.float32) -> None:
        self._sections = np.asarray(sections, dtype)
        self._state: NDArray[Any] | None = None

    @classmethod
    def butterworth(cls, order: int, hertz: float, kind: str) -> RunningFilter:
        from scipy import signal

        return cls(signal.butter(order, min(hertz, RATE * 0.45), kind, fs=RATE, output="sos"))

    @classmethod
    def band(cls, low: float, high: float) -> RunningFilter:
        """High-pass at `low` Hz and, where `high` is not 0, low-pass at `high` Hz, 12 dB an octave each."""
        from scipy import signal

        sections = signal.butter(2, low, "highpass", fs=RATE, output="sos")
        if high > 0.0:
            sections = np.vstack([sections, signal.butter(2, min(high, RATE * 0.45), "lowpass", fs=RATE, output="sos")])
        return cls(sections)

    def __call__(self, samples: Samples) -> Samples:
        """Filter the next block, [frames] or [frames, channels]."""
        from scipy import signal

        if self._state is None:
            self._state = np.zeros((len(self._sections), 2, *samples.shape[1:]), self._sections.dtype)
        if not samples.any() and not (np.abs(self._state) > _INAUDIBLE).any():
            return samples
        out, self._state = signal.sosfilt(self._sections, samples, axis=0, zi=self._state)
        return np.asarray(out, np.float32)


def middle(samples: Samples) -> Samples:
    """Mid signal of [frames, 2]."""
    return np.asarray((samples[:, 0] + samples[:, 1]) * np.float32(0.5))


def side(samples: Samples) -> Samples:
    """Side signal of [frames, 2]."""
    return np.asarray((samples[:, 0] - samples[:, 1]) * np.float32(0.5))


def peak_of(samples: Samples) -> float:
    """Largest magnitude, without a copy."""
    return max(float(samples.max()), -float(samples.min())) if samples.size else 0.0


def scale(samples: Samples, curve: Samples, check: Check) -> None:
    """Multiply [frames, 2] by a gain over time [frames], in place."""
    for piece in blocks(len(samples), check):
        samples[piece] *= curve[piece, None]
