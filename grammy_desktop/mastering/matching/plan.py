"""The plan of a match: how many decibels at which frequency, for mid and side, within what the target can bear."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from grammy_desktop.core.errors import UserError
from grammy_desktop.core.stream import Processor
from grammy_desktop.mastering.matching.analyse import TargetAnalysis
from grammy_desktop.mastering.matching.grid import LOWEST_HZ, POINTS, Curve, grid_frequencies
from grammy_desktop.mastering.matching.profile import ReferenceProfile

MOST_BOOST = 12.0
MOST_CUT = 15.0
"""dB; what is further apart are two recordings that do not belong together."""
_BOOST_BY_LEVEL = ((-60.0, -40.0, -30.0), (0.0, 4.5, MOST_BOOST))
"""Level over the target's own midband in dB, and the boost it can bear: there is but noise to be raised."""
_WIDEN, _ROUND = 6, 3
"""Points to either side: how far a gap in the spectrum reaches, and how round its edges are."""
_NO_SIDE = -60.0
"""dB below mid."""
_SIDE_BELOW_MID = 15.0
"""dB that a side channel may lie below mid and still count as signal in full."""
_EDGE = 2**-0.25
"""Of a reference's bandwidth: nearer to its end the smoothed spectrum already falls."""


@dataclass(frozen=True, eq=False)
class MatchPlan:
    """mid_db, side_db: gain at `grid_frequencies()`, intensity included. target_lufs: the reference's loudness.

    The gains leave the target's loudness as it is (within 1.5 LU): levels are the end stage's work.
    """

    reference: str
    intensity: float
    target_lufs: float
    mid_db: Curve
    side_db: Curve

    def processor(self, sample_rate: int, channels: int) -> Processor:
        """The matching filters for mono or stereo at any rate; ValueError for more channels."""
        from grammy_desktop.mastering.matching.filter_stage import MatchingStage

        if not 1 <= channels <= 2:
            raise ValueError(f"matching is for one or two channels, not {channels}")
        return MatchingStage((self.mid_db, self.side_db)[:channels], sample_rate)


def plan_match(target: TargetAnalysis, profile: ReferenceProfile, *, intensity: float = 1.0) -> MatchPlan:
    """intensity: 0 leaves the tone alone, 1 goes all the way; it scales decibels. Raises UserError outside 0 to 1."""
    if not 0 <= intensity <= 1:
        raise UserError(f"The intensity is {intensity:g}; it may be 0 to 1.")
    mid = _held_at_edge(profile.mid_db - target.mid_db, profile, target)
    evidence = target.fine_db
    if min(profile.width_db, target.width_db) <= _NO_SIDE:
        # No width can be made from nothing, and a reference in mono is no wish for a mono master.
        side, side_evidence = mid, evidence
    else:
        side = _held_at_edge(profile.side_db - target.side_db, profile, target)
        side_evidence = evidence + np.minimum(0.0, target.side_db - target.mid_db + _SIDE_BELOW_MID)
    mid, side = _bounded(mid, side, _boost_limit(evidence), _boost_limit(side_evidence), target)
    return MatchPlan(profile.name, intensity, profile.loudness, mid * intensity, side * intensity)


def _held_at_edge(gain: Curve, profile: ReferenceProfile, target: TargetAnalysis) -> Curve:
    """Above what either of them holds, the last gain that means something."""
    end = min(profile.bandwidth, target.sample_rate / 2) * _EDGE
    last = max(0, int(np.searchsorted(grid_frequencies(), end, side="right")) - 1)
    held = gain.copy()
    held[last:] = gain[last]
    return held


def _boost_limit(level: Curve) -> Curve:
    """dB that may be added, given the target's level over its midband; low around gaps and round."""
    around = np.pad(level, _WIDEN, mode="edge")
    lowest = np.lib.stride_tricks.sliding_window_view(around, 2 * _WIDEN + 1).min(axis=1)
    limit = np.pad(np.interp(lowest, *_BOOST_BY_LEVEL), _ROUND, mode="edge")
    return np.asarray(np.lib.stride_tricks.sliding_window_view(limit, 2 * _ROUND + 1).mean(axis=1))


def _bounded(
    mid: Curve, side: Curve, mid_limit: Curve, side_limit: Curve, target: TargetAnalysis
) -> tuple[Curve, Curve]:
    """Within all limits, and together as loud as before. What is cut off makes room for more, so: a few rounds."""
    for _ in range(4):
        shift = _loudness_added(mid, side, target)
        mid = np.clip(mid - shift, -MOST_CUT, mid_limit)
        side = np.clip(side - shift, -MOST_CUT, side_limit)
    return mid, side


def _loudness_added(mid: Curve, side: Curve, target: TargetAnalysis) -> float:
    """LU that gains add to the loudest pieces of the target."""
    frequencies = grid_frequencies()
    # Octaves hold ever more Hz, so the power in them is density times frequency.
    audible = _hearing(frequencies) * frequencies * (frequencies < target.sample_rate / 2)
    mid_power = audible * 10 ** (target.mid_db / 10)
    side_power = audible * 10 ** (target.side_db / 10)
    after = mid_power @ 10 ** (mid / 10) + side_power @ 10 ** (side / 10)
    return float(10 * np.log10(after / (mid_power.sum() + side_power.sum())))


def _hearing(frequencies: Curve) -> Curve:
    """BS.1770's weighting as power, near enough for a prediction: a high-pass at 38 Hz, a shelf of 4 dB at 1.7 kHz."""
    low = 1 / (1 + (38.0 / frequencies) ** 4)
    shelf = frequencies**4 / (frequencies**4 + 1500.0**4)
    return np.asarray(low * (1 + (10**0.4 - 1) * shelf))


def gain_at(gain_db: Curve, frequencies: Curve) -> Curve:
    """Linear gain at any frequencies, from one on the grid; below the grid it is never a boost."""
    octaves = np.log2(np.maximum(frequencies, 1e-3) / LOWEST_HZ)
    points = np.interp(octaves * (POINTS - 1) / np.log2(grid_frequencies()[-1] / LOWEST_HZ), np.arange(POINTS), gain_db)
    below = frequencies < LOWEST_HZ
    points[below] = np.minimum(points[below], 0.0)
    return np.asarray(10 ** (points / 20))
