"""The user's VST3 instruments: `vst3:NAME[:PRESET]`, played in a process of their own that may die without harm."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.plugins.catalogue import locate_plugin, preset_folders
from grammy_desktop.core.plugins.child import plugin_main
from grammy_desktop.core.plugins.inspection import info_of, load_request
from grammy_desktop.core.plugins.process import ANSWER_SECONDS, Entry, PluginFailed, PluginProcess
from grammy_desktop.core.song import Note
from grammy_desktop.core.styles.sounds import Vst3Sound
from grammy_desktop.generation.composer.render.attack import Calibration, gain_to_level, speaks_late
from grammy_desktop.generation.composer.render.oscillators import RATE
from grammy_desktop.generation.composer.render.synth_events import OFF, ON, SynthEvent, note_events, wheel_range

_CHUNK = 16_384
_CHANNELS = 2
_LONGEST_LATENCY = 10 * RATE
_TRIAL_KEY, _TRIAL_FRAMES = 60, 3 * _CHUNK
_TRIAL_NOTE = RATE // 2
_UNMEASURED = -1
_WAY_OUT = "Its part is played by another instrument until it works again."


class VstInstrument:
    """One instrument in its own process. A context manager."""

    def __init__(
        self,
        sound: Vst3Sound,
        *,
        presets: Path | None = None,
        range_middle: int = _TRIAL_KEY,
        entry: Entry = plugin_main,
    ) -> None:
        """presets: the user's folder of `.vstpreset` files. range_middle: the key that its level is measured on.

        Raises UserError where the instrument or its preset is missing, PluginFailed where it does not start or is none.
        """
        path = locate_plugin(sound.plugin)
        preset = find_preset(sound.preset, path.stem, presets) if sound.preset else None
        self._label = path.stem
        self._process = PluginProcess(path.stem, way_out=_WAY_OUT, entry=entry)
        try:
            self._process.ask(load_request(path, preset=str(preset or ""), sample_rate=RATE, instrument=True))
            trial = self._process.ask({"do": "try", "frames": _CHUNK}, seconds=ANSWER_SECONDS)
            self.latency = info_of(trial, self._label).latency
            if not 0 <= self.latency <= _LONGEST_LATENCY:
                raise PluginFailed(
                    f"The plug-in “{self._label}” says that it delays by {self.latency} frames; that cannot be."
                )
            self.calibration = self._calibrate(range_middle)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> VstInstrument:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._process.close()

    def render(
        self,
        notes: Sequence[Note],
        *,
        clock: Callable[[float], float],
        out: Samples,
        check: Callable[[], None],
        is_drums: bool = False,
    ) -> None:
        """Add the notes to `out`, float32 [frames, 2] at 48 kHz, what the instrument delays taken off.

        clock: seconds of a beat; check: may raise. Raises PluginFailed where it crashes, hangs or gives back no sound.
        """
        late = self.calibration.late(_TRIAL_KEY)
        events = note_events(notes, clock, len(out), bank=128 if is_drums else 0, program=_UNMEASURED)
        reach = wheel_range(notes)
        messages = [(max(0, event.frame - round(late * RATE)), _message(event)) for event in events]
        setup = [(0, message) for message in _wheel_setup({event.channel for event in events}, reach)]
        sound = self._run([*setup, *sorted(messages, key=lambda message: message[0])], len(out), check)
        out += sound.T * np.float32(self.calibration.gain)

    def _run(self, messages: Sequence[tuple[int, bytes]], frames: int, check: Callable[[], None]) -> Samples:
        """[channels, frames] of a performance that begins in silence."""
        made = np.zeros((_CHANNELS, frames + self.latency + _CHUNK), np.float32)
        place = number = 0
        while place < frames + self.latency:
            check()
            first = number
            while number < len(messages) and messages[number][0] < place + _CHUNK:
                number += 1
            events = [(frame - place, message) for frame, message in messages[first:number]]
            block = self._process.play(events, _CHUNK, _CHANNELS, reset=place == 0)
            if not np.isfinite(block).all():
                self.close()
                raise PluginFailed(
                    f"The plug-in “{self._label}” gave back numbers that are no sound (NaN or infinite). {_WAY_OUT}"
                )
            made[:, place : place + _CHUNK] = block
            place += _CHUNK
        return made[:, self.latency : self.latency + frames]

    def _calibrate(self, key: int) -> Calibration:
        """A single note tells the level, and how late the instrument speaks beyond what it says itself.

        Raises PluginFailed where nothing is heard: an instrument without a preset or a licence would make a silent part.
        """
        key = min(127, max(0, key))
        events = [(0, bytes((0x90, key, 100))), (_TRIAL_NOTE, bytes((0x80, key, 0)))]
        sound = self._run(events, _TRIAL_FRAMES, lambda: None).T
        if float(np.abs(sound).max()) < 1e-5:
            raise PluginFailed(
                f"The plug-in “{self._label}” stays silent when a note is played; it may need a preset or its licence. {_WAY_OUT}"
            )
        return Calibration(gain_to_level(sound), ((0, speaks_late(sound)),))


def find_preset(name: str, plugin: str, own: Path | None) -> Path:
    """The `.vstpreset` that a sound means: a path, else one of the user's folder, else of the system's; that in a folder
    named as the plug-in first. Raises UserError."""
    path = Path(name).expanduser()
    if path.is_absolute() and path.is_file():
        return path
    wanted = (path.name if path.suffix.lower() == ".vstpreset" else f"{path.name}.vstpreset").casefold()
    folders = [folder for folder in (own, *preset_folders()) if folder is not None and folder.is_dir()]
    found = [one for folder in folders for one in sorted(folder.rglob("*")) if one.name.casefold() == wanted]
    if not found:
        raise UserError(f"The preset “{name}” of the plug-in “{plugin}” was not found; save it as {name}.vstpreset.")
    named = [one for one in found if plugin.casefold() in (part.casefold() for part in one.parent.parts)]
    return (named or found)[0]


def _message(event: SynthEvent) -> bytes:
    if event.order == ON:
        return bytes((0x90 | event.channel, event.value, event.velocity))
    if event.order == OFF:
        return bytes((0x80 | event.channel, event.value, 0))
    return bytes((0xE0 | event.channel, event.value & 0x7F, event.value >> 7))


def _wheel_setup(channels: set[int], reach: int) -> list[bytes]:
    """Registered parameter 0, the range of the pitch wheel, where it is not the two semitones that all begin with."""
    if reach == 2:
        return []
    return [
        bytes((0xB0 | channel, control, value))
        for channel in sorted(channels)
        for control, value in ((101, 0), (100, 0), (6, reach), (38, 0))
    ]
