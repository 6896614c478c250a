"""The one form in which audio moves between layers, and its streamed sibling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]

DEFAULT_SAMPLE_RATE = 48_000
"""Hz; what the app renders at unless a source or the user says otherwise."""


@dataclass(frozen=True, eq=False)
class AudioClip:
    """Audio in memory.

    samples: float32 [frames, channels], full scale = 1.0; treat as read-only.
    sample_rate: Hz.
    """

    samples: Samples
    sample_rate: int

    def __post_init__(self) -> None:
        if self.samples.ndim != 2:
            raise ValueError(f"samples must be [frames, channels], not {self.samples.ndim}-dimensional")
        if self.samples.dtype != np.float32:
            raise ValueError(f"samples must be float32, not {self.samples.dtype}")
        if self.sample_rate <= 0:
            raise ValueError(f"sample_rate must be positive, not {self.sample_rate}")

    @property
    def frames(self) -> int:
        return int(self.samples.shape[0])

    @property
    def channels(self) -> int:
        return int(self.samples.shape[1])

    @property
    def duration(self) -> float:
        """Seconds."""
        return self.frames / self.sample_rate


def mono_of(samples: Samples) -> Samples:
    """The mean of the channels of [frames, channels], float32 [frames]; several times as fast as `mean(axis=1)`."""
    total = samples[:, 0].copy()
    for channel in range(1, samples.shape[1]):
        total += samples[:, channel]
    if samples.shape[1] > 1:
        total /= np.float32(samples.shape[1])
    return total


def loudest_of(samples: Samples) -> Samples:
    """The largest magnitude among the channels of [frames, channels], float32 [frames]; as `abs().max(axis=1)`."""
    largest = np.abs(samples[:, 0])
    for channel in range(1, samples.shape[1]):
        np.maximum(largest, np.abs(samples[:, channel]), out=largest)
    return largest


class AudioSource(Protocol):
    """Audio that is streamed or memory-mapped: whatever is long, or crosses a process border."""

    @property
    def frames(self) -> int: ...

    @property
    def channels(self) -> int: ...

    @property
    def sample_rate(self) -> int: ...

    def read(self, start: int, count: int) -> Samples:
        """float32 [n, channels] from frame `start`; n < `count` only at the end."""
        ...
