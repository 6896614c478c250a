"""How late the samples of the shipped sound font speak, so that each is started that much earlier.

Measured, preset by preset and key by key (packaging/sound_font_onsets.py): milliseconds from the note's start until it comes
within 20 dB of its peak, behind the high-pass filter that its strip has anyhow. Only struck, plucked and keyed presets are
listed.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Mapping
from functools import lru_cache

from grammy_desktop.core.resources import resource

_Runs = tuple[tuple[int, ...], tuple[float, ...]]


def onset_delay(bank: int, program: int, key: int) -> float:
    """Seconds that a key of a preset speaks late; 0 for what was not measured."""
    runs = _measured().get(f"{bank}:{program}")
    if runs is None:
        return 0.0
    place = bisect_right(runs[0], key) - 1
    return runs[1][max(place, 0)]


@lru_cache(maxsize=1)
def _measured() -> Mapping[str, _Runs]:
    """First keys of runs of equal delay, and the delays in seconds."""
    table = json.loads(resource("soundfonts", "fluid_core.onsets.json").read_text(encoding="utf-8"))
    return {
        preset: (tuple(int(key) for key, _ in runs), tuple(late / 1000.0 for _, late in runs))
        for preset, runs in table.items()
    }
