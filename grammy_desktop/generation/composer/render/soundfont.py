"""Sampled instruments: General MIDI presets of the shipped sound font, rendered through tinysoundfont."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.errors import EnvironmentFailure
from grammy_desktop.core.resources import resource
from grammy_desktop.core.song import Note
from grammy_desktop.generation.composer.render.onsets import onset_delay
from grammy_desktop.generation.composer.render.oscillators import RATE

_MAX_VOICES = 192
_FADE = 0.004
_BLOCK = 8192
"""Frames a call at most, so that cancelling never waits long."""


class SoundFont:
    """One loaded sound font; a part at a time (the synthesiser behind it keeps state)."""

    def __init__(self, path: str) -> None:
        import tinysoundfont

        self._lock = threading.Lock()
        try:
            self._synth: Any = tinysoundfont.Synth(gain=-6, samplerate=RATE)
            self._font: int = self._synth.sfload(path, max_voices=_MAX_VOICES)
        except RuntimeError as error:
            raise EnvironmentFailure(
                "The sound font cannot be read; install Grammy Desktop again.", file=path
            ) from error
        self._presets = {
            bank: [program for program in range(128) if self._synth.sfpreset_name(self._font, bank, program)]
            for bank in (0, 128)
        }

    def preset(self, bank: int, program: int) -> tuple[int, int]:
        """The preset itself, else the nearest of its General MIDI family, else the nearest of all."""
        bank = 128 if bank == 128 else 0
        known = self._presets[bank]
        if program in known:
            return bank, program
        family = [other for other in known if other // 8 == program // 8]
        return bank, min(family or known, key=lambda other: (abs(other - program), other))

    def render(
        self,
        notes: Sequence[Note],
        *,
        seconds_per_beat: float,
        bank: int,
        program: int,
        gain: float,
        out: Samples,
        check: Callable[[], None],
    ) -> None:
        """Add the notes on one preset times `gain` to `out` [frames, 2]. `check` may raise; it is called all the time."""
        frames = len(out)
        bank, program = self.preset(bank, program)
        events = _events(notes, seconds_per_beat, frames, bank=bank, program=program)
        with self._lock:
            synth = self._synth
            synth.sounds_off(0)
            synth.generate(RATE // 10)
            synth.program_select(0, self._font, bank, program, bank == 128)
            place = 0
            for frame, is_on, pitch, velocity in events:
                while place < frame:
                    check()
                    place = self._fill(out, place, min(frame, place + _BLOCK), gain)
                if is_on:
                    synth.noteon(0, pitch, velocity)
                else:
                    synth.noteoff(0, pitch)
            while place < frames:
                check()
                place = self._fill(out, place, min(frames, place + _BLOCK), gain)

    def _fill(self, out: Samples, first: int, last: int, gain: float) -> int:
        block = self._synth.generate(last - first)
        out[first:last] += np.frombuffer(block, np.float32).reshape(-1, 2) * np.float32(gain)
        return last


def _events(
    notes: Sequence[Note], seconds_per_beat: float, frames: int, *, bank: int, program: int
) -> list[tuple[int, bool, int, int]]:
    """(frame, on, pitch, velocity) in order, a note's end before the next one's start on the same pitch.

    A sample that speaks late is started as much earlier (see onsets.py), so that it is heard when the note is written.
    """
    ordered = sorted(notes, key=lambda note: (note.start, note.pitch))
    upcoming: dict[int, int] = {}
    events: list[tuple[int, bool, int, int]] = []
    for note in reversed(ordered):
        late = round(onset_delay(bank, program, note.pitch) * RATE)
        first = max(0, round(note.start * seconds_per_beat * RATE) - late)
        last = min(round((note.start + note.length) * seconds_per_beat * RATE), upcoming.get(note.pitch, frames))
        last = max(first + 1, last)
        upcoming[note.pitch] = first
        if first >= frames or not 0 <= note.pitch <= 127:
            continue
        events.append((first, True, note.pitch, min(127, max(1, note.velocity))))
        if bank != 128 and last < frames:
            events.append((last, False, note.pitch, 0))
    return sorted(events)


_LOADING = threading.Lock()


def shipped_font() -> SoundFont:
    """The sound font that ships with the app, loaded once a process. Raises EnvironmentFailure."""
    # Two threads asking first at the same time would both load 200 MB.
    with _LOADING:
        return _load(str(resource("soundfonts", "fluid_core.sf3")))


@lru_cache(maxsize=1)
def _load(path: str) -> SoundFont:
    return SoundFont(path)
