"""The process that holds one plug-in. It answers one request after the other, and ends when its parent is gone."""

from __future__ import annotations

import contextlib
import os
import queue
import re
import sys
import threading
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.plugins.messages import JSON, pack_audio, pack_json, unpack_audio, unpack_json

if TYPE_CHECKING:
    import pedalboard

_MOST_PARAMETERS = 2_000
_MOST_CHOICES = 128
_CONTROLLERS = re.compile(r"^MIDI (?:Ch\.?|Channel) ?\d+ CC ?\d+$", re.IGNORECASE)
"""Some makers' plug-ins (all built with DPF) show every MIDI controller of every channel as a parameter: 2,080 of them, which
take pedalboard half a minute to look at."""


def plugin_main(connection: Connection) -> None:
    """Entry of the process. Plug-ins expect the main thread; a second thread listens, so that the parent's end is noticed."""
    _keep_output_clean()
    requests: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(connection, requests), name="requests", daemon=True).start()
    host = _Host()
    while True:
        connection.send_bytes(host.answer(requests.get()))


class _Host:
    """The plug-in and how it is run."""

    def __init__(self) -> None:
        self._plugin: pedalboard.VST3Plugin | None = None
        self._sample_rate = 0
        self._channels = 0
        self._doubled = False
        self._is_instrument = False

    def answer(self, message: bytes) -> bytes:
        try:
            if message[:1] != JSON:
                return pack_audio(self._process(message))
            request = unpack_json(message)
            if request["do"] == "play":
                return pack_audio(self._play(request))
            return pack_json(self._obey(request))
        except (ValueError, RuntimeError, ImportError, OSError, TypeError, AttributeError) as error:
            # pedalboard reports everything that a plug-in refuses as one of these.
            return pack_json({"error": str(error) or type(error).__name__})

    def _obey(self, request: dict[str, Any]) -> dict[str, object]:
        """Two steps, because a start may take long and a first block may not."""
        if request["do"] == "load":
            self._load(request)
        else:
            self._try_channels(int(request["frames"]))
        return _describe(self._loaded())

    def _load(self, request: dict[str, Any]) -> None:
        import pedalboard

        _ignore_controllers()
        name = request["name"] or None
        plugin = pedalboard.VST3Plugin(request["path"], plugin_name=name, initialization_timeout=request["seconds"])
        self._is_instrument = bool(request.get("instrument", False))
        if self._is_instrument and not plugin.is_instrument:
            raise ValueError("it is an effect, not an instrument")
        if not self._is_instrument and not plugin.is_effect:
            raise ValueError("it is an instrument, not an effect")
        if request["preset"]:
            plugin.load_preset(request["preset"])
        for parameter, value in request["parameters"].items():
            _set_parameter(plugin, parameter, value)
        self._plugin, self._sample_rate, self._channels = plugin, request["sample_rate"], request["channels"]

    def _loaded(self) -> pedalboard.VST3Plugin:
        if self._plugin is None:
            raise ValueError("no plug-in is loaded")
        return self._plugin

    def _try_channels(self, frames: int) -> None:
        """Silence of the size that is to come: settles the latency, and whether one channel is taken."""
        if self._is_instrument:
            self._try_playing(frames)
            return
        silence = np.zeros((self._channels, frames), np.float32)
        try:
            self._run(silence)
        except ValueError:
            if self._channels != 1:
                raise
            self._doubled = True
            self._run(silence)

    def _try_playing(self, frames: int) -> None:
        """As many channels as it has: two, else one that both sides hear."""
        request = {"events": [], "frames": frames, "reset": True}
        try:
            self._play(request)
        except ValueError:
            if self._channels != 2:
                raise
            self._doubled = True
            self._play(request)

    def _play(self, request: dict[str, Any]) -> Samples:
        """What the instrument makes of MIDI events [(frame, bytes)] within the next `frames`, [channels, frames]."""
        frames, rate = int(request["frames"]), self._sample_rate
        # Half a frame later, because the seconds are cut to whole frames on the other side.
        events = [(bytes(message), (int(frame) + 0.5) / rate) for frame, message in request["events"]]
        channels = 1 if self._doubled else self._channels
        done: Samples = self._loaded().process(
            events, (frames + 0.25) / rate, float(rate), channels, frames, bool(request["reset"])
        )
        return np.repeat(done, self._channels, axis=0) if self._doubled else done

    def _process(self, message: bytes) -> Samples:
        return self._run(unpack_audio(message, self._channels))

    def _run(self, rows: Samples) -> Samples:
        given = np.repeat(rows, 2, axis=0) if self._doubled else np.array(rows)
        done: Samples = self._loaded().process(given, self._sample_rate, buffer_size=rows.shape[1], reset=False)
        return done.mean(axis=0, keepdims=True) if self._doubled else done


def _listen(connection: Connection, requests: queue.SimpleQueue[bytes]) -> None:
    while True:
        try:
            requests.put(connection.recv_bytes())
        except (EOFError, OSError):
            os._exit(0)


def _ignore_controllers() -> None:
    """Tells pedalboard, where its version can be told, to pass over parameters that are MIDI controllers."""
    from pedalboard import _pedalboard

    ignored = getattr(_pedalboard, "PARAMETER_NAME_REGEXES_TO_IGNORE", None)
    if isinstance(ignored, set):
        ignored.add(_CONTROLLERS)


def _set_parameter(plugin: pedalboard.VST3Plugin, name: str, value: float) -> None:
    parameters = plugin.parameters
    if name not in parameters:
        raise ValueError(f"it has no parameter “{name}”; it has {', '.join(parameters)}")
    kind = parameters[name].type
    if kind is bool:
        setattr(plugin, name, value >= 0.5)
    elif kind is str:
        choices = list(parameters[name].valid_values)
        if not 0 <= value < len(choices):
            raise ValueError(f"“{name}” is one of {len(choices)} choices, counted from 0")
        setattr(plugin, name, choices[int(value)])
    else:
        setattr(plugin, name, value)


def _describe(plugin: pedalboard.VST3Plugin) -> dict[str, object]:
    parameters = list(plugin.parameters.items())[:_MOST_PARAMETERS]
    return {
        "name": plugin.name,
        "maker": plugin.manufacturer_name,
        "version": plugin.version,
        "category": plugin.category,
        "latency": int(plugin.reported_latency_samples),
        "parameters": [_describe_parameter(plugin, name, parameter) for name, parameter in parameters],
    }


def _describe_parameter(plugin: pedalboard.VST3Plugin, name: str, parameter: Any) -> dict[str, object]:
    about: dict[str, object] = {"name": name, "label": parameter.name, "unit": parameter.label or "", "choices": []}
    if parameter.type is str:
        choices = [str(choice) for choice in parameter.valid_values]
        current = str(getattr(plugin, name))
        value = choices.index(current) if current in choices else 0
        about |= {"choices": choices[:_MOST_CHOICES], "lowest": 0, "highest": max(0, len(choices) - 1), "value": value}
    elif parameter.type is bool:
        about |= {"lowest": 0, "highest": 1, "value": float(bool(getattr(plugin, name)))}
    else:
        lowest, highest = parameter.min_value, parameter.max_value
        about |= {"lowest": float(lowest), "highest": float(highest), "value": float(getattr(plugin, name))}
    return about


def _keep_output_clean() -> None:
    """The parent's standard output belongs to its JSON: whatever a plug-in prints goes to standard error."""
    sys.stdout = sys.stderr
    # A windowed app has no standard error.
    with contextlib.suppress(OSError):
        os.dup2(2, 1)
