"""Additive patches: drawbars and harmonics that are held (organs, reeds, flutes), partials that die away (bars, bells)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.styles.reader import TableReader
from grammy_desktop.generation.composer.render.noise import white
from grammy_desktop.generation.composer.render.oscillators import RATE
from grammy_desktop.generation.composer.render.patches.bank import TOP_HZ, harmonics_below
from grammy_desktop.generation.composer.render.patches.motion import (
    STILL,
    Envelope,
    PitchMotion,
    read_envelope,
    read_motion,
)
from grammy_desktop.generation.composer.render.patches.saturation import clean_drive, into_drive
from grammy_desktop.generation.composer.render.shaping import apply_filter, decay_curve, falling, frames_of
from grammy_desktop.generation.composer.render.strands import (
    BLOCK,
    STEP,
    Bank,
    Grid,
    Strands,
    add_strands,
    make_bank,
    path_of,
    radians,
)
from grammy_desktop.generation.composer.render.tone import Tone

_DRAWBARS = (0.5, 1.5, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0)
"""Ratios of an organ's nine drawbars, from 16' to 1'."""


@dataclass(frozen=True)
class Partial:
    """Ratio to the note, level, seconds to -60 dB at C5 (0: as long as the note), pan, and how much the stroke matters."""

    ratio: float
    level: float
    decay: float = 0.0
    pan: float = 0.0
    velocity: float = 0.0


@dataclass(frozen=True)
class Additive:
    """harmonics: (ratio, level) in multiples of one half. tilt: dB an octave that full velocity has more than none.

    voices: ranks of the harmonics, `detune` cents apart, over `spread`. mallet: the stroke's noise around `mallet_hz`.
    breath: noise at `breath_ratio` times the note, as long as the note; `chiff` its share more at the start.
    """

    partials: tuple[Partial, ...]
    harmonics: tuple[tuple[float, float], ...]
    amp: Envelope
    motion: PitchMotion = STILL
    tilt: float = 6.0
    voices: int = 1
    detune: float = 0.0
    spread: float = 0.0
    mallet: float = 0.0
    mallet_hz: float = 1500.0
    breath: float = 0.0
    breath_ratio: float = 2.0
    chiff: float = 0.0
    drive: float = 0.0
    lowpass: float = 0.0
    highpass: float = 0.0

    def envelope(self, note: Tone) -> Samples:
        return self.amp.curve(note.seconds)

    def sound(self, note: Tone, frames: int) -> Samples:
        """float32 [1 or 2 channels, frames]."""
        turns, top = self.motion.turns(note, frames)
        wide = any(partial.pan for partial in self.partials) or (self.voices > 1 and self.spread > 0.0)
        out = np.zeros((2 if wide else 1, (len(turns) - 1) * STEP), np.float32)
        if self.harmonics:
            add_strands(out, [self._ranks(note, top, wide)], turns, np.zeros(1, np.float32))
        self._add_partials(out, note, turns, top)
        out = out[:, :frames]
        noise = self._noise(note, frames)
        if noise is not None:
            out += noise
        if self.drive:
            out = clean_drive(out * into_drive(note.velocity), self.drive, factor=2 if note.hz < 300.0 else 4)
        if self.highpass:
            out = apply_filter(out, "highpass", self.highpass, axis=-1)
        if self.lowpass:
            out = apply_filter(out, "lowpass", self.lowpass, axis=-1)
        return out

    def _add_partials(self, out: Samples, note: Tone, turns: Grid, top: float) -> None:
        """Each partial is a sine with a decay of its own; where it has died away, nothing is made any more."""
        for partial in self.partials:
            if partial.ratio * top > TOP_HZ:
                continue
            level = partial.level * note.velocity**partial.velocity
            # Small bars ring shorter: half as long an octave and a half up.
            length = partial.decay * (523.25 / note.hz) ** 0.6
            end = min(out.shape[1], frames_of(length * 1.1)) if partial.decay else out.shape[1]
            path = path_of(turns * partial.ratio)
            curve = decay_curve(end, length) if partial.decay else None
            gains = _pan_gains(partial.pan, level) if len(out) == 2 else (level,)
            for first in range(0, end, BLOCK):
                stop = min(end, first + BLOCK)
                wave = np.sin(radians(path, first // STEP))[: stop - first]
                if curve is not None:
                    wave *= curve[first:stop]
                for line, gain in zip(out, gains, strict=True):
                    line[first:stop] += wave * np.float32(gain)

    def _ranks(self, note: Tone, top: float, wide: bool) -> Strands:
        """The held harmonics, once for each rank."""
        highest = max(top, note.hz) * 2.0 ** (self.detune / 1200.0)
        bank = _harmonics_bank(self.harmonics, round(highest, 2), round(self.tilt * (note.velocity - 0.8), 3))
        places = [2.0 * voice / (self.voices - 1) - 1.0 if self.voices > 1 else 0.0 for voice in range(self.voices)]
        starts = tuple(float(note.rng.random()) if self.voices > 1 else 0.0 for _ in places)
        ratios = tuple(0.5 * 2.0 ** (place * self.detune / 1200.0) for place in places)
        level = 1.0 / np.sqrt(self.voices)
        sides = [self.spread * (place if voice % 2 else -place) for voice, place in enumerate(places)]
        gains = [_pan_gains(side, level) if wide else (level,) for side in sides]
        return Strands(bank, ratios, starts, np.ascontiguousarray(np.array(gains, np.float32).T))

    def _noise(self, note: Tone, frames: int) -> Samples | None:
        if not (self.mallet or self.breath):
            return None
        out = np.zeros(frames, np.float32)
        if self.mallet:
            length = min(frames, frames_of(0.05))
            knock = white(note.rng, length)
            knock = apply_filter(knock, "bandpass", self.mallet_hz * 0.5, min(2.0 * self.mallet_hz, 16_000.0), order=1)
            out[:length] += knock * decay_curve(length, 0.03) * np.float32(self.mallet * note.velocity)
        if self.breath:
            centre = min(note.hz * self.breath_ratio, 9000.0)
            air = apply_filter(white(note.rng, frames), "bandpass", centre * 0.7, centre * 1.5, order=1)
            swell = falling(frames, 1.0 / (0.04 * RATE)) * np.float32(self.chiff)
            swell += np.float32(1.0)
            air *= swell
            out += air * np.float32(self.breath * (0.5 + 0.5 * note.velocity))
        return out


def _pan_gains(pan: float, level: float) -> tuple[float, float]:
    angle = (0.5 + 0.5 * pan) * np.pi / 2
    return float(np.cos(angle) * np.sqrt(2) * level), float(np.sin(angle) * np.sqrt(2) * level)


@lru_cache(maxsize=48)
def _harmonics_bank(harmonics: tuple[tuple[float, float], ...], top: float, tilt: float) -> Bank:
    """One period of the note's lower octave, so that half ratios (sub-octave, fifth) fit in."""
    n = harmonics_below(top / 2.0)
    spectrum = np.zeros((1, len(n)))
    for ratio, level in harmonics:
        place = round(2.0 * ratio)
        if place <= len(n):
            spectrum[0, place - 1] += level * 10.0 ** (tilt * np.log2(max(ratio, 1.0)) / 20.0) * (-1.0) ** (place // 4)
    return make_bank(spectrum)


def read_additive(reader: TableReader) -> Additive:
    partials, harmonics = _partials(reader), _harmonics(reader)
    if not partials and not harmonics:
        reader.fail("", "needs partials, harmonics or drawbars")
    return Additive(
        partials=partials,
        harmonics=harmonics,
        amp=read_envelope(reader, "amp", Envelope(attack=0.002, decay=8.0, sustain=1.0, release=0.12)),
        motion=read_motion(reader),
        tilt=reader.number("tilt", 6.0, low=-12, high=24),
        voices=int(reader.number("voices", 1, low=1, high=5)),
        detune=reader.number("detune", 0.0, low=0, high=50),
        spread=reader.number("spread", 0.0, low=0, high=1),
        mallet=reader.number("mallet", 0.0, low=0, high=4),
        mallet_hz=reader.number("mallet_hz", 1500.0, low=100, high=10_000),
        breath=reader.number("breath", 0.0, low=0, high=2),
        breath_ratio=reader.number("breath_ratio", 2.0, low=0.25, high=16),
        chiff=reader.number("chiff", 0.0, low=0, high=20),
        drive=reader.number("drive", 0.0, low=0, high=40),
        lowpass=reader.number("lowpass", 0.0, low=0, high=24_000),
        highpass=reader.number("highpass", 0.0, low=0, high=20_000),
    )


def _partials(reader: TableReader) -> tuple[Partial, ...]:
    if not reader.has("partials"):
        return ()
    out = []
    for table in reader.tables("partials"):
        out.append(
            Partial(
                ratio=table.number("ratio", low=0.1, high=64),
                level=table.number("level", low=-2, high=2),
                decay=table.number("decay_s", 0.0, low=0, high=30),
                pan=table.number("pan", 0.0, low=-1, high=1),
                velocity=table.number("velocity", 0.0, low=0, high=4),
            )
        )
        table.finish()
    return tuple(out)


def _harmonics(reader: TableReader) -> tuple[tuple[float, float], ...]:
    levels = _levels(reader, "harmonics")
    bars = _levels(reader, "drawbars")
    if len(bars) not in (0, len(_DRAWBARS)):
        reader.fail("drawbars", "must be nine numbers from 0 to 8, from 16' to 1'")
    held = [(float(number), level) for number, level in enumerate(levels, 1) if level]
    # Each drawbar step is 3 dB.
    held += [(ratio, 10.0 ** (-3.0 * (8.0 - bar) / 20.0)) for ratio, bar in zip(_DRAWBARS, bars, strict=False) if bar]
    return tuple(held)


def _levels(reader: TableReader, field: str) -> tuple[float, ...]:
    value: Any = reader.raw(field, [])
    if not isinstance(value, list) or not all(isinstance(item, int | float) and abs(item) <= 9 for item in value):
        reader.fail(field, "must be a list of numbers")
    return tuple(float(item) for item in value)
