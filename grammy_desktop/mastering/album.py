"""An album keeps its quiet songs quiet: one target for the whole, one aim for each track.

The album's loudness is the power mean of its tracks' integrated loudness, weighted by their durations: what a service
measures that turns albums as a whole (AES TD1008, album normalisation).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from grammy_desktop.core.errors import UserError
from grammy_desktop.mastering.goal import TARGET_RANGE, check_goal

MOST_LIMITING = 6.0
"""dB of peaks that the limiter may take from one track; more is heard as a change of sound, not of level."""
_MOST_MADE_UP = 1.0
"""LU that the others may be raised by for a track that cannot follow."""
_NEAR = 0.05
"""LU that nobody speaks of."""


@dataclass(frozen=True)
class AlbumTrack:
    """A track as it was measured. integrated: LUFS. true_peak: dBTP, None where unknown. duration: seconds."""

    name: str
    integrated: float
    duration: float
    true_peak: float | None = None
    short_term_max: float | None = None


@dataclass(frozen=True)
class TrackAim:
    """What one track is to be mastered to; preset and ceiling are the album's.

    offset: LU against the album before. limiting: dB by which its peaks would pass the ceiling. note: one sentence.
    """

    name: str
    target_lufs: float
    ceiling_dbtp: float
    gain_db: float
    offset: float
    limiting: float
    held: bool
    note: str

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "target_lufs": round(self.target_lufs, 2),
            "ceiling_dbtp": self.ceiling_dbtp,
            "gain_db": round(self.gain_db, 2),
            "offset": round(self.offset, 2),
            "limiting_db": round(self.limiting, 2),
            "held": self.held,
            "note": self.note,
        }


@dataclass(frozen=True)
class TrackOutcome:
    """aimed, reached: LUFS. offset_before, offset_after: LU against the album, before and after mastering."""

    name: str
    aimed: float
    reached: float
    offset_before: float
    offset_after: float

    def to_json(self) -> dict[str, Any]:
        return {name: value if isinstance(value, str) else round(value, 2) for name, value in vars(self).items()}


@dataclass(frozen=True)
class AlbumReport:
    """album_lufs: the power mean of the masters. largest_shift: LU, the most that a track moved against the album."""

    target_lufs: float
    album_lufs: float
    largest_shift: float
    tracks: tuple[TrackOutcome, ...]
    note: str

    def to_json(self) -> dict[str, Any]:
        return {
            "target_lufs": round(self.target_lufs, 2),
            "album_lufs": round(self.album_lufs, 2),
            "largest_shift": round(self.largest_shift, 2),
            "tracks": [track.to_json() for track in self.tracks],
            "note": self.note,
        }


def album_loudness(tracks: Sequence[AlbumTrack]) -> float:
    """LUFS of the whole. Raises UserError for no tracks."""
    return _power_mean([track.integrated for track in tracks], _durations(tracks))


def plan_album(
    tracks: Sequence[AlbumTrack],
    target_lufs: float,
    *,
    ceiling_dbtp: float = -1.0,
    keep_relations: float = 1.0,
    most_limiting: float = MOST_LIMITING,
) -> tuple[TrackAim, ...]:
    """An aim for each track so that the album lands on `target_lufs` and louder songs stay louder.

    keep_relations: 1 keeps every track's distance to the album, 0 masters all to the same loudness. most_limiting: dB;
    a track that would need more is held back, and the others make up for it by at most 1 LU.
    Raises UserError for no tracks, a track without loudness or length, or an impossible goal.
    """
    check_goal(target_lufs, ceiling_dbtp)
    if not 0 <= keep_relations <= 1:
        raise UserError(f"How far relations are kept is {keep_relations:g}; it may be 0 to 1.")
    durations = _durations(tracks)
    album = album_loudness(tracks)
    wished = [target_lufs + keep_relations * (track.integrated - album) for track in tracks]
    highest = [_highest(track, ceiling_dbtp, most_limiting) for track in tracks]
    # With relations kept in part the mean moves off: the same shift for all brings it back.
    shift = _shift(wished, highest, durations, target_lufs)
    return tuple(
        _aim(track, wish + shift, most, album, ceiling_dbtp)
        for track, wish, most in zip(tracks, wished, highest, strict=True)
    )


def album_report(
    before: Sequence[AlbumTrack], aims: Sequence[TrackAim], after: Sequence[AlbumTrack], *, target_lufs: float
) -> AlbumReport:
    """What became of the plan: `after` holds the figures of the masters, in the order of `before`."""
    was, now = album_loudness(before), album_loudness(after)
    outcomes = tuple(
        TrackOutcome(aim.name, aim.target_lufs, new.integrated, old.integrated - was, new.integrated - now)
        for old, aim, new in zip(before, aims, after, strict=True)
    )
    moved = max(outcomes, key=lambda track: abs(track.offset_after - track.offset_before))
    largest = abs(moved.offset_after - moved.offset_before)
    place = f"The album is at {_written(now)} LUFS"
    place += "." if abs(now - target_lufs) <= 0.1 else f", {_written(abs(now - target_lufs))} LU off its target."
    if largest <= 0.2:
        note = f"{place} Every track keeps its distance to the others."
    else:
        note = f"{place} “{moved.name}” moved most against the others, by {_written(largest)} LU."
    return AlbumReport(target_lufs, now, largest, outcomes, note)


def _aim(track: AlbumTrack, wished: float, highest: float, album: float, ceiling: float) -> TrackAim:
    target = max(TARGET_RANGE[0], min(wished, highest))
    held = wished - target > _NEAR
    gain = target - track.integrated
    limiting = 0.0 if track.true_peak is None else max(0.0, track.true_peak + gain - ceiling)
    offset = track.integrated - album
    return TrackAim(
        track.name, target, ceiling, gain, offset, limiting, held, _sentence(target, gain, offset, limiting, held)
    )


def _sentence(target: float, gain: float, offset: float, limiting: float, held: bool) -> str:
    where = "As loud as the album" if abs(offset) < 0.25 else f"{_written(abs(offset))} LU {_side(offset)} the album"
    way = "as it is" if abs(gain) < _NEAR else f"{_written(abs(gain))} dB {'up' if gain > 0 else 'down'}"
    text = f"{where}: {way} to {_written(target)} LUFS"
    if held:
        return f"{text}, held back because its peaks leave no room for more."
    if limiting > 0.1:
        return f"{text}, with up to {_written(limiting)} dB of peaks limited."
    return f"{text}."


def _highest(track: AlbumTrack, ceiling: float, most_limiting: float) -> float:
    """LUFS: the loudest that this track's peaks allow."""
    if track.true_peak is None:
        return TARGET_RANGE[1]
    return min(TARGET_RANGE[1], track.integrated + ceiling - track.true_peak + most_limiting)


def _shift(wished: Sequence[float], highest: Sequence[float], durations: Sequence[float], target: float) -> float:
    """LU for all tracks so that their power mean is on target, by bisection; at most 1 LU up for those held back."""
    unheld = target - _power_mean(wished, durations)
    low, high = unheld - 1.0, unheld + _MOST_MADE_UP
    for _ in range(40):
        middle = (low + high) / 2
        reached = [min(wish + middle, most) for wish, most in zip(wished, highest, strict=True)]
        if _power_mean(reached, durations) < target:
            low = middle
        else:
            high = middle
    return high


def _power_mean(levels: Sequence[float], weights: Sequence[float]) -> float:
    total = sum(weight * 10 ** (level / 10) for level, weight in zip(levels, weights, strict=True))
    return 10 * math.log10(total / sum(weights))


def _durations(tracks: Sequence[AlbumTrack]) -> list[float]:
    if not tracks:
        raise UserError("An album needs at least one track.")
    for track in tracks:
        if not math.isfinite(track.integrated):
            raise UserError(f"“{track.name}” has no loudness that could be measured.", file=track.name)
        if not track.duration > 0:
            raise UserError(f"“{track.name}” has no length.", file=track.name)
    return [track.duration for track in tracks]


def _side(offset: float) -> str:
    return "over" if offset > 0 else "under"


def _written(value: float) -> str:
    return f"{value:.1f}".replace("-", "−")
