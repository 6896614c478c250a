"""What the page about a song shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Envelope = NDArray[np.floating[Any]]


def _nothing() -> Envelope:
    return np.zeros(0)


@dataclass(frozen=True, eq=False)
class SongReport:
    """What the page shows; whatever is empty is left out of it.

    brief: label to value, in order ('Tempo': '90 BPM'). sections: (name, start, end) in seconds. loudness_before, loudness_after:
    `Loudness.to_json()` of mix and master. platforms: `{"name", "pass", "gain_change"}` each. score: `GrammyScore.to_json()`.
    low, high: lowest and highest sample of each column of the master, -1..1; rms: of the same columns, or empty.
    times, short_term: seconds and LUFS. style_name: as in "a typical lo-fi hip hop release".
    """

    title: str
    subtitle: str = ""
    duration: float = 0.0
    brief: dict[str, str] = field(default_factory=dict)
    sections: tuple[tuple[str, float, float], ...] = ()
    loudness_before: dict[str, float | None] = field(default_factory=dict)
    loudness_after: dict[str, float | None] = field(default_factory=dict)
    platforms: tuple[dict[str, Any], ...] = ()
    score: dict[str, Any] | None = None
    style_name: str = ""
    low: Envelope = field(default_factory=_nothing)
    high: Envelope = field(default_factory=_nothing)
    rms: Envelope = field(default_factory=_nothing)
    times: Envelope = field(default_factory=_nothing)
    short_term: Envelope = field(default_factory=_nothing)
    target_lufs: float | None = None
    licence: str = ""
    sellable: bool | None = None
    seed: int | None = None
    engine: str = ""
    version: str = ""
