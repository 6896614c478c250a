"""Measures how late the keys of a sound font speak, as a part is heard: behind its channel strip.

The attack of a note is where it first comes within 20 dB of its peak. Strips cut what lies below some frequency, where many
bass samples begin with a slow swell; and mixers round off peaks, which lifts the noise of pick and finger that goes before
them. So several settings are tried, and the middle between the earliest and the latest attack is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.generation.composer.render.oscillators import RATE
from grammy_desktop.generation.composer.render.shaping import apply_filter

_BELOW = 10 ** (-20 / 20)
_PEAK_WITHIN = 0.25
"""Seconds in which a note's peak is looked for."""
ROUNDED = (1.0, 0.42)
"""What is left of a peak: all of it, or 7.5 dB less."""
BASS_ROUNDED, SYNTH_BASS_ROUNDED = (1.6, *ROUNDED), (2.0, 1.0)
"""Of basses also more of it, of synthesised ones nothing less: their strips take away much of what goes before the peak."""
_TOLERATED, _LEAN = 0.0098, 0.002
"""Seconds: a range up to so wide is split; in a wider one the attack proper counts, a little early."""
_NEAR = 0.35
"""Milliseconds that neighbouring keys may differ and still share a run."""
SUBSONIC = 22.0
"""Hz: what every strip cuts."""
BASS_HIGHPASS, OTHER_HIGHPASS = (24.0, 30.0, 38.0), (90.0, 130.0, 180.0)
"""Hz: what the strips of basses and drums, and of everything else, usually cut."""


def delay_range(note: Samples, highpass: Sequence[float], rounded: Sequence[float] = ROUNDED) -> tuple[float, float]:
    """Seconds from the first frame of `note` [frames, 2] to its attack, as early and as late as it may be heard."""
    delays = [0.0]
    for hz in highpass:
        heard = apply_filter(apply_filter(note, "highpass", hz), "highpass", SUBSONIC)
        size = np.abs(heard[: round(_PEAK_WITHIN * RATE)]).max(axis=1)
        peak = float(size.max(initial=0.0))
        if peak > 1e-5:
            delays += [float(np.argmax(size >= _BELOW * left * peak)) / RATE for left in rounded]
    return (min(delays[1:]), max(delays)) if len(delays) > 1 else (0.0, 0.0)


def delay_of(note: Samples, highpass: Sequence[float], rounded: Sequence[float] = ROUNDED) -> float:
    """The middle of that range, or just before its end where the range is too wide to be right for all; 0 for silence."""
    early, late = delay_range(note, highpass, rounded)
    return 0.5 * (early + late) if late - early <= _TOLERATED else late - _LEAN


def delay_runs(
    strike: Callable[[int], Samples],
    keys: Iterable[int],
    highpass: Sequence[float],
    rounded: Sequence[float] = ROUNDED,
) -> list[list[float]]:
    """Runs of [first key, milliseconds] over `keys`. strike: a key's sound from the moment it is struck."""
    runs: list[list[float]] = []
    for key in keys:
        late = round(1000 * delay_of(strike(key), highpass, rounded), 1)
        if not runs or abs(runs[-1][1] - late) > _NEAR:
            runs.append([key, late])
    return runs
