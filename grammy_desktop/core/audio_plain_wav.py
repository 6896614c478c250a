"""WAV files whose sound is whole though something beside it is not: read straight from the file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.audio_probe import WaveLayout
from grammy_desktop.core.audio_source import AudioInfo, DecoderFailure


class PlainWav:
    """What libsndfile refuses for a chunk that it need not have looked at. Constant memory at any length."""

    def __init__(self, path: Path, layout: WaveLayout) -> None:
        self._layout = layout
        self._frame_bytes = layout.channels * layout.bits // 8
        # Not memory-mapped: a file that another program cuts while it is mapped kills the process.
        self._handle = path.open("rb")
        kind = {(64, True): "DOUBLE", (32, True): "FLOAT", (8, False): "PCM_U8"}
        self._info = AudioInfo(
            layout.frames,
            layout.channels,
            layout.sample_rate,
            layout.frames / layout.sample_rate,
            "WAV",
            kind.get((layout.bits, layout.is_float), f"PCM_{layout.bits}"),
        )

    @property
    def info(self) -> AudioInfo:
        return self._info

    def read(self, start: int, count: int) -> Samples:
        try:
            self._handle.seek(self._layout.start + start * self._frame_bytes)
            data = self._handle.read(count * self._frame_bytes)
        except OSError as error:
            raise DecoderFailure from error
        whole = len(data) - len(data) % self._frame_bytes
        return self._decoded(np.frombuffer(data[:whole], np.uint8)).reshape(-1, self._layout.channels)

    def close(self) -> None:
        self._handle.close()

    def _decoded(self, raw: NDArray[np.uint8]) -> Samples:
        order, bits = self._layout.order, self._layout.bits
        if self._layout.is_float:
            # A double beyond float32 becomes infinity, which the source names.
            with np.errstate(over="ignore"):
                return raw.view(f"{order}f{bits // 8}").astype(np.float32)
        if bits == 8:
            return (raw.astype(np.float32) - np.float32(128)) * np.float32(2**-7)
        if bits == 24:
            wide = np.zeros((len(raw) // 3, 4), np.uint8)
            wide[:, 1:] = raw.reshape(-1, 3)[:, :: 1 if order == "<" else -1]
            return wide.view("<i4").astype(np.float32).reshape(-1) * np.float32(2**-31)
        return raw.view(f"{order}i{bits // 8}").astype(np.float32) * np.float32(2.0 ** (1 - bits))
