"""Moves what a song is made of onto another form: section by section its chords and its melody, as they were."""

from __future__ import annotations

from dataclasses import dataclass, replace

from grammy_desktop.core.music import Key
from grammy_desktop.generation.composer.draft import Draft
from grammy_desktop.generation.composer.events import Event, SectionPlan, Span, without_overlaps
from grammy_desktop.generation.composer.form.kinds import stem_of
from grammy_desktop.generation.composer.form.plan import Plan

_PICKUP = 1.0
"""Beats before a section in which a pickup stands."""
_HOOK = ("chorus", "solo")


@dataclass(frozen=True)
class _Source:
    """A section's chords and melody from its own start; pickups have negative times. `beats`: what of it was played."""

    beats: float
    spans: tuple[Span, ...]
    melody: tuple[Event, ...]


def transplanted(old: Draft, old_plan: Plan, fresh: Draft, plan: Plan, key: Key, shift: int) -> Draft:
    """`fresh` (in the home key) with what the old draft has for each kind of section, moved by `shift` semitones to `key`.

    A longer section plays it again, a shorter one as much as fits; the final chord is the new one's. Kinds of section that
    the old form had not keep what `fresh` wrote.
    """
    spans, melody = old.home()
    source = Draft(spans, melody, fresh.lift, old.pick)
    bar = plan.metre.quarters
    new_spans: list[Span] = []
    new_melody: list[Event] = []
    counts: dict[str, int] = {}
    stand_in = _stand_in(old_plan, plan)
    for index, section in enumerate(plan.sections):
        start = section.start * bar
        end = min(min(section.end, plan.music_bars) * bar, plan.last_chord)
        own = [span for span in fresh.spans if span.section == index and span.start < plan.last_chord - 1e-6]
        kind = _HOOK[0] if index == stand_in else section.kind
        number = counts.get(kind, 0)
        counts[kind] = number + 1
        found = _source(source, old_plan, replace(section, kind=kind), number)
        if found is None or end <= start:
            new_spans += own
            new_melody += [n for n in fresh.melody if start - 1e-6 <= n.start < end - 1e-6]
            continue
        new_spans += _laid_spans(found, start, end, index, key, shift)
        new_melody = _laid_melody(new_melody, found, start, end, shift)
    new_spans += [span for span in fresh.spans if span.start >= plan.last_chord - 1e-6]
    return replace(fresh, spans=new_spans, melody=without_overlaps(new_melody))


def _stand_in(old: Plan, plan: Plan) -> int | None:
    """The strongest section of a form too short for a hook: it sings the hook of the form that had one."""
    if any(s.kind in _HOOK for s in plan.sections) or not any(s.kind == _HOOK[0] for s in old.sections):
        return None
    played = [index for index, s in enumerate(plan.sections) if min(s.end, plan.music_bars) > s.start]
    return max(played, key=lambda index: (plan.sections[index].energy, -index)) if played else None


def _source(draft: Draft, plan: Plan, section: SectionPlan, number: int) -> _Source | None:
    """The old section of that name, or the one of its kind that comes in the same place among them."""
    bar = plan.metre.quarters
    alike = [s for s in plan.sections if s.kind == section.kind and min(s.end, plan.music_bars) > s.start]
    named = [s for s in alike if s.name == section.name] or [
        s for s in alike if stem_of(s.name) == stem_of(section.name)
    ]
    pool = named or alike
    if not pool:
        return None
    old = pool[min(number, len(pool) - 1)]
    start, end = old.start * bar, min(min(old.end, plan.music_bars) * bar, plan.last_chord)
    if end - start < bar - 1e-6:
        return None
    spans = tuple(
        replace(s, start=s.start - start, length=min(s.end, end) - s.start)
        for s in draft.spans
        if start - 1e-6 <= s.start < end - 1e-6
    )
    melody = tuple(
        note.moved(-start)
        for note in draft.melody
        if (
            start - 1e-6 <= note.start < end - 1e-6
            and not (note.tag == "pickup" and note.start >= end - _PICKUP - 1e-6)
        )
        or (note.tag == "pickup" and start - _PICKUP - 1e-6 <= note.start < start - 1e-6)
    )
    return _Source(end - start, spans, melody) if spans else None


def _laid_spans(source: _Source, start: float, end: float, section: int, key: Key, shift: int) -> list[Span]:
    result: list[Span] = []
    origin = start
    while origin < end - 1e-6:
        for span in source.spans:
            first = origin + span.start
            if first < end - 1e-6:
                chord = replace(span.chord, root=(span.chord.root + shift) % 12)
                result.append(Span(first, min(span.length, end - first), chord, section, key))
        origin += source.beats
    return result


def _laid_melody(melody: list[Event], source: _Source, start: float, end: float, shift: int) -> list[Event]:
    result = list(melody)
    origin = start
    while origin < end - 1e-6:
        for note in source.melody:
            first = origin + note.start
            if first >= end - 1e-6 or first < -1e-6 or (note.start < 0 and origin > start + 1e-6):
                continue
            if note.start < 0:
                # A pickup takes its beat from the section before.
                result = [
                    n if n.end <= first + 1e-6 else replace(n, length=first - n.start)
                    for n in result
                    if n.start < first
                ]
            result.append(replace(note, start=first, length=min(note.length, end - first), pitch=note.pitch + shift))
        origin += source.beats
    return sorted(result, key=lambda n: n.start)
