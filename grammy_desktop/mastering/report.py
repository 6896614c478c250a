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


@dataclass(frozen=True, eq=False)
class GainReduction:
    """How far peaks were taken down over time. times: seconds (middle of each stretch of 50 ms); db: >= 0."""

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


def measure_reduction(driven: Samples, finished: Samples, sample_rate: int) -> GainReduction:
    """Compare peaks before and after clipping and limiting, 20 times a second."""
    step = max(1, sample_rate // _POINTS_PER_SECOND)
    starts = np.arange(0, len(driven), step)
    if len(starts) == 0:
        return GainReduction(np.zeros(0, np.float32), np.zeros(0, np.float32))
    before = np.maximum.reduceat(np.abs(driven).max(axis=1), starts)
    after = np.maximum.reduceat(np.abs(finished).max(axis=1), starts)
    ratio = np.maximum(before, 1e-9) / np.maximum(after, 1e-9)
    # Interpolation in the clipper may move a sample up by a hair.
    reduction = np.where(before > 1e-6, np.maximum(0.0, 20 * np.log10(ratio)), 0.0)
    return GainReduction(((starts + step / 2) / sample_rate).astype(np.float32), reduction.astype(np.float32))
