"""Good files to be spoilt: a second of music in every format, as bytes."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import soundfile

from grammy_desktop.core.audio import AudioClip, Samples
from grammy_desktop.core.audio_file import AudioFormat, AudioMetadata, write_audio

RATE = 44_100
SECONDS = 1.2


@dataclass(frozen=True)
class BadFile:
    """`name` is the file's own name; `why` what is wrong with it. `data` may be good: then reading it must do no harm."""

    name: str
    data: bytes


def music(seconds: float = SECONDS, *, rate: int = RATE, channels: int = 2) -> Samples:
    """Three tones and a little noise, [frames, channels], peak about 0.5."""
    t = np.arange(round(seconds * rate)) / rate
    rng = np.random.default_rng(3)
    chord = sum(np.sin(2 * np.pi * tone * t) for tone in (110.0, 277.2, 415.3)) * 0.12
    noise = rng.standard_normal((len(t), channels)) * 0.02 * (np.sin(2 * np.pi * 4 * t) > 0)[:, np.newaxis]
    return (chord[:, np.newaxis] + noise).astype(np.float32)


@cache
def encoded(format: str) -> bytes:
    """The music as the app writes it, with metadata; format 'm4a' is empty without ffmpeg."""
    if format == "m4a" and shutil.which("ffmpeg") is None:
        return b""
    metadata = AudioMetadata(title="Größe", tempo=92.0, key="A minor", markers=((0.0, "Intro"), (0.5, "B ä")))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"x.{format}"
        kinds: dict[str, AudioFormat] = {
            "wav": "wav", "flac": "flac", "mp3": "mp3", "ogg": "ogg", "opus": "opus", "aiff": "aiff", "m4a": "m4a",
        }  # fmt: skip
        write_audio(path, AudioClip(music(), RATE), kinds[format], metadata=metadata)
        return path.read_bytes()


@cache
def by_libsndfile(container: str, subtype: str, *, rate: int = RATE, channels: int = 2) -> bytes:
    """The music in any of libsndfile's containers."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x"
        soundfile.write(path, music(rate=rate, channels=channels), rate, subtype, format=container)
        return path.read_bytes()


def samples_as(container: str, subtype: str, samples: Samples, *, rate: int = RATE) -> bytes:
    """These very samples."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x"
        soundfile.write(path, samples, rate, subtype, format=container)
        return path.read_bytes()


def patched(data: bytes, offset: int, new: bytes) -> bytes:
    """`data` with `new` written over it at `offset`."""
    return data[:offset] + new + data[offset + len(new) :]
