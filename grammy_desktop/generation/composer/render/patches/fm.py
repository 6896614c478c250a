"""FM patches: up to four sine operators that bend each other's phase."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.styles.reader import TableReader
from grammy_desktop.generation.composer.render.oscillators import RATE
from grammy_desktop.generation.composer.render.patches.bank import Turns
from grammy_desktop.generation.composer.render.patches.motion import (
    STILL,
    Envelope,
    PitchMotion,
    milliseconds,
    read_envelope,
    read_motion,
)
from grammy_desktop.generation.composer.render.patches.saturation import clean_drive, into_drive
from grammy_desktop.generation.composer.render.shaping import apply_filter, decay_curve
from grammy_desktop.generation.composer.render.tone import Tone

_ROOM_HZ = 24_000.0
"""Sidebands may reach this far: what folds from there is above 20 kHz still."""


@dataclass(frozen=True)
class Operator:
    """`ratio` to the note (or `hz` where fixed); `level` when heard, `index` in radians when it bends another operator.

    The index (or level) falls to `sustain` of itself in `decay` seconds (0: stays). velocity: exponent, 0 ignores the stroke.
    feedback: how much it bends itself, 0 to 1. pan: -1 to 1.
    """

    ratio: float = 1.0
    hz: float = 0.0
    level: float = 0.0
    index: float = 0.0
    attack: float = 0.0
    decay: float = 0.0
    sustain: float = 0.0
    velocity: float = 1.0
    feedback: float = 0.0
    pan: float = 0.0
    cents: float = 0.0
    wobble_beats: float = 0.0


@dataclass(frozen=True)
class Fm:
    """`routes`: (from, to), operators counted from 0; who bends comes later in the list than who is bent."""

    operators: tuple[Operator, ...]
    routes: tuple[tuple[int, int], ...]
    amp: Envelope
    motion: PitchMotion = STILL
    drive: float = 0.0
    lowpass: float = 0.0
    highpass: float = 0.0
    click: float = 0.0

    def __call__(self, note: Tone) -> Samples:
        envelope = self.amp.curve(note.seconds)
        frames = len(envelope)
        turns, top = self.motion.turns(note, frames)
        body = self._sum(note, turns, top, frames)
        if self.drive:
            body = clean_drive(body * into_drive(note.velocity), self.drive, factor=2 if note.hz < 300.0 else 4)
        if self.click:
            tick = note.rng.standard_normal(frames, dtype=np.float32) * decay_curve(frames, 0.01)
            tick = apply_filter(tick, "lowpass", 3000.0) * np.float32(self.click * note.velocity)
            body = body + (tick[:, None] if body.ndim == 2 else tick)
        if self.highpass:
            body = apply_filter(body, "highpass", self.highpass)
        if self.lowpass:
            body = apply_filter(body, "lowpass", self.lowpass)
        return np.asarray(body * (envelope[:, None] if body.ndim == 2 else envelope), np.float32)

    def _sum(self, note: Tone, turns: Turns, top: float, frames: int) -> Samples:
        scale = self._safe_index(note, top)
        waves: dict[int, Samples] = {}
        wide = any(operator.pan for operator in self.operators)
        out = np.zeros((frames, 2) if wide else frames, np.float32)
        for index in range(len(self.operators) - 1, -1, -1):
            operator = self.operators[index]
            sources = [waves[origin] for origin, target in self.routes if target == index]
            waves[index] = self._wave(operator, note, turns, sources, frames, scale)
            if operator.level:
                heard = waves[index] * np.float32(operator.level)
                if wide:
                    angle = (0.5 + 0.5 * operator.pan) * np.pi / 2
                    out[:, 0] += heard * np.float32(np.cos(angle) * np.sqrt(2))
                    out[:, 1] += heard * np.float32(np.sin(angle) * np.sqrt(2))
                else:
                    out += heard
            if operator.index:
                waves[index] = waves[index] * np.float32(operator.index * scale)
        return out

    def _wave(
        self, operator: Operator, note: Tone, turns: Turns, bends: list[Samples], frames: int, scale: float
    ) -> Samples:
        ratio = operator.hz / note.hz if operator.hz else operator.ratio * 2.0 ** (operator.cents / 1200.0)
        if ratio * note.hz > 19_000.0:
            return np.zeros(frames, np.float32)
        phase = ((turns * ratio) % 1.0).astype(np.float32) * np.float32(2 * np.pi)
        for bend in bends:
            phase += bend
        wave = np.sin(phase)
        if operator.feedback:
            # Self-modulation as the first terms of its series: sin(x + b sin(x + b sin x)), b small enough not to fold.
            amount = np.float32(operator.feedback * scale * min(1.0, 3000.0 / (note.hz * ratio)))
            wave = np.sin(phase + amount * np.sin(phase + amount * wave))
        return np.asarray(wave * self._strength(operator, note, frames), np.float32)

    def _strength(self, operator: Operator, note: Tone, frames: int) -> NDArray[np.float32]:
        t = np.arange(frames, dtype=np.float32) / np.float32(RATE)
        curve = np.full(frames, note.velocity**operator.velocity, np.float32)
        if operator.decay:
            # High notes die sooner, as struck things do.
            length = operator.decay * min(1.6, (220.0 / note.hz) ** 0.35)
            fall = np.exp(t * np.float32(-4.6 / length))
            curve *= np.float32(operator.sustain) + np.float32(1.0 - operator.sustain) * fall
        if operator.attack:
            curve *= np.minimum(t / np.float32(operator.attack), 1.0)
        if operator.wobble_beats:
            turn = t * np.float32(2 * np.pi / (operator.wobble_beats * note.beat))
            curve *= np.float32(0.5) - np.float32(0.5) * np.cos(turn)
        return curve

    def _safe_index(self, note: Tone, top: float) -> float:
        """The share of all indices with which the widest sidebands still fit."""
        for scale in (1.0, 0.8, 0.6, 0.45, 0.3, 0.2, 0.1, 0.05):
            if max(self._reach(i, note, top, scale) for i, op in enumerate(self.operators) if op.level) < _ROOM_HZ:
                return scale
        return 0.0

    def _reach(self, index: int, note: Tone, top: float, scale: float) -> float:
        """The highest frequency that an operator makes, down to -60 dB or so (sidebands up to index + 2 cube roots + 2)."""
        operator = self.operators[index]
        hz = operator.hz or top * operator.ratio
        if operator.feedback:
            hz *= 1.0 + 4.0 * operator.feedback * scale
        for origin, target in self.routes:
            if target == index:
                bend = self.operators[origin].index * scale * note.velocity ** self.operators[origin].velocity
                bands = bend + 2.2 * bend ** (1 / 3) + 0.6 if bend > 0.02 else 0.0
                hz += bands * self._reach(origin, note, top, scale)
        return hz


def read_fm(reader: TableReader) -> Fm:
    operators = tuple(_operator(table) for table in reader.tables("operators"))
    if len(operators) > 4:
        reader.fail("operators", "must not be more than four")
    if not any(operator.level for operator in operators):
        reader.fail("operators", "must have one with a level, or nothing is heard")
    return Fm(
        operators=operators,
        routes=tuple(_route(reader, text, len(operators)) for text in reader.texts("routes", ())),
        amp=read_envelope(reader, "amp", Envelope(attack=0.002, decay=8.0, sustain=0.9, release=0.15)),
        motion=read_motion(reader),
        drive=reader.number("drive", 0.0, low=0, high=40),
        lowpass=reader.number("lowpass", 0.0, low=0, high=24_000),
        highpass=reader.number("highpass", 0.0, low=0, high=20_000),
        click=reader.number("click", 0.0, low=0, high=1),
    )


def _operator(table: TableReader) -> Operator:
    operator = Operator(
        ratio=table.number("ratio", 1.0, low=0.1, high=32),
        hz=table.number("hz", 0.0, low=0, high=16_000),
        level=table.number("level", 0.0, low=0, high=2),
        index=table.number("index", 0.0, low=0, high=20),
        attack=milliseconds(table, "attack", 0.0),
        decay=milliseconds(table, "decay", 0.0),
        sustain=table.number("sustain", 0.0, low=0, high=1),
        velocity=table.number("velocity", 0.0 if table.has("level") else 1.0, low=0, high=4),
        feedback=table.number("feedback", 0.0, low=0, high=1),
        pan=table.number("pan", 0.0, low=-1, high=1),
        cents=table.number("cents", 0.0, low=-100, high=100),
        wobble_beats=table.number("wobble_beats", 0.0, low=0, high=64),
    )
    table.finish()
    return operator


def _route(reader: TableReader, text: str, count: int) -> tuple[int, int]:
    origin, arrow, target = text.partition(">")
    known = [str(number) for number in range(1, count + 1)]
    if not arrow or origin.strip() not in known or target.strip() not in known or int(origin) <= int(target):
        reader.fail("routes", f"holds {text!r}; wanted is '2>1': a later operator bends an earlier one")
    return int(origin) - 1, int(target) - 1
