"""An effect of a chain in a few words, as a button says it. No Qt."""

from __future__ import annotations

from grammy_desktop.core.effects import Effect
from grammy_desktop.ui.formats import signed

NBSP = "\u00a0"
_NAMES = {
    "glue": "Glue",
    "compressor": "Compress",
    "multiband": "Multiband",
    "de_esser": "De-ess",
    "saturation": "Saturate",
    "limiter": "Limit",
    "tape": "Tape",
}


def hertz(frequency: float) -> str:
    """'85 Hz', '3.2 kHz'."""
    if frequency < 1000:
        return f"{frequency:.0f}{NBSP}Hz"
    return f"{frequency / 1000:.1f}".removesuffix(".0") + f"{NBSP}kHz"


def effect_words(effect: Effect) -> str:
    """'−1.5 dB at 250 Hz', 'High shelf +1.0 dB at 8 kHz', 'Mono below 120 Hz'."""
    values = effect.values()
    kind = effect.kind
    at = f"at {hertz(values['frequency'])}" if "frequency" in values else ""
    if kind in ("peak", "low_shelf", "high_shelf"):
        shape = {"peak": "", "low_shelf": "Low shelf ", "high_shelf": "High shelf "}[kind]
        return f"{shape}{signed(values['gain_db'], plus=True)}{NBSP}dB {at}"
    if kind in ("highpass", "lowpass"):
        return f"{'Cut below' if kind == 'highpass' else 'Cut above'} {hertz(values['frequency'])}"
    if kind == "width":
        return _width_words(values)
    name = _NAMES.get(kind, kind.replace("_", " ").capitalize())
    if "ratio" in values and "threshold_db" in values:
        return f"{name} {values['ratio']:g}:1 from {signed(values['threshold_db'], 0)}{NBSP}dB"
    return f"{name} {at}".strip()


def _width_words(values: dict[str, float]) -> str:
    parts = []
    width = values.get("width", 1.0)
    if abs(width - 1.0) >= 0.005:
        parts.append(f"Width {round(width * 100)}{NBSP}%")
    if values.get("mono_below", 0.0) > 0:
        parts.append(f"{'mono' if parts else 'Mono'} below {hertz(values['mono_below'])}")
    return ", ".join(parts) or "Width"
