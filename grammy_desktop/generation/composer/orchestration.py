"""Who plays: the style's players, their sounds chosen by seed, with the prompt's wishes and bans carried out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from grammy_desktop.core.brief import Brief
from grammy_desktop.core.styles import INSTRUMENTS, Instrument, PartStyle, Style

_BY_NAME = {instrument.name: instrument for instrument in INSTRUMENTS}
_GUITARS = ("acoustic guitar", "nylon guitar", "electric guitar", "jazz guitar", "distorted guitar")
# Sounds that an instrument name covers beyond its own.
_FAMILY: dict[str, tuple[str, ...]] = {
    "strings": ("sf:0:48", "sf:0:49", "sf:0:50", "sf:0:42"),
    "piano": ("sf:0:0",),
    "electric piano": ("sf:0:4", "sf:0:5", "synth:epiano"),
    "brass": ("sf:0:56", "sf:0:57", "sf:0:60", "sf:0:61", "sf:0:62"),
    "horn": ("sf:0:60",),
    "saxophone": ("sf:0:65", "sf:0:66"),
    "electric guitar": ("sf:0:24", "sf:0:25", "sf:0:26", "sf:0:27", "sf:0:28", "sf:0:29", "sf:0:30"),
    "distorted guitar": ("sf:0:29", "sf:0:30"),
    "choir": ("sf:0:52", "sf:0:91"),
    "pad": ("synth:warm_pad", "sf:0:89", "sf:0:88"),
    "organ": ("sf:0:16", "sf:0:19"),
    "bells": ("synth:fm_bell", "sf:0:11"),
    "supersaw": ("synth:supersaw", "synth:stab", "synth:saw_lead", "synth:square_lead", "synth:pluck", "synth:warm_pad",
                 "sf:0:80", "sf:0:81", "sf:0:50", "sf:0:90"),
    "synth lead": ("synth:saw_lead", "synth:square_lead"),
    "pluck": ("synth:pluck",),
}  # fmt: skip
_ENTERS, _LATEST = 0.4, 0.8
"""Energy from which an instrument that was asked for is heard: a newcomer, and one that the style has anyway."""


def choose_players(style: Style, brief: Brief, rng: np.random.Generator) -> tuple[PartStyle, ...]:
    """The parts of the song with final sounds, ranges and entries."""
    wanted = [_BY_NAME[name] for name in brief.instruments.value if name in _BY_NAME]
    banned = [_BY_NAME[name] for name in brief.excluded.value if name in _BY_NAME]
    players = [_by_seed(part, rng) for part in style.parts]
    for instrument in wanted:
        players = _grant(players, instrument, claimed={w.sound for w in wanted})
    players = [part for part in players if not part.optional]
    allowed = [part for player in players if (part := _permit(player, banned, wanted)) is not None]
    names = {part.name for part in allowed}
    # A doubling part whose model was banned plays on its own only when it is no mere copy.
    return tuple(part for part in allowed if not part.doubles or part.doubles in names)


def _by_seed(part: PartStyle, rng: np.random.Generator) -> PartStyle:
    """The part's own sound most often, one of its alternatives otherwise."""
    draw, pick = rng.random(), int(rng.integers(1 << 16))
    if part.alternatives and draw > 0.6:
        chosen = part.alternatives[pick % len(part.alternatives)]
        others = tuple(sound for sound in (part.sound, *part.alternatives) if sound != chosen)
        return replace(part, sound=chosen, alternatives=others)
    return part


def covers(instrument: Instrument, part: PartStyle) -> bool:
    """Whether a part is (sounded by) the instrument."""
    if instrument.name == "drums":
        return part.role in ("drums", "perc")
    if instrument.name == "bass":
        return part.role == "bass"
    return part.sound == instrument.sound or part.sound in _FAMILY.get(instrument.name, ())


def _grant(players: list[PartStyle], instrument: Instrument, claimed: set[str]) -> list[PartStyle]:
    """Let the instrument be heard: by its own part, by a part that can change its sound, or by a new part."""
    for index, part in enumerate(players):
        if covers(instrument, part):
            if part.doubles:
                continue
            # A player that the style has keeps its entry, so that the song keeps its arc; only the latest come earlier.
            entry = _ENTERS if part.optional else _LATEST
            exact = instrument.sound in part.alternatives and part.sound != instrument.sound
            sound = instrument.sound if exact else part.sound
            players[index] = replace(part, sound=sound, optional=False, min_energy=min(part.min_energy, entry))
            return players
    for index, part in enumerate(players):
        if instrument.sound in part.alternatives and part.sound not in claimed and not part.doubles:
            players[index] = replace(
                part, sound=instrument.sound, optional=False, min_energy=min(part.min_energy, _ENTERS)
            )
            return players
    for index, part in enumerate(players):
        # Effects and drums are never taken over; neither is a part that another wish has claimed.
        if (
            part.role == instrument.role
            and part.role in ("lead", "bass", "arp", "counter")
            and part.sound not in claimed
            and not part.doubles
        ):
            players[index] = _take_over(part, instrument)
            return players
    if instrument.role in ("drums", "perc"):
        return players
    return [*players, _new_part(players, instrument)]


def _take_over(part: PartStyle, instrument: Instrument) -> PartStyle:
    low, high = max(part.range[0], instrument.range[0]), min(part.range[1], instrument.range[1])
    limits = (low, high) if high - low >= 14 else instrument.range
    return replace(
        part,
        sound=instrument.sound,
        stem=part.stem if part.role in ("bass", "lead") else instrument.stem,
        range=limits,
        min_energy=min(part.min_energy, _ENTERS),
        lowpass=0.0 if part.role == "bass" else part.lowpass,
    )


def _new_part(players: Sequence[PartStyle], instrument: Instrument) -> PartStyle:
    """A player that the style does not have: a pad, a chord player or a counter-line."""
    names = {part.name for part in players}
    name = instrument.name.replace(" ", "_")
    while name in names:
        name += "_2"
    role = instrument.role if instrument.role in ("chords", "pad", "arp", "fx") else "counter"
    return PartStyle(
        name=name,
        role=role,
        stem=instrument.stem,
        sound=instrument.sound,
        gain_db={"pad": -11.0, "chords": -7.0, "arp": -9.0, "fx": -20.0}.get(role, -7.0),
        range=_comfortable(instrument),
        pan=0.25,
        highpass=120.0,
        reverb_db=-11.0,
        min_energy=_ENTERS,
        rhythms=("x-------x---x---",) if role == "chords" else (),
    )


def _comfortable(instrument: Instrument) -> tuple[int, int]:
    low, high = instrument.range
    if instrument.role in ("chords", "pad", "arp"):
        return max(low, 48), min(high, 79)
    return max(low, 50), min(high, 81)


def _permit(part: PartStyle, banned: Sequence[Instrument], wanted: Sequence[Instrument]) -> PartStyle | None:
    """The part, perhaps with another sound, or None when nothing it can be is allowed."""
    forbidden = [instrument for instrument in banned if instrument not in wanted]
    if any(ban.name in _GUITARS and ban.name == "electric guitar" and part.stem == "guitars" for ban in forbidden):
        return None
    for sound in (part.sound, *part.alternatives):
        candidate = replace(part, sound=sound)
        if not any(covers(ban, candidate) for ban in forbidden):
            return candidate
    return None
