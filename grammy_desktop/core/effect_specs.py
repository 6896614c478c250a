"""Which effects there are, their parameters, limits and neutral settings: the table that checks chains and builds pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Scale = Literal["linear", "log", "fixed"]


@dataclass(frozen=True)
class ParameterSpec:
    """One parameter. `neutral` is where it does nothing; `scale` says how intensity moves it there from its value.

    'fixed': stays as it is (a time, a bandwidth), because another parameter carries the amount.
    """

    default: float
    lowest: float
    highest: float
    unit: str = ""
    neutral: float = 0.0
    scale: Scale = "fixed"

    def scaled(self, value: float, intensity: float) -> float:
        """`value` at `intensity` 0 (neutral) to 1 (as written)."""
        if self.scale == "linear":
            return self.neutral + (value - self.neutral) * intensity
        if self.scale == "log":
            return float(self.neutral * (value / self.neutral) ** intensity)
        return value


@dataclass(frozen=True)
class EffectSpec:
    """One kind of effect: what it is for, and its parameters by name."""

    name: str
    parameters: dict[str, ParameterSpec]


def _frequency(default: float) -> ParameterSpec:
    return ParameterSpec(default, 10, 22_000, "Hz")


def _decibels(default: float = 0.0, lowest: float = -24, highest: float = 24) -> ParameterSpec:
    return ParameterSpec(default, lowest, highest, "dB", 0.0, "linear")


def _share(default: float) -> ParameterSpec:
    return ParameterSpec(default, 0, 1, "", 0.0, "linear")


_QUALITY = ParameterSpec(0.7071, 0.1, 20)
_SLOPE = ParameterSpec(12, 6, 24, "dB/octave")
_RATIO = ParameterSpec(2, 1, 20, ":1", 1.0, "linear")


def _time(default: float, lowest: float, highest: float) -> ParameterSpec:
    return ParameterSpec(default, lowest, highest, "ms")


EFFECTS: dict[str, EffectSpec] = {
    "highpass": EffectSpec(
        "High-pass filter",
        {"frequency": ParameterSpec(30, 5, 22_000, "Hz", 5.0, "log"), "slope": _SLOPE},
    ),
    "lowpass": EffectSpec(
        "Low-pass filter",
        {"frequency": ParameterSpec(18_000, 20, 30_000, "Hz", 30_000.0, "log"), "slope": _SLOPE},
    ),
    "low_shelf": EffectSpec("Low shelf", {"frequency": _frequency(120), "gain_db": _decibels(), "q": _QUALITY}),
    "high_shelf": EffectSpec("High shelf", {"frequency": _frequency(8_000), "gain_db": _decibels(), "q": _QUALITY}),
    "peak": EffectSpec("Bell filter", {"frequency": _frequency(1_000), "gain_db": _decibels(), "q": _QUALITY}),
    "compressor": EffectSpec(
        "Compressor",
        {
            "threshold_db": ParameterSpec(-18, -60, 0, "dBFS"),
            "ratio": _RATIO,
            "attack_ms": _time(5, 0.1, 500),
            "release_ms": _time(100, 5, 3_000),
            "makeup_db": _decibels(),
        },
    ),
    "glue": EffectSpec(
        "Glue compressor (channels linked, soft knee)",
        {
            "threshold_db": ParameterSpec(-20, -60, 0, "dBFS"),
            "ratio": _RATIO,
            "knee_db": ParameterSpec(6, 0, 24, "dB"),
            "attack_ms": _time(30, 1, 500),
            "release_ms": _time(200, 10, 3_000),
            "makeup_db": _decibels(),
        },
    ),
    "multiband": EffectSpec(
        "Three-band compressor (channels linked)",
        {
            "low_frequency": ParameterSpec(150, 40, 1_000, "Hz"),
            "high_frequency": ParameterSpec(4_000, 1_000, 16_000, "Hz"),
            "low_threshold_db": ParameterSpec(-24, -60, 0, "dBFS"),
            "mid_threshold_db": ParameterSpec(-24, -60, 0, "dBFS"),
            "high_threshold_db": ParameterSpec(-30, -60, 0, "dBFS"),
            "ratio": _RATIO,
            "attack_ms": _time(15, 1, 500),
            "release_ms": _time(150, 10, 3_000),
        },
    ),
    "saturation": EffectSpec(
        "Saturation (soft clipping, oversampled)",
        {"drive_db": _decibels(6, 0, 36), "warmth": _share(0.0), "mix": _share(1.0)},
    ),
    "reverb": EffectSpec(
        "Reverb",
        {
            "room_size": ParameterSpec(0.4, 0, 1),
            "damping": ParameterSpec(0.5, 0, 1),
            "width": ParameterSpec(1.0, 0, 1),
            "mix": _share(0.15),
        },
    ),
    "delay": EffectSpec(
        "Delay", {"time_ms": _time(350, 1, 5_000), "feedback": ParameterSpec(0.3, 0, 0.95), "mix": _share(0.25)}
    ),
    "chorus": EffectSpec(
        "Chorus",
        {
            "rate_hz": ParameterSpec(0.8, 0.01, 20, "Hz"),
            "depth": ParameterSpec(0.25, 0, 1),
            "delay_ms": _time(7, 1, 50),
            "feedback": ParameterSpec(0.0, -0.95, 0.95),
            "mix": _share(0.3),
        },
    ),
    "width": EffectSpec(
        "Stereo width, with mono bass",
        {
            "width": ParameterSpec(1.0, 0, 2, "", 1.0, "linear"),
            "mono_below": ParameterSpec(0.0, 0, 500, "Hz", 0.0, "linear"),
        },
    ),
    "gain": EffectSpec("Gain", {"gain_db": _decibels(0, -60, 60)}),
}
"""By kind."""
