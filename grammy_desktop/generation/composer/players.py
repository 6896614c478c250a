"""What each player of the song plays, by role."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from grammy_desktop.core.progress import Progress
from grammy_desktop.core.styles import PartStyle, Style
from grammy_desktop.generation.composer.bass import write_bass
from grammy_desktop.generation.composer.comping import Voicings, active, write_arpeggio, write_comping, write_pad
from grammy_desktop.generation.composer.counter import write_counter
from grammy_desktop.generation.composer.draft import Draft
from grammy_desktop.generation.composer.drums.write import PERCUSSION_ROWS, DrumScore, write_drums
from grammy_desktop.generation.composer.events import Event, until
from grammy_desktop.generation.composer.form.plan import Plan
from grammy_desktop.generation.composer.texture import write_effects
from grammy_desktop.generation.composer.walking import place_root

Streams = dict[str, np.random.SeedSequence]
_KIT = ("drums", "perc")


@dataclass(frozen=True)
class _Band:
    """What everybody hears while playing."""

    style: Style
    plan: Plan
    draft: Draft
    drums: DrumScore
    voicings: Voicings
    lead: tuple[Event, ...]
    """The melody as its first player sounds it."""
    percussionist: bool
    drummer: bool
    own_drums: Mapping[str, DrumScore] = field(default_factory=dict)
    """What a kit player that was rerolled strikes, by part name."""


def write_parts(
    style: Style,
    plan: Plan,
    draft: Draft,
    players: tuple[PartStyle, ...],
    streams: Streams,
    progress: Progress,
    *,
    silent_rows: frozenset[str] = frozenset(),
    own: Mapping[str, np.random.SeedSequence] | None = None,
) -> dict[str, list[Event]]:
    """What each player plays, by part name.

    silent_rows: pieces of the kit that nobody strikes. own: the generators of players that were asked to play something else.
    """
    own = {} if own is None else {name: stream.spawn(2)[0] for name, stream in own.items()}
    band = _band(style, plan, draft, players, streams, silent_rows, own)
    seeds = dict(zip((part.name for part in players), streams["parts"].spawn(len(players)), strict=True))
    written: dict[str, list[Event]] = {}
    for part in players:
        progress.check_cancelled()
        if not part.doubles:
            usual = streams["bass"] if part.role == "bass" else seeds[part.name]
            rng = np.random.default_rng(own.get(part.name, usual))
            written[part.name] = _write_part(part, band, rng)
    for part in players:
        if part.doubles:
            written[part.name] = _double(written.get(part.doubles, []), part, plan)
    return written


def _band(
    style: Style,
    plan: Plan,
    draft: Draft,
    players: tuple[PartStyle, ...],
    streams: Streams,
    silent_rows: frozenset[str],
    own: Mapping[str, np.random.SeedSequence],
) -> _Band:
    kits = [part for part in (*players, *style.parts) if part.role == "drums"]
    first_heard = kits[0].min_energy if kits else 0.0

    def drummed(stream: np.random.SeedSequence) -> DrumScore:
        drums = write_drums(style, plan, first_heard, np.random.default_rng(stream))
        return replace(drums, events=[event for event in drums.events if event.tag not in silent_rows])

    own_drums = {part.name: drummed(own[part.name]) for part in players if part.role in _KIT and part.name in own}
    drums = next((own_drums[part.name] for part in players if part.role == "drums" and part.name in own_drums), None)
    usual = drummed(streams["drums"])
    leads = [part for part in players if part.role == "lead" and not part.doubles]
    lead = _fold(draft.melody, leads[0]) if leads else []
    roles = {part.role for part in players}
    return _Band(
        style=style,
        plan=plan,
        draft=draft,
        # The bass follows the drummer that is heard.
        drums=replace(usual, kicks=drums.kicks if drums is not None else usual.kicks),
        voicings=Voicings(draft.spans),
        lead=tuple(lead),
        percussionist="perc" in roles,
        drummer="drums" in roles,
        own_drums=own_drums,
    )


def _write_part(part: PartStyle, band: _Band, rng: np.random.Generator) -> list[Event]:
    plan, spans = band.plan, band.draft.spans
    match part.role:
        case "drums" | "perc":
            return _kit_part(part, band)
        case "fx":
            return until(write_effects(plan, spans[0].key, part), plan.duration_beats)
        case "bass":
            events = write_bass(band.style, plan, spans, band.drums.kicks, part, rng)
            return _ended(events, part, plan, [place_root(spans[-1].chord.bass, part, None)], 88)
        case "lead":
            events = _fold(band.draft.melody, part)
            return _ended(events, part, plan, _home(part, band), 80)
    chords = band.voicings.for_part(part.voicing, *part.range)
    match part.role:
        case "chords":
            return _ended(write_comping(plan, spans, chords, part, rng), part, plan, chords[-1], 74)
        case "arp":
            return _ended(write_arpeggio(plan, spans, chords, part, rng), part, plan, chords[-1][:1], 66)
        case "pad":
            return _ended(write_pad(plan, spans, chords, part), part, plan, chords[-1], 70)
    return _ended(write_counter(plan, spans, band.lead, part), part, plan, chords[-1][1:2], 64)


def _kit_part(part: PartStyle, band: _Band) -> list[Event]:
    """A drummer leaves the percussion rows to a percussionist, where the band has one."""
    events = band.own_drums.get(part.name, band.drums).events
    if band.percussionist and band.drummer:
        events = [event for event in events if (event.tag in PERCUSSION_ROWS) == (part.role == "perc")]
    return events if part.role == "drums" else _only_active(events, band.plan, part)


def _ended(events: list[Event], part: PartStyle, plan: Plan, last: Sequence[int], velocity: float) -> list[Event]:
    """The part where it plays, up to the ending, and its notes of the final chord."""
    events = until(_only_active(events, plan, part), plan.last_chord)
    return events + _final(plan, part, last, velocity) if events or part.role != "lead" else []


def _only_active(events: list[Event], plan: Plan, part: PartStyle) -> list[Event]:
    """The events of the sections in which a part plays."""
    bar = plan.metre.quarters
    windows = [(s.start * bar, s.end * bar) for s in plan.sections if active(s, part)]
    return [e for e in events if any(start - 1e-6 <= e.start < end - 1e-6 for start, end in windows)]


def _fold(melody: list[Event], part: PartStyle) -> list[Event]:
    """The melody in the octave that suits the part's range, straying notes folded back into it."""
    if not melody:
        return []
    low, high = part.range
    middle = float(np.median([event.pitch for event in melody]))
    shift = 12 * round(((low + high) / 2 - middle) / 12)
    return [replace(event, pitch=_into(event.pitch + shift, low, high)) for event in melody]


def _into(pitch: int, low: int, high: int) -> int:
    while pitch > high:
        pitch -= 12
    while pitch < low:
        pitch += 12
    return pitch if pitch <= high else low + (pitch - low) % max(1, high - low + 1)


def _double(events: list[Event], part: PartStyle, plan: Plan) -> list[Event]:
    """What another part plays, octaves away, where this part is active."""
    low, high = part.range
    copies = [replace(event, pitch=_into(event.pitch + 12 * part.octave, low, high)) for event in events]
    return _only_active(copies, plan, part)


def _final(plan: Plan, part: PartStyle, pitches: Sequence[int], velocity: float) -> list[Event]:
    """The held end, for parts that play in the last section."""
    if not plan.hold or not active(plan.sections[-1], part):
        return []
    level = velocity * (0.8 + 0.25 * plan.sections[-1].energy)
    return [Event(plan.last_chord, plan.hold, pitch, level) for pitch in pitches]


def _home(part: PartStyle, band: _Band) -> list[int]:
    """The melody comes home: the tonic nearest to its last note."""
    low, high = part.range
    melody = band.draft.melody
    tonics = [pitch for pitch in range(low, high + 1) if pitch % 12 == band.draft.spans[-1].key.tonic]
    if not melody or not tonics:
        return []
    last = _fold(melody, part)[-1].pitch
    return [min(tonics, key=lambda p: (abs(p - last), p))]
