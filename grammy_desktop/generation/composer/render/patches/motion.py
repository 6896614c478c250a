"""What all patches share: the envelope of loudness, and how pitch moves during a note."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.styles.reader import TableReader
from grammy_desktop.generation.composer.render.oscillators import RATE
from grammy_desktop.generation.composer.render.shaping import adsr
from grammy_desktop.generation.composer.render.strands import STEP, Grid, grid_size, moving_grid, steady_grid
from grammy_desktop.generation.composer.render.tone import Tone


@dataclass(frozen=True)
class Envelope:
    """Seconds, and the level that is held (0 to 1). `gate`: the longest time that a note is held, 0 for any."""

    attack: float
    decay: float
    sustain: float
    release: float
    gate: float = 0.0

    def curve(self, seconds: float) -> Samples:
        held = min(seconds, self.gate) if self.gate > 0.0 else seconds
        # A pad that swells slowly must still be heard in a short note.
        attack = min(self.attack, 0.4 * held + 0.002)
        return adsr(held, attack=attack, decay=self.decay, sustain=self.sustain, release=self.release)


def read_envelope(reader: TableReader, field: str, default: Envelope) -> Envelope:
    """A table of attack, decay, release, gate in milliseconds and sustain from 0 to 1."""
    table = reader.table(field, {})
    envelope = Envelope(
        attack=milliseconds(table, "attack", default.attack),
        decay=milliseconds(table, "decay", default.decay),
        sustain=table.number("sustain", default.sustain, low=0, high=1),
        release=milliseconds(table, "release", default.release),
        gate=milliseconds(table, "gate", default.gate),
    )
    table.finish()
    return envelope


def milliseconds(reader: TableReader, field: str, default: float | None = None, *, high: float = 60_000.0) -> float:
    """A time written in milliseconds, in seconds."""
    return reader.number(field, None if default is None else default * 1000.0, low=0.0, high=high) / 1000.0


@dataclass(frozen=True)
class PitchMotion:
    """Vibrato (Hz, cents, seconds until it comes), a sweep into the note (semitones away at first), and the glide's time."""

    vibrato_hz: float = 5.0
    vibrato_cents: float = 0.0
    vibrato_delay: float = 0.2
    sweep: float = 0.0
    sweep_seconds: float = 0.05
    glide: float = 0.06

    def turns(self, note: Tone, frames: int) -> tuple[Grid, float]:
        """Phase in turns at every step of the note's grid, and the highest frequency in Hz that occurs."""
        if not (note.glides or self.vibrato_cents or self.sweep):
            return steady_grid(note.hz, frames), note.hz
        t = (np.arange(grid_size(frames) - 1, dtype=np.float64) + 0.5) * (STEP / RATE)
        octaves = self._glided(note, t)
        if self.vibrato_cents:
            since = np.maximum(t - self.vibrato_delay, 0.0)
            turning = np.sin((2 * np.pi * self.vibrato_hz) * since)
            octaves = octaves + np.minimum(since / 0.3, 1.0) * turning * (self.vibrato_cents / 1200.0)
        if self.sweep:
            octaves = octaves + (self.sweep / 12.0) * np.exp(t * (-2.3 / max(self.sweep_seconds, 1e-3)))
        hz = note.hz * np.exp2(octaves)
        return moving_grid(hz), float(hz[: -(-frames // STEP)].max())

    def _glided(self, note: Tone, t: NDArray[np.float64]) -> NDArray[np.float64]:
        """Octaves away from the first pitch: each slide takes `glide` seconds, even in pitch."""
        out = np.zeros(len(t))
        current = 0.0
        length = max(self.glide, 1.0 / RATE)
        for when, pitch in note.glides:
            target = (pitch - note.pitch) / 12.0
            share = np.clip((t - when) / length, 0.0, 1.0)
            late = t >= when
            out[late] = current + (target - current) * (0.5 - 0.5 * np.cos(np.pi * share[late]))
            current = target
        return out


STILL = PitchMotion()
"""No vibrato, no sweep."""


def read_motion(reader: TableReader) -> PitchMotion:
    """The tables `vibrato` and `sweep` and the field `glide` of a patch."""
    vibrato, sweep = reader.table("vibrato", {}), reader.table("sweep", {})
    motion = PitchMotion(
        vibrato_hz=vibrato.number("hz", 5.0, low=0.05, high=40),
        vibrato_cents=vibrato.number("cents", 0.0, low=0, high=1200),
        vibrato_delay=milliseconds(vibrato, "delay", 0.2),
        sweep=sweep.number("semitones", 0.0, low=-48, high=48),
        sweep_seconds=milliseconds(sweep, "time", 0.05),
        glide=milliseconds(reader, "glide", 0.06, high=2000),
    )
    vibrato.finish()
    sweep.finish()
    return motion
