"""What crosses the pipe to a plug-in's process: JSON and raw float32, never pickles, because a plug-in may write anything."""

from __future__ import annotations

import json
from collections.abc import Mapping

import numpy as np

from grammy_desktop.core.audio import Samples

JSON = b"J"
AUDIO = b"A"
LONGEST = 1 << 24
"""Bytes; a longer message is no answer."""


def pack_json(data: Mapping[str, object]) -> bytes:
    return JSON + json.dumps(data).encode()


def unpack_json(message: bytes) -> dict[str, object]:
    """Raises ValueError for anything else."""
    if message[:1] != JSON:
        raise ValueError("not a JSON message")
    data = json.loads(message[1:])
    if not isinstance(data, dict):
        raise ValueError("not a JSON object")
    return data


def pack_audio(rows: Samples) -> bytes:
    """[channels, frames]."""
    return AUDIO + np.ascontiguousarray(rows, np.float32).tobytes()


def unpack_audio(message: bytes, channels: int) -> Samples:
    """[channels, frames], read-only. Raises ValueError for anything else."""
    if message[:1] != AUDIO:
        raise ValueError("not an audio message")
    return np.frombuffer(message, np.float32, offset=1).reshape(channels, -1)
