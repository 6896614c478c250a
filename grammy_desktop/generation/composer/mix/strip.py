"""The channel strip of one part: filters, place, duck, level."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.song import Part
from grammy_desktop.core.styles import PartStyle
from grammy_desktop.generation.composer.mix.blocks import Check, Curve, blocks, has_sound, merge, pair, split
from grammy_desktop.generation.composer.mix.filters import RunningFilter, band
from grammy_desktop.generation.composer.mix.levels import ROUGH, SILENT, Energies, PowerSteps, short_term_max

LEAD_LUFS = -21.0
"""Short-term loudness of the lead before the song's common gain; every `gain_db` counts from here."""
_SUBSONIC = 24.0


@dataclass(frozen=True, eq=False)
class Strip:
    """A part as it enters its stem, but for its gain: dry [frames, 2]; the linear gain (0 for silence) that it then gets.

    steps: K-weighted energies with the gain. reverb, delay: linear, of (left + right) / sqrt 2; None where it sends nothing.
    """

    dry: Samples
    gain: float
    steps: Energies
    reverb: float | None
    delay: float | None


def default_settings(part: Part) -> PartStyle:
    """The strip of a part that the style does not know (the prompt asked for it)."""
    is_low = part.stem == "bass"
    return PartStyle(
        name=part.name,
        role="drums" if part.is_drums else "counter",
        stem=part.stem,
        sound=part.sound,
        gain_db=-3.0 if is_low or part.is_drums else -7.0,
        range=(0, 127),
        highpass=30.0 if is_low or part.is_drums else 120.0,
        reverb_db=None if is_low else -14.0,
        sidechain_db=2.0 if is_low else 0.0,
    )


def process(samples: Samples, settings: PartStyle, duck: Curve, check: Check) -> Strip:
    """Put one rendered part through its strip, in place; with its gain its loudest 3 s end up `gain_db` from the lead."""
    tone = RunningFilter(band(max(settings.highpass, _SUBSONIC), settings.lowpass))
    place = placing(settings.pan, settings.width)
    depth = np.float32(-settings.sidechain_db * np.log(10.0) / 20.0)
    ducked = Curve(np.exp(duck.values * depth), duck.step) if depth else None
    meter, room = PowerSteps(stride=ROUGH), pair()
    silence = np.zeros_like(room)
    for piece in blocks(len(samples), check):
        block = samples[piece]
        if not tone.rings and not has_sound(block):
            meter.push(silence[:, : len(block)])
            continue
        rows = tone(split(block, room))
        if has_sound(rows):
            if settings.pan != 0.0:
                rows = place @ rows
            elif settings.width != 1.0:
                rows[1] *= np.float32(settings.width)
            if ducked is not None:
                rows *= ducked.at(piece)
            merge(rows, block)
        meter.push(rows)
    # The power of left and right is twice that of mid and side.
    steps = 2.0 * meter.result().sum(axis=0)
    loudness = short_term_max(steps)
    gain = 0.0 if loudness <= SILENT else 10.0 ** ((LEAD_LUFS + settings.gain_db - loudness) / 20.0)
    return Strip(samples, gain, steps * gain**2, _linear(settings.reverb_db), _linear(settings.delay_db))


def placing(pan: float, width: float) -> Samples:
    """What turns mid and side [2, n] into those of the place: side times `width`, then balance by `pan` (constant power).

    pan: -1 left to 1 right. A matrix [2, 2].
    """
    angle = (0.5 + 0.5 * float(np.clip(pan, -1.0, 1.0))) * np.pi / 2
    left, right = np.sqrt(2.0) * np.cos(angle), np.sqrt(2.0) * np.sin(angle)
    both, apart = (left + right) / 2, (left - right) / 2
    return np.array([[both, apart * width], [apart, both * width]], np.float32)


def _linear(decibels: float | None) -> float | None:
    return None if decibels is None else 10.0 ** (decibels / 20.0)
