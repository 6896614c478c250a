"""16- and 24-bit WAV with the very integers that libsndfile makes of floats: cut off below, not rounded, no dither."""

from __future__ import annotations

from functools import cached_property
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
_COLUMNS_24 = ((0, "u1", 1, 0), (0, "u1", 2, 1), (0, "u1", 3, 2), (1, "u1", 1, 3), (1, "<u2", 2, 4))
"""Channel, kind, first byte among the four of a value, first byte among the six of a packed frame."""

Integers = NDArray[np.int32]


class Block:
    """Left and right [2, n], full scale = 1, for as many files as want them."""

    def __init__(self, samples: Samples) -> None:
        self.samples = samples

    @cached_property
    def integers(self) -> Integers:
        """32 bits, clipped; PCM of fewer bits is their upper part."""
        scaled = self.samples * _FULL_SCALE
        np.clip(scaled, -_FULL_SCALE, _HIGHEST, out=scaled)
        return scaled.astype("<i4")


class PcmFile:
    """A stereo WAV of a known length that is filled block by block."""

    def __init__(self, path: Path, *, frames: int, sample_rate: int, subtype: Subtype) -> None:
        self._subtype = subtype
        bits = 8 * _BYTES[subtype]
        before = format_chunk(2, sample_rate, bits, is_float=subtype == "FLOAT")
        self._handle = path.open("wb")
        self._handle.write(opening(before, frames * 2 * bits // 8, 0, frames))

    def write(self, block: Block) -> None:
        if self._subtype == "FLOAT":
            self._handle.write(np.ascontiguousarray(block.samples.T).data)
        elif self._subtype == "PCM_16":
            self._handle.write(pack_16(block.integers).data)
        else:
            self._handle.write(pack_24(block.integers).data)

    def __enter__(self) -> PcmFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._handle.close()


def pack_16(values: Integers) -> NDArray[np.int16]:
    """[2, n] -> [n, 2], the upper two bytes of each."""
    packed = np.empty((values.shape[1], 2), "<i2")
    for channel, row in enumerate(values):
        packed[:, channel] = row.view("<i2")[1::2]
    return packed


def pack_24(values: Integers) -> NDArray[np.uint8]:
    """Contiguous [2, n] -> the upper three bytes of each value, left and right in turn.

    Copied as columns: aligned ones of one or two bytes are several times quicker than any others.
    """
    left, right = values
    count = len(left)
    packed = np.empty(6 * count, np.uint8)
    for row, kind, source, place in _COLUMNS_24:
        column = np.ndarray((count,), kind, (left, right)[row], offset=source, strides=(4,))
        np.ndarray((count,), kind, packed, offset=place, strides=(6,))[:] = column
    return packed
