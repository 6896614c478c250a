"""Effects that are filters: neighbours in a chain are carried out as one."""

from __future__ import annotations

from grammy_desktop.core import filter_cascade as filters
from grammy_desktop.core.filter_cascade import Section

_LOWEST = 5.0
"""Hz: a high-pass there does nothing."""
_HIGHEST = 0.49
"""Of the sample rate: a filter above it cannot be made, a low-pass there does nothing."""
_TILT_Q = 0.45
"""Wide shelves: the slope is even over four octaves."""


def sections_of(kind: str, values: dict[str, float], sample_rate: int) -> tuple[Section, ...] | None:
    """The effect's sections, none of them where it is neutral; None for what is not a filter."""
    gain_db = values.get("gain_db", 0.0)
    highest = _HIGHEST * sample_rate
    frequency = min(values.get("frequency", highest), highest)
    match kind:
        case "gain":
            return (filters.flat_gain(gain_db),) if gain_db else ()
        case "highpass":
            stages = _stages(values) if frequency > _LOWEST else 0
            return (filters.first_order_highpass(frequency, sample_rate),) * stages
        case "lowpass":
            stages = _stages(values) if frequency < highest else 0
            return (filters.first_order_lowpass(frequency, sample_rate),) * stages
        case "peak":
            return (filters.peak(frequency, gain_db, values["q"], sample_rate),) if gain_db else ()
        case "low_shelf":
            return (filters.low_shelf(frequency, gain_db, values["q"], sample_rate),) if gain_db else ()
        case "high_shelf":
            return (filters.high_shelf(frequency, gain_db, values["q"], sample_rate),) if gain_db else ()
        case "tilt":
            return _tilt(frequency, gain_db, sample_rate) if gain_db else ()
    return None


def _tilt(frequency: float, gain_db: float, sample_rate: int) -> tuple[Section, ...]:
    """Down below and up above by as much; the middle stays."""
    return (
        filters.low_shelf(frequency, -gain_db, _TILT_Q, sample_rate),
        filters.high_shelf(frequency, gain_db, _TILT_Q, sample_rate),
    )


def _stages(values: dict[str, float]) -> int:
    return max(1, round(values["slope"] / 6))
