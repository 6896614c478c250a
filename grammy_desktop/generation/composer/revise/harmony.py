"""Other chords in places: bass, players and melody adapt to them there and play on elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from grammy_desktop.core.chord_text import parse_chord
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.music import Chord, Key, roman_chord
from grammy_desktop.core.progress import Progress
from grammy_desktop.core.revision import counted
from grammy_desktop.core.song import Part
from grammy_desktop.core.styles import Style
from grammy_desktop.generation.composer.composition import Composition, chord_events, played_parts, streams_of
from grammy_desktop.generation.composer.events import Event, Span, chord_at
from grammy_desktop.generation.composer.harmony import scale_over
from grammy_desktop.generation.composer.loops import loops_for, parse_loop
from grammy_desktop.generation.composer.revise.section import section_streams, spliced_parts
from grammy_desktop.generation.composer.revise.splice import Window

_UNHARMED = ("drums", "perc", "fx")
_HELD = 0.9
"""Beats from which a melody note has to be a chord tone."""
_CHOICES = 4


def change_chords(song: Composition, changes: Mapping[int, str], progress: Progress | None = None) -> Composition:
    """The chords of these numbers (from 0, in `Arrangement.chords`) as the texts say.

    Raises `UserError` naming a chord that cannot be read or a number that is not there.
    """
    if not changes:
        raise UserError("Say which chords to change, such as 5=Am7.")
    return _changed(song, {_checked(song, index): parse_chord(text) for index, text in changes.items()}, progress)


def other_chord(song: Composition, index: int, seed: int, progress: Progress | None = None) -> Composition:
    """Chord number `index` exchanged for one of the style's that fits the key, the melody and its neighbours."""
    event = song.score.chords[_checked(song, index)]
    rng = np.random.default_rng([song.seed, seed, index])
    start, end = event.start * song.plan.factor, (event.start + event.length) * song.plan.factor
    span = chord_at(song.draft.spans, start)
    sung = [note for note in song.draft.melody if start - 1e-6 <= note.start < end - 1e-6]
    neighbours = [chord_at(song.draft.spans, start - 0.5).chord, chord_at(song.draft.spans, end + 0.25).chord]
    options = [chord for chord in _vocabulary(song.style, span.key) if chord.root != span.chord.root]
    ranked = sorted(
        options, key=lambda chord: (_friction(chord, span.key, sung, neighbours), chord.root, chord.quality)
    )
    if not ranked:
        raise UserError(f"The style knows no other chord for place {index + 1}; write one as text.")
    chosen = ranked[int(rng.integers(min(_CHOICES, len(ranked))))]
    return _changed(song, {index: chosen}, progress)


def _checked(song: Composition, index: int) -> int:
    count = len(song.score.chords)
    if not 0 <= index < count:
        raise UserError(f"This song has {counted(count, 'chord')}; there is no chord {index + 1}.")
    return index


def _vocabulary(style: Style, key: Key) -> list[Chord]:
    """Every chord of the style's loops in this key."""
    loops = (*loops_for(style.harmony.loops, key), *loops_for(style.harmony.contrast, key))
    numerals = dict.fromkeys(numeral for loop in loops for slot in parse_loop(loop) for numeral in slot)
    return list(dict.fromkeys(roman_chord(numeral, key) for numeral in numerals))


def _friction(chord: Chord, key: Key, sung: list[Event], neighbours: list[Chord]) -> float:
    """How badly a chord goes with what is sung over it and what stands beside it."""
    scale = scale_over(chord, key)
    total = sum(note.length for note in sung) or 1.0
    outside = sum(note.length for note in sung if note.pitch % 12 not in scale) / total
    foreign = sum(note.length for note in sung if note.pitch % 12 not in chord.pitch_classes) / total
    same = sum(0.5 for other in neighbours if other.root == chord.root)
    return 3.0 * outside + foreign + same


def _changed(song: Composition, chords: Mapping[int, Chord | None], progress: Progress | None) -> Composition:
    factor = song.plan.factor
    spans, silent = list(song.draft.spans), list(song.silent)
    touched: list[tuple[float, float, int]] = []
    for index, chord in chords.items():
        event = song.score.chords[index]
        start, end = event.start * factor, (event.start + event.length) * factor
        silent = [(first, last) for first, last in silent if last <= start + 1e-6 or first >= end - 1e-6]
        if chord is None:
            silent.append((start, end))
        for place, span in enumerate(spans):
            if start - 1e-6 <= span.start < end - 1e-6:
                spans[place] = replace(span, chord=chord or span.chord)
                touched.append((span.start, span.end, span.section))
    windows = _merged(touched)
    melody = _refitted(song.draft.melody, spans, [(start, end) for start, end, _ in windows])
    draft = replace(song.draft, spans=spans, melody=melody)
    changed = replace(song, draft=draft, silent=tuple(sorted(silent)))
    parts = _played(song, changed, windows, progress)
    score = replace(song.score, parts=parts, chords=chord_events(spans, song.plan, changed.silent))
    return replace(changed, score=score)


def _merged(touched: list[tuple[float, float, int]]) -> list[tuple[float, float, int]]:
    """Neighbours of one section as one (start, end, section)."""
    windows: list[tuple[float, float, int]] = []
    for start, end, section in sorted(touched):
        if windows and windows[-1][2] == section and abs(windows[-1][1] - start) < 1e-6:
            windows[-1] = (windows[-1][0], end, section)
        else:
            windows.append((start, end, section))
    return windows


def _played(
    before: Composition, song: Composition, windows: list[tuple[float, float, int]], progress: Progress | None
) -> tuple[Part, ...]:
    """The old parts with the windows as the changed chords want them, each played as its section is."""
    factor = song.plan.factor
    result = before
    for seeded in sorted({section if section in song.section_seeds else -1 for _, _, section in windows}):
        mine = [
            Window(start / factor, end / factor)
            for start, end, section in windows
            if (section if section in song.section_seeds else -1) == seeded
        ]
        if seeded < 0:
            taken = played_parts(song, streams_of(song.seed), progress)
        else:
            streams = section_streams(song, seeded, song.section_seeds[seeded])
            taken = played_parts(replace(song, rerolls={}), streams, progress)
        parts = spliced_parts(result, taken, mine, skip=_UNHARMED)
        result = replace(result, score=replace(result.score, parts=parts))
    return result.score.parts


def _refitted(melody: list[Event], spans: list[Span], windows: list[tuple[float, float]]) -> list[Event]:
    """The melody with its notes under the changed chords brought to the nearest that fit: held ones to chord tones."""
    result = []
    for note in melody:
        inside = any(start - 1e-6 <= note.start < end - 1e-6 for start, end in windows)
        result.append(refit(note, chord_at(spans, note.start)) if inside else _let_go(note, spans, windows))
    return result


def refit(note: Event, span: Span) -> Event:
    """The note on the nearest pitch that the chord allows."""
    strong = note.length >= _HELD or abs(note.start - span.start) < 0.05
    allowed = set(span.chord.pitch_classes) if strong else set(scale_over(span.chord, span.key))
    grinds = strong and note.pitch % 12 in scale_over(span.chord, span.key) and (note.pitch - 1) % 12 not in allowed
    if note.pitch % 12 in allowed or grinds:
        return note
    near = next(p for step in range(1, 7) for p in (note.pitch - step, note.pitch + step) if p % 12 in allowed)
    return replace(note, pitch=near)


def _let_go(note: Event, spans: list[Span], windows: list[tuple[float, float]]) -> Event:
    """A note held into a changed chord ends where it would grind."""
    for start, end in windows:
        if note.start < start - 1e-6 < note.end - 0.1 and start < end:
            span = chord_at(spans, start)
            if note.pitch % 12 not in scale_over(span.chord, span.key):
                return replace(note, length=max(0.25, start - note.start))
    return note
