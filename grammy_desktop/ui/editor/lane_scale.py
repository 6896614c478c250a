"""How tall stems are drawn: one factor for all of them, so that what is louder stays taller. No Qt."""

from __future__ import annotations

import math
from collections.abc import Iterable

from grammy_desktop.ui.editor.raster import Waveform

FILL = 0.85
"""Share of its lane that the loudest stem reaches."""
MOST = 10 ** (36 / 20)
"""No stem is magnified by more than 36 dB: below that there is only noise."""


def peak_of(wave: Waveform) -> float:
    """The largest absolute value in the waveform, full scale 1.0; 0 for an empty one."""
    if wave.frames <= 0:
        return 0.0
    column = wave.columns(0, wave.frames, 1)
    return max(abs(float(column.low.min())), abs(float(column.high.max())))


def common_gain(peaks: Iterable[float]) -> float:
    """The linear factor under which the loudest of these peaks reaches `FILL`; 1.0 when all are silent."""
    loudest = max(peaks, default=0.0)
    return min(MOST, FILL / loudest) if loudest > 0 else 1.0


def scale_words(gain: float) -> str:
    """For a stem's tooltip: how much taller than the mix it is drawn."""
    db = f"{20 * math.log10(gain):+.1f}".replace("-", "−")
    return (
        f"Drawn at {db}\N{NO-BREAK SPACE}dB, like all stems, so that the loudest fills its lane. What you hear stays."
    )
