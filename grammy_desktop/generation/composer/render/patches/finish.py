"""What a whole part goes through after its notes were added up: amplifier, chorus, tremolo, a mono low end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.styles.reader import TableReader
from grammy_desktop.generation.composer.render.oscillators import RATE
from grammy_desktop.generation.composer.render.patches.amplifier import Amplifier, read_amplifier
from grammy_desktop.generation.composer.render.shaping import apply_filter, frames_of

_BLOCK = 1 << 16


@dataclass(frozen=True)
class Chain:
    """chorus 0 to 1; tremolo_pan true moves the sound from side to side; mono_below in Hz; gain is linear and last."""

    amplifier: Amplifier | None = None
    chorus: float = 0.0
    chorus_hz: float = 0.4
    tremolo_hz: float = 0.0
    tremolo_depth: float = 0.0
    tremolo_pan: bool = False
    mono_below: float = 0.0
    gain: float = 1.0

    @property
    def is_empty(self) -> bool:
        return self.amplifier is None and not (self.chorus or self.tremolo_depth or self.mono_below)

    def __call__(self, samples: Samples) -> Samples:
        """float32 [frames, 2]."""
        if self.amplifier is not None:
            samples = self.amplifier(samples)
        if self.chorus:
            samples = _ensemble(samples, self.chorus, self.chorus_hz)
        if self.tremolo_depth:
            _tremolo(samples, self.tremolo_hz, self.tremolo_depth, pan=self.tremolo_pan)
        if self.mono_below:
            _mono_low(samples, self.mono_below)
        if self.gain != 1.0:
            samples *= np.float32(self.gain)
        return samples


def _ensemble(samples: Samples, amount: float, hz: float) -> Samples:
    """Opposite slow delays of 9 to 15 ms beside the dry sound; a fast one moves less far, so that pitch strays as much."""
    margin = frames_of(0.016)
    before = np.zeros((margin, 2), np.float32)
    out = np.empty_like(samples)
    dry, wet = np.float32(1.0 - 0.25 * amount), np.float32(0.62 * amount)
    for first in range(0, len(samples), _BLOCK):
        block = samples[first : first + _BLOCK]
        padded = np.concatenate([before, block])
        before = padded[-margin:]
        n = np.arange(len(block), dtype=np.float64)
        swing = 0.0026 * min(1.0, 0.6 / hz) * RATE * np.sin(2 * np.pi * hz / RATE * (n + first))
        for channel, sign in enumerate((1.0, -1.0)):
            position = n + (margin - 0.012 * RATE) - sign * swing
            index = position.astype(np.int64)
            fraction = (position - index).astype(np.float32)
            line = np.ascontiguousarray(padded[:, channel])
            low = line.take(index)
            delayed = low + (line.take(index + 1) - low) * fraction
            out[first : first + len(block), channel] = block[:, channel] * dry + delayed * wet
    return out


def _tremolo(samples: Samples, hz: float, depth: float, *, pan: bool) -> None:
    for first in range(0, len(samples), _BLOCK):
        block = samples[first : first + _BLOCK]
        t = np.arange(first, first + len(block)) * (hz / RATE) % 1.0
        swing = np.float32(depth) * np.sin(np.float32(2 * np.pi) * t.astype(np.float32))
        block[:, 0] *= 1.0 + swing
        block[:, 1] *= 1.0 - swing if pan else 1.0 + swing


def _mono_low(samples: Samples, hz: float) -> None:
    """Takes the side signal below `hz` away."""
    side = (samples[:, 0] - samples[:, 1]) * np.float32(0.5)
    if not side.any():
        return
    middle = samples.mean(axis=1)
    side = apply_filter(side, "highpass", hz, order=4)
    samples[:, 0], samples[:, 1] = middle + side, middle - side


def read_chain(reader: TableReader, gain: float) -> Chain:
    chorus, tremolo = reader.table("chorus", {}), reader.table("tremolo", {})
    chain = Chain(
        amplifier=read_amplifier(reader),
        chorus=chorus.number("amount", 0.0, low=0, high=1),
        chorus_hz=chorus.number("hz", 0.4, low=0.05, high=12),
        tremolo_hz=tremolo.number("hz", 5.0, low=0.1, high=20),
        tremolo_depth=tremolo.number("depth", 0.0, low=0, high=0.9),
        tremolo_pan=tremolo.flag("pan", False),
        mono_below=reader.number("mono_below", 0.0, low=0, high=500),
        gain=gain,
    )
    chorus.finish()
    tremolo.finish()
    return chain


@dataclass(frozen=True)
class Levelled:
    """A voice at its trim."""

    voice: Callable[..., Samples]
    gain: float

    def __call__(self, note: object) -> Samples:
        return self.voice(note) * np.float32(self.gain)
