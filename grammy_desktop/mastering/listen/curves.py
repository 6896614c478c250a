"""How released music of a genre is balanced (`resources/tone`): the band that its middle 80 % keeps to."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.resources import resource
from grammy_desktop.core.styles import lineage

Curve = NDArray[np.float64]

REFERENCE_SPAN = (180.0, 5_200.0)
"""Hz: levels are given against the mean of the third octaves in it (198 to 5,040 Hz)."""


@dataclass(frozen=True, eq=False)
class ToneCurve:
    """One group of released tracks. frequencies: Hz, third octaves up to 10 kHz; nothing is known above.

    low_db, middle_db, high_db: 10th, 50th, 90th percentile, dB against the mean of `REFERENCE_SPAN`; NaN where too few
    tracks can tell. figures: the same percentiles of single figures ('plr', 'lra', 'side_mid_db', 'lr_bal_db' ...).
    """

    id: str
    name: str
    tracks: int
    frequencies: Curve
    low_db: Curve
    middle_db: Curve
    high_db: Curve
    figures: dict[str, tuple[float, float, float]]

    def on(self, frequencies: Curve) -> tuple[Curve, Curve, Curve]:
        """low, middle, high at other frequencies; NaN outside of what is known, never extended."""
        known = np.isfinite(self.middle_db)
        at, places = np.log2(frequencies), np.log2(self.frequencies[known])
        # A third octave reaches a sixth to each side.
        inside = (at >= places[0] - 1 / 6) & (at <= places[-1] + 1 / 6)
        rows = (self.low_db, self.middle_db, self.high_db)
        low, middle, high = (np.where(inside, np.interp(at, places, row[known]), np.nan) for row in rows)
        return low, middle, high


def tone_curve(genre: str | None) -> ToneCurve:
    """The group nearest to a style id or to what it derives from; music of all kinds for None and for styles without one."""
    data: dict[str, Any] = json.loads(resource("tone", "curves.json").read_text(encoding="utf-8"))
    group = next((data["styles"][name] for name in lineage(genre) if name in data["styles"]), data["fallback"])
    entry = data["groups"][group]
    low, middle, high = (_levels(entry[name]) for name in ("low_db", "middle_db", "high_db"))
    figures = {name: (row[0], row[1], row[2]) for name, row in entry["figures"].items()}
    frequencies = np.array(data["frequencies"], np.float64)
    return ToneCurve(group, entry["name"], entry["tracks"], frequencies, low, middle, high, figures)


def tonal_band(genre: str | None) -> tuple[Curve, Curve, Curve, Curve]:
    """(frequencies, low_db, high_db, middle_db) of a genre; dB against the mean of the third octaves 198 to 5,040 Hz."""
    curve = tone_curve(genre)
    known = np.isfinite(curve.middle_db)
    return curve.frequencies[known], curve.low_db[known], curve.high_db[known], curve.middle_db[known]


def band_on(genre: str | None, frequencies: Sequence[float], level_db: Sequence[float]) -> dict[str, Any]:
    """The genre's band for a plot of third-octave levels on their own frequencies and at their own height.

    Gives 'band_low_db', 'band_high_db', 'band_middle_db' (None above 10 kHz, where nothing is known) and 'band_name'.
    """
    places, levels = np.asarray(frequencies, np.float64), np.asarray(level_db, np.float64)
    curve = tone_curve(genre)
    low, middle, high = curve.on(places)
    offset = reference_level(places, levels)

    def row(values: Curve) -> list[float | None]:
        return [round(float(value + offset), 2) if np.isfinite(value) else None for value in values]

    return {
        "band_low_db": row(low),
        "band_high_db": row(high),
        "band_middle_db": row(middle),
        "band_name": curve.name,
    }


def reference_level(frequencies: Curve, level_db: Curve) -> float:
    """dB: the mean that levels are held against; 0 when the frequencies do not reach into it."""
    inside = (frequencies > REFERENCE_SPAN[0]) & (frequencies < REFERENCE_SPAN[1]) & np.isfinite(level_db)
    return float(level_db[inside].mean()) if inside.any() else 0.0


def _levels(row: list[float | None]) -> Curve:
    return np.array([np.nan if value is None else value for value in row], np.float64)
