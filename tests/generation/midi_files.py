"""MIDI files made for tests, by mido and by hand."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import mido

TICKS = 480
Played = tuple[float, float, int]
"""(start, length) in beats and the pitch."""

TUNE: list[Played] = [
    (0, 1, 72), (1, 0.5, 74), (1.5, 0.5, 76), (2, 2, 79), (4, 1, 77), (5, 1, 76), (6, 2, 74),
    (8, 0.5, 71), (8.5, 0.5, 72), (9, 1, 74), (10, 2, 67), (12, 3, 72),
]  # fmt: skip
"""Four bars of 4/4 in C major."""

CHORDS = ("C:maj", "A:min7", "G:7", "C:maj")
VOICINGS = ((48, 60, 64, 67), (45, 60, 64, 67), (43, 59, 62, 65), (48, 60, 64, 67))


def block_chords(bar: float = 4.0, repeats: int = 1) -> list[Played]:
    return [
        (bar * (4 * turn + number), bar, pitch)
        for turn in range(repeats)
        for number, tones in enumerate(VOICINGS)
        for pitch in tones
    ]


def arpeggios() -> list[Played]:
    """The same chords one tone after another in eighths."""
    return [
        (4.0 * number + 0.5 * step, 0.5, tones[(0, 1, 2, 3, 2, 1, 2, 3)[step]])
        for number, tones in enumerate(VOICINGS)
        for step in range(8)
    ]


def track(
    notes: Sequence[Played], *, name: str = "", channel: int = 0, program: int = 0, extra: Sequence[Any] = ()
) -> Any:
    """A track of mido; `extra`: (beat, message)."""
    events: list[tuple[int, int, Any]] = [(round(beat * TICKS), 1, message) for beat, message in extra]
    for start, length, pitch in notes:
        on = mido.Message("note_on", channel=channel, note=pitch, velocity=90)
        off = mido.Message("note_off", channel=channel, note=pitch, velocity=0)
        events += [(round(start * TICKS), 2, on), (round((start + length) * TICKS), 0, off)]
    made = mido.MidiTrack([mido.MetaMessage("track_name", name=name)] if name else [])
    made.append(mido.Message("program_change", channel=channel, program=program))
    now = 0
    for tick, _, message in sorted(events, key=lambda event: event[:2]):
        made.append(message.copy(time=tick - now))
        now = tick
    return made


def head(*, tempo: float | None = 96, metre: tuple[int, int] | None = (4, 4), key: str | None = "C") -> list[Any]:
    messages: list[Any] = []
    if tempo is not None:
        messages.append((0, mido.MetaMessage("set_tempo", tempo=round(60e6 / tempo))))
    if metre is not None:
        messages.append((0, mido.MetaMessage("time_signature", numerator=metre[0], denominator=metre[1])))
    if key is not None:
        messages.append((0, mido.MetaMessage("key_signature", key=key)))
    return messages


def save(path: Path, *tracks: Any, kind: int = 1, ticks: int = TICKS) -> Path:
    file = mido.MidiFile(type=kind, ticks_per_beat=ticks)
    file.tracks += tracks
    file.save(path)
    return path


def raw(path: Path, body: bytes, *, kind: int = 0, division: int = TICKS) -> Path:
    """A file with one track of the given bytes."""
    header = b"MThd" + struct.pack(">IHHH", 6, kind, 1, division & 0xFFFF)
    path.write_bytes(header + b"MTrk" + struct.pack(">I", len(body)) + body)
    return path
