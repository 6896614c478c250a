"""What the user wants otherwise than in the source: tempo, key, melody; and the brief that says it all."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from grammy_desktop.core.brief import Brief, Choice, Origin
from grammy_desktop.core.chord_text import NO_CHORD
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.music import Chord, Key
from grammy_desktop.core.song import ChordEvent, KeyChange
from grammy_desktop.core.styles import Style
from grammy_desktop.generation.composer.restyle.sheet import LeadSheet

SLOWEST, FASTEST = 30.0, 300.0
"""BPM that may be asked for."""
_OCTAVE = 0.01
"""Share by which half or double the tempo may be missed."""


@dataclass(frozen=True)
class Kept:
    """What is kept of the source: None keeps the tempo (with its map) or the key; melody False lets the style write its own."""

    tempo: float | None = None
    key: Key | None = None
    melody: bool = True

    @classmethod
    def read(cls, tempo: str = "keep", key: str = "keep", melody: str = "keep") -> Kept:
        """As typed: 'keep', or a number of BPM, a key, 'new'. Raises `UserError`."""
        if melody not in ("keep", "new"):
            raise UserError(f"--melody is keep or new, not “{melody}”.")
        return cls(_tempo(tempo), _key(key), melody == "keep")


def _tempo(text: str) -> float | None:
    if text == "keep":
        return None
    try:
        value = float(text.lower().removesuffix("bpm").strip())
    except ValueError:
        value = 0.0
    if not SLOWEST <= value <= FASTEST:
        raise UserError(f"--tempo is keep or {SLOWEST:g} to {FASTEST:g} BPM, not “{text}”.")
    return value


def _key(text: str) -> Key | None:
    if text == "keep":
        return None
    try:
        return Key.parse(text)
    except ValueError:
        raise UserError(f"--key is keep or a key such as F# minor, not “{text}”.") from None


def moved(sheet: LeadSheet, kept: Kept) -> LeadSheet:
    """The sheet as wanted: in one other tempo, in another key, its melody left to the style.

    Half or double the tempo counts the same music otherwise, it goes no faster; the relative key gives the same notes another
    home. Raises `UserError` for another key of the other mode: chords and melody would have to be others.
    """
    if kept.tempo is not None and kept.tempo != sheet.score.tempo:
        sheet = _in_tempo(sheet, kept.tempo)
    if kept.key is not None and kept.key != sheet.score.key:
        sheet = _in_key(sheet, kept.key)
    if not kept.melody:
        sheet = replace(sheet, unsure=((0.0, sheet.last_chord),), score=replace(sheet.score, parts=()))
    return sheet


def _in_tempo(sheet: LeadSheet, tempo: float) -> LeadSheet:
    ratio = next((r for r in (0.5, 2.0) if abs(tempo / (sheet.score.tempo * r) - 1.0) < _OCTAVE), None)
    return _recounted(sheet, ratio) if ratio else replace(sheet, score=replace(sheet.score, tempo=tempo, tempo_map=()))


def _recounted(sheet: LeadSheet, ratio: float) -> LeadSheet:
    """The same music with `ratio` times as many beats."""
    score = sheet.score
    starts = [round(section.start * ratio) for section in score.sections]
    ends = [*starts[1:], math.ceil(score.bars * ratio)]
    sections = tuple(
        replace(section, start=start, bars=end - start)
        for section, start, end in zip(score.sections, starts, ends, strict=True)
        if end > start
    )
    stretched = replace(
        score,
        tempo=score.tempo * ratio,
        tempo_map=tuple((beat * ratio, tempo * ratio) for beat, tempo in score.tempo_map),
        sections=sections,
        chords=tuple(replace(c, start=c.start * ratio, length=c.length * ratio) for c in score.chords),
        parts=tuple(
            replace(part, notes=tuple(replace(n, start=n.start * ratio, length=n.length * ratio) for n in part.notes))
            for part in score.parts
        ),
        key_changes=tuple(replace(change, beat=change.beat * ratio) for change in score.key_changes),
    )
    return replace(sheet, score=stretched, unsure=tuple((a * ratio, b * ratio) for a, b in sheet.unsure))


def relative_key(key: Key) -> Key:
    """The minor key with a major key's notes and the other way round."""
    return Key((key.tonic + 3) % 12, "major") if key.is_minor else Key((key.tonic + 9) % 12, "minor")


def _in_key(sheet: LeadSheet, key: Key) -> LeadSheet:
    score = sheet.score
    if key == relative_key(score.key):
        return replace(sheet, score=replace(score, key=key, key_changes=()))
    if key.is_minor != score.key.is_minor:
        raise UserError(
            f"The song is in {score.key} and its chords and melody cannot be moved to {key}; name a "
            f"{'minor' if score.key.is_minor else 'major'} key, or {relative_key(score.key)}, which has the same notes."
        )
    step = (key.tonic - score.key.tonic + 5) % 12 - 5
    chords = tuple(_moved_chord(chord, step, key) for chord in score.chords)
    parts = tuple(
        replace(part, notes=tuple(replace(note, pitch=note.pitch + step) for note in part.notes))
        for part in score.parts
    )
    changes = tuple(
        KeyChange(change.beat, Key((change.key.tonic + step) % 12, change.key.mode)) for change in score.key_changes
    )
    return replace(sheet, score=replace(score, key=key, chords=chords, parts=parts, key_changes=changes))


def _moved_chord(event: ChordEvent, step: int, key: Key) -> ChordEvent:
    if event.symbol == NO_CHORD:
        return event
    chord = Chord.parse(event.symbol)
    return replace(event, symbol=replace(chord, root=(chord.root + step) % 12).harte(key))


def brief_for(sheet: LeadSheet, style: Style, duration: float, kept: Kept, *, name: str) -> Brief:
    """The brief of a restyled song of `duration` seconds. name: of the source."""
    score = sheet.score
    return Brief(
        prompt=f"“{name}” as {style.name}",
        genre=Choice(style.id, Origin.SAID),
        mood=Choice((), Origin.DEFAULT),
        tempo=Choice(score.tempo, Origin.INFERRED if kept.tempo is None else Origin.SAID),
        key=Choice(score.key, Origin.INFERRED if kept.key is None else Origin.SAID),
        metre=Choice(f"{score.metre[0]}/{score.metre[1]}", Origin.INFERRED),
        duration=Choice(duration, Origin.INFERRED),
        instruments=Choice((), Origin.DEFAULT),
        excluded=Choice((), Origin.DEFAULT),
        vocals=Choice(False, Origin.DEFAULT),
    )
