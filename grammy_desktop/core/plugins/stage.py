"""A plug-in as a `Processor`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.chunked_stage import ChunkedStage
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.plugins.catalogue import locate_plugin
from grammy_desktop.core.plugins.choice import PluginChoice
from grammy_desktop.core.plugins.inspection import info_of, load_request
from grammy_desktop.core.plugins.process import ANSWER_SECONDS, PluginFailed, PluginProcess

_CHUNK = 16_384
_LONGEST_LATENCY_SECONDS = 10


class PluginStage(ChunkedStage):
    """Runs from its making until `finish`; its process ends then, with any failure, or with the stage itself.

    What the plug-in delays, by its own account, is taken off.
    """

    def __init__(self, choice: PluginChoice, parameters: Mapping[str, float], sample_rate: int, channels: int) -> None:
        """Raises UserError where the plug-in or its preset is missing, PluginFailed where it does not start."""
        path = locate_plugin(choice.path)
        if choice.preset and not Path(choice.preset).is_file():
            raise UserError(f"The preset “{choice.preset}” of the plug-in “{path.stem}” was not found.")
        self._label = choice.name or path.stem
        self._amount = np.float32(choice.amount)
        self._process = PluginProcess(self._label)
        request = load_request(
            path,
            name=choice.name,
            preset=choice.preset,
            parameters=parameters,
            sample_rate=sample_rate,
            channels=channels,
        )
        self._process.ask(request)
        trial = self._process.ask({"do": "try", "frames": _CHUNK}, seconds=ANSWER_SECONDS)
        latency = info_of(trial, self._label).latency
        if not 0 <= latency <= _LONGEST_LATENCY_SECONDS * sample_rate:
            self._process.close()
            raise PluginFailed(f"The plug-in “{self._label}” says that it delays by {latency} frames; that cannot be.")
        super().__init__(channels=channels, chunk=_CHUNK, latency=latency)
        self._dry = np.zeros((channels, latency + _CHUNK), np.float32)

    def finish(self) -> Samples:
        rest = super().finish()
        self.close()
        return rest

    def close(self) -> None:
        """For a run that is given up."""
        self._process.close()

    def __del__(self) -> None:
        process = getattr(self, "_process", None)
        if process is not None:
            process.close()

    def _work(self, chunk: Samples) -> Samples:
        wet = self._process.process(chunk)
        if not np.isfinite(wet).all():
            self.close()
            raise PluginFailed(f"The plug-in “{self._label}” gave back numbers that are no sound (NaN or infinite).")
        if self._amount == 1:
            return wet
        delay = self._dry.shape[1] - self.chunk
        self._dry[:, :delay] = self._dry[:, self.chunk :]
        self._dry[:, delay:] = chunk
        dry = self._dry[:, : self.chunk]
        return dry + (wet - dry) * self._amount
