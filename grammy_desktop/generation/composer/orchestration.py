"""Who plays: the style's players, their sounds chosen by seed, with the prompt's wishes and bans carried out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from grammy_desktop.core.brief import Brief
from grammy_desktop.core.styles import INSTRUMENTS, Instrument, PartStyle, Style
from grammy_desktop.core.styles.instruments import OTHER_INSTRUMENTS

_BY_NAME = {instrument.name: instrument for instrument in INSTRUMENTS}
_GUITARS = ("acoustic guitar", "nylon guitar", "electric guitar", "jazz guitar", "distorted guitar")
# Sounds that an instrument name covers beyond its own.
_FAMILY: dict[str, tuple[str, ...]] = {
    "upright bass": ("sf:0:32", "synth:upright_s"),
    "synth bass": ("synth:sub_bass", "synth:moog_bass", "synth:saw_bass", "synth:acid_bass", "synth:fm_bass"),
    "808": ("synth:808", "synth:distorted_808"),
    "strings": ("sf:0:48", "sf:0:49", "sf:0:50", "sf:0:40", "sf:0:41", "sf:0:42", "sf:0:44", "sf:0:45", "synth:string_machine",
                "synth:fiddle_s"),
    "violin": ("sf:0:40", "synth:fiddle_s"),
    "cello": ("sf:0:42",),
    "piano": ("sf:0:0", "sf:0:1", "sf:0:3", "synth:felt_piano", "synth:honky_piano"),
    "electric piano": ("sf:0:4", "sf:0:5", "synth:epiano", "synth:wurli", "synth:dx_piano"),
    "clavinet": ("sf:0:7", "synth:clav"),
    "vibraphone": ("sf:0:11", "synth:vibra_s"),
    "brass": ("sf:0:56", "sf:0:57", "sf:0:58", "sf:0:60", "sf:0:61", "sf:0:62", "synth:brass_stab", "synth:synth_brass"),
    "horn": ("sf:0:60",),
    "saxophone": ("sf:0:64", "sf:0:65", "sf:0:66", "sf:0:67"),
    "flute": ("sf:0:73", "synth:pan_flute_s"),
    "acoustic guitar": ("sf:0:25", "synth:acoustic_s"),
    "nylon guitar": ("sf:0:24", "synth:nylon_s"),
    "electric guitar": ("sf:0:24", "sf:0:25", "sf:0:26", "sf:0:27", "sf:0:28", "sf:0:29", "sf:0:30", "synth:acoustic_s",
                        "synth:nylon_s", "synth:muted_guitar", "synth:clean_strat", "synth:chorus_guitar",
                        "synth:power_guitar", "synth:lead_guitar", "synth:steel_guitar_s"),
    "distorted guitar": ("sf:0:29", "sf:0:30", "synth:power_guitar", "synth:lead_guitar"),
    "choir": ("sf:0:52", "sf:0:91", "synth:choir_aah", "synth:choir_pad"),
    "pad": ("synth:warm_pad", "sf:0:88", "sf:0:89", "synth:glass_pad", "synth:dark_pad", "synth:evolving_pad",
            "synth:juno_pad", "synth:shimmer"),
    "organ": ("sf:0:16", "sf:0:17", "sf:0:19", "synth:tonewheel", "synth:house_organ", "synth:church_reed"),
    "church organ": ("sf:0:19", "synth:church_reed"),
    "bells": ("synth:fm_bell", "sf:0:9", "sf:0:10", "sf:0:11", "synth:bell_pluck", "synth:music_box_s"),
    "supersaw": ("synth:supersaw", "synth:stab", "synth:saw_lead", "synth:square_lead", "synth:pluck", "synth:warm_pad",
                 "sf:0:80", "sf:0:81", "sf:0:50", "sf:0:90", "synth:saw_lead2", "synth:supersaw_lead", "synth:hoover",
                 "synth:acid_lead", "synth:sync_lead", "synth:plucked_saw", "synth:trance_pluck", "synth:juno_pad"),
    "synth lead": ("synth:saw_lead", "synth:square_lead", "synth:saw_lead2", "synth:supersaw_lead", "synth:sync_lead",
                   "synth:acid_lead"),
    "square lead": ("synth:square_lead", "synth:chip_pulse_12", "synth:chip_pulse_25", "synth:chip_pulse_50"),
    "pluck": ("synth:pluck", "synth:plucked_saw", "synth:trance_pluck"),
    "vinyl": ("synth:vinyl",),
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
    if OTHER_INSTRUMENTS in brief.excluded.value and wanted:
        players = [part for part in players if any(covers(instrument, part) for instrument in wanted)]
    allowed = [part for player in players if (part := _permit(player, banned, wanted)) is not None]
    names = {part.name for part in allowed}
    # A doubling part whose model was banned plays on its own only when it is no mere copy.
    return tuple(part for part in allowed if not part.doubles or part.doubles in names)


def silent_rows(brief: Brief) -> frozenset[str]:
    """Rows of the drum grids that the prompt does not want: "808s but no hi-hats"."""
    unwanted = (_BY_NAME[name] for name in brief.excluded.value if name in _BY_NAME)
    return frozenset(row for instrument in unwanted for row in instrument.rows)


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
    """A player that the style does not have: a pad, a chord player or a counter-line; a bass or lead where there is none."""
    names = {part.name for part in players}
    name = instrument.name.replace(" ", "_")
    while name in names:
        name += "_2"
    missing = instrument.role in ("lead", "bass") and all(part.role != instrument.role for part in players)
    role = instrument.role if missing or instrument.role in ("chords", "pad", "arp", "fx") else "counter"
    return PartStyle(
        name=name,
        role=role,
        stem=instrument.stem,
        sound=instrument.sound,
        gain_db={"lead": -1.0, "bass": -4.0, "pad": -11.0, "chords": -7.0, "arp": -9.0, "fx": -20.0}.get(role, -7.0),
        range=instrument.range if role == "bass" else _comfortable(instrument),
        pan=0.0 if missing else 0.25,
        highpass=0.0 if role == "bass" else 120.0,
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
