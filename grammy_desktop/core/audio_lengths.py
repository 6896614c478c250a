"""AIFF and W64 that were cut short: their decoder would hand out the rest as if it were the whole."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import BinaryIO

from grammy_desktop.core.audio_sentences import bad, cut_short

_SLACK_BYTES = 1024
"""Some writers count padding that they did not write."""
_UNKNOWN_SIZES = frozenset({0, 0xFFFFFFFF, 0x7FFFFFFF})
"""'Until the end of the file'."""


def check_aiff(path: Path, handle: BinaryIO, size: int) -> None:
    """Raise UserError when the file ends long before its sound does (Apple, AIFF 1.3: COMM and SSND)."""
    position, seconds = 12, 0.0
    while position + 8 <= size:
        handle.seek(position)
        name, length = struct.unpack(">4sI", handle.read(8))
        if name == b"COMM":
            seconds = _duration(handle.read(18))
        elif name == b"SSND":
            _check(path, size - position - 8, length, seconds, unknown=length in _UNKNOWN_SIZES)
            return
        position += 8 + length + length % 2


def check_w64(path: Path, handle: BinaryIO, size: int) -> None:
    """Raise UserError when the file ends long before its sound does. A chunk's size counts its own 24 bytes."""
    position, byte_rate = 40, 0
    while position + 24 <= size:
        handle.seek(position)
        name, length = struct.unpack("<4s12xQ", handle.read(24))
        if name == b"fmt " and length >= 40:
            byte_rate = struct.unpack("<8xI4x", handle.read(16))[0]
        elif name == b"data":
            seconds = (length - 24) / byte_rate if byte_rate else 0.0
            _check(path, size - position - 24, length - 24, seconds, unknown=not 24 < length < 2**62)
            return
        if length < 24:
            return
        position += length + -length % 8


def _check(path: Path, there: int, length: int, seconds: float, *, unknown: bool) -> None:
    if unknown or length <= there + _SLACK_BYTES:
        return
    if seconds <= 0:
        raise bad(path, "is cut short: its sound is not complete")
    raise bad(path, cut_short(seconds * there / length, seconds))


def _duration(common: bytes) -> float:
    """Seconds from the COMM chunk, whose rate is an 80-bit float; 0 for nonsense."""
    if len(common) < 18:
        return 0.0
    frames, exponent, mantissa = struct.unpack(">2xI2xHQ", common)
    if not 16_383 <= exponent < 16_383 + 32 or not mantissa:
        return 0.0
    return float(frames / (mantissa * 2.0 ** (exponent - 16_383 - 63)))
