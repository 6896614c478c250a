"""What a parameter of an effect is: its limits, where it does nothing, and how intensity takes it there."""

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


def frequency(default: float) -> ParameterSpec:
    return ParameterSpec(default, 10, 22_000, "Hz")


def decibels(default: float = 0.0, lowest: float = -24, highest: float = 24) -> ParameterSpec:
    return ParameterSpec(default, lowest, highest, "dB", 0.0, "linear")


def share(default: float) -> ParameterSpec:
    return ParameterSpec(default, 0, 1, "", 0.0, "linear")


QUALITY = ParameterSpec(0.7071, 0.1, 20)
SLOPE = ParameterSpec(12, 6, 24, "dB/octave")
RATIO = ParameterSpec(2, 1, 20, ":1", 1.0, "linear")


def time(default: float, lowest: float, highest: float) -> ParameterSpec:
    return ParameterSpec(default, lowest, highest, "ms")


def switch() -> ParameterSpec:
    """Off at 0, on from 0.5."""
    return share(0.0)


SEED = ParameterSpec(1, 0, 2**31 - 1)
"""Noise with the same seed is the same noise."""
