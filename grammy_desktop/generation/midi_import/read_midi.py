"""Reads MIDI files of every kind with mido; what is broken becomes one sentence."""

from __future__ import annotations

import io
import re
import struct
from collections import deque
from pathlib import Path
from typing import Any

from grammy_desktop.core.errors import UserError
from grammy_desktop.core.music import Key
from grammy_desktop.generation.midi_import.midi_score import MetreChange, MidiScore, MidiVoice, RawNote

_LARGEST = 16_000_000
"""Bytes; a symphony is a hundredth of that."""
_DRUM_CHANNEL = 9
_SUSTAIN = 64
_LONGEST_HOLD = 8.0
"""Beats that the pedal may lengthen a note by."""
_DEFAULT_TEMPO = 120.0
_FASTEST_TEMPO, _SLOWEST_TEMPO = 60_000, 6_000_000
"""Microseconds a beat (1,000 to 10 BPM); others are no tempi."""
_KEY_SIGNATURE = re.compile(rb"\xff\x59\x02(..)", re.DOTALL)


def read_midi(path: Path) -> MidiScore:
    """All that sounds in the file. Raises UserError naming the file and what to do where it cannot be read."""
    data = _bytes_of(path)
    file = _parse(data, path)
    told: list[str] = []
    tracks = list(file.tracks)
    if file.type == 2 and len(tracks) > 1:
        tracks = [max(tracks, key=_count_notes)]
        told.append("The file holds several separate pieces (type 2); the one with the most notes was read.")
    scale = _beats_per_tick(file, tracks, told)
    tempi: dict[float, float] = {}
    metres: dict[float, tuple[int, int]] = {}
    keys: dict[float, Key] = {}
    voices: list[MidiVoice] = []
    for track in tracks:
        voices += _read_track(track, scale, tempi, metres, keys)
    score = MidiScore(
        voices=tuple(voices),
        tempi=tuple(sorted(tempi.items())),
        metres=tuple(MetreChange(beat, metre) for beat, metre in sorted(metres.items())),
        keys=tuple(sorted(keys.items())),
        notes_for_user=tuple(told),
    )
    if not any(voice.notes for voice in score.voices):
        raise UserError(f"“{path.name}” holds no notes; export it again with the melody or the chords.", file=str(path))
    return score


def _bytes_of(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > _LARGEST:
            raise UserError(f"“{path.name}” is too large for a MIDI file ({size // 1_000_000} MB).", file=str(path))
        data = path.read_bytes()
    except IsADirectoryError as error:
        raise UserError(f"“{path.name}” is a folder; name a MIDI file.", file=str(path)) from error
    except FileNotFoundError as error:
        raise UserError(f"“{path.name}” does not exist.", file=str(path)) from error
    except OSError as error:
        raise UserError(f"“{path.name}” cannot be read ({error.strerror}).", file=str(path)) from error
    if data[:4] == b"RIFF" and data[8:12] == b"RMID":
        place = data.find(b"MThd")
        data = data[max(place, 0) :]
    if data[:4] != b"MThd":
        raise UserError(
            f"“{path.name}” is no MIDI file; export your idea as a standard MIDI file (.mid).", file=str(path)
        )
    return data


def _parse(data: bytes, path: Path) -> Any:
    import mido

    for attempt in (data, _KEY_SIGNATURE.sub(_mended_signature, data)):
        try:
            return mido.MidiFile(file=io.BytesIO(attempt), clip=True)
        except mido.KeySignatureError:
            continue
        except EOFError as error:
            raise _damaged(path, "it ends in the middle of a track") from error
        except (OSError, ValueError, IndexError, KeyError, struct.error, TypeError) as error:
            raise _damaged(path, "its data make no sense") from error
    raise _damaged(path, "its key signature makes no sense")


def _mended_signature(match: re.Match[bytes]) -> bytes:
    """Signatures beyond seven accidentals are no keys; C major takes their place."""
    sharps, minor = struct.unpack("bB", match[1])
    return match[0] if -7 <= sharps <= 7 and minor in (0, 1) else b"\xff\x59\x02\0\0"


def _damaged(path: Path, how: str) -> UserError:
    return UserError(f"“{path.name}” is damaged: {how}; export it again from the program that made it.", file=str(path))


def _count_notes(track: Any) -> int:
    return sum(message.type == "note_on" for message in track)


def _beats_per_tick(file: Any, tracks: list[Any], told: list[str]) -> float:
    division = file.ticks_per_beat
    if division > 0:
        return float(1.0 / division)
    if division == 0:
        return 1.0 / 480
    # SMPTE: the high byte is minus the frames a second, the low one the ticks a frame.
    frames, ticks = -(division >> 8), division & 0xFF
    per_second = (29.97 if frames == 29 else float(frames or 25)) * (ticks or 1)
    said = (m.tempo for track in tracks for m in track if m.type == "set_tempo")
    tempo = next((60e6 / one for one in said if _FASTEST_TEMPO <= one <= _SLOWEST_TEMPO), _DEFAULT_TEMPO)
    told.append(f"The file counts film frames instead of beats; it was read at {tempo:g} BPM.")
    return tempo / 60.0 / per_second


def _read_track(
    track: Any,
    scale: float,
    tempi: dict[float, float],
    metres: dict[float, tuple[int, int]],
    keys: dict[float, Key],
) -> list[MidiVoice]:
    """The voices of one track, one a channel; what it says of tempo, metre and key goes into the tables."""
    channels: dict[int, _Channel] = {}
    name, now = "", 0.0
    for message in track:
        now += message.time * scale
        if message.type == "track_name" and not name:
            name = _text(message.name)
        elif message.type == "set_tempo" and _FASTEST_TEMPO <= message.tempo <= _SLOWEST_TEMPO:
            tempi[now] = 60e6 / message.tempo
        elif message.type == "time_signature" and _is_metre(message.numerator, message.denominator):
            metres[now] = (message.numerator, message.denominator)
        elif message.type == "key_signature":
            keys[now] = Key.parse(message.key)
        elif not message.is_meta and hasattr(message, "channel"):
            channels.setdefault(message.channel, _Channel()).take(message, now)
    return [
        MidiVoice(name, channel, state.program, channel == _DRUM_CHANNEL, state.finish(now))
        for channel, state in sorted(channels.items())
        if state.has_notes
    ]


def _is_metre(beats: int, unit: int) -> bool:
    return 1 <= beats <= 32 and unit in (1, 2, 4, 8, 16, 32)


class _Channel:
    """Pairs the beginnings and ends of notes."""

    def __init__(self) -> None:
        self.program = 0
        self._program_known = False
        self._sounding: dict[int, deque[tuple[float, int]]] = {}
        self._notes: list[tuple[float, float, int, int]] = []
        self._pedals: list[tuple[float, bool]] = []

    @property
    def has_notes(self) -> bool:
        return bool(self._notes) or any(self._sounding.values())

    def take(self, message: Any, now: float) -> None:
        if message.type == "note_on" and message.velocity > 0:
            self._sounding.setdefault(message.note, deque()).append((now, message.velocity))
            self._program_known = True
        elif message.type in ("note_on", "note_off"):
            self._end(message.note, now)
        elif message.type == "program_change" and not self._program_known:
            self.program = message.program
        elif message.type == "control_change" and message.control == _SUSTAIN:
            self._pedals.append((now, message.value >= 64))

    def _end(self, pitch: int, now: float) -> None:
        begun = self._sounding.get(pitch)
        if begun:
            start, velocity = begun.popleft()
            if now > start:
                self._notes.append((start, now - start, pitch, velocity))

    def finish(self, end: float) -> tuple[RawNote, ...]:
        """In order of time; what never ended lasts a beat or until the track ends."""
        for pitch, begun in self._sounding.items():
            self._notes += [(start, max(min(end - start, 1.0), 0.25), pitch, velocity) for start, velocity in begun]
        return tuple(
            RawNote(start, length, pitch, velocity, self._held(start, length))
            for start, length, pitch, velocity in sorted(self._notes)
        )

    def _held(self, start: float, length: float) -> float:
        end, down = start + length, False
        for when, is_down in self._pedals:
            if when > end:
                return max(length, min(when - start, length + _LONGEST_HOLD)) if down else length
            down = is_down
        return length


def _text(name: str) -> str:
    """mido reads Latin-1; most files of today hold UTF-8."""
    try:
        return name.encode("latin-1").decode("utf-8").strip()
    except UnicodeError:
        return name.strip()
