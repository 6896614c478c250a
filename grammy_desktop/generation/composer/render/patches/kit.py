"""Kits as data: which synthesised piece answers which General MIDI key, with its numbers, level and place."""

from __future__ import annotations

import inspect
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.styles.reader import TableReader
from grammy_desktop.generation.composer.render import drums, percussion
from grammy_desktop.generation.composer.render.drums import Hit
from grammy_desktop.generation.composer.render.kits import Kit, Piece, in_tune, kick_hz, shared_pieces
from grammy_desktop.generation.composer.render.patches.motion import milliseconds
from grammy_desktop.generation.composer.render.shaping import (
    apply_filter,
    decay_curve,
    drive,
    fade_edges,
    frames_of,
    stereo,
)

PIECES: dict[str, Callable[..., Samples]] = {
    "kick": drums.kick,
    "snare": drums.snare,
    "clap": drums.clap,
    "hat": drums.hat,
    "cymbal": drums.cymbal,
    "tom": drums.tom,
    "taiko": drums.taiko,
    "struck": drums.struck,
    "shaken": drums.shaken,
    "brush": percussion.brush,
    "snap": percussion.snap,
    "stomp": percussion.stomp,
    "jingle": percussion.jingle,
    "kettle": percussion.kettle,
    "chip_noise": percussion.chip_noise,
    "chip_tone": percussion.chip_tone,
    "scraped": percussion.scraped,
    "skin": percussion.skin,
}
_TUNABLE = {"kick": "end", "tom": "hz", "taiko": "hz", "kettle": "hz", "stomp": "hz", "chip_tone": "end", "skin": "hz"}
_RINGING = {"snare": "body"}
"""What is tuned to the nearest tonic or fifth of the song; toms, struck now and then, keep their distance from each other."""
KEYS: dict[str, tuple[int, ...]] = {
    "kick": (36,), "snare": (38,), "snare2": (40,), "clap": (39,), "rim": (37,), "closed_hat": (42,), "pedal_hat": (44,),
    "open_hat": (46,), "crash": (49,), "crash2": (57,), "ride": (51,), "ride_bell": (53,), "tambourine": (54,),
    "cowbell": (56,), "bongo_high": (60,), "bongo_low": (61,), "conga_muted": (62,), "conga_high": (63,), "conga_low": (64,),
    "timbale_high": (65,), "timbale_low": (66,), "agogo_high": (67,), "agogo_low": (68,), "cabasa": (69,), "maracas": (70,),
    "guiro_short": (73,), "guiro_long": (74,), "claves": (75,), "block_high": (76,), "block_low": (77,), "triangle_muted": (80,),
    "triangle": (81,), "shaker": (82,),
}  # fmt: skip
"""What a kit's pieces are called, and the General MIDI keys they answer. A number in quotes names any other key."""


@dataclass(frozen=True)
class Room:
    """Noise that the hit excites: seconds to -60 dB, cut after `gate` seconds (0: never), level, highest Hz."""

    decay: float
    level: float
    gate: float = 0.0
    lowpass: float = 8000.0

    def __call__(self, sound: Samples, hit: Hit) -> Samples:
        """float32 [frames, 2], longer by the room."""
        from scipy import signal

        length = frames_of(self.gate if self.gate else self.decay)
        noise = apply_filter(hit.noise(length, 2), "bandpass", 250.0, self.lowpass, order=1)
        noise = noise * (decay_curve(length, self.decay) * np.float32(0.06))[:, None]
        if self.gate:
            noise = fade_edges(noise, 0.001, 0.02)
        out = np.zeros((len(sound) + length, 2), np.float32)
        out[: len(sound)] = sound
        wet = signal.fftconvolve(sound, noise, axes=0)
        out[: len(wet)] += np.asarray(wet, np.float32) * np.float32(self.level)
        return fade_edges(out, 0.0, 0.005)


@dataclass(frozen=True)
class Colour:
    """What the whole kit went through: drive in dB, a sampler's bits (0: none), a low-pass in Hz (0: none)."""

    drive: float = 0.0
    bits: int = 0
    lowpass: float = 0.0

    def __call__(self, samples: Samples) -> Samples:
        if self.drive:
            samples = drive(samples, self.drive)
        if self.bits:
            steps = np.float32(2 ** (self.bits - 1))
            samples = np.asarray(np.round(samples * steps) / steps, np.float32)
        return apply_filter(samples, "lowpass", self.lowpass) if self.lowpass else stereo(samples)


@dataclass(frozen=True)
class KitPatch:
    """pieces: key to (kind, numbers, level, pan, tuning, room); trims: decibels by group of pieces."""

    name: str
    pieces: tuple[tuple[int, PieceSpec], ...]
    colour: Colour
    trims: tuple[tuple[str, float], ...]

    def kit(self, tonic: int) -> Kit:
        """The kit with what is tuned tuned to `tonic` (a pitch class)."""
        made = shared_pieces() | {key: (piece.make(tonic), piece.level, piece.pan) for key, piece in self.pieces}
        stamp = f"{self.name}:{tonic % 12}:{zlib.crc32(repr(self).encode()):08x}"
        return Kit(self.name, made, self.colour, self.trims, stamp)


@dataclass(frozen=True)
class PieceSpec:
    kind: str
    numbers: tuple[tuple[str, Any], ...]
    level: float
    pan: float
    tuned: tuple[float, float] | None = None
    ratio: float = 1.0
    room: Room | None = None

    def make(self, tonic: int) -> Piece:
        numbers = dict(self.numbers)
        if self.tuned is not None:
            numbers[_TUNABLE[self.kind]] = kick_hz(tonic, *self.tuned) * self.ratio
        elif self.kind in _RINGING:
            # A shell that rings between the notes of the key would be heard as a wrong note.
            numbers[_RINGING[self.kind]] = in_tune(tonic, float(numbers[_RINGING[self.kind]]))
        piece = partial(PIECES[self.kind], **numbers)
        return piece if self.room is None else partial(_in_room, piece=piece, room=self.room)


def _in_room(hit: Hit, *, piece: Piece, room: Room) -> Samples:
    return room(stereo(piece(hit)), hit)


def read_kit(name: str, reader: TableReader) -> KitPatch:
    """A table of `kind = "kit"`: pieces, and the groups `toms` and `cymbals` that make several at once."""
    pieces: dict[int, PieceSpec] = {}
    pieces |= _toms(reader.table("toms", {}))
    pieces |= _cymbals(reader.table("cymbals", {}))
    table = reader.table("pieces")
    for key_name in table.names():
        keys = KEYS.get(key_name) or ((int(key_name),) if key_name.isdecimal() and int(key_name) < 128 else None)
        if keys is None:
            table.fail(key_name, f"is no piece (known: {', '.join(KEYS)}, or a General MIDI key)")
        piece = _piece(table.table(key_name))
        pieces |= dict.fromkeys(keys, piece)
    if not {36, 38} <= pieces.keys():
        reader.fail("pieces", "must have a kick and a snare")
    return KitPatch(name, tuple(sorted(pieces.items())), _colour(reader.table("colour", {})), _trims(reader))


def _piece(table: TableReader) -> PieceSpec:
    kind = table.text("kind", among=tuple(PIECES))
    tuned = None
    if table.has("tuned"):
        if kind not in _TUNABLE:
            table.fail("tuned", f"cannot be given for a {kind}")
        tuned = tuple(float(value) for value in table.pair("tuned", low=20, high=2000))
    numbers: list[tuple[str, Any]] = []
    for field, parameter in inspect.signature(PIECES[kind]).parameters.items():
        if field == "hit" or (tuned and field == _TUNABLE[kind]):
            continue
        if parameter.default is not inspect.Parameter.empty and not table.has(field):
            continue
        numbers.append((field, _value(table, field)))
    spec = PieceSpec(
        kind,
        tuple(numbers),
        level=table.number("level", 0.6, low=0, high=4),
        pan=table.number("pan", 0.0, low=-1, high=1),
        tuned=None if tuned is None else (tuned[0], tuned[1]),
        ratio=table.number("ratio", 1.0, low=0.1, high=16),
        room=_room(table),
    )
    table.finish()
    return spec


def _value(table: TableReader, field: str) -> Any:
    if field == "partials":
        value = table.raw(field)
        if (
            not isinstance(value, list)
            or not value
            or not all(isinstance(item, int | float) and item > 0 for item in value)
        ):
            table.fail(field, "must be a list of frequencies in Hz")
        return tuple(float(item) for item in value)
    if field == "players":
        return int(table.number(field, low=1, high=12))
    return table.number(field, low=0, high=48_000)


def _room(table: TableReader) -> Room | None:
    if not table.has("room"):
        return None
    inner = table.table("room")
    room = Room(
        decay=milliseconds(inner, "decay", high=8000),
        level=inner.number("level", 0.5, low=0, high=4),
        gate=milliseconds(inner, "gate", 0.0, high=8000),
        lowpass=inner.number("lowpass", 8000.0, low=500, high=20_000),
    )
    inner.finish()
    return room


_TOM_KEYS = (
    (41, 68.0, 0.45),
    (43, 82.0, 0.35),
    (45, 98.0, 0.15),
    (47, 118.0, -0.05),
    (48, 140.0, -0.2),
    (50, 168.0, -0.35),
)


def _toms(table: TableReader) -> dict[int, PieceSpec]:
    scale = table.number("scale", 1.0, low=0.2, high=5)
    decay = table.number("decay", 0.4, low=0.05, high=4)
    level = table.number("level", 0.6, low=0, high=4)
    room = _room(table)
    table.finish()
    return {
        key: PieceSpec("tom", (("hz", hz * scale), ("decay", decay)), level, place, room=room)
        for key, hz, place in _TOM_KEYS
    }


def _cymbals(table: TableReader) -> dict[int, PieceSpec]:
    """Hats, crashes and rides of one drummer. `closed`, `open`: seconds; `noise`: its share of the hats."""
    low = table.number("low", 6200.0, low=500, high=14_000)
    high = table.number("high", 16_000.0, low=1000, high=20_000)
    closed = table.number("closed", 0.16, low=0.01, high=2)
    opened = table.number("open", 0.6, low=0.05, high=4)
    noise = table.number("noise", 0.5, low=0, high=1)
    level = table.number("level", 0.45, low=0, high=4)
    pan = table.number("pan", 0.2, low=-1, high=1)
    ring = table.number("ring", 1.0, low=0.2, high=4)
    table.finish()

    def hat(decay: float, share: float) -> PieceSpec:
        return PieceSpec("hat", (("decay", decay), ("low", low), ("high", high), ("noise", noise)), level * share, pan)

    def cymbal(decay: float, bottom: float, bell: float, loud: float, place: float) -> PieceSpec:
        return PieceSpec("cymbal", (("decay", decay), ("low", bottom), ("high", high), ("bell", bell)), loud, place)

    return {
        42: hat(closed, 1.0),
        44: hat(closed * 0.8, 0.8),
        46: hat(opened, 0.85),
        49: cymbal(2.4 * ring, 2200.0, 0.0, 0.42, -0.35),
        51: cymbal(1.1 * ring, 3500.0, 0.6, 0.26, 0.35),
        53: cymbal(1.2 * ring, 3500.0, 2.0, 0.24, 0.35),
        57: cymbal(2.0 * ring, 2600.0, 0.0, 0.40, 0.4),
    }


def _colour(table: TableReader) -> Colour:
    colour = Colour(
        drive=table.number("drive", 0.0, low=0, high=24),
        bits=int(table.number("bits", 0, low=0, high=16)),
        lowpass=table.number("lowpass", 0.0, low=0, high=24_000),
    )
    table.finish()
    return colour


def _trims(reader: TableReader) -> tuple[tuple[str, float], ...]:
    """Decibels by group of pieces, measured so that the groups balance each other."""
    return tuple(sorted(reader.numbers("trims", {}).items()))
