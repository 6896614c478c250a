"""16- and 24-bit WAV with the very integers that libsndfile makes of floats: cut off below, not rounded, no dither."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.wav_chunks import format_chunk, opening

Subtype = Literal["PCM_16", "PCM_24", "FLOAT"]
_BYTES = {"PCM_16": 2, "PCM_24": 3, "FLOAT": 4}
_FULL_SCALE = np.float32(2**31)
_HIGHEST = np.float32(2**31 - 128)
"""The highest number below full scale that single precision has."""

Integers = NDArray[np.int32]


class PcmFile:
    """A stereo WAV of a known length that is filled block by block."""

    def __init__(self, path: Path, *, frames: int, sample_rate: int, subtype: Subtype) -> None:
        self._subtype = subtype
        bits = 8 * _BYTES[subtype]
        before = format_chunk(2, sample_rate, bits, is_float=subtype == "FLOAT")
        self._handle = path.open("wb")
        self._handle.write(opening(before, frames * 2 * bits // 8, 0, frames))

    def write(self, block: Samples, integers: Integers) -> None:
        """block: [n, 2], full scale = 1; integers: the same by `to_integers`. Both contiguous."""
        if self._subtype == "FLOAT":
            self._handle.write(block.data)
        elif self._subtype == "PCM_16":
            self._handle.write((integers >> 16).astype("<i2").data)
        else:
            self._handle.write(pack_24(integers.ravel()).data)

    def __enter__(self) -> PcmFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._handle.close()


def to_integers(block: Samples) -> Integers:
    """32 bits, clipped; PCM of fewer bits is their upper part."""
    scaled = block * _FULL_SCALE
    np.maximum(scaled, -_FULL_SCALE, out=scaled)
    np.minimum(scaled, _HIGHEST, out=scaled)
    return scaled.astype("<i4")


def pack_24(values: Integers) -> NDArray[np.uint32] | NDArray[np.uint8]:
    """The upper three bytes of each; four values at a time as three words, which is quicker than moving bytes."""
    if len(values) % 4:
        return np.ascontiguousarray(values.view(np.uint8).reshape(-1, 4)[:, 1:])
    first, second, third, fourth = values.view("<u4").reshape(-1, 4).T
    words = np.empty((len(first), 3), "<u4")
    words[:, 0] = (first >> 8) | (second >> 8 << 24)
    words[:, 1] = (second >> 16) | (third >> 8 << 16)
    words[:, 2] = (third >> 24) | (fourth & 0xFFFFFF00)
    return words
