"""The channel strip of one part: filters, place, level, duck, sends."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.song import Part
from grammy_desktop.core.styles import PartStyle
from grammy_desktop.generation.composer.mix.blocks import Check, RunningFilter, blocks, middle, side
from grammy_desktop.generation.composer.mix.levels import SILENT, energies, short_term_max

LEAD_LUFS = -21.0
"""Short-term loudness of the lead before the song's common gain; every `gain_db` counts from here."""
_SUBSONIC = 24.0


@dataclass(frozen=True)
class Strip:
    """A part as it enters its stem: dry [frames, 2], and its mono sends (None where it sends nothing)."""

    dry: Samples
    reverb: Samples | None
    delay: Samples | None


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


def process(samples: Samples, settings: PartStyle, duck: Samples, check: Check) -> Strip:
    """Put one rendered part through its strip, in place; the loudest 3 s end up `gain_db` from the lead."""
    band = RunningFilter.band(max(settings.highpass, _SUBSONIC), settings.lowpass)
    depth = np.float32(-settings.sidechain_db * np.log(10.0) / 20.0)
    for piece in blocks(len(samples), check):
        samples[piece] = (
            place(band(samples[piece]), settings.pan, settings.width) * np.exp(duck[piece] * depth)[:, None]
        )
    loudness = short_term_max(energies(samples, check, stride=3))
    if loudness <= SILENT:
        return Strip(samples, None, None)
    gain = np.float32(10.0 ** ((LEAD_LUFS + settings.gain_db - loudness) / 20.0))
    reverb = None if settings.reverb_db is None else np.empty(len(samples), np.float32)
    delay = None if settings.delay_db is None else np.empty(len(samples), np.float32)
    for piece in blocks(len(samples), check):
        samples[piece] *= gain
        mono = middle(samples[piece]) * np.float32(np.sqrt(2.0))
        if reverb is not None and settings.reverb_db is not None:
            reverb[piece] = mono * np.float32(10.0 ** (settings.reverb_db / 20.0))
        if delay is not None and settings.delay_db is not None:
            delay[piece] = mono * np.float32(10.0 ** (settings.delay_db / 20.0))
    return Strip(samples, reverb, delay)


def place(samples: Samples, pan: float, width: float) -> Samples:
    """Scale the side signal by `width`, then balance by `pan` (-1 left to 1 right, constant power)."""
    mid, edge = middle(samples), side(samples) * np.float32(width)
    angle = (0.5 + 0.5 * float(np.clip(pan, -1.0, 1.0))) * np.pi / 2
    left, right = (np.float32(np.sqrt(2.0) * gain) for gain in (np.cos(angle), np.sin(angle)))
    return np.stack([(mid + edge) * left, (mid - edge) * right], axis=1)
