"""Measures how late the keys of a sound font speak, as a part is heard: behind its channel strip.

The attack of a note is where it first comes within 20 dB of its peak. Strips cut what lies below some frequency, where many
bass samples begin with a slow swell; and mixers round off peaks, which lifts the noise of pick and finger that goes before
them. So several settings are tried, and the middle between the earliest and the latest attack is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.generation.composer.render.oscillators import RATE
from grammy_desktop.generation.composer.render.shaping import apply_filter

_BELOW = 10 ** (-20 / 20)
_PEAK_WITHIN = 0.25
"""Seconds in which a note's peak is looked for."""
ROUNDED = (1.0, 0.42)
"""What is left of a peak: all of it, or 7.5 dB less."""
_LEAN = 0.002
"""Seconds before the attack proper that is taken where the moments are too far apart to split."""
_NEAR = 0.35
"""Milliseconds that neighbouring keys may differ and still share a run."""
SUBSONIC = 22.0
"""Hz: what every strip cuts."""


@dataclass(frozen=True)
class Heard:
    """How a family of presets is heard.

    highpass: Hz that its strips usually cut. rounded: shares of a peak that they leave. split: seconds between the earliest
    and the latest moment up to which their middle is taken. noise: seconds that it is moved towards the noise of fingers
    or picks.
    """

    highpass: tuple[float, ...]
    rounded: tuple[float, ...] = ROUNDED
    split: float = 0.0098
    noise: float = 0.0


BASS = Heard((24.0, 30.0, 38.0), (1.6, *ROUNDED))
"""Its strips take away much of what goes before the peak, so there may also be more of that."""
UPRIGHT = replace(BASS, split=0.016)
SYNTH_BASS = Heard((24.0,), (2.0, 1.0), split=0.016)
"""Never rounded so much that the low shelf before the first leap comes up."""
DRUMS = Heard((24.0, 30.0, 38.0))
OTHER = Heard((90.0, 130.0, 180.0))
PICKED = replace(OTHER, noise=0.0005)
LOW_STRING = replace(DRUMS, noise=-0.0002)
"""Of the upright bass: the fingers go 8 ms before the tone; dark strips take them away."""


def delay_range(note: Samples, way: Heard) -> tuple[float, float]:
    """Seconds from the first frame of `note` [frames, 2] to its attack, as early and as late as it may be heard."""
    delays = [0.0]
    for hz in way.highpass:
        heard = apply_filter(apply_filter(note, "highpass", hz), "highpass", SUBSONIC)
        size = np.abs(heard[: round(_PEAK_WITHIN * RATE)]).max(axis=1)
        peak = float(size.max(initial=0.0))
        if peak > 1e-5:
            delays += [float(np.argmax(size >= _BELOW * left * peak)) / RATE for left in way.rounded]
    return (min(delays[1:]), max(delays)) if len(delays) > 1 else (0.0, 0.0)


def delay_of(note: Samples, way: Heard) -> float:
    """The middle of that range, or just before its end where the range is too wide to be right for all; 0 for silence."""
    early, late = delay_range(note, way)
    middle = 0.5 * (early + late) if late - early <= way.split else late - _LEAN
    return max(0.0, middle - way.noise)


def delay_runs(strike: Callable[[int], Samples], keys: Iterable[int], way: Heard) -> list[list[float]]:
    """Runs of [first key, milliseconds] over `keys`. strike: a key's sound from the moment it is struck."""
    runs: list[list[float]] = []
    for key in keys:
        late = round(1000 * delay_of(strike(key), way), 1)
        if not runs or abs(runs[-1][1] - late) > _NEAR:
            runs.append([key, late])
    return runs
