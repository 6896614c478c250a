"""What is lost elsewhere, in sentences. The limits are rules of thumb of mixing, written where they are used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from grammy_desktop.mastering.translation.bands import EDGES, NAMES, Powers
from grammy_desktop.mastering.translation.devices import Device
from grammy_desktop.mastering.translation.listening import Heard

Severity = Literal["info", "warning", "serious"]

_LOW_MONO = (1.5, 4.0)
"""dB that 20 to 120 Hz may lose in mono: bass is expected in the middle, where it loses nothing."""
_LOW_MONO_AT_TIMES = (6.0, 12.0)
"""dB that the worst tenth of the seconds with bass may lose there."""
_MONO = (4.5, 7.0)
"""dB that any other band may lose: unrelated channels lose 3, more is cancellation."""
_LEAD_MONO = (3.5, 5.5)
"""dB for 1 to 4 kHz, where voices and leads are."""
_HEARD_BAND = -30.0
"""dB against the whole song below which a band is too weak to be missed."""
_QUIETER = (9.0, 14.0)
"""LU that a device may take from a song; pink noise loses 5 on the phone."""
_BASS_OVERTONES = (-18.0, -26.0)
"""dB of 250 to 1,000 Hz against 20 to 250 Hz, below which a bass line has too few overtones for small loudspeakers."""
_LEAD_BURIED = (2.5, 4.5)
"""dB that 1 to 4 kHz may lose against everything else."""
_COVERED = (0.15, 0.35)
"""Share of the song that noise may cover."""


@dataclass(frozen=True)
class Finding:
    """value in `unit`; at: seconds where it is worst, None where it holds for the whole song."""

    id: str
    device: str
    severity: Severity
    text: str
    value: float
    unit: str
    at: float | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "device": self.device,
            "severity": self.severity,
            "text": self.text,
            "value": round(self.value, 2),
            "unit": self.unit,
            "at": None if self.at is None else round(self.at, 1),
        }


def find_losses(original: Heard, heard: Heard, device: Device) -> tuple[Finding, ...]:
    """What the device takes from the song, the worst first."""
    if original.integrated is None or heard.integrated is None:
        return ()
    found: list[Finding] = []
    if device.mono:
        found += _mono(original, device)
    found += _loudness(original, heard, device)
    if device.lowest_hz >= 150:
        found += _overtones(original, device)
    found += _balance(original, heard, device)
    if device.noise_lu is not None:
        found += _covered(heard, device, device.noise_lu)
    order = {"serious": 0, "warning": 1, "info": 2}
    return tuple(sorted(found, key=lambda finding: order[finding.severity]))


def severity_of(value: float, limits: tuple[float, float]) -> Severity | None:
    """For a value that is worse the further it goes past the limits (in either direction); None when it is fine."""
    sign = 1 if limits[1] >= limits[0] else -1
    if sign * value >= sign * limits[1]:
        return "serious"
    return "warning" if sign * value >= sign * limits[0] else None


def _mono(original: Heard, device: Device) -> Iterator[Finding]:
    bands = original.bands
    change, share = bands.mono_change_db(), bands.share_db()
    lows = [n for n, high in enumerate(EDGES[1:]) if high <= 120]
    if device.lowest_hz < 120:
        lost, at_times = _lost_together(original, lows)
        level, often = severity_of(lost, _LOW_MONO), ""
        if level is None:
            lost, level, often = at_times, severity_of(at_times, _LOW_MONO_AT_TIMES), "at times "
        if level is not None and max(share[n] for n in lows) > _HEARD_BAND:
            yield Finding(
                "low-end-phase",
                device.id,
                level,
                f"The bass below 120 Hz {often}loses {lost:.1f} dB in mono: left and right work against each other there."
                " Make the low end mono.",
                lost,
                "dB",
                _worst_second(original, lows),
            )
    for number in range(len(lows), len(change)):
        low, high = EDGES[number], EDGES[number + 1]
        if high <= device.lowest_hz or low >= device.highest_hz or share[number] < _HEARD_BAND:
            continue
        lead = low >= 1_000 and high <= 4_000
        level = severity_of(-float(change[number]), _LEAD_MONO if lead else _MONO)
        if level is None:
            continue
        what = "where voices and leads are, " if lead else ""
        yield Finding(
            f"mono-{low:.0f}",
            device.id,
            level,
            f"The {NAMES[number]} ({_hertz(low)} to {_hertz(high)}), {what}lose {-change[number]:.1f} dB in mono.",
            -float(change[number]),
            "dB",
            _worst_second(original, [number]),
        )


def _lost_together(original: Heard, bands: list[int]) -> tuple[float, float]:
    """dB that the bands lose in mono over the whole song, and in the worst tenth of the seconds in which they sound."""
    channels, summed = (powers[:, bands].sum(axis=1) for powers in (original.bands.channels, original.bands.summed))
    whole = 10 * float(np.log10(max(float(channels.sum()), 1e-30) / max(float(summed.sum()), 1e-30)))
    lost = _lost_by_second(channels, summed)
    return whole, float(np.percentile(lost, 90)) if len(lost) else 0.0


def _lost_by_second(channels: Powers, summed: Powers) -> Powers:
    """dB, for the seconds that are within 10 dB of the loudest."""
    loud = channels > 0.1 * channels.max(initial=0.0)
    return np.asarray(10 * np.log10(channels[loud] / np.maximum(summed[loud], 1e-9 * channels[loud])))


def _worst_second(original: Heard, bands: list[int]) -> float | None:
    """The loud second of these bands that loses most."""
    channels, summed = (powers[:, bands].sum(axis=1) for powers in (original.bands.channels, original.bands.summed))
    loud = np.flatnonzero(channels > 0.1 * channels.max(initial=0.0))
    return float(loud[np.argmax(_lost_by_second(channels, summed))]) if len(loud) else None


def _loudness(original: Heard, heard: Heard, device: Device) -> Iterator[Finding]:
    lost = (original.integrated or 0.0) - (heard.integrated or 0.0)
    level = severity_of(lost, _QUIETER)
    if level is not None:
        text = f"It plays {lost:.1f} LU quieter: most of its energy lies where this device plays nothing."
        yield Finding("quiet", device.id, level, text, lost, "LU")


def _overtones(original: Heard, device: Device) -> Iterator[Finding]:
    low, over = original.bands.between(20, 250), original.bands.between(250, 1_000)
    if low <= 0 or original.bands.share_db()[:3].max() < _HEARD_BAND:
        return
    ratio = 10 * float(np.log10(max(over, 1e-30) / low))
    level = severity_of(ratio, _BASS_OVERTONES)
    if level is not None:
        text = (
            f"The bass line all but disappears: what lies above 250 Hz is {-ratio:.0f} dB below it."
            " Saturation gives it overtones that small loudspeakers play."
        )
        yield Finding("bass-overtones", device.id, level, text, ratio, "dB")


def _balance(original: Heard, heard: Heard, device: Device) -> Iterator[Finding]:
    """How leads stand against everything else that is heard, before and on the device."""
    lead = _prominence(heard, 1_000, 4_000) - _prominence(original, 1_000, 4_000)
    level = severity_of(-lead, _LEAD_BURIED)
    if level is not None:
        text = f"Voices and leads (1 to 4 kHz) sink by {-lead:.1f} dB against the rest."
        yield Finding("lead-buried", device.id, level, text, -lead, "dB")


def _prominence(heard: Heard, low: float, high: float) -> float:
    """dB of a band against everything from 120 Hz up: what lies below is felt more than it masks."""
    inside, whole = heard.bands.between(low, high), heard.bands.between(120, EDGES[-1])
    return 10 * float(np.log10(max(inside, 1e-30) / max(whole - inside, 1e-30)))


def _covered(heard: Heard, device: Device, noise_lu: float) -> Iterator[Finding]:
    short = heard.short_term()
    if len(short) == 0 or heard.integrated is None:
        return
    covered = short < heard.integrated - noise_lu
    share = float(covered.mean())
    level = severity_of(share, _COVERED)
    if level is not None:
        text = f"{100 * share:.0f} % of the song is more than {noise_lu:g} LU quieter than its loud parts: noise covers it."
        yield Finding("covered", device.id, level, text, 100 * share, "%", float(np.argmax(covered)))


def _hertz(value: float) -> str:
    return f"{value / 1000:g} kHz" if value >= 1000 else f"{value:g} Hz"
