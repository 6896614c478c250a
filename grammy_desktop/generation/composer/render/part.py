"""Turns one part of the arrangement into sound."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.song import Note, Part
from grammy_desktop.generation.composer.render.drums import Hit
from grammy_desktop.generation.composer.render.kit_trims import kit_trim
from grammy_desktop.generation.composer.render.kits import HATS, KICKS, Kit
from grammy_desktop.generation.composer.render.oscillators import RATE
from grammy_desktop.generation.composer.render.patches import load_patches
from grammy_desktop.generation.composer.render.recipes import RECIPES
from grammy_desktop.generation.composer.render.shaping import fade_edges, frames_of, stereo
from grammy_desktop.generation.composer.render.soundfont import shipped_font
from grammy_desktop.generation.composer.render.tone import Recipe, Tone

_LAYERS = 6
"""Loudness layers of a synthesised note; the exact velocity is kept by its gain."""
_TAKES = 4
"""Round-robin takes of a drum stroke."""
_CACHE_BYTES = 20_000_000
_CUT = 0.006
"""Seconds in which a note gives way to the next one of the same string or hat."""


@dataclass(frozen=True)
class Stage:
    """What every part of one song shares: seconds in a beat, frames in all, the tonic (pitch class) and the seed.

    `check` raises when the work was cancelled. `patches`: the folder of the user's own patches.
    """

    seconds_per_beat: float
    frames: int
    tonic: int
    seed: int
    check: Callable[[], None]
    patches: Path | None = None

    def frame(self, beat: float) -> int:
        return max(0, round(beat * self.seconds_per_beat * RATE))

    def rng(self, part: str, *numbers: int) -> np.random.Generator:
        """A generator that depends on the seed, the part's name and `numbers` only."""
        return np.random.default_rng([self.seed & 0xFFFFFFFF, zlib.crc32(part.encode()), *numbers])


def render_part(part: Part, stage: Stage) -> Samples:
    """The whole part at 48 kHz, float32 [frames, 2], unlevelled. Raises ValueError for an unknown sound."""
    kind, _, rest = part.sound.partition(":")
    if kind == "sf":
        bank, _, program = rest.partition(":")
        return _render_sampled(part, int(bank), int(program), stage)
    if kind == "synth":
        patch = load_patches(stage.patches).get(rest)
        if patch is not None and patch.kit is not None:
            return _render_kit(part, patch.kit.kit(stage.tonic), stage)
        recipe = RECIPES.get(rest) if patch is None else patch.recipe
        if recipe is not None:
            return _render_notes(part, recipe, stage)
    raise ValueError(f"the part {part.name!r} names the unknown sound {part.sound!r}")


def _render_sampled(part: Part, bank: int, program: int, stage: Stage) -> Samples:
    """A sound-font part; a kit's groups are rendered one after another, each at its own trim."""
    groups: dict[float, list[Note]] = {}
    for note in part.notes:
        trim = kit_trim(f"{bank}:{program}", note.pitch) if bank == 128 else 0.0
        groups.setdefault(trim, []).append(note)
    out = np.zeros((stage.frames, 2), np.float32)
    for trim, notes in groups.items():
        shipped_font().render(
            notes,
            seconds_per_beat=stage.seconds_per_beat,
            bank=bank,
            program=program,
            gain=10.0 ** (trim / 20.0),
            out=out,
            check=stage.check,
        )
    return out


def velocity_gain(velocity: int) -> float:
    """40 dB a decade: (v / 127) squared."""
    return (min(127, max(1, velocity)) / 127.0) ** 2


def _add(out: Samples, sound: Samples, first: int, gain: float, limit: int | None = None) -> None:
    """Add `sound` at frame `first`, cut short with a fade after `limit` frames."""
    if limit is not None and limit < len(sound):
        sound = fade_edges(sound[: max(1, limit)], 0.0, _CUT)
    length = min(len(sound), len(out) - first)
    if length > 0:
        out[first : first + length] += sound[:length] * np.float32(gain)


def _render_kit(part: Part, kit: Kit, stage: Stage) -> Samples:
    out = np.zeros((stage.frames, 2), np.float32)
    takes: dict[tuple[int, int, int], Samples] = {}
    counts: dict[int, int] = {}
    notes = sorted(part.notes, key=lambda note: (note.start, note.pitch))
    for note, limit in zip(notes, _choke_limits(notes, stage), strict=True):
        stage.check()
        layer = min(3, note.velocity // 32)
        counts[note.pitch] = counts.get(note.pitch, -1) + 1
        key = (note.pitch, layer, counts[note.pitch] % _TAKES)
        if key not in takes:
            takes[key] = kit.strike(note.pitch, Hit((layer * 32 + 24) / 127.0, stage.rng(part.name, *key)))
        gain = velocity_gain(note.velocity) * 10.0 ** (kit.trim(note.pitch) / 20.0)
        _add(out, takes[key], stage.frame(note.start), gain, limit)
    return out


def _choke_limits(notes: Sequence[Note], stage: Stage) -> list[int | None]:
    """Frames that each stroke may ring: until the next one of the same hi-hat or kick."""
    limits: list[int | None] = [None] * len(notes)
    upcoming: dict[tuple[int, ...], int] = {}
    for index in range(len(notes) - 1, -1, -1):
        group = next((group for group in (HATS, KICKS) if notes[index].pitch in group), None)
        if group is None:
            continue
        frame = stage.frame(notes[index].start)
        if group in upcoming and upcoming[group] > frame:
            limits[index] = upcoming[group] - frame + frames_of(_CUT)
        upcoming[group] = frame
    return limits


def _render_notes(part: Part, recipe: Recipe, stage: Stage) -> Samples:
    out = np.zeros((stage.frames, 2), np.float32)
    made: dict[tuple[object, ...], Samples] = {}
    size = 0
    phrases = _phrases(part.notes, mono=recipe.mono)
    for index, phrase in enumerate(phrases):
        stage.check()
        note, first = phrase[0], stage.frame(phrase[0].start)
        if first >= stage.frames:
            continue
        key, tone = _tone(part, phrase, stage)
        sound = made.get(key)
        if sound is None:
            sound = made[key] = stereo(recipe.voice(tone))
            size += sound.nbytes
        limit = None
        if recipe.mono and index + 1 < len(phrases):
            limit = stage.frame(phrases[index + 1][0].start) - first + frames_of(_CUT)
        _add(out, sound, first, velocity_gain(note.velocity), limit)
        while size > _CACHE_BYTES:
            size -= made.pop(next(iter(made))).nbytes
    made.clear()
    return recipe.finish(out) if recipe.finish is not None else out


def _phrases(notes: Sequence[Note], *, mono: bool) -> list[tuple[Note, ...]]:
    """Notes one by one; in a mono part, those that overlap are one phrase that glides."""
    ordered = sorted(notes, key=lambda note: (note.start, -note.pitch))
    if not mono:
        return [(note,) for note in ordered]
    phrases: list[list[Note]] = []
    end = -1.0
    for note in ordered:
        if phrases and note.start < end - 0.02:
            phrases[-1].append(note)
        else:
            phrases.append([note])
        end = max(end if len(phrases[-1]) > 1 else -1.0, note.start + note.length)
    return [tuple(phrase) for phrase in phrases]


def _tone(part: Part, phrase: tuple[Note, ...], stage: Stage) -> tuple[tuple[object, ...], Tone]:
    """What to ask the recipe for, and the key under which the same answer may be used again."""
    first = phrase[0]
    end = max(note.start + note.length for note in phrase)
    room = stage.frames / RATE - first.start * stage.seconds_per_beat
    seconds = max(0.02, min((end - first.start) * stage.seconds_per_beat, room))
    seconds = round(seconds * 200) / 200
    layer = min(_LAYERS - 1, first.velocity * _LAYERS // 128)
    glides = tuple(
        (round((note.start - first.start) * stage.seconds_per_beat, 3), float(note.pitch)) for note in phrase[1:]
    )
    key = (first.pitch, seconds, layer, glides)
    rng = stage.rng(part.name, first.pitch, layer, round(seconds * 200))
    return key, Tone(first.pitch, seconds, (layer + 0.5) / _LAYERS, rng, glides, stage.seconds_per_beat)
