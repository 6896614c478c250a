"""Notes of one pitch and one stroke differ in their length only: what sounds is made once, each note cuts its own out of it.

The lengths that are made are those of a ladder, so that a note's samples never depend on which notes came before it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import replace
from functools import lru_cache
from typing import Protocol, runtime_checkable

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.generation.composer.render.strands import BLOCK
from grammy_desktop.generation.composer.render.tone import Tone

_MOST_BYTES = 96_000_000
_BETWEEN_SONGS = 48_000_000
"""Bytes of the sounds used last that wait for the next song: the strokes of a kit, above all."""
_RUNG = 1.25


@runtime_checkable
class Sustained(Protocol):
    """A voice whose envelope alone knows how long the note is held."""

    def envelope(self, note: Tone) -> Samples:
        """Its loudness, float32 [frames], ending at zero."""
        ...

    def sound(self, note: Tone, frames: int) -> Samples:
        """What sounds, before the envelope: float32 [1 or 2 channels, at least `frames`]."""
        ...


class Bodies:
    """The bodies made last, up to a number of bytes. Any thread may ask."""

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._most = most_bytes
        self._size = 0
        self._kept: OrderedDict[Hashable, Samples] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Samples]) -> Samples:
        """What is kept under `key`; made where nothing is. Read only."""
        with self._lock:
            known = self._kept.get(key)
            if known is not None:
                self._kept.move_to_end(key)
                return known
        made = make()
        made.setflags(write=False)
        with self._lock:
            if key not in self._kept and made.nbytes <= self._most:
                self._kept[key] = made
                self._size += made.nbytes
            self._shrink(self._most)
        return made

    @property
    def nbytes(self) -> int:
        return self._size

    def trim(self, most_bytes: int = _BETWEEN_SONGS) -> None:
        """Gives back what was not used for longest, down to `most_bytes`."""
        with self._lock:
            self._shrink(most_bytes)

    def _shrink(self, most_bytes: int) -> None:
        while self._size > most_bytes:
            _, gone = self._kept.popitem(last=False)
            self._size -= gone.nbytes

    def clear(self) -> None:
        """Gives all the memory back."""
        with self._lock:
            self._kept.clear()
            self._size = 0


@lru_cache(maxsize=1)
def shared_bodies() -> Bodies:
    """Those that all songs of a process share; trimmed after each."""
    return Bodies()


def rung(frames: int) -> int:
    """The shortest length of the ladder that holds `frames`: 1, 2, 3 ... blocks, later a quarter longer each."""
    blocks = 1
    while blocks * BLOCK < frames:
        blocks = max(blocks + 1, int(blocks * _RUNG))
    return blocks * BLOCK


def played(name: str, voice: Sustained, note: Tone, gain: float = 1.0) -> Samples:
    """One note of the sound `name`; float32 [frames] or [frames, 2], the caller's own."""
    envelope = voice.envelope(note)
    if gain != 1.0:
        envelope = envelope * np.float32(gain)
    frames = len(envelope)
    length = rung(frames)
    take = _take(note)
    key = (name, voice, length, note.pitch, note.velocity, note.glides, note.beat, take)
    body = shared_bodies().get(
        key, lambda: voice.sound(replace(note, rng=np.random.default_rng(list(take)), seconds=length / 48_000), length)
    )
    if len(body) == 1:
        return body[0, :frames] * envelope
    out = np.empty((frames, 2), np.float32)
    np.multiply(body[0, :frames], envelope, out=out[:, 0])
    np.multiply(body[1, :frames], envelope, out=out[:, 1])
    return out


def _take(note: Tone) -> tuple[int, ...]:
    """What the note's generator was made of, but for its last two numbers: the stroke and the length (see part.py).

    So the voices of a chord begin alike whether it is struck hard or softly, held or let go.
    """
    entropy = getattr(note.rng.bit_generator.seed_seq, "entropy", None)
    if entropy is None:
        return (0,)
    if isinstance(entropy, int):
        return (entropy,)
    numbers = tuple(int(number) for number in entropy)
    return numbers[:-2] if len(numbers) > 3 else numbers
