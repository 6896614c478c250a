"""Fair comparisons: any versions at one loudness, none of them louder than it was, none clipped."""

from __future__ import annotations

from collections.abc import Sequence

from grammy_desktop.core.errors import UserError
from grammy_desktop.core.loudness import Loudness

CEILING = -1.0
"""dBTP that no version goes above through its gain."""


def matched_gains(versions: Sequence[Loudness], *, ceiling_dbtp: float = CEILING) -> tuple[float, ...]:
    """dB for each version, at most 0, so that all play at the same integrated loudness.

    The common level is that of the quietest version, or lower where a version's true peak would pass `ceiling_dbtp` there.
    Raises UserError when a version is silent: nothing can be matched to it.
    """
    levels: list[float] = []
    for version in versions:
        if version.integrated is None:
            raise UserError("One of the versions is silent: there is nothing to compare.")
        peak = version.true_peak if version.true_peak is not None else version.sample_peak
        room = ceiling_dbtp - peak if peak is not None else 0.0
        levels.append(version.integrated + min(0.0, room))
    common = min(levels, default=0.0)
    return tuple(min(0.0, common - (version.integrated or 0.0)) for version in versions)
