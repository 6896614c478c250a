"""Performance: swing, lay-back, jitter that drifts, rolled chords, phrase dynamics. Written notes become played ones."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.song import Note
from grammy_desktop.core.styles import Feel, PartStyle
from grammy_desktop.generation.composer.events import Event, without_overlaps
from grammy_desktop.generation.composer.form.plan import Plan
from grammy_desktop.generation.composer.performance.gestures import gestures

_RHO = 0.6
"""Correlation of timing deviations from note to note."""

_VELOCITY_JITTER = {
    "drums": 5.0,
    "bass": 5.0,
    "chords": 5.0,
    "pad": 3.0,
    "lead": 6.0,
    "counter": 5.0,
    "arp": 4.0,
    "perc": 6.0,
    "fx": 0.0,
}
_STACCATO, _SHORTEST = 0.5, 0.12
"""Share of its length that a staccato note keeps, and how many beats it lasts at least."""
_BRIEFEST = 0.05
"""Seconds that a note sounds at least: shorter ones are heard as clicks, not as pitches."""
_LEGATO_GAP = 0.5
"""Beats of silence that legato closes."""
_PHRASE = 4
"""Bars that players breathe over."""
_HAIRPIN = 6.0
"""Velocity rise and fall over four bars of a melodic part."""


def perform(events: list[Event], part: PartStyle, feel: Feel, plan: Plan, rng: np.random.Generator) -> tuple[Note, ...]:
    """Play a part. Sequenced music (`feel.sequenced`) keeps its melodic parts almost in time."""
    if not events:
        return ()
    beats_per_ms = plan.tempo / 60_000
    ordered = _articulated(sorted(events, key=lambda e: (e.start, e.pitch)), part, plan)
    offsets = _timing(ordered, part, feel, rng) * beats_per_ms
    spread = rng.normal(0.0, _VELOCITY_JITTER.get(part.role, 5.0), len(ordered))
    played: list[Event] = []
    for index, event in enumerate(ordered):
        # Triplets already stand where swing would put them, and compound metres have no pairs to swing.
        straight = plan.metre.compound or event.triplet
        start = event.start if straight else swing(event.start, feel)
        end = event.end if straight else swing(event.end, feel)
        velocity = event.velocity + spread[index]
        if part.role in ("lead", "counter", "pad"):
            phase = (event.start / plan.metre.quarters) % 4 / 4
            velocity += _HAIRPIN * (np.sin(np.pi * phase) - 0.5)
        start, end = start + rubato(start, feel, plan), end + rubato(end, feel, plan)
        start = max(0.0, start + float(offsets[index]))
        played.append(
            replace(
                event,
                start=start,
                length=max(0.03, end - event.start if start <= 0 else end - start),
                velocity=velocity,
            )
        )
    if part.strum_ms and part.role in ("chords", "pad"):
        played = _roll(played, part.strum_ms * beats_per_ms)
    elif part.role == "chords" and part.roll_ms:
        played = _roll(played, part.roll_ms * beats_per_ms)
    if part.role not in ("drums", "perc"):
        briefest = _BRIEFEST * plan.tempo / 60
        played = [replace(e, length=briefest) if e.length < briefest else e for e in played]
    sounding = without_overlaps(played, gap=0.005)
    scale = 1 / plan.factor
    return tuple(
        Note(
            round(e.start * scale, 6),
            round(max(0.02, e.length) * scale, 6),
            e.pitch,
            int(np.clip(round(e.velocity), 1, 127)),
            tuple((round(beat * scale, 6), level) for beat, level in bend),
        )
        for e, bend in zip(sounding, gestures(sounding, part, plan.tempo, rng), strict=True)
    )


def _articulated(events: list[Event], part: PartStyle, plan: Plan) -> list[Event]:
    """Legato reaches over small gaps to the next note, staccato lets go early; the final chord is held anyhow."""
    if part.articulation == "normal" or part.role in ("drums", "perc", "fx"):
        return events
    if part.articulation == "staccato":
        return [
            replace(e, length=max(_SHORTEST, e.length * _STACCATO)) if e.start < plan.last_chord - 1e-6 else e
            for e in events
        ]
    starts = sorted({e.start for e in events})
    result = []
    for event in events:
        place = bisect_right(starts, event.start + 1e-6)
        room = starts[place] - event.start if place < len(starts) else event.length
        reached = event.length <= room <= event.length + _LEGATO_GAP
        result.append(replace(event, length=room) if reached else event)
    return result


def swing(position: float, feel: Feel) -> float:
    """A beat position warped so that the second of each pair falls at `feel.swing` per cent of the pair."""
    pair = 0.5 if feel.unit == "16th" else 1.0
    index, inside = divmod(position + 1e-9, pair)
    share = inside / pair
    point = feel.swing / 100
    warped = share * 2 * point if share < 0.5 else point + (share - 0.5) * 2 * (1 - point)
    return float((index + warped) * pair)


def rubato(position: float, feel: Feel, plan: Plan) -> float:
    """Beats that everybody is ahead of the bar lines at a position: a phrase hurries to its middle and then holds back.

    Phrases are counted from where their section begins; what is left of a section is a shorter phrase, which strays less. So
    every section and every phrase begins on its bar line, and nothing adds up.
    """
    if not feel.rubato_ms:
        return 0.0
    bar = position / plan.metre.quarters
    section = next((s for s in plan.sections if s.start <= bar + 1e-9 < s.end), None)
    if section is None or position >= plan.last_chord - 1e-6:
        return 0.0
    first = section.start + (bar - section.start) // _PHRASE * _PHRASE
    bars = min(_PHRASE, section.end - first, plan.last_chord / plan.metre.quarters - first)
    phase = (bar - first) / bars if bars > 0 else 0.0
    ahead = feel.rubato_ms * plan.tempo / 60_000 * min(1.0, bars / _PHRASE)
    return -ahead * float(np.sin(np.pi * min(1.0, phase))) ** 2


def _timing(events: list[Event], part: PartStyle, feel: Feel, rng: np.random.Generator) -> NDArray[np.float64]:
    """Milliseconds late (+) or early (-) per note: a habit by player plus a jitter that drifts; chords stay together."""
    noise = rng.normal(0.0, 1.0, len(events))
    result = np.zeros(len(events))
    drift = 0.0
    before = -1.0
    for index, event in enumerate(events):
        # Drum rows have habits of their own; other players go by their role.
        name = event.tag if part.role == "drums" else part.role
        jitter = feel.jitter_ms(name) * (0.3 if feel.sequenced and part.role != "drums" else 1.0)
        if event.start - before > 1e-6:
            drift = _RHO * drift + (1 - _RHO**2) ** 0.5 * float(noise[index])
            before = event.start
        result[index] = feel.late_ms(name) + drift * jitter
        if part.role == "chords":
            result[index] += 0.15 * jitter * float(noise[index])
    return result


def _roll(events: list[Event], spread: float) -> list[Event]:
    """Spread each chord over `spread` beats: from low to high, an up-stroke from high to low."""
    groups: dict[int, list[Event]] = {}
    for event in events:
        groups.setdefault(round(event.start * 8), []).append(event)
    rolled: list[Event] = []
    for group in groups.values():
        up = group[0].tag == "up"
        ordered = sorted(group, key=lambda e: -e.pitch if up else e.pitch)
        for place, event in enumerate(ordered):
            delay = min(spread * place / max(1, len(ordered) - 1), event.length * 0.4)
            rolled.append(replace(event, start=event.start + delay, length=event.length - delay))
    return rolled
