"""The user's sound fonts as instruments: `font:NAME:BANK:PROGRAM`, on time and at the level of the shipped sounds."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from grammy_desktop.core.atomic import atomic_file
from grammy_desktop.core.audio import Samples
from grammy_desktop.core.errors import GrammyError, UserError
from grammy_desktop.core.song import Note
from grammy_desktop.core.styles.sounds import FontSound
from grammy_desktop.generation.composer.render.attack import Calibration, gain_to_level, speaks_late
from grammy_desktop.generation.composer.render.font_extract import extract_preset, preset_keys
from grammy_desktop.generation.composer.render.font_file import FontFile, locate_font
from grammy_desktop.generation.composer.render.oscillators import RATE
from grammy_desktop.generation.composer.render.synth_events import (
    OFF,
    ON,
    WHEEL_CENTRE,
    SynthEvent,
    note_events,
    wheel_range,
)

log = logging.getLogger(__name__)

_MAX_VOICES = 192
_BLOCK = 8192
_NOTE_SECONDS, _REST_SECONDS = 0.5, 0.25
_VERSION = 1
"""Of the cached measurements."""
_UNMEASURED = -1
"""A program that the shipped font's table of onsets does not know: this font has its own."""


@dataclass(frozen=True)
class FontPlayer:
    """One preset of a user's font, ready to play; `close` is not needed: it holds memory only."""

    synth: Any
    handle: int
    calibration: Calibration
    is_drums: bool

    def render(
        self, notes: Sequence[Note], *, clock: Callable[[float], float], out: Samples, check: Callable[[], None]
    ) -> None:
        """Add the notes to `out`, float32 [frames, 2] at 48 kHz. clock: seconds of a beat; check: may raise."""
        timed = [self._in_seconds(note, clock) for note in notes]
        bank = 128 if self.is_drums else 0
        events = note_events(timed, float, len(out), bank=bank, program=_UNMEASURED)
        _play(self.synth, self.handle, events, wheel_range(timed), out, self.calibration.gain, check)

    def _in_seconds(self, note: Note, clock: Callable[[float], float]) -> Note:
        """The note in seconds, as much earlier as its key speaks late."""
        start = clock(note.start)
        late = min(start, self.calibration.late(note.pitch))
        bend = tuple((clock(note.start + beat) - start + late, level) for beat, level in note.bend)
        length = clock(note.start + note.length) - start + late
        return replace(note, start=start - late, length=length, bend=bend)


def open_font_player(
    sound: FontSound, notes: Sequence[Note], *, fonts: Path | None, cache: Path | None, is_drums: bool = False
) -> FontPlayer:
    """The preset that a sound names, with what the notes need. fonts: the user's folder; cache: where measurements are kept.

    Raises UserError in one sentence: no such font or preset, a broken one, one too large.
    """
    with FontFile(locate_font(sound.font, fonts)) as font:
        keys = {note.pitch for note in notes}
        calibration = _calibration(font, sound, keys, cache)
        synth, handle = _load(font, extract_preset(font, sound.bank, sound.program, keys))
    return FontPlayer(synth, handle, calibration, is_drums or sound.bank == 128)


def _load(font: FontFile, data: bytes) -> tuple[Any, int]:
    import tinysoundfont

    try:
        synth = tinysoundfont.Synth(gain=-6, samplerate=RATE)
        return synth, synth.sfload(data, max_voices=_MAX_VOICES)
    except RuntimeError as error:
        raise font.broken("its samples cannot be decoded") from error


def _play(
    synth: Any,
    handle: int,
    events: Sequence[SynthEvent],
    reach: int,
    out: Samples,
    gain: float,
    check: Callable[[], None],
) -> None:
    for channel in sorted({event.channel for event in events} | {0}):
        synth.program_select(channel, handle, 0, 0, False)
        synth.pitchbend_range(channel, float(reach))
        synth.pitchbend(channel, WHEEL_CENTRE)
    place = 0
    for event in [*events, None]:
        until = len(out) if event is None else event.frame
        while place < until:
            check()
            last = min(until, place + _BLOCK)
            block = np.frombuffer(synth.generate(last - place), np.float32).reshape(-1, 2)
            out[place:last] += block * np.float32(gain)
            place = last
        if event is None:
            break
        if event.order == ON:
            synth.noteon(event.channel, event.value, event.velocity)
        elif event.order == OFF:
            synth.noteoff(event.channel, event.value)
        else:
            synth.pitchbend(event.channel, event.value)


def _calibration(font: FontFile, sound: FontSound, keys: Set[int], cache: Path | None) -> Calibration:
    """What was measured of the preset before; keys that are new are measured now and kept with the others."""
    place = None if cache is None else cache / f"{font.fingerprint()}-{sound.bank}-{sound.program}.json"
    known = _kept(place)
    missing = keys - {key for key, _ in known.delays} if known is not None else keys
    if known is not None and not missing:
        return known
    measured = measure_preset(font, sound.bank, sound.program, missing, known=known)
    if place is not None:
        _keep(place, measured)
    return measured


def _kept(place: Path | None) -> Calibration | None:
    if place is None:
        return None
    with suppress(OSError, ValueError):
        data = json.loads(place.read_text(encoding="utf-8"))
        if isinstance(data, dict) and data.get("version") == _VERSION:
            return Calibration.from_json(data)
    return None


def _keep(place: Path, measured: Calibration) -> None:
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with atomic_file(place) as temporary:
            temporary.write_text(json.dumps({"version": _VERSION, **measured.to_json()}), encoding="utf-8")
    except (OSError, GrammyError) as error:
        # A full disk must not silence an instrument: it is measured again next time.
        log.warning("the measurement of a sound font was not kept: %s", error)


def measure_preset(
    font: FontFile, bank: int, program: int, keys: Iterable[int], *, known: Calibration | None = None
) -> Calibration:
    """How late the keys speak (added to what is `known`), and the gain that brings a mid-range note to the shipped level.

    Raises UserError for a preset without sound.
    """
    there = preset_keys(font, bank, program)
    if not there:
        raise UserError(
            f"The preset {bank}:{program} of the sound font “{font.path.stem}” has no sound.", file=str(font.path)
        )
    delays = dict(known.delays) if known is not None else {}
    # One key after another, so that even a font of gigabytes is never wholly in memory.
    for key in sorted(set(keys) - delays.keys()):
        delays[key] = speaks_late(_one_note(font, bank, program, key)) if key in there else 0.0
    middle = min(there, key=lambda key: (abs(key - 60), key))
    gain = known.gain_db if known is not None else gain_to_level(_one_note(font, bank, program, middle))
    return Calibration(gain, tuple(sorted(delays.items())))


def _one_note(font: FontFile, bank: int, program: int, key: int) -> Samples:
    synth, handle = _load(font, extract_preset(font, bank, program, [key]))
    out = np.zeros((round((_NOTE_SECONDS + _REST_SECONDS) * RATE), 2), np.float32)
    events = [SynthEvent(0, ON, 0, key, 100), SynthEvent(round(_NOTE_SECONDS * RATE), OFF, 0, key)]
    _play(synth, handle, events, 2, out, 1.0, lambda: None)
    return out
