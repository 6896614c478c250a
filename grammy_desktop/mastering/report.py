"""What a master did, in figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import AudioClip, Samples
from grammy_desktop.core.loudness import Loudness
from grammy_desktop.mastering.platforms import PlatformResult

_POINTS_PER_SECOND = 20
_MOST_POINTS = 24_000
"""Of a curve that is to be drawn: 20 minutes at 20 points a second."""


@dataclass(frozen=True, eq=False)
class GainReduction:
    """How far peaks were taken down over time. times: seconds (middle of each stretch, 50 ms in files up to 20 min); db: >= 0."""

    times: NDArray[np.float32]
    db: NDArray[np.float32]

    def to_json(self) -> dict[str, list[float]]:
        return {"times": [round(float(t), 3) for t in self.times], "db": [round(float(d), 2) for d in self.db]}


@dataclass(frozen=True, eq=False)
class MasterReport:
    """before, after: the whole clip. reference: name of the reference track, '' when a preset was used.

    reached: whether `after` is within 0.1 LU of the target; `note` says in one sentence why not.
    """

    before: Loudness
    after: Loudness
    preset: str
    reference: str
    target_lufs: float
    ceiling_dbtp: float
    intensity: float
    platforms: tuple[PlatformResult, ...]
    gain_reduction: GainReduction
    reached: bool
    note: str

    def to_json(self) -> dict[str, Any]:
        """Strict JSON; `preset` or `reference` is null when the other was used."""
        return {
            "before": self.before.to_json(),
            "after": self.after.to_json(),
            "preset": self.preset or None,
            "reference": self.reference or None,
            "target_lufs": round(self.target_lufs, 2),
            "ceiling_dbtp": self.ceiling_dbtp,
            "intensity": self.intensity,
            "platforms": [platform.to_json() for platform in self.platforms],
            "gain_reduction": self.gain_reduction.to_json(),
            "reached": self.reached,
            "note": self.note,
        }


@dataclass(frozen=True, eq=False)
class Mastered:
    """The master (same rate, same frames as the mix) and its figures."""

    clip: AudioClip
    report: MasterReport


class ReductionMeter:
    """Compares peaks before and after clipping and limiting, 20 times a second (less often in long files)."""

    def __init__(self, frames: int, sample_rate: int, gain_db: float) -> None:
        """frames: how many there will be. gain_db: what is added between what is heard before and the clipper."""
        self._rate = sample_rate
        self._step = max(1, sample_rate // _POINTS_PER_SECOND)
        while frames > self._step * _MOST_POINTS:
            self._step *= 2
        self._frames = frames
        self._gain = 10 ** (gain_db / 20)
        self._before = _HighestPerStep(self._step)
        self._after = _HighestPerStep(self._step)

    def before(self, block: Samples) -> None:
        self._before.push(block)

    def after(self, block: Samples) -> None:
        self._after.push(block)

    def result(self) -> GainReduction:
        before = np.maximum(self._before.result() * self._gain, 1e-9)
        ratio = before / np.maximum(self._after.result(), 1e-9)
        # Interpolation in the clipper may move a sample up by a hair.
        reduction = np.where(before > 1e-6, np.maximum(0.0, 20 * np.log10(ratio)), 0.0)
        starts = np.arange(0, self._frames, self._step)
        return GainReduction(((starts + self._step / 2) / self._rate).astype(np.float32), reduction.astype(np.float32))


class _HighestPerStep:
    """The highest sample of any channel in each step; the last may be short."""

    def __init__(self, step: int) -> None:
        self._step = step
        self._peaks: list[Samples] = []
        self._open = np.float32(0)
        self._filled = 0

    def push(self, block: Samples) -> None:
        if len(block) == 0:
            return
        highest = np.abs(block[:, 0])
        for channel in range(1, block.shape[1]):
            np.maximum(highest, np.abs(block[:, channel]), out=highest)
        missing = self._step - self._filled
        starts = np.concatenate([[0], np.arange(missing, len(highest), self._step)])
        peaks = np.maximum.reduceat(highest, starts)
        peaks[0] = max(peaks[0], self._open)
        self._filled = (self._filled + len(highest)) % self._step
        if self._filled == 0:
            self._peaks.append(peaks)
            self._open = np.float32(0)
        else:
            self._peaks.append(peaks[:-1])
            self._open = peaks[-1]

    def result(self) -> NDArray[np.float64]:
        rest = [np.array([self._open])] if self._filled else []
        return np.concatenate([np.zeros(0), *self._peaks, *rest]).astype(np.float64)
