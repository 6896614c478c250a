"""Effects between the notes: risers into drops, impacts on arrivals, reverse cymbals, vinyl from first to last."""

from __future__ import annotations

from grammy_desktop.core.music import Key
from grammy_desktop.core.styles import PartStyle
from grammy_desktop.generation.composer.comping import active
from grammy_desktop.generation.composer.events import Event, SectionPlan
from grammy_desktop.generation.composer.form.plan import Plan

_PITCH = 60
_ALWAYS = ("vinyl", "rain", "waves", "birds", "wind", "room_noise", "crowd", "tape_hiss")
_RISES = ("riser", "reverse_cymbal", "noise_riser")
_ONE_SHOTS = ("siren", "air_horn", "laser")
_STRONG = 0.7
"""Energy from which an arrival is worth a siren."""


def write_effects(plan: Plan, key: Key, part: PartStyle) -> list[Event]:
    """The notes of an effect part: one per sounding, as long as the effect lasts."""
    kind = part.sound.removeprefix("synth:")
    if kind in _ALWAYS:
        return [Event(0.0, plan.duration_beats, _PITCH, 80)]
    bar = plan.metre.quarters
    events: list[Event] = []
    for index, section in enumerate(plan.sections):
        start = section.start * bar
        arrival = index > 0 and section.energy >= 0.55 and section.energy >= plan.sections[index - 1].energy + 0.1
        if kind in _RISES and arrival:
            events.append(_rise(kind, plan, plan.sections[index - 1], start))
        elif kind in ("impact", "sub_drop") and arrival and section.energy >= 0.6:
            events.append(Event(start, min(4.0, section.bars * bar), _PITCH, 70 + 45 * section.energy))
        elif kind in _ONE_SHOTS and arrival and section.energy >= _STRONG:
            events.append(Event(start, min(4.0, section.bars * bar), _PITCH, 88))
        elif kind == "sleigh_bells" and active(section, part):
            bars = range(section.start, min(section.end, plan.music_bars))
            eighths = [b * bar + place / 2 for b in bars for place in range(round(bar * 2))]
            events += [Event(beat, 0.5, _PITCH, 84 if beat % 1 == 0 else 62) for beat in eighths]
        elif kind == "downlifter" and index > 0 and section.energy <= plan.sections[index - 1].energy - 0.25:
            events.append(Event(start, min(2 * bar, section.bars * bar), _PITCH, 84))
        elif kind == "braam" and section.energy >= max(0.8, part.min_energy):
            low = part.range[0]
            pitch = low + (key.tonic - low) % 12
            events += [
                Event(b * bar, 1.5 * bar, pitch, 100)
                for b in range(section.start, min(section.end, plan.music_bars) - 1, 4)
            ]
    if plan.hold and kind in ("impact", "sub_drop") and plan.sections[-1].energy >= 0.3 and len(plan.sections) > 1:
        events.append(Event(plan.last_chord, min(4.0, plan.hold), _PITCH, 78))
    return events


def _rise(kind: str, plan: Plan, before: SectionPlan, arrival: float) -> Event:
    """A riser fills a build, else the last two bars; a reverse cymbal the last bar."""
    bar = plan.metre.quarters
    bars = 1 if kind == "reverse_cymbal" else min(8, before.bars) if before.kind == "build" else min(2, before.bars)
    length = min(bars * bar, arrival)
    return Event(arrival - length, length, _PITCH, 96)
