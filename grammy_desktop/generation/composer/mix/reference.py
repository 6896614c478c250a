"""The spectrum that a style's mix is held against: that of released music of its group, or a straight slope."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.resources import resource
from grammy_desktop.core.styles import Style

CENTRES = 1000.0 * 2.0 ** (np.arange(-15, 11) / 3)
"""Hz of the third octaves, 31 Hz to 10 kHz."""
TOP = 11_025.0
"""Hz up to which the reference measured: a band's level is its share of the power up to there."""
_LOW, _MIDDLE, _HIGH = (2, 4, 6)
"""Where the nine percentiles of the table are the 10th, 50th and 90th."""
_SLOPE_FROM, _SLOPE_TO = 100.0, 10_000.0
_SLOPE_ROOM = 6.0
_LEAN = 0.3
"""dB an octave by which a style may differ from its group: a dB at either end."""
_TURN = 800.0
"""Hz about which it leans."""

Bands = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Target:
    """dB per third octave: where the middle of the music lies, and what four in five songs keep between."""

    middle: Bands
    low: Bands
    high: Bands


def target_for(style: Style) -> Target:
    """The style's group of released music (`resources/meter`), leant a little towards its `tilt`; without a group that alone.

    Without a group the target is flat below 100 Hz.
    """
    found = _groups().get(style.mix.group)
    if found is None:
        return sloped(style.mix.tilt)
    lean = float(np.clip(style.mix.tilt - slope_of(found.middle), -_LEAN, _LEAN)) * np.log2(CENTRES / _TURN)
    return Target(found.middle + lean, found.low + lean, found.high + lean)


def slope_of(levels: Bands) -> float:
    """Slope in dB per octave of power per Hz, 100 Hz to 10 kHz, from levels per third octave (pink: -3)."""
    fitted = slice(5, 26)
    return float(np.polyfit(np.log2(CENTRES[fitted]), levels[fitted], 1)[0]) - 3.0


def sloped(tilt: float) -> Target:
    """A straight line; tilt: dB an octave of power per Hz (pink: -3), so that third octaves lie 3 dB an octave flatter."""
    octaves = np.log2(np.clip(CENTRES, _SLOPE_FROM, _SLOPE_TO) / _SLOPE_FROM)
    middle = (tilt + 3.0) * octaves - np.where(CENTRES < 50.0, 12.0 * np.log2(50.0 / CENTRES), 0.0)
    # Shares of one whole, as measured levels are.
    middle -= 10.0 * np.log10(np.sum(10.0 ** (middle / 10.0)))
    return Target(middle, middle - _SLOPE_ROOM, middle + _SLOPE_ROOM)


@lru_cache(maxsize=1)
def _groups() -> dict[str, Target]:
    table = json.loads(resource("meter", "reference.json").read_text(encoding="utf-8"))
    names = [f"ltas_{round(centre)}" for centre in CENTRES]
    found = {}
    for name, group in table["groups"].items():
        rows = [group["features"].get(band) for band in names]
        if all(row is not None for row in rows):
            levels = np.array(rows, float)
            found[name] = Target(levels[:, _MIDDLE], levels[:, _LOW], levels[:, _HIGH])
    return found
