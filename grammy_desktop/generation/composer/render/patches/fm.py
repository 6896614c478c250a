"""FM patches: up to four sine operators that bend each other's phase."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.styles.reader import TableReader
from grammy_desktop.generation.composer.render.noise import white
from grammy_desktop.generation.composer.render.oscillators import RATE
from grammy_desktop.generation.composer.render.patches.motion import (
    STILL,
    Envelope,
    PitchMotion,
    milliseconds,
    read_envelope,
    read_motion,
)
from grammy_desktop.generation.composer.render.patches.saturation import clean_drive, into_drive
from grammy_desktop.generation.composer.render.shaping import apply_filter, decay_curve, frames_of
from grammy_desktop.generation.composer.render.strands import BLOCK, STEP, Grid, path_of, radians, straight
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

    def envelope(self, note: Tone) -> Samples:
        return self.amp.curve(note.seconds)

    def sound(self, note: Tone, frames: int) -> Samples:
        """float32 [1 or 2 channels, frames]."""
        body = self._sum(note, frames)
        if self.drive:
            body = clean_drive(body * into_drive(note.velocity), self.drive, factor=2 if note.hz < 300.0 else 4)
        if self.click:
            length = min(frames, frames_of(0.02))
            tick = apply_filter(white(note.rng, length) * decay_curve(length, 0.01), "lowpass", 3000.0)
            body[:, :length] += tick * np.float32(self.click * note.velocity)
        if self.highpass:
            body = apply_filter(body, "highpass", self.highpass, axis=-1)
        if self.lowpass:
            body = apply_filter(body, "lowpass", self.lowpass, axis=-1)
        return body

    def _sum(self, note: Tone, frames: int) -> Samples:
        """float32 [1 or 2 channels, frames]."""
        turns, top = self.motion.turns(note, frames)
        scale = self._safe_index(note, top)
        channels = 2 if any(operator.pan for operator in self.operators) else 1
        out = np.zeros((channels, (len(turns) - 1) * STEP), np.float32)
        players = [_Player(operator, note, turns, scale) for operator in self.operators]
        for first in range(0, out.shape[1], BLOCK):
            here = out[:, first : first + BLOCK]
            waves: dict[int, Samples] = {}
            for index in range(len(players) - 1, -1, -1):
                bends = [waves[origin] for origin, target in self.routes if target == index]
                player = players[index]
                wave = waves[index] = player.block(first // STEP, bends)
                for line, gain in zip(here, player.gains(channels), strict=True):
                    if gain:
                        line += wave * np.float32(gain)
                if player.operator.index:
                    wave *= np.float32(player.operator.index * scale)
        return out[:, :frames]

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


class _Player:
    """One operator in one note, block by block."""

    def __init__(self, operator: Operator, note: Tone, turns: Grid, scale: float) -> None:
        self.operator = operator
        ratio = operator.hz / note.hz if operator.hz else operator.ratio * 2.0 ** (operator.cents / 1200.0)
        self._silent = ratio * note.hz > 19_000.0
        self._path = path_of(turns * ratio)
        # Self-modulation as the first terms of its series: sin(x + b sin(x + b sin x)), b small enough not to fold.
        self._feedback = np.float32(operator.feedback * scale * min(1.0, 3000.0 / (note.hz * ratio)))
        self._strength = _strength(operator, note, len(turns))

    def gains(self, channels: int) -> tuple[float, ...]:
        """How loud it is heard itself, in each channel."""
        if channels == 1:
            return (self.operator.level,)
        angle = (0.5 + 0.5 * self.operator.pan) * np.pi / 2
        level = self.operator.level * np.sqrt(2)
        return (float(np.cos(angle) * level), float(np.sin(angle) * level))

    def block(self, first: int, bends: list[Samples]) -> Samples:
        """The wave of the block that begins at the grid's value `first`, bent by other operators' waves."""
        if self._silent:
            return np.zeros(BLOCK, np.float32)
        phase = radians(self._path, first)
        for bend in bends:
            phase += bend
        wave = np.sin(phase)
        if self._feedback:
            wave = np.sin(phase + self._feedback * np.sin(phase + self._feedback * wave))
        wave *= straight(self._strength, first) if len(self._strength) > 1 else self._strength
        return wave


def _strength(operator: Operator, note: Tone, size: int) -> NDArray[np.float32]:
    """Level along the note's grid, or a single value where it stays."""
    curve = np.full(1, note.velocity**operator.velocity)
    t = np.arange(size) * (STEP / RATE)
    if operator.decay:
        # High notes die sooner, as struck things do.
        length = operator.decay * min(1.6, (220.0 / note.hz) ** 0.35)
        curve = curve * (operator.sustain + (1.0 - operator.sustain) * np.exp(t * (-4.6 / length)))
    if operator.attack:
        curve = curve * np.minimum(t / operator.attack, 1.0)
    if operator.wobble_beats:
        curve = curve * (0.5 - 0.5 * np.cos(t * (2 * np.pi / (operator.wobble_beats * note.beat))))
    return curve.astype(np.float32)


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
