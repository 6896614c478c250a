"""Band-limited oscillators: one period with just the harmonics that fit below Nyquist, read by a 32-bit phase."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples

RATE = 48_000
"""Hz; what the composer renders at."""

_TABLE_BITS = 15
_TOP_HZ = 19_500.0
"""No harmonic above this: what folds back from the table's own steps stays far below hearing."""

Phase = NDArray[np.uint32]


def midi_hz(pitch: float) -> float:
    """Frequency in Hz of a MIDI pitch in equal temperament, A4 = 440 Hz."""
    return float(440.0 * 2.0 ** ((pitch - 69.0) / 12.0))


@lru_cache(maxsize=256)
def _table(shape: str, harmonics: int) -> Samples:
    import scipy.fft

    size = 1 << _TABLE_BITS
    n = np.arange(1, harmonics + 1, dtype=np.float64)
    amplitude = {
        "sine": np.where(n == 1, 1.0, 0.0),
        "saw": 2.0 / (np.pi * n),
        "square": np.where(n % 2 == 1, 4.0 / (np.pi * n), 0.0),
        "triangle": np.where(n % 2 == 1, 8.0 / (np.pi * n) ** 2 * (-1.0) ** ((n - 1) // 2), 0.0),
    }[shape]
    spectrum = np.zeros(size // 2 + 1, np.complex128)
    spectrum[1 : harmonics + 1] = -0.5j * size * amplitude
    table: Samples = np.asarray(scipy.fft.irfft(spectrum, size), np.float32)
    table.setflags(write=False)
    return table


def table_for(shape: str, top_hz: float) -> Samples:
    """One period of `shape` (sine, saw, square, triangle) whose harmonics fit when played at up to `top_hz` Hz."""
    harmonics = int(_TOP_HZ / max(top_hz, 10.0))
    limit = (1 << _TABLE_BITS) // 8
    return _table(shape, min(max(harmonics, 1), limit))


def steady_phase(hz: float, frames: int, start: float = 0.0) -> Phase:
    """Phase of a steady tone; `start` in turns."""
    step = np.uint64(round(hz / RATE * 2**32))
    first = np.uint64(int((start % 1.0) * 2**32))
    return (np.arange(frames, dtype=np.uint64) * step + first).astype(np.uint32)


def moving_phase(hz: NDArray[np.float64], start: float = 0.0) -> Phase:
    """Phase of a tone whose frequency (Hz, one value a frame) moves; `start` in turns."""
    turns = np.cumsum(hz / RATE) - hz[0] / RATE + start
    turns -= np.floor(turns)
    turns *= 2.0**32
    phase: Phase = turns.astype(np.uint64).astype(np.uint32)
    return phase


def read(table: Samples, phase: Phase) -> Samples:
    """The table at each phase; float32 [frames]."""
    return np.asarray(table[phase >> np.uint32(32 - _TABLE_BITS)], np.float32)


def tone(shape: str, hz: float, frames: int, start: float = 0.0) -> Samples:
    """A steady band-limited tone, float32 [frames]."""
    return read(table_for(shape, hz), steady_phase(hz, frames, start))


def sweep(shape: str, hz: NDArray[np.float64], start: float = 0.0) -> Samples:
    """A band-limited tone along a frequency curve, float32 [frames]."""
    return read(table_for(shape, float(hz.max())), moving_phase(hz, start))


def sine_of(phase_turns: NDArray[np.float64]) -> Samples:
    """sin(2 pi phase) for phases in turns, in float32 after the wrap that keeps the precision."""
    wrapped = (phase_turns - np.floor(phase_turns)).astype(np.float32)
    wrapped *= np.float32(2 * np.pi)
    return np.asarray(np.sin(wrapped, out=wrapped), np.float32)


def unison(
    shape: str, hz: float, frames: int, voices: int, cents: float, rng: np.random.Generator, *, spread: float = 0.9
) -> Samples:
    """`voices` detuned copies over +-`cents`, panned alternately; float32 [frames, 2] with the power of one voice."""
    out = np.zeros((frames, 2), np.float32)
    for voice in range(voices):
        place = 2.0 * voice / (voices - 1) - 1.0 if voices > 1 else 0.0
        signal = tone(shape, hz * 2.0 ** (place * cents / 1200.0), frames, float(rng.random()))
        side = place if voice % 2 else -place
        angle = (0.5 + 0.5 * spread * side) * np.pi / 2
        gain = 1.0 / np.sqrt(voices)
        out[:, 0] += signal * np.float32(np.cos(angle) * gain)
        out[:, 1] += signal * np.float32(np.sin(angle) * gain)
    return out
