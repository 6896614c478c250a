"""Turns one part of the arrangement into sound."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.pitch_curve import Points, is_still, semitones_at
from grammy_desktop.core.song import Note, Part
from grammy_desktop.core.tempo_map import TempoMap, seconds_at
from grammy_desktop.generation.composer.render.bending import bent, source_seconds
from grammy_desktop.generation.composer.render.drums import Hit
from grammy_desktop.generation.composer.render.kit_trims import kit_trim
from grammy_desktop.generation.composer.render.kits import HATS, KICKS, Kit
from grammy_desktop.generation.composer.render.onset_measure import ROUNDED, SUBSONIC
from grammy_desktop.generation.composer.render.oscillators import RATE
from grammy_desktop.generation.composer.render.patches import load_patches
from grammy_desktop.generation.composer.render.recipes import RECIPES
from grammy_desktop.generation.composer.render.shaping import apply_filter, fade_edges, frames_of, stereo
from grammy_desktop.generation.composer.render.soundfont import shipped_font
from grammy_desktop.generation.composer.render.tone import Recipe, Tone
from grammy_desktop.generation.composer.render.user_sounds import OwnInstruments, is_own, render_own

_LAYERS = 6
"""Loudness layers of a synthesised note; the exact velocity is kept by its gain."""
_TAKES = 4
"""Round-robin takes of a drum stroke."""
_CACHE_BYTES = 20_000_000
_CUT = 0.006
"""Seconds in which a note gives way to the next one of the same string or hat."""
_ON_TIME = "bass"
"""The stem whose synthesised notes are started as much earlier as they speak late: what is slow there drags the whole beat.
What swells elsewhere (pads, bows, voices) is meant to."""
_STRUCK, _EARLIEST = 0.06, 0.012
"""Seconds in which a struck note reaches its peak, and how much earlier than written one may be started."""
_HAIR = 0.001
"""Seconds between the pitch that one note of a phrase had and the pitch that the next one begins with."""


@dataclass(frozen=True)
class Stage:
    """What every part of one song shares: seconds in a beat, frames in all and the tonic (pitch class).

    `check` raises when the work was cancelled. `patches`: the folder of the user's own patches. `tempo_map`: where the
    tempo leaves `seconds_per_beat`. `own`: the user's own instruments, which also hears which of them could not play; those
    beside the patches where None.
    """

    seconds_per_beat: float
    frames: int
    tonic: int
    check: Callable[[], None]
    patches: Path | None = None
    tempo_map: TempoMap = ()
    own: OwnInstruments | None = None

    def seconds(self, beat: float) -> float:
        """When a beat is heard."""
        if not self.tempo_map:
            return beat * self.seconds_per_beat
        return seconds_at(beat, 60.0 / self.seconds_per_beat, self.tempo_map)

    def frame(self, beat: float) -> int:
        return max(0, round(self.seconds(beat) * RATE))


def _chance(part: str, *numbers: int) -> np.random.Generator:
    """A generator that depends on the part's name and `numbers` only: as with sampled instruments, what differs from song to
    song is what is played, not what it is played on. So the sounds of one song serve the next."""
    return np.random.default_rng([zlib.crc32(part.encode()), *numbers])


def render_part(part: Part, stage: Stage) -> Samples:
    """The whole part at 48 kHz, float32 [frames, 2], unlevelled. Raises ValueError for an unknown sound."""
    if is_own(part.sound):
        own = stage.own if stage.own is not None else OwnInstruments.beside(stage.patches)
        return render_own(
            part,
            own,
            clock=stage.seconds,
            frames=stage.frames,
            check=stage.check,
            otherwise=partial(render_part, stage=stage),
        )
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
            tempo_map=stage.tempo_map,
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
            takes[key] = kit.strike(note.pitch, Hit((layer * 32 + 24) / 127.0, _chance(part.name, *key)))
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
    made: dict[tuple[object, ...], tuple[Samples, int]] = {}
    size = 0
    phrases = _phrases(part.notes, mono=recipe.mono)
    for index, phrase in enumerate(phrases):
        stage.check()
        note, first = phrase[0], stage.frame(phrase[0].start)
        if first >= stage.frames:
            continue
        curve = _curve(phrase, stage)
        key, tone = _tone(part, phrase, stage, curve)
        if key not in made:
            fresh = stereo(recipe.voice(tone))
            made[key] = fresh, _late(fresh) if part.stem == _ON_TIME else 0
            size += fresh.nbytes
        sound, late = made[key]
        first -= min(first, late)
        limit = None
        if recipe.mono and index + 1 < len(phrases):
            limit = stage.frame(phrases[index + 1][0].start) - first + frames_of(_CUT)
        _add(out, bent(sound, curve), first, velocity_gain(note.velocity), limit)
        while size > _CACHE_BYTES:
            size -= made.pop(next(iter(made)))[0].nbytes
    made.clear()
    return recipe.finish(out) if recipe.finish is not None else out


def _late(sound: Samples) -> int:
    """Frames until a note is heard, where it should be started earlier for that.

    That is 20 dB below its peak; but peaks are rounded off later, and what went before them stands out more: the middle
    between the moment with the whole peak and that with 7.5 dB less of it is taken.
    """
    size = np.abs(apply_filter(sound[: frames_of(_STRUCK)], "highpass", SUBSONIC)).max(axis=1)
    peak = float(size.max(initial=0.0))
    if peak == 0.0:
        return 0
    heard = [int(np.argmax(size >= 0.1 * left * peak)) for left in ROUNDED]
    delay = sum(heard) // len(heard)
    return delay if delay <= frames_of(_EARLIEST) else 0


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


def _curve(phrase: tuple[Note, ...], stage: Stage) -> Points:
    """The pitch curve of a whole phrase in seconds from its start; every note's holds until the next one begins."""
    if all(is_still(note.bend) for note in phrase):
        return ()
    origin = stage.seconds(phrase[0].start)
    points: list[tuple[float, float]] = []
    for note in phrase:
        own = [(stage.seconds(note.start + beat) - origin, level) for beat, level in note.bend or ((0.0, 0.0),)]
        if points:
            begin = stage.seconds(note.start) - origin
            held = semitones_at(tuple(points), begin)
            points = [*(point for point in points if point[0] < begin), (begin, held)]
            own = [(when + _HAIR, level) for when, level in own]
        points += own
    return tuple(points)


def _tone(part: Part, phrase: tuple[Note, ...], stage: Stage, curve: Points) -> tuple[tuple[object, ...], Tone]:
    """What to ask the recipe for, and the key under which the same answer may be used again."""
    first = phrase[0]
    end = max(note.start + note.length for note in phrase)
    origin = stage.seconds(first.start)
    room = stage.frames / RATE - origin
    seconds = max(0.02, min(stage.seconds(end) - origin, room))
    seconds = round(source_seconds(curve, seconds) * 200) / 200
    layer = min(_LAYERS - 1, first.velocity * _LAYERS // 128)
    glides = tuple(
        (round(source_seconds(curve, stage.seconds(note.start) - origin), 3), float(note.pitch)) for note in phrase[1:]
    )
    key = (first.pitch, seconds, layer, glides)
    rng = _chance(part.name, first.pitch, layer, round(seconds * 200))
    beat = stage.seconds(first.start + 1.0) - origin if stage.tempo_map else stage.seconds_per_beat
    return key, Tone(first.pitch, seconds, (layer + 0.5) / _LAYERS, rng, glides, beat)
