"""Signals and folders for the workflows' tests."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile

from grammy_desktop.core.audio import AudioClip, Samples
from grammy_desktop.core.audio_file import AudioMetadata, read_clip, write_wav
from grammy_desktop.core.progress import Cancelled, NoProgress

RATE = 48_000
OWN = AudioMetadata(
    title="Grüße aus Köln",
    tempo=92.5,
    key="A minor",
    comment="take from the rehearsal",
    licence="CC0-1.0",
    markers=((0.0, "Intro"), (1.0, "Strophe")),
    recipe='{"seed": 7}',
)


def phrase(seconds: float = 3.0, *, level: float = 0.2) -> AudioClip:
    """A beating chord over soft noise: loud enough to be mastered, with peaks above its average."""
    time = np.arange(int(seconds * RATE)) / RATE
    chord = sum(np.sin(2 * np.pi * f * time) for f in (110.0, 220.0, 277.2, 329.6))
    noise = np.random.default_rng(1).standard_normal((len(time), 2)) * 0.1
    wave = level * ((0.6 + 0.4 * np.sin(2 * np.pi * 2 * time))[:, None] * (np.asarray(chord)[:, None] / 2 + noise))
    return AudioClip(wave.astype(np.float32), RATE)


def saved(path: Path, clip: AudioClip, metadata: AudioMetadata = OWN) -> Path:
    write_wav(path, clip, metadata=metadata)
    return path


def samples(path: Path) -> Samples:
    return read_clip(path).samples


def subtype(path: Path) -> str:
    return str(soundfile.info(path).subtype)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*")}


class CancelAt(NoProgress):
    """Progress that is cancelled at the `count`-th report."""

    def __init__(self, count: int) -> None:
        self._left = count

    def report(self, fraction: float, stage: str) -> None:
        self._left -= 1
        if self._left < 0:
            raise Cancelled
