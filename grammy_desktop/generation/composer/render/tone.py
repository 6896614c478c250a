"""What a recipe is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples
from grammy_desktop.generation.composer.render.oscillators import RATE, midi_hz


@dataclass(frozen=True)
class Tone:
    """One note: MIDI `pitch`, held for `seconds`, struck with `velocity` 0 to 1; `rng` decides phases and noise.

    glides: (seconds from the start, pitch) of notes that this one slides on to without a new attack.
    beat: seconds of a quarter note, for what moves in time with the song.
    """

    pitch: float
    seconds: float
    velocity: float
    rng: np.random.Generator
    glides: tuple[tuple[float, float], ...] = ()
    beat: float = 0.5

    @property
    def hz(self) -> float:
        return midi_hz(self.pitch)

    def curve(self, frames: int, *, glide: float = 0.08) -> NDArray[np.float64]:
        """Frequency in Hz, one value a frame; each slide takes `glide` seconds, even in pitch."""
        pitch = np.full(frames, float(self.pitch))
        current = float(self.pitch)
        length = max(1, round(glide * RATE))
        for when, target in self.glides:
            first = min(frames, max(0, round(when * RATE)))
            last = min(frames, first + length)
            ease = 0.5 - 0.5 * np.cos(np.pi * np.arange(last - first) / length)
            pitch[first:last] = current + (target - current) * ease
            pitch[last:] = target
            current = target
        return np.asarray(440.0 * 2.0 ** ((pitch - 69.0) / 12.0))


Voice = Callable[[Tone], Samples]
"""Makes one note: float32 [frames] or [frames, 2], ending in silence."""

Finish = Callable[[Samples], Samples]
"""What a whole part goes through after its notes were added up: tremolo, chorus."""


@dataclass(frozen=True)
class Recipe:
    """How a synthesised part sounds. `mono`: one note at a time, overlapping notes glide."""

    voice: Voice
    mono: bool = False
    finish: Finish | None = None
