"""What a whole part goes through after its notes were added up: amplifier, chorus, tremolo, a mono low end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.styles.reader import TableReader
from grammy_desktop.generation.composer.render.bodies import Sustained, played
from grammy_desktop.generation.composer.render.oscillators import RATE
from grammy_desktop.generation.composer.render.patches.amplifier import Amplifier, read_amplifier
from grammy_desktop.generation.composer.render.shaping import apply_filter, frames_of
from grammy_desktop.generation.composer.render.strands import BLOCK, STEP, grid_size, straight
from grammy_desktop.generation.composer.render.tone import Tone, Voice


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
    frames = len(samples)
    out = np.empty_like(samples)
    dry, wet = np.float32(1.0 - 0.25 * amount), np.float32(0.62 * amount)
    turn = np.arange(grid_size(frames)) * (2 * np.pi * hz * STEP / RATE)
    swing = (0.0026 * min(1.0, 0.6 / hz) * RATE * np.sin(turn)).astype(np.float32)
    padded = np.zeros((2, margin + BLOCK), np.float32)
    places = np.arange(margin, margin + BLOCK, dtype=np.int32)
    for first in range(0, frames, BLOCK):
        block = samples[first : first + BLOCK]
        length = len(block)
        padded[:, :margin] = padded[:, -margin:]
        padded[:, margin : margin + length] = block.T
        moved = straight(swing, first // STEP)
        for channel, sign in enumerate((1.0, -1.0)):
            late = moved * np.float32(sign)
            late += np.float32(0.012 * RATE)
            whole = late.astype(np.int32)
            late -= whole
            index = (places - whole).astype(np.intp)
            line = padded[channel]
            near = line.take(index)
            index -= 1
            far = line.take(index)
            far -= near
            far *= late
            far += near
            far *= wet
            here = out[first : first + length, channel]
            np.multiply(block[:, channel], dry, out=here)
            here += far[:length]
    return out


def _tremolo(samples: Samples, hz: float, depth: float, *, pan: bool) -> None:
    turn = np.arange(grid_size(len(samples))) * (2 * np.pi * hz * STEP / RATE)
    swing = (depth * np.sin(turn)).astype(np.float32)
    for first in range(0, len(samples), BLOCK):
        block = samples[first : first + BLOCK]
        moved = straight(swing, first // STEP)[: len(block)]
        block[:, 0] *= np.float32(1.0) + moved
        block[:, 1] *= np.float32(1.0) - moved if pan else np.float32(1.0) + moved


def _mono_low(samples: Samples, hz: float) -> None:
    """Takes the side signal below `hz` away."""
    side = (samples[:, 0] - samples[:, 1]) * np.float32(0.5)
    if not side.any():
        return
    # What is left of both sides is what the filter takes off the difference.
    low = side - apply_filter(side, "highpass", hz, order=4)
    samples[:, 0] -= low
    samples[:, 1] += low


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
    """The voice of the patch `name` at its trim."""

    name: str
    voice: Voice | Sustained
    gain: float

    def __call__(self, note: Tone) -> Samples:
        if isinstance(self.voice, Sustained):
            return played(self.name, self.voice, note, self.gain)
        sound = self.voice(note)
        sound *= np.float32(self.gain)
        return sound
