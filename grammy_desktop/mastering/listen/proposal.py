"""What the assistant answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.effects import Effect
from grammy_desktop.mastering.preset_data import Preset, preset_to_json_full

Severity = Literal["fine", "notice", "problem"]


@dataclass(frozen=True)
class Finding:
    """One thing that was measured. `value` in `unit`; `low` and `high`: where it is well, None for open ends.

    setting: the effect that was set because of it, None where nothing was done (all is well, or nothing helps).
    """

    id: str
    text: str
    value: float
    low: float | None
    high: float | None
    unit: str
    severity: Severity
    setting: Effect | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "text": self.text,
            "value": round(self.value, 3),
            "low": None if self.low is None else round(self.low, 3),
            "high": None if self.high is None else round(self.high, 3),
            "unit": self.unit,
            "severity": self.severity,
            "setting": None if self.setting is None else {"kind": self.setting.kind, **self.setting.parameters},
        }


@dataclass(frozen=True, eq=False)
class ToneSpectrum:
    """Third-octave balance: dB against the mean of the bands from 198 to 5,040 Hz.

    Band edges and middle are NaN where nothing is known of the genre (above 10 kHz).
    """

    frequencies: NDArray[np.float64]
    level_db: NDArray[np.float64]
    low_db: NDArray[np.float64]
    middle_db: NDArray[np.float64]
    high_db: NDArray[np.float64]

    def to_json(self) -> dict[str, list[float | None]]:
        return {
            "frequencies": _nullable(self.frequencies, 1),
            "level_db": _nullable(self.level_db, 2),
            "band_low_db": _nullable(self.low_db, 2),
            "band_middle_db": _nullable(self.middle_db, 2),
            "band_high_db": _nullable(self.high_db, 2),
        }


@dataclass(frozen=True, eq=False)
class Proposal:
    """A complete preset for this clip, and why. genre: style id it was compared with, '' for music of all kinds.

    compared_with: that group in words. deviation: dB by which the balance leaves the genre's middle 80 %, root mean
    square over the known bands. figures: what was measured, by name.
    """

    preset: Preset
    findings: tuple[Finding, ...]
    genre: str
    spectrum: ToneSpectrum
    compared_with: str
    deviation: float
    figures: Mapping[str, float]

    def to_json(self) -> dict[str, Any]:
        """Strict JSON."""
        return {
            "preset": preset_to_json_full(self.preset),
            "findings": [finding.to_json() for finding in self.findings],
            "genre": self.genre or None,
            "compared_with": self.compared_with,
            "spectrum": self.spectrum.to_json(),
            "deviation_db": round(self.deviation, 3),
            "figures": {name: round(float(value), 3) for name, value in self.figures.items()},
        }


def _nullable(values: NDArray[np.float64], digits: int) -> list[float | None]:
    return [round(float(value), digits) if np.isfinite(value) else None for value in values]
