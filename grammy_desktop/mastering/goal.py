"""Which loudness and which ceiling may be asked for."""

from __future__ import annotations

from grammy_desktop.core.errors import UserError

TARGET_RANGE = (-40.0, -5.0)
CEILING_RANGE = (-9.0, 0.0)


def check_goal(target_lufs: float, ceiling_dbtp: float, intensity: float = 1.0) -> None:
    """Raise UserError for a target, ceiling or intensity (0 to 1) that makes no sense; NaN included."""
    if not TARGET_RANGE[0] <= target_lufs <= TARGET_RANGE[1]:
        low, high = TARGET_RANGE
        raise UserError(f"A loudness of {target_lufs:g} LUFS cannot be a target; it may be {low:g} to {high:g} LUFS.")
    if not CEILING_RANGE[0] <= ceiling_dbtp <= CEILING_RANGE[1]:
        low, high = CEILING_RANGE
        raise UserError(f"{ceiling_dbtp:g} dBTP cannot be a ceiling; it may be {low:g} to {high:g} dBTP.")
    if not 0 <= intensity <= 1:
        raise UserError(f"The intensity is {intensity:g}; it may be 0 to 1.")
