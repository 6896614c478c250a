"""Everything between two bar lines written anew: chords, melody, drums and all players; the form and the sounds stay."""

from __future__ import annotations

from dataclasses import replace

from grammy_desktop.core.errors import UserError
from grammy_desktop.core.progress import NoProgress, Progress
from grammy_desktop.core.revision import counted
from grammy_desktop.core.song import Part
from grammy_desktop.core.styles import mood_effect
from grammy_desktop.generation.composer.composition import (
    Composition,
    Streams,
    chord_events,
    played_parts,
    streams_of,
)
from grammy_desktop.generation.composer.draft import Draft, best_draft
from grammy_desktop.generation.composer.events import Event
from grammy_desktop.generation.composer.revise.splice import Window, splice

_ENDLESS = 1e6
"""Beats: what the last section reaches to."""
_PICKUP = 1.0
"""Beats of a melody's pickup."""


def reroll_section(song: Composition, index: int, seed: int, progress: Progress | None = None) -> Composition:
    """Section number `index` (from 0) with other notes in all parts. Raises `UserError` where there is no such section."""
    sections = song.plan.sections
    if not 0 <= index < len(sections):
        raise UserError(f"This song has {counted(len(sections), 'section')}; there is no section {index + 1}.")
    streams = section_streams(song, index, seed)
    fresh = best_draft(
        song.style, song.key, song.plan, mood_effect(song.brief.mood.value), streams, progress or NoProgress()
    )
    start, end = section_beats(song, index)
    draft = replace(
        song.draft,
        spans=sorted(
            [span for span in song.draft.spans if span.section != index]
            + [span for span in fresh.spans if span.section == index],
            key=lambda span: span.start,
        ),
        melody=_joined_melody(song.draft.melody, fresh.melody, start, end),
    )
    silent = tuple((first, last) for first, last in song.silent if last <= start or first >= end)
    changed = replace(song, draft=draft, silent=silent)
    window = section_window(changed, song.draft, start, end)
    taken = played_parts(replace(changed, rerolls={}), streams, progress)
    parts = spliced_parts(song, taken, [window], skip=("fx",))
    if parts == song.score.parts:
        raise UserError(f"Nobody plays in section {index + 1}, “{sections[index].name}”; choose another one.")
    score = replace(song.score, parts=parts, chords=chord_events(draft.spans, song.plan, silent))
    return replace(changed, score=score, section_seeds={**song.section_seeds, index: seed})


def section_streams(song: Composition, index: int, seed: int) -> Streams:
    """Other generators for everything but the form, the lift and the players."""
    usual, other = streams_of(song.seed), streams_of(song.seed, index, seed)
    return {**other, **{name: usual[name] for name in ("form", "lift", "players")}}


def section_beats(song: Composition, index: int) -> tuple[float, float]:
    """(first, last) internal beat of a section; the last one reaches to the end of everything."""
    section, bar = song.plan.sections[index], song.plan.metre.quarters
    return section.start * bar, section.end * bar if index + 1 < len(song.plan.sections) else _ENDLESS


def section_window(song: Composition, before: Draft, start: float, end: float) -> Window:
    """The section in real beats; the melody's pickups into it are its own, those into the next section stay."""
    factor = song.plan.factor
    opens = any(_is_pickup(note, start) for note in (*before.melody, *song.draft.melody))
    closes = any(_is_pickup(note, end) for note in song.draft.melody)
    return Window(start / factor, end / factor, _PICKUP / factor if opens else 0.0, _PICKUP / factor if closes else 0.0)


def spliced_parts(
    song: Composition, taken: tuple[Part, ...], windows: list[Window], *, skip: tuple[str, ...] = ()
) -> tuple[Part, ...]:
    """The song's parts with the windows from `taken`; players of the roles in `skip` play on."""
    old = {part.name: part for part in song.score.parts}
    new = {part.name: part for part in taken}
    parts = []
    for player in song.players:
        mine, other = old.get(player.name), new.get(player.name)
        model = mine or other
        if model is None:
            continue
        if player.role in skip:
            parts += [mine] if mine is not None else []
            continue
        # A melody's pickups are the melody's: other players have none.
        own = windows
        if player.role != "lead":
            own = [Window(window.start, window.end) for window in windows]
        notes = splice(mine.notes if mine else (), other.notes if other else (), own, player.role)
        if notes:
            parts.append(replace(model, notes=notes))
    return tuple(parts)


def _is_pickup(note: Event, beat: float) -> bool:
    return note.tag == "pickup" and beat - _PICKUP - 1e-6 <= note.start < beat - 1e-6


def _joined_melody(old: list[Event], new: list[Event], start: float, end: float) -> list[Event]:
    inside = [
        n for n in new if (start - 1e-6 <= n.start < end - 1e-6 and not _is_pickup(n, end)) or _is_pickup(n, start)
    ]
    before = [n for n in old if n.start < start - 1e-6 and not _is_pickup(n, start)]
    after = [n for n in old if n.start >= end - 1e-6 or _is_pickup(n, end)]
    first = min((n.start for n in inside), default=start)
    last = min((n.start for n in after), default=end)
    before = [replace(n, length=min(n.length, first - n.start)) for n in before if n.start < first - 1e-6]
    inside = [replace(n, length=min(n.length, last - n.start)) for n in inside if n.start < last - 1e-6]
    return [*before, *inside, *after]
