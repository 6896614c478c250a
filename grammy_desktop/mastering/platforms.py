"""What streaming services and broadcasters will do to a master, and whether its peaks keep to their limits.

Pass or fail is about peaks (and, in broadcasting, the level of delivery). Being turned down is information.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grammy_desktop.core.loudness import Loudness
from grammy_desktop.mastering.platform_table import (
    Codec,
    Platform,
    PlatformTable,
    PlayMode,
    load_table,
)

__all__ = [
    "Codec",
    "Platform",
    "PlatformResult",
    "PlatformTable",
    "PlayMode",
    "judge_platforms",
    "load_platforms",
    "load_table",
]

PEAK_SLACK = 0.05
"""dB: meters' filters differ by this much."""
_QUIET_SLACK = 1.0
"""LU below a service's level that nobody hears among other songs."""
_STILL = 0.05
"""dB of change that is none."""


@dataclass(frozen=True)
class PlatformResult:
    """What a service makes of a master.

    passed: the true peaks keep to the service's limit in the file and after every judged codec, and a broadcaster would
    take the level. gain_change: dB. plays_at: LUFS after that, None when there is nothing to measure.
    peaks: dBTP by where they were read: "file", and codec ids. overs: the keys of `peaks` above `limit_dbtp`.
    """

    name: str
    passed: bool
    gain_change: float
    note: str
    id: str = ""
    limit_dbtp: float = 0.0
    plays_at: float | None = None
    peaks: Mapping[str, float] = field(default_factory=dict)
    overs: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "pass": self.passed,
            "gain_change": round(self.gain_change, 2),
            "plays_at": None if self.plays_at is None else round(self.plays_at, 2),
            "limit_dbtp": self.limit_dbtp,
            "peaks": {where: round(peak, 2) for where, peak in self.peaks.items()},
            "overs": list(self.overs),
            "note": self.note,
        }


def load_platforms(user_file: Path | None = None) -> tuple[Platform, ...]:
    """The platforms of `load_table`."""
    return load_table(user_file).platforms


def judge_platforms(
    loudness: Loudness,
    platforms: tuple[Platform, ...] | None = None,
    *,
    codec_peaks: Mapping[str, float] | None = None,
    information: Mapping[str, float] | None = None,
) -> tuple[PlatformResult, ...]:
    """One result per platform, in the table's order.

    codec_peaks: dBTP after judged codecs, by id; information: after others, which are told but decide nothing.
    """
    judged, told = dict(codec_peaks or {}), dict(information or {})
    return tuple(_judge(loudness, platform, judged, told) for platform in (platforms or load_platforms()))


def _judge(loudness: Loudness, platform: Platform, judged: dict[str, float], told: dict[str, float]) -> PlatformResult:
    integrated, peak = loudness.integrated, loudness.true_peak
    if integrated is None or peak is None:
        note = "There is nothing to measure."
        return PlatformResult(platform.name, False, 0.0, note, platform.id, platform.ceiling_dbtp)
    wanted = platform.target_lufs - integrated
    gain, words = _change(platform, wanted, peak)
    fits = True
    if platform.delivery_tolerance is not None:
        # A hair more, so that -23.5 read as -23.5004 is still -23.5.
        fits = abs(wanted) <= platform.delivery_tolerance + 0.005
    peaks = {"file": peak, **judged, **told}
    limit = platform.ceiling_dbtp + PEAK_SLACK
    overs = tuple(where for where, value in peaks.items() if value > limit)
    deciding = [where for where in overs if where not in told]
    note = " ".join(
        part for part in (words, _peaks_note(platform, peaks, deciding), _advice(platform, wanted, peak)) if part
    )
    return PlatformResult(
        name=platform.name,
        passed=fits and not deciding,
        gain_change=gain,
        note=note,
        id=platform.id,
        limit_dbtp=platform.ceiling_dbtp,
        plays_at=integrated + (gain if platform.delivery_tolerance is None else 0.0),
        peaks=peaks,
        overs=overs,
    )


def _change(platform: Platform, wanted: float, peak: float) -> tuple[float, str]:
    """dB that the service turns the song by (what a broadcaster asks for), and that in words."""
    if platform.delivery_tolerance is not None:
        fits = abs(wanted) <= platform.delivery_tolerance + 0.005
        return wanted, "Fits." if fits else f"Needs {wanted:+.1f} dB before it is delivered.".replace("-", "−")
    if not platform.turns_down:
        if abs(wanted) <= _QUIET_SLACK:
            return 0.0, "Plays as it is."
        side = "quieter" if wanted > 0 else "louder"
        return 0.0, f"Plays as it is, {abs(wanted):.1f} LU {side} than it advises."
    gain = wanted if wanted < 0 else _boost(wanted, peak, platform)
    missing = wanted - gain
    if gain < -_STILL:
        return gain, f"Turned down by {-gain:.1f} dB."
    turned = f"Turned up by {gain:.1f} dB" if gain > _STILL else "Plays as it is"
    if missing <= _QUIET_SLACK:
        return gain, f"{turned}."
    reason = "its peaks leave no room" if platform.boost_peak_dbtp is not None else "the service turns nothing up"
    return gain, f"{turned}, {missing:.1f} LU quieter than other songs: {reason}."


def _boost(wanted: float, peak: float, platform: Platform) -> float:
    """Turning up stops where the true peak would pass the service's limit."""
    if platform.boost_peak_dbtp is None:
        return 0.0
    return max(0.0, min(wanted, platform.boost_peak_dbtp - peak))


def _peaks_note(platform: Platform, peaks: Mapping[str, float], deciding: list[str]) -> str:
    limit = f"{platform.ceiling_dbtp:g} dBTP".replace("-", "−")
    if "file" in deciding:
        over = peaks["file"] - platform.ceiling_dbtp
        return f"Its true peak is {over:.1f} dB above {limit} and may distort when encoded."
    if deciding:
        worst = max(deciding, key=lambda where: peaks[where])
        return f"After {worst} its true peak is {peaks[worst] - platform.ceiling_dbtp:.1f} dB above {limit}."
    return ""


def _advice(platform: Platform, wanted: float, peak: float) -> str:
    """What the service advises on loud songs and plays in its other modes: information."""
    parts = []
    advised = platform.loud_advice_dbtp
    if advised is not None and wanted < -0.25 and peak > advised + PEAK_SLACK:
        parts.append(f"For songs this loud it advises true peaks below {advised:g} dBTP.")
    for mode in platform.modes:
        gain = mode.target_lufs - (platform.target_lufs - wanted)
        if gain > 0:
            gain = gain if mode.limits else _boost(gain, peak, platform)
        over = peak + gain - platform.ceiling_dbtp
        limited = f", with up to {over:.1f} dB limited" if mode.limits and over > PEAK_SLACK and gain > 0 else ""
        parts.append(f"{mode.name}: {gain:+.1f} dB{limited}.")
    return " ".join(parts).replace("-", "−")
