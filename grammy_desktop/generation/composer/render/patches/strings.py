"""Plucked strings: a digital waveguide in modal form.

A plucked string (Karplus and Strong's loop, Jaffe and Smith's extensions) rings in harmonics whose amplitudes follow from
where and how sharply it is plucked and whose decays follow from the loss of each round trip. Here those harmonics are
written down directly, as rows of single periods at growing times: exactly in tune at every pitch, nothing folds, and a
long low note costs no more than two look-ups a sample.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.styles.reader import TableReader
from grammy_desktop.generation.composer.render.noise import white
from grammy_desktop.generation.composer.render.oscillators import RATE
from grammy_desktop.generation.composer.render.patches.bank import harmonics_below
from grammy_desktop.generation.composer.render.patches.motion import (
    STILL,
    PitchMotion,
    milliseconds,
    read_motion,
)
from grammy_desktop.generation.composer.render.shaping import apply_filter, decay_curve, frames_of
from grammy_desktop.generation.composer.render.strands import STEP, Bank, Strands, add_strands, grid_times, make_bank
from grammy_desktop.generation.composer.render.tone import Tone

_FIRST = 0.006
"""Seconds between the first two rows; each later gap is a fifth longer."""
_GROWTH = 1.2


@dataclass(frozen=True)
class Course:
    """A string of a pair or more: semitones and cents from the note, level, and how many seconds later it is struck."""

    semitones: float = 0.0
    cents: float = 0.0
    level: float = 1.0
    delay: float = 0.0
    pan: float = 0.0


@dataclass(frozen=True)
class PluckedString:
    """decay: seconds to -60 dB at A3, an octave up `decay_tracking` octaves less. damping: how much faster the top dies.

    pick, pickup: where along the string (0 to 0.5; pickup 0: the bridge's whole force). brightness: Hz at which the pluck
    has lost 8 dB, at full velocity. body: resonances (Hz, dB, Q). buzz: a bridge that sends energy up the harmonics (sitar).
    attack: seconds to full level (a volume pedal).
    """

    decay: float
    damping: float = 0.5
    decay_tracking: float = 0.4
    pick: float = 0.15
    pickup: float = 0.0
    brightness: float = 4000.0
    velocity: float = 1.0
    body: tuple[tuple[float, float, float], ...] = ()
    buzz: float = 0.0
    noise: float = 0.05
    noise_hz: float = 2500.0
    thump: float = 0.0
    thump_hz: float = 110.0
    release: float = 0.09
    attack: float = 0.001
    courses: tuple[Course, ...] = (Course(),)
    motion: PitchMotion = STILL
    longest: float = 8.0

    def envelope(self, note: Tone) -> Samples:
        """Left ringing for as long as the note is held, or as the string rings; then damped."""
        fade = frames_of(max(self.release, 0.012))
        ringing = min(1.15 * self._t60(note.hz) + 0.05, self.longest)
        held = frames_of(min(note.seconds, ringing))
        out = np.ones(held + fade, np.float32)
        x = np.linspace(0.0, 1.0, fade, dtype=np.float32)
        out[held:] = np.exp(-3.5 * x) * (1.0 - x)
        first, last = min(len(out), frames_of(0.0008)), min(len(out), frames_of(0.004))
        out[:first] *= np.linspace(0.0, 1.0, first, dtype=np.float32)
        out[-last:] *= np.linspace(1.0, 0.0, last, dtype=np.float32)
        return out

    def sound(self, note: Tone, frames: int) -> Samples:
        """float32 [1 or 2 channels, frames]."""
        turns, top = self.motion.turns(note, frames)
        count = self._rows(frames)
        t = grid_times(frames)
        rows = np.log1p(t * ((_GROWTH - 1.0) / _FIRST)) / np.log(_GROWTH)
        rows = np.minimum(rows, count - 1).astype(np.float32)
        wide = any(course.pan for course in self.courses)
        out = np.zeros((2 if wide else 1, (len(turns) - 1) * STEP), np.float32)
        swell = np.linspace(0.0, 1.0, min(frames_of(self.attack), out.shape[1]), dtype=np.float32)
        for delay, courses in groupby(self.courses, key=lambda course: course.delay):
            strings = [
                string for course in courses if (string := self._course(course, note, top, count, wide)) is not None
            ]
            if not strings:
                continue
            first = frames_of(delay) if delay else 0
            struck = out if len(self.courses) == 1 else np.zeros_like(out)
            add_strands(struck, strings, turns, rows)
            struck[:, : len(swell)] *= swell
            if struck is not out:
                out[:, first:] += struck[:, : out.shape[1] - first]
        out = out[:, :frames]
        touch = self._touch(note, frames)
        out[:, : len(touch)] += touch
        return out

    def _course(self, course: Course, note: Tone, top: float, count: int, wide: bool) -> Strands | None:
        """One string of a pair; None above where strings are strung."""
        ratio = 2.0 ** (course.semitones / 12.0 + course.cents / 1200.0)
        if note.hz * ratio > 5000.0:
            return None
        bank = _bank(self, round(note.hz * ratio, 4), round(top * ratio, 2), round(note.velocity, 3), count)
        gains = [course.level]
        if wide:
            angle = (0.5 + 0.5 * course.pan) * np.pi / 2
            gains = [course.level * np.cos(angle) * np.sqrt(2), course.level * np.sin(angle) * np.sqrt(2)]
        return Strands(bank, (ratio,), (0.0,), np.array(gains, np.float32)[:, None])

    def _t60(self, hz: float) -> float:
        return float(self.decay * (220.0 / hz) ** self.decay_tracking)

    def _rows(self, frames: int) -> int:
        return int(np.ceil(np.log1p(frames / RATE * (_GROWTH - 1.0) / _FIRST) / np.log(_GROWTH))) + 1

    def _touch(self, note: Tone, frames: int) -> Samples:
        """What is heard besides the string: the pick or finger, and the knock of the body."""
        length = min(frames, frames_of(0.16))
        out = np.zeros(length, np.float32)
        if self.noise:
            tick = white(note.rng, length)
            tick = apply_filter(tick, "bandpass", self.noise_hz * 0.5, min(self.noise_hz * 2.0, 16_000.0), order=1)
            out += tick * decay_curve(length, 0.025) * np.float32(self.noise * note.velocity)
        if self.thump:
            t = np.arange(length, dtype=np.float32)
            knock = np.sin(np.float32(2 * np.pi * self.thump_hz / RATE) * t) * decay_curve(length, 0.14)
            out += knock * np.float32(self.thump * (0.3 + 0.7 * note.velocity))
        return out

    def spectra(self, hz: float, top: float, velocity: float, times: NDArray[np.float64]) -> NDArray[np.float64]:
        """Amplitudes of the harmonics at each time; [times, harmonics]."""
        n = harmonics_below(max(hz, top))
        f = n * hz
        edge = self.brightness * 2.0 ** (self.velocity * 2.0 * (velocity - 0.9))
        shape = np.abs(np.sin(np.pi * n * self.pick)) + 0.04
        # Displacement falls by 1/n^2, what bridge or pickup feel (force, speed) by 1/n.
        amplitude = shape / n / (1.0 + (f / edge) ** 2) ** 0.75
        if self.pickup:
            amplitude = amplitude * (np.abs(np.sin(np.pi * n * self.pickup)) + 0.05)
        for centre, decibels, q in self.body:
            boost = 10.0 ** (decibels / 20.0) - 1.0
            amplitude = amplitude * (1.0 + boost / np.sqrt(1.0 + (q * (f / centre - centre / f)) ** 2))
        rate = 6.9 / self._t60(hz) + self.damping * 6.9 * (np.maximum(f - hz, 0.0) / 1500.0) ** 0.9
        t = times[:, None]
        # Two planes of swing: one gives its energy to the bridge quickly, the other slowly.
        ring = 0.7 * np.exp(-rate * t) + 0.3 * np.exp(-rate * 0.45 * t)
        spectra = amplitude * ring
        if self.buzz:
            sweep = 1.0 + 10.0 * np.exp(-t / 0.35) + 2.0
            glow = np.exp(-(((np.log(n[None, :]) - np.log(sweep * 1.6)) / 0.55) ** 2))
            spectra = spectra * (1.0 - 0.4 * self.buzz) + self.buzz * glow * np.exp(-4.5 * t / self._t60(hz)) * 0.35
        return np.asarray(spectra * (-1.0) ** (np.arange(len(n)) // 2))


@lru_cache(maxsize=48)
def _bank(string: PluckedString, hz: float, top: float, velocity: float, count: int) -> Bank:
    times = np.asarray(_FIRST * (_GROWTH ** np.arange(count) - 1.0) / (_GROWTH - 1.0), np.float64)
    return make_bank(string.spectra(hz, top, velocity, times))


def read_string(reader: TableReader) -> PluckedString:
    return PluckedString(
        decay=reader.number("decay_s", low=0.02, high=40),
        damping=reader.number("damping", 0.5, low=0, high=20),
        decay_tracking=reader.number("decay_tracking", 0.4, low=-1, high=2),
        pick=reader.number("pick", 0.15, low=0.01, high=0.5),
        pickup=reader.number("pickup", 0.0, low=0, high=0.5),
        brightness=reader.number("brightness", 4000.0, low=100, high=20_000),
        velocity=reader.number("velocity", 1.0, low=0, high=4),
        body=_body(reader),
        buzz=reader.number("buzz", 0.0, low=0, high=1),
        noise=reader.number("noise", 0.05, low=0, high=2),
        noise_hz=reader.number("noise_hz", 2500.0, low=100, high=10_000),
        thump=reader.number("thump", 0.0, low=0, high=2),
        thump_hz=reader.number("thump_hz", 110.0, low=30, high=1000),
        release=milliseconds(reader, "release", 0.09),
        attack=max(milliseconds(reader, "attack", 0.001), 0.001),
        courses=_courses(reader),
        motion=read_motion(reader),
    )


def _body(reader: TableReader) -> tuple[tuple[float, float, float], ...]:
    if not reader.has("body"):
        return ()
    out = []
    for table in reader.tables("body"):
        out.append(
            (
                table.number("hz", low=30, high=16_000),
                table.number("db", low=-24, high=24),
                table.number("q", 2.0, low=0.2, high=30),
            )
        )
        table.finish()
    return tuple(out)


def _courses(reader: TableReader) -> tuple[Course, ...]:
    if not reader.has("courses"):
        return (Course(),)
    out = []
    for table in reader.tables("courses"):
        out.append(
            Course(
                semitones=table.number("semitones", 0.0, low=-24, high=24),
                cents=table.number("cents", 0.0, low=-50, high=50),
                level=table.number("level", 1.0, low=0, high=2),
                delay=milliseconds(table, "delay", 0.0, high=50),
                pan=table.number("pan", 0.0, low=-1, high=1),
            )
        )
        table.finish()
    return tuple(out)
