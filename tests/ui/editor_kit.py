"""What the tests of the editor, the meter and the master page share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.audio_file import write_wav
from grammy_desktop.core.edits import EditHistory, EditList

RATE = 48_000


@dataclass(frozen=True)
class Levels:
    low: NDArray[np.float32]
    high: NDArray[np.float32]
    rms: NDArray[np.float32]


class ArrayWave:
    """A waveform straight from an array [frames], column by column: the naive way."""

    def __init__(self, samples: NDArray[np.float32]) -> None:
        self.samples = samples

    @property
    def frames(self) -> int:
        return len(self.samples)

    def columns(self, first: float, last: float, pixels: int) -> Levels:
        edges = np.floor(first + (last - first) * np.arange(pixels + 1) / pixels).astype(int)
        parts = [self.samples[max(0, a) : max(a + 1, b)] for a, b in pairwise(edges)]
        parts = [part if len(part) else np.zeros(1, np.float32) for part in parts]
        return Levels(
            np.array([p.min() for p in parts], np.float32),
            np.array([p.max() for p in parts], np.float32),
            np.array([np.sqrt(np.mean(p**2)) for p in parts], np.float32),
        )


class LocalEdits:
    """An edit port without a session."""

    def __init__(self, frames: int) -> None:
        self.history = EditHistory(EditList.whole(frames))

    def apply_edits(self, name: str, edits: EditList) -> None:
        self.history.apply(name, edits)

    def undo(self) -> None:
        self.history.undo()

    def redo(self) -> None:
        self.history.redo()


def tone(seconds: float, frequency: float = 220.0, level: float = 0.5) -> NDArray[np.float32]:
    t = np.arange(round(seconds * RATE)) / RATE
    return (level * np.sin(2 * np.pi * frequency * t)).astype(np.float32)


def write_tone(path: Path, seconds: float, *, level: float = 0.5, frequency: float = 220.0) -> Path:
    mono = tone(seconds, frequency, level)
    write_wav(path, AudioClip(np.stack([mono, mono * np.float32(0.8)], axis=1), RATE))
    return path


class Heard:
    """Collects what a signal says."""

    def __init__(self) -> None:
        self.calls: list[tuple[object, ...]] = []

    def __call__(self, *arguments: object) -> None:
        self.calls.append(arguments)


def listen(signal: object) -> Heard:
    heard = Heard()
    connect: Callable[[object], object] = signal.connect  # type: ignore[attr-defined]
    connect(heard)
    return heard
