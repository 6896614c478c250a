"""The bus: tone, width, section levels, peaks, fade and level, measured on the sum and done to every stem alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.song import Arrangement
from grammy_desktop.core.styles import Style
from grammy_desktop.generation.composer.mix.balance import Bus, equaliser_gains, side_gains
from grammy_desktop.generation.composer.mix.blocks import Check, Curve, blocks, has_sound, merge, pair, split
from grammy_desktop.generation.composer.mix.curves import fade_curve, section_curve, times_curves
from grammy_desktop.generation.composer.mix.deliver import (
    STEPS,
    common_gain,
    glue_ceiling,
    glue_curve,
    highest,
    raised,
)
from grammy_desktop.generation.composer.mix.levels import loudest
from grammy_desktop.generation.composer.mix.measure import (
    filtered,
    peaks_of,
    step_powers,
    summed,
    width_curve,
    window_powers,
)
from grammy_desktop.generation.composer.mix.reference import target_for
from grammy_desktop.generation.composer.mix.sections import Gains, keep_promises, section_gains

_LOUD_STEPS = 100
"""Steps of 100 ms in the loud section of which the crest factor is told."""


@dataclass(frozen=True, eq=False)
class Mixed:
    """The mix and its stems, float32 [frames, 2], multiples of 2^-23; `gains` are the decibels each section was given."""

    mix: Samples
    stems: dict[str, Samples]
    gains: tuple[tuple[str, float], ...]


def finish_mix(stems: dict[str, Samples], arrangement: Arrangement, style: Style, check: Check) -> Mixed:
    """Tone, width, section levels, peaks, fade, common gain, 24 bits. Uses up `stems` (their arrays are changed in place)."""
    gains, treatment = plan(stems.values(), arrangement, style, check)
    mix = np.zeros_like(next(iter(stems.values())), subok=False)
    treatment.apply(list(stems.values()), mix, check)
    return Mixed(mix, stems, tuple((section.name, level) for section, level in gains))


@dataclass(frozen=True, eq=False)
class Treatment:
    """What is done to every stem. equaliser: dB of the bands; width: of the side; level: the last gain, 1 is full scale."""

    equaliser: NDArray[np.float64]
    lowpass: float
    width: Curve
    level: Curve

    def apply(self, stems: Sequence[Samples], mix: Samples, check: Check) -> None:
        """Do it to some of the stems, in place, round them to 24 bits, and add them to `mix`.

        All stems of a block one after the other: so its gains are worked out once, and it is still in the cache for the sum,
        which is exact in any order, for multiples of 2^-23 below full scale lose nothing in float32.
        """
        buses, room = [Bus(self.equaliser, self.lowpass) for _ in stems], pair()
        level = Curve(self.level.values * STEPS, self.level.step)
        for piece in blocks(len(mix), check):
            both, apart = level.at(piece), self.width.at(piece)
            for stem, bus in zip(stems, buses, strict=True):
                block = stem[piece]
                if not bus.rings and not has_sound(block):
                    continue
                rows = bus(split(block, room))
                rows[1] *= apart
                rows *= both
                merge(rows, block)
                np.rint(block, out=block)
                block *= 1.0 / STEPS
                mix[piece] += block


def plan(stems: Iterable[Samples], arrangement: Arrangement, style: Style, check: Check) -> tuple[Gains, Treatment]:
    """Measure the sum of the stems, and find what brings it to its style: the sections' gains, and the treatment of all."""
    total, rough, bands = summed(list(stems), check)
    frames = total.shape[1]
    points = style.mix.section_db
    first = section_curve(arrangement, section_gains(arrangement, rough, points), frames)
    equaliser = equaliser_gains(bands.levels(window_powers(first, len(bands.whole))), target_for(style))
    loud, plain = filtered(total, Bus(equaliser, style.mix.lowpass), check)
    side = side_gains(plain)
    width = width_curve(side, frames)
    peaks = peaks_of(total, width, check)
    del total
    loud, plain = (2.0 * (powers[0] + powers[1] * side[: powers.shape[1]] ** 2) for powers in (loud, plain))
    gains = section_gains(arrangement, loud, points)
    fade = fade_curve(frames, style.mix.tail_seconds)
    level = times_curves(section_curve(arrangement, gains, frames), fade)
    # Left and right share the power.
    rms = float(np.sqrt(loudest(plain * step_powers(level, len(plain)), _LOUD_STEPS) / 2.0))
    glue = glue_curve(raised(peaks, level), glue_ceiling(highest(peaks, level), rms, style.mix))
    kept = keep_promises(arrangement, gains, loud * step_powers(times_curves(level, glue), len(loud)))
    level = times_curves(times_curves(section_curve(arrangement, kept, frames), fade), glue)
    gain = common_gain(highest(peaks, level))
    return kept, Treatment(equaliser, style.mix.lowpass, width, Curve(level.values * np.float32(gain), level.step))
