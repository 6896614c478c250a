"""What streaming services and broadcasters will do to a master."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grammy_desktop.core.loudness import Loudness
from grammy_desktop.core.resources import resource

_PEAK_SLACK = 0.05
"""dB: meters' filters differ by this much."""
_QUIET_SLACK = 1.0
"""LU below a service's level that nobody hears among other songs."""


@dataclass(frozen=True)
class Platform:
    """A service's rule. `boost_peak_dbtp`: how far it turns quiet songs up, None for never.

    delivery_tolerance: LU around the target outside of which the programme is refused, None where the service adjusts.
    """

    id: str
    name: str
    target_lufs: float
    ceiling_dbtp: float
    boost_peak_dbtp: float | None
    delivery_tolerance: float | None
    note: str


@dataclass(frozen=True)
class PlatformResult:
    """Whether a service plays the master at its own level and without touching the peaks; `gain_change` in dB."""

    name: str
    passed: bool
    gain_change: float
    note: str

    def to_json(self) -> dict[str, Any]:
        return {"name": self.name, "pass": self.passed, "gain_change": round(self.gain_change, 2), "note": self.note}


def load_platforms(path: Path | None = None) -> tuple[Platform, ...]:
    """The dated table `resources/platforms.toml`, or another in its form."""
    data = tomllib.loads((path or resource("platforms.toml")).read_text(encoding="utf-8"))
    return tuple(
        Platform(
            id=entry["id"],
            name=entry["name"],
            target_lufs=float(entry["target_lufs"]),
            ceiling_dbtp=float(entry["ceiling_dbtp"]),
            boost_peak_dbtp=float(entry.get("boost_peak_dbtp", entry["ceiling_dbtp"])) if entry["boosts"] else None,
            delivery_tolerance=float(entry["delivery_tolerance"]) if "delivery_tolerance" in entry else None,
            note=entry.get("note", ""),
        )
        for entry in data["platform"]
    )


def judge_platforms(loudness: Loudness, platforms: tuple[Platform, ...] | None = None) -> tuple[PlatformResult, ...]:
    """One result per platform, in the table's order."""
    return tuple(_judge(loudness, platform) for platform in (platforms or load_platforms()))


def _judge(loudness: Loudness, platform: Platform) -> PlatformResult:
    integrated, peak = loudness.integrated, loudness.true_peak
    if integrated is None or peak is None:
        return PlatformResult(platform.name, False, 0.0, "There is nothing to measure.")
    wanted = platform.target_lufs - integrated
    over = peak - platform.ceiling_dbtp
    if platform.delivery_tolerance is not None:
        fits = abs(wanted) <= platform.delivery_tolerance
        note = "Fits." if fits else f"Needs {wanted:+.1f} dB before it is delivered."
        return _result(platform, fits, wanted, over, note)
    gain = wanted if wanted < 0 else _boost(wanted, peak, platform)
    missing = wanted - gain
    if gain < -0.05:
        note = f"Turned down by {-gain:.1f} dB."
    elif missing > _QUIET_SLACK:
        reason = "its peaks leave no room" if platform.boost_peak_dbtp is not None else "the service turns nothing up"
        note = f"Plays {missing:.1f} LU quieter than other songs: {reason}."
    else:
        note = f"Turned up by {gain:.1f} dB." if gain > 0.05 else "Plays as it is."
    return _result(platform, missing <= _QUIET_SLACK, gain, over, note)


def _boost(wanted: float, peak: float, platform: Platform) -> float:
    """Turning up stops where the true peak would pass the service's limit."""
    if platform.boost_peak_dbtp is None:
        return 0.0
    return max(0.0, min(wanted, platform.boost_peak_dbtp - peak))


def _result(platform: Platform, fits: bool, gain: float, over: float, note: str) -> PlatformResult:
    if over > _PEAK_SLACK:
        note += f" Its true peak is {over:.1f} dB above {platform.ceiling_dbtp:g} dBTP and may distort when encoded."
    return PlatformResult(platform.name, fits and over <= _PEAK_SLACK, gain, note)
