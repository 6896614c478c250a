"""What released music measures like: percentiles per group of genres, from `resources/meter/reference.json`."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.resources import resource
from grammy_desktop.core.styles import lineage

_NORMAL = np.array([-2.3263, -1.6449, -1.2816, -0.6745, 0.0, 0.6745, 1.2816, 1.6449, 2.3263])
"""Standard normal quantiles of the table's percentiles 1, 5, 10, 25, 50, 75, 90, 95, 99."""

_FARTHEST = 8.0  # standard deviations; beyond, a figure only says 'far outside'

GROUP_NAMES = {
    "4Q Pop/Rock (sr>=32k)": "released pop and rock",
    "4Q R&B/Rap/Electronic": "released R&B, rap and electronic music",
    "4Q all": "released music of all kinds",
    "Emotify electronic": "released downtempo and electronic music",
    "Emotify classical": "released orchestral music",
}


@dataclass(frozen=True, eq=False)
class Group:
    """One group of released tracks. `table`: feature name to its nine percentiles."""

    id: str
    tracks: int
    table: dict[str, NDArray[np.float64]]

    @property
    def name(self) -> str:
        """In words a producer understands: 'released pop and rock'."""
        return GROUP_NAMES.get(self.id, self.id)

    def deviation(self, feature: str, value: float) -> float:
        """How unusual `value` is, in standard deviations of a normal distribution with the same percentile; 0 = the median.

        Goes on linearly outside the 1st and 99th percentile, so that worse stays worse. Raises KeyError for an unknown feature.
        """
        values = self.table[feature]
        if value <= values[0]:
            slope = (_NORMAL[1] - _NORMAL[0]) / (values[1] - values[0])
            return float(max(-_FARTHEST, _NORMAL[0] + (value - values[0]) * slope))
        if value >= values[-1]:
            slope = (_NORMAL[-1] - _NORMAL[-2]) / (values[-1] - values[-2])
            return float(min(_FARTHEST, _NORMAL[-1] + (value - values[-1]) * slope))
        return float(np.interp(value, values, _NORMAL))

    def percentile(self, feature: str, value: float) -> float:
        """0..100: the share of the group that measures less."""
        return 50.0 * (1.0 + math.erf(self.deviation(feature, value) / math.sqrt(2.0)))

    def at(self, feature: str, deviation: float) -> float:
        """The value that lies `deviation` standard deviations from the median (0 = the median, 1.28 = the 90th percentile)."""
        return float(np.interp(deviation, _NORMAL, self.table[feature]))


@dataclass(frozen=True, eq=False)
class Reference:
    """All groups, and which one a style is compared with."""

    groups: dict[str, Group]
    styles: dict[str, str]
    fallback: str
    common: Group
    sources: tuple[str, ...]

    @classmethod
    def load(cls, path: Path | None = None) -> Reference:
        """Read the shipped table, or the one at `path`."""
        text = (path or resource("meter", "reference.json")).read_text(encoding="utf-8")
        data: dict[str, Any] = json.loads(text)
        groups = {
            name: Group(name, entry["tracks"], _rising(entry["features"])) for name, entry in data["groups"].items()
        }
        return cls(groups, data["styles"], data["fallback"], groups[data["common"]], tuple(data["sources"]))

    def group(self, style: str | None) -> Group:
        """The group nearest to a style id or to what it derives from; music of all kinds for None and for styles without one."""
        return self.groups[next((self.styles[name] for name in lineage(style) if name in self.styles), self.fallback)]

    @cached_property
    def everything(self) -> Group:
        """Music of all kinds."""
        return self.groups[self.fallback]


def _rising(features: dict[str, list[float]]) -> dict[str, NDArray[np.float64]]:
    """The same percentiles, strictly rising (repeated values would leave no slope to interpolate on)."""
    table: dict[str, NDArray[np.float64]] = {}
    for name, row in features.items():
        values = np.asarray(row, dtype=np.float64)
        least = max(1e-6, 1e-3 * float(values[-1] - values[0]))
        table[name] = np.maximum.accumulate(values) + least * np.arange(values.size)
    return table
