"""Numbers and names as the window writes them: true minus, non-breaking space before units, tabular by font."""

from __future__ import annotations

from datetime import UTC, datetime

NBSP = "\u00a0"
MINUS = "\u2212"
NOTHING = "\u2014"
"""An em dash: nothing was measured."""


def signed(value: float | None, digits: int = 1, *, plus: bool = False) -> str:
    """'−14.0', '0.0', with `plus` '+0.5'. A value that rounds to zero has no sign."""
    if value is None:
        return NOTHING
    text = f"{abs(value):.{digits}f}"
    if float(text) == 0.0:
        return text
    return (MINUS if value < 0 else "+" if plus else "") + text


def with_unit(value: float | None, unit: str, digits: int = 1) -> str:
    return NOTHING if value is None else f"{signed(value, digits)}{NBSP}{unit}"


def clock(seconds: float) -> str:
    """'0:39.000'."""
    milliseconds = max(0, round(seconds * 1000))
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes}:{rest / 1000:06.3f}"


def length(seconds: float | None) -> str:
    """'2:00'."""
    if seconds is None:
        return NOTHING
    minutes, rest = divmod(max(0, round(seconds)), 60)
    return f"{minutes}:{rest:02d}"


def musical_position(seconds: float, tempo: float | None, metre: tuple[int, int]) -> str:
    """Bars.beats.sixteenths, each counted from 1; a beat is the metre's unit. '1.1.1' without a tempo."""
    if not tempo or seconds <= 0:
        return "1.1.1"
    beats, unit = metre
    # A sixteenth's worth of rounding noise must not show the previous sixteenth.
    sixteenths = int(seconds * tempo / 60.0 * 4 + 1e-6)
    per_beat = max(1, 16 // unit)
    bar, rest = divmod(sixteenths, per_beat * beats)
    beat, sixteenth = divmod(rest, per_beat)
    return f"{bar + 1}.{beat + 1}.{sixteenth + 1}"


def key_name(key: str | None) -> str:
    """'B♭ major' of 'Bb major'."""
    if not key:
        return NOTHING
    tonic, _, mode = key.partition(" ")
    return f"{tonic[:1]}{tonic[1:].replace('b', '♭').replace('#', '♯')} {mode}".strip()


def tempo_text(tempo: float | None) -> str:
    """'90 BPM', '92.5 BPM'."""
    if tempo is None:
        return NOTHING
    return f"{tempo:.1f}".removesuffix(".0") + f"{NBSP}BPM"


def sentence(text: str) -> str:
    """First letter large, the rest as it is."""
    return text[:1].upper() + text[1:]


def size(count: float) -> str:
    """'210 GB', '4.6 GB', '38 MB'."""
    for unit, factor in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= factor:
            value = count / factor
            return f"{value:.0f}{NBSP}{unit}" if value >= 10 else f"{value:.1f}{NBSP}{unit}"
    return f"{count:.0f}{NBSP}bytes"


def duration_words(seconds: float) -> str:
    """'14 s', '2 min'."""
    return f"{max(1, round(seconds))}{NBSP}s" if seconds < 90 else f"{round(seconds / 60)}{NBSP}min"


def day(iso: str) -> str:
    """'22 Nov 2026' of an ISO 8601 time."""
    moment = datetime.fromisoformat(iso)
    moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return moment.astimezone().strftime("%-d %b %Y") if hasattr(moment, "strftime") else iso
