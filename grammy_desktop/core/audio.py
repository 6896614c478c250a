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
