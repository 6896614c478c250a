"""Textures: bands of noise that swell, and grains scattered over time (drops, chirps, bells)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.styles.reader import TableReader
from grammy_desktop.generation.composer.render.noise import swept_noise, white
from grammy_desktop.generation.composer.render.oscillators import RATE, sine_of
from grammy_desktop.generation.composer.render.patches.motion import milliseconds
from grammy_desktop.generation.composer.render.shaping import (
    apply_filter,
    decay_curve,
    fade_edges,
    filtered,
    frames_of,
    sections_of,
)
from grammy_desktop.generation.composer.render.strands import every_frame, grid_times
from grammy_desktop.generation.composer.render.tone import Tone

_LOOP = 20.0
"""Seconds after which a long texture begins again, unheard."""
_SEAM = RATE
_POOL = 24
"""Different grains of one kind."""


Curve = NDArray[np.float64]
"""Values along a note's grid."""


@dataclass(frozen=True)
class Band:
    """Noise between `low` and `high` Hz. `swell_hz`, `depth`: how its level comes and goes; `drift`: octaves its top moves.

    rise: octaves its top climbs until the note's end. growth: exponent of the level over the note (0: even).
    width: 0 (mono) to 1. pink: 3 dB an octave darker.
    """

    low: float
    high: float
    level: float = 1.0
    swell_hz: float = 0.1
    depth: float = 0.0
    drift: float = 0.0
    rise: float = 0.0
    growth: float = 0.0
    width: float = 1.0


@dataclass(frozen=True)
class Grains:
    """`rate` tones a second (or a `cluster` of them every `beats`), `low` to `high` Hz, each `length` s, bent by `sweep` octaves.

    repeats: chirps in a row, `gap` s apart. partials: ratios that sound together. trill: Hz of a warble.
    """

    low: float
    high: float
    rate: float = 0.0
    beats: float = 0.0
    cluster: int = 1
    level: float = 0.1
    length: float = 0.05
    attack: float = 0.002
    sweep: float = 0.0
    repeats: int = 1
    gap: float = 0.1
    trill: float = 0.0
    partials: tuple[float, ...] = (1.0,)
    jitter: float = 0.0


@dataclass(frozen=True)
class Texture:
    """Sounds for as long as its note, `tail` seconds more; fades in and out."""

    bands: tuple[Band, ...]
    grains: tuple[Grains, ...]
    fade_in: float
    fade_out: float
    tail: float = 0.0

    def __call__(self, note: Tone) -> Samples:
        frames = frames_of(note.seconds + self.tail)
        even = not any(band.rise or band.growth for band in self.bands)
        # A whole number of bars of 4/4, so that what keeps time with the song still does after the seam.
        period = frames_of(16.0 * note.beat * np.ceil(_LOOP / (16.0 * note.beat)))
        if even and frames > period + 2 * _SEAM:
            out = _repeated(self._made(replace(note, seconds=(period + _SEAM) / RATE), period + _SEAM), period, frames)
        else:
            out = self._made(note, frames)
        return fade_edges(out, min(self.fade_in, 0.4 * frames / RATE), min(self.fade_out, 0.5 * frames / RATE))

    def _made(self, note: Tone, frames: int) -> Samples:
        out = np.zeros((frames, 2), np.float32)
        for band in self.bands:
            _add_band(out, band, note)
        for grains in self.grains:
            _add_grains(out, grains, note)
        return out


def _repeated(once: Samples, period: int, frames: int) -> Samples:
    """`once` (a period and a seam long) over and over, each round faded into the next at even power."""
    turn = np.linspace(0.0, np.pi / 2, _SEAM, dtype=np.float32)[:, None]
    loop = once[:period].copy()
    loop[:_SEAM] = loop[:_SEAM] * np.sin(turn) + once[period : period + _SEAM] * np.cos(turn)
    out = np.resize(loop, (frames, 2))
    first = min(frames, _SEAM)
    out[:first] = once[:first]
    return out


def _add_band(out: Samples, band: Band, note: Tone) -> None:
    frames = len(out)
    t = grid_times(frames)
    x = np.minimum(t / max((frames - 1) / RATE, 1e-3), 1.0)
    # What both sides share and what each has of its own are independent: filtered apart, they may be added up.
    own, shared = band.width, 1.0 - band.width
    common = _filtered_noise(band, note, t, x, frames) * np.float32(shared) if shared else None
    level = np.full(len(t), band.level)
    for channel in range(2):
        sound = _filtered_noise(band, note, t, x, frames) if own else np.zeros(frames, np.float32)
        if common is not None:
            sound *= np.float32(own)
            sound += common
        curve = level
        if band.depth:
            curve = curve * (1.0 - band.depth * (0.5 + 0.5 * _slow(note, t, band.swell_hz)))
        if band.growth:
            curve = curve * (0.02 + 0.98 * x**band.growth)
        sound *= every_frame(curve, frames)
        out[:, channel] += sound


def _filtered_noise(band: Band, note: Tone, t: Curve, x: Curve, frames: int) -> Samples:
    """Noise between the band's edges, its top moving; float32 [frames]."""
    if band.drift or band.rise:
        top = band.high * np.exp2(band.rise * x)
        if band.drift:
            top = top * np.exp2(band.drift * _slow(note, t, band.swell_hz))
        noise = swept_noise(note.rng, np.asarray(top, np.float32), frames, q=1.1)
        return apply_filter(noise, "highpass", band.low)
    sections = np.vstack([sections_of("lowpass", min(band.high, 21_000.0)), sections_of("highpass", band.low)])
    return filtered(white(note.rng, frames), sections)


def _slow(note: Tone, t: Curve, hz: float) -> Curve:
    """-1 to 1, wandering about `hz`: two turns that never meet."""
    a, b = (note.rng.random() * 6.28 for _ in range(2))
    return np.asarray(0.6 * np.sin(6.2832 * hz * t + a) + 0.4 * np.sin(6.2832 * hz * 0.387 * t + b))


def _add_grains(out: Samples, grains: Grains, note: Tone) -> None:
    rng = note.rng
    seconds = len(out) / RATE
    if grains.beats:
        steps = np.arange(0.0, max(note.seconds - 0.03, 0.01), grains.beats * note.beat)
        starts = np.repeat(steps, grains.cluster)
        starts = starts + rng.uniform(0.0, max(grains.jitter, 1e-6), len(starts)) * (
            np.arange(len(starts)) % grains.cluster > 0
        )
    else:
        starts = np.sort(rng.uniform(0.0, seconds, int(rng.poisson(seconds * grains.rate))))
    pool = [_grain(grains, rng) for _ in range(min(_POOL, len(starts)))]
    for start in starts:
        single = pool[int(rng.integers(len(pool)))]
        place = 0.5 + 0.45 * float(rng.uniform(-1.0, 1.0))
        size = grains.level * float(rng.uniform(0.35, 1.0))
        for repeat in range(max(1, int(rng.integers(1, grains.repeats + 1)))):
            first = round((float(start) + repeat * grains.gap) * RATE)
            length = min(len(single), len(out) - first)
            if length > 0:
                out[first : first + length, 0] += single[:length] * np.float32(size * np.cos(place * np.pi / 2))
                out[first : first + length, 1] += single[:length] * np.float32(size * np.sin(place * np.pi / 2))


def _grain(grains: Grains, rng: np.random.Generator) -> Samples:
    hz = grains.low * (grains.high / grains.low) ** float(rng.random())
    length = grains.length * float(rng.uniform(0.7, 1.3))
    frames = frames_of(length * 1.1 + grains.attack)
    t = np.arange(frames) / RATE
    curve = hz * 2.0 ** (grains.sweep * float(rng.uniform(0.6, 1.2)) * t / length)
    if grains.trill:
        curve = curve * 2.0 ** (0.12 * np.sin(2 * np.pi * grains.trill * t))
    turns = np.cumsum(np.minimum(curve, 18_000.0)) / RATE
    sound = sum(
        (sine_of(turns * ratio) for ratio in grains.partials if hz * ratio < 18_000.0), np.zeros(frames, np.float32)
    )
    rise = np.minimum(t / max(grains.attack, 0.0005), 1.0).astype(np.float32)
    return fade_edges(np.asarray(sound * rise * decay_curve(frames, length), np.float32), 0.0005, 0.003)


def read_texture(reader: TableReader) -> Texture:
    bands = tuple(_band(table) for table in reader.tables("bands")) if reader.has("bands") else ()
    grains = tuple(_grains(table) for table in reader.tables("grains")) if reader.has("grains") else ()
    if not bands and not grains:
        reader.fail("", "needs bands or grains")
    return Texture(
        bands=bands,
        grains=grains,
        fade_in=milliseconds(reader, "fade_in", 0.15),
        fade_out=milliseconds(reader, "fade_out", 0.3),
        tail=milliseconds(reader, "tail", 0.0),
    )


def _band(table: TableReader) -> Band:
    band = Band(
        low=table.number("low", low=10, high=18_000),
        high=table.number("high", low=20, high=20_000),
        level=table.number("level", 1.0, low=0, high=4),
        swell_hz=table.number("swell_hz", 0.1, low=0.005, high=30),
        depth=table.number("depth", 0.0, low=0, high=1),
        drift=table.number("drift", 0.0, low=0, high=4),
        rise=table.number("rise", 0.0, low=-8, high=8),
        growth=table.number("growth", 0.0, low=0, high=8),
        width=table.number("width", 1.0, low=0, high=1),
    )
    table.finish()
    return band


def _grains(table: TableReader) -> Grains:
    partials = table.raw("partials", [1.0])
    if not isinstance(partials, list) or not all(isinstance(item, int | float) and item > 0 for item in partials):
        table.fail("partials", "must be a list of ratios above 0")
    grains = Grains(
        low=table.number("low", low=20, high=16_000),
        high=table.number("high", low=20, high=16_000),
        rate=table.number("rate", 0.0, low=0, high=400),
        beats=table.number("beats", 0.0, low=0, high=64),
        cluster=int(table.number("cluster", 1, low=1, high=60)),
        level=table.number("level", 0.1, low=0, high=4),
        length=milliseconds(table, "length", 0.05),
        attack=milliseconds(table, "attack", 0.002),
        sweep=table.number("sweep", 0.0, low=-6, high=6),
        repeats=int(table.number("repeats", 1, low=1, high=12)),
        gap=milliseconds(table, "gap", 0.1),
        trill=table.number("trill", 0.0, low=0, high=80),
        partials=tuple(float(item) for item in partials),
        jitter=milliseconds(table, "jitter", 0.0),
    )
    table.finish()
    return grains
