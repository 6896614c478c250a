"""Sampled instruments: General MIDI presets of the shipped sound font, rendered through tinysoundfont."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.errors import EnvironmentFailure, UserError
from grammy_desktop.core.resources import resource
from grammy_desktop.core.song import Note
from grammy_desktop.core.tempo_map import TempoMap, seconds_at
from grammy_desktop.generation.composer.render.font_extract import extract_preset
from grammy_desktop.generation.composer.render.font_file import FontFile
from grammy_desktop.generation.composer.render.oscillators import RATE
from grammy_desktop.generation.composer.render.synth_events import (
    OFF,
    ON,
    WHEEL_CENTRE,
    SynthEvent,
    note_events,
    wheel_range,
)

_MAX_VOICES = 192
_MOST_PRESETS = 12
"""Kept loaded at most: 1 to 30 MB each."""
_BLOCK = 8192
"""Frames a call at most, so that cancelling never waits long."""
_FRAME_BYTES = 8
_BASSES = range(32, 40)
"""Programs whose low notes cover no click."""
_DAMPING, _SMOOTH = round(0.05 * RATE), 16
"""Frames after a bass note's end that are made in steps of so few: the synthesiser lets notes fall in steps of 64 frames, or as
long as what it is asked for."""


class SoundFont:
    """A sound font whose presets are loaded one by one, when they are first played; a part at a time."""

    def __init__(self, path: str) -> None:
        self._lock = threading.Lock()
        try:
            self._file = FontFile(Path(path))
        except UserError as error:
            raise EnvironmentFailure(
                "The sound font cannot be read; install Grammy Desktop again.", file=path
            ) from error
        heads = self._file.tables["phdr"][:-1]
        self._presets = {bank: sorted(heads["preset"][heads["bank"] == bank].tolist()) for bank in (0, 128)}
        self._synths: OrderedDict[tuple[int, int], Any] = OrderedDict()
        self._synth: Any = None
        self._font = 0

    def _choose(self, bank: int, program: int) -> None:
        """Make `_synth` the synthesiser that holds this preset (as its bank 0, program 0)."""
        import tinysoundfont

        key = (bank, program)
        if key not in self._synths:
            synth = tinysoundfont.Synth(gain=-6, samplerate=RATE)
            try:
                synth.sfload(extract_preset(self._file, bank, program, range(128)), max_voices=_MAX_VOICES)
            except (RuntimeError, UserError) as error:
                raise EnvironmentFailure(
                    "The sound font cannot be read; install Grammy Desktop again.", file=str(self._file.path)
                ) from error
            self._synths[key] = synth
            while len(self._synths) > _MOST_PRESETS:
                self._synths.popitem(last=False)
        self._synths.move_to_end(key)
        self._synth = self._synths[key]

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
        tempo_map: TempoMap = (),
    ) -> None:
        """Add the notes on one preset times `gain` to `out` [frames, 2]. `check` may raise; it is called all the time.

        Notes that bend get channels of their own (up to fifteen at a time), so that the others stay in tune.
        """
        frames = len(out)
        bank, program = self.preset(bank, program)
        clock = partial(seconds_at, tempo=60.0 / seconds_per_beat, changes=tempo_map)
        events = note_events(notes, clock, frames, bank=bank, program=program)
        reach = wheel_range(notes)
        with self._lock:
            self._choose(bank, program)
            self._prepare({event.channel for event in events} | {0}, reach)
            # What must begin before the song does is played to nobody first.
            place = min(0, events[0].frame) if events else 0
            damped = -1
            for event in events:
                place = self._advance(out, place, min(event.frame, damped), gain, check, _SMOOTH)
                place = self._advance(out, place, event.frame, gain, check)
                self._tell(event)
                if event.order == OFF and program in _BASSES:
                    damped = event.frame + _DAMPING
            place = self._advance(out, place, min(frames, damped), gain, check, _SMOOTH)
            self._advance(out, place, frames, gain, check)

    def _advance(
        self, out: Samples, place: int, until: int, gain: float, check: Callable[[], None], step: int = _BLOCK
    ) -> int:
        """Play on from frame `place` to `until` in steps; what lies before frame 0 is thrown away."""
        while place < until:
            check()
            last = min(until, 0 if place < 0 else place + _BLOCK)
            room = np.empty((last - place, 2), np.float32)
            view, size, step_bytes = room.data.cast("B"), room.nbytes, step * _FRAME_BYTES
            # Past `Synth.generate`, which costs more than these few frames.
            play = self._synth.soundfonts[self._font].render
            for first in range(0, size, step_bytes):
                play(view[first : min(first + step_bytes, size)], False)
            if place >= 0:
                room *= np.float32(gain)
                out[place:last] += room
            place = last
        return place

    def _prepare(self, channels: set[int], reach: int) -> None:
        """Silence, and the preset on every channel that is used."""
        synth = self._synth
        synth.sounds_off()
        synth.generate(RATE // 10)
        for channel in channels:
            synth.program_select(channel, self._font, 0, 0)
            synth.pitchbend_range(channel, float(reach))
            synth.pitchbend(channel, WHEEL_CENTRE)

    def _tell(self, event: SynthEvent) -> None:
        if event.order == ON:
            self._synth.noteon(event.channel, event.value, event.velocity)
        elif event.order == OFF:
            self._synth.noteoff(event.channel, event.value)
        else:
            self._synth.pitchbend(event.channel, event.value)


_LOADING = threading.Lock()


def shipped_font() -> SoundFont:
    """The sound font that ships with the app, loaded once a process. Raises EnvironmentFailure."""
    # Two threads asking first at the same time would both load 200 MB.
    with _LOADING:
        return _load(str(resource("soundfonts", "fluid_core.sf3")))


@lru_cache(maxsize=1)
def _load(path: str) -> SoundFont:
    return SoundFont(path)
