"""Standard MIDI files: type 1, one track a player, drums on channel 10, the tempo map, sections as markers."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grammy_desktop.core.atomic import atomic_file
from grammy_desktop.core.music import Key
from grammy_desktop.core.song import Arrangement, Part
from grammy_desktop.generation.composer.midi.track import TICKS_PER_BEAT, ticks, track

DRUM_CHANNEL = 9


def write_midi(arrangement: Arrangement, path: Path) -> None:
    """Write the score as a MIDI file, whole or not at all. EnvironmentFailure when the disk refuses."""
    data = midi_bytes(arrangement)
    with atomic_file(path) as temporary:
        temporary.write_bytes(data)


def midi_bytes(arrangement: Arrangement) -> bytes:
    """The MIDI file of a score; the same score gives the same bytes. Effects have no notes in it."""
    import mido

    file = mido.MidiFile(type=1, ticks_per_beat=TICKS_PER_BEAT, charset="utf-8")
    file.tracks.append(_conductor(arrangement))
    parts = [part for part in arrangement.parts if not is_effect(part)]
    for part, seat in zip(parts, _seats(parts), strict=True):
        file.tracks.append(track(part, seat.channel, program=seat.owner, wheel=not seat.shared))
    buffer = io.BytesIO()
    file.save(file=buffer)
    return buffer.getvalue()


def is_effect(part: Part) -> bool:
    """Whether a part is sound design without pitch or beat."""
    return part.stem == "fx"


@dataclass(frozen=True)
class _Seat:
    """A part's channel; `owner`: the part chooses its program; `shared`: others play on it too."""

    channel: int
    owner: bool = True
    shared: bool = False


def _seats(parts: Sequence[Part]) -> list[_Seat]:
    """A channel each. Beyond fifteen melodic parts, the nearest program of its family (else of all) takes one in."""
    free = [channel for channel in range(16) if channel != DRUM_CHANNEL]
    channels: list[int] = []
    owners: dict[int, int] = {}
    for part in parts:
        if part.is_drums:
            channels.append(DRUM_CHANNEL)
        elif free:
            owners[free[0]] = part.program
            channels.append(free.pop(0))
        else:
            channels.append(min(owners, key=lambda channel: (*_distance(owners[channel], part.program), channel)))
    seats = []
    for index, channel in enumerate(channels):
        seats.append(_Seat(channel, channel not in channels[:index], channels.count(channel) > 1))
    return seats


def _distance(program: int, other: int) -> tuple[bool, int]:
    """Between two sounds: General MIDI orders its programs in families of eight."""
    return program // 8 != other // 8, abs(program - other)


def _conductor(arrangement: Arrangement) -> Any:
    import mido

    conductor = mido.MidiTrack()
    numerator, denominator = arrangement.metre
    compound = denominator == 8 and numerator % 3 == 0
    click = 36 if compound else 96 // denominator
    (_, tempo), *changes = arrangement.tempi()
    conductor.append(mido.MetaMessage("track_name", name="Grammy Desktop", time=0))
    conductor.append(mido.MetaMessage("set_tempo", tempo=round(60_000_000 / tempo), time=0))
    conductor.append(
        mido.MetaMessage("time_signature", numerator=numerator, denominator=denominator, clocks_per_click=click, time=0)
    )
    events = [(ticks(beat), mido.MetaMessage("set_tempo", tempo=round(60_000_000 / tempo))) for beat, tempo in changes]
    events += _key_signatures(arrangement)
    events += [
        (ticks(section.start * arrangement.beats_per_bar), mido.MetaMessage("marker", text=section.name))
        for section in arrangement.sections
    ]
    end = max((note.start + note.length for part in arrangement.parts for note in part.notes), default=0.0)
    events.append((max(ticks(end), *(tick for tick, _ in events)), mido.MetaMessage("end_of_track")))
    now = 0
    for tick, message in sorted(events, key=lambda event: event[0]):
        conductor.append(message.copy(time=tick - now))
        now = tick
    return conductor


def _key_signatures(arrangement: Arrangement) -> list[tuple[int, Any]]:
    """(tick, message) of the home key and of every change.

    Only here: the standard wants tempo, metre and key in the first track, and pretty_midi warns of any elsewhere.
    """
    import mido

    keys = [(0, arrangement.key), *((ticks(change.beat), change.key) for change in arrangement.key_changes)]
    return [(tick, mido.MetaMessage("key_signature", key=_key_signature(key))) for tick, key in keys]


def _key_signature(key: Key) -> str:
    """MIDI knows major and minor signatures; other modes are written by the signature they share."""
    if key.mode in ("minor", "harmonic minor", "melodic minor"):
        return f"{key.tonic_name}m"
    return key.signature_tonic
