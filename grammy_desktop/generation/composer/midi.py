"""Standard MIDI files: type 1, one track a player, drums on channel 10, sections as markers."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from grammy_desktop.core.atomic import atomic_file
from grammy_desktop.core.music import Key
from grammy_desktop.core.song import Arrangement, Part

TICKS_PER_BEAT = 960
DRUM_CHANNEL = 9


def write_midi(arrangement: Arrangement, path: Path) -> None:
    """Write the score as a MIDI file, whole or not at all. EnvironmentFailure when the disk refuses."""
    data = midi_bytes(arrangement)
    with atomic_file(path) as temporary:
        temporary.write_bytes(data)


def midi_bytes(arrangement: Arrangement) -> bytes:
    """The MIDI file of a score; the same score gives the same bytes. Effects have no notes in it."""
    import mido

    file = mido.MidiFile(type=1, ticks_per_beat=TICKS_PER_BEAT)
    file.tracks.append(_conductor(arrangement))
    parts = [part for part in arrangement.parts if not is_effect(part)]
    for part, channel in zip(parts, _channels(parts), strict=True):
        file.tracks.append(_track(part, channel))
    buffer = io.BytesIO()
    file.save(file=buffer)
    return buffer.getvalue()


def is_effect(part: Part) -> bool:
    """Whether a part is sound design without pitch or beat."""
    return part.stem == "fx"


def _channels(parts: list[Part]) -> list[int]:
    """A channel each; beyond fifteen melodic parts, those of the same program share one."""
    free = [channel for channel in range(16) if channel != DRUM_CHANNEL]
    by_program: dict[int, int] = {}
    channels: list[int] = []
    for part in parts:
        if part.is_drums:
            channels.append(DRUM_CHANNEL)
            continue
        if free:
            channel = free.pop(0)
        else:
            channel = by_program.get(part.program, 15)
        by_program.setdefault(part.program, channel)
        channels.append(channel)
    return channels


def _conductor(arrangement: Arrangement) -> Any:
    import mido

    track = mido.MidiTrack()
    numerator, denominator = arrangement.metre
    tempo = round(60_000_000 / arrangement.tempo)
    track.append(mido.MetaMessage("track_name", name="Grammy Desktop", time=0))
    track.append(mido.MetaMessage("set_tempo", tempo=tempo, time=0))
    track.append(mido.MetaMessage("time_signature", numerator=numerator, denominator=denominator, time=0))
    track.append(mido.MetaMessage("key_signature", key=_key_signature(arrangement.key), time=0))
    events = [
        (_ticks(change.beat), mido.MetaMessage("key_signature", key=_key_signature(change.key)))
        for change in arrangement.key_changes
    ]
    events += [
        (_ticks(section.start * arrangement.beats_per_bar), mido.MetaMessage("marker", text=section.name))
        for section in arrangement.sections
    ]
    now = 0
    for tick, message in sorted(events, key=lambda event: event[0]):
        track.append(message.copy(time=tick - now))
        now = tick
    end = max((note.start + note.length for part in arrangement.parts for note in part.notes), default=0.0)
    track.append(mido.MetaMessage("end_of_track", time=max(0, _ticks(end) - now)))
    return track


def _key_signature(key: Key) -> str:
    """MIDI knows major and minor signatures; other modes are written by the signature they share."""
    if key.mode in ("minor", "harmonic minor", "melodic minor"):
        return f"{key.tonic_name}m"
    return key.signature_tonic


def _track(part: Part, channel: int) -> Any:
    import mido

    track = mido.MidiTrack()
    track.append(mido.MetaMessage("track_name", name=part.name, time=0))
    track.append(mido.Message("program_change", channel=channel, program=part.program, time=0))
    # At one tick, endings come before beginnings, so that a repeated note is not cut by its own predecessor.
    messages: list[tuple[int, int, int, int]] = []
    for note in part.notes:
        start = _ticks(note.start)
        messages.append((start, 1, note.pitch, note.velocity))
        messages.append((max(start + 1, _ticks(note.start + note.length)), 0, note.pitch, 0))
    now = 0
    for tick, begins, pitch, velocity in sorted(messages):
        kind = "note_on" if begins else "note_off"
        track.append(mido.Message(kind, channel=channel, note=pitch, velocity=velocity, time=tick - now))
        now = tick
    track.append(mido.MetaMessage("end_of_track", time=0))
    return track


def _ticks(beats: float) -> int:
    return round(beats * TICKS_PER_BEAT)
