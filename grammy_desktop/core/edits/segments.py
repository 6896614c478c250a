"""The parts of an edit list: segments of layered source sound, each under a gain and ramps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import AudioSource, Samples


class Curve(StrEnum):
    LINEAR = "linear"
    EQUAL_POWER = "equal_power"


@dataclass(frozen=True)
class Ramp:
    """A fade that covers the whole segment it hangs on, perhaps only a part of it.

    offset: where in the ramp the segment's first frame lies.
    frames: length of the whole ramp.
    """

    offset: int
    frames: int
    rising: bool
    curve: Curve

    def moved(self, frames: int) -> Ramp:
        """The ramp as seen by a segment that begins `frames` later."""
        return replace(self, offset=self.offset + frames)

    def gains_at(self, offsets: NDArray[np.int64]) -> NDArray[np.float64]:
        """Linear gain at frame `offsets` of the segment: `linspace(0, 1, frames)` or its mirror, curved."""
        # As linspace(0, 1, 1) is [0] and linspace(1, 0, 1) is [1], a ramp of one frame is at its beginning.
        place = (offsets + self.offset) / max(1, self.frames - 1)
        place = np.clip(place if self.rising else 1.0 - place, 0.0, 1.0)
        return place if self.curve is Curve.LINEAR else np.sin(np.pi / 2 * place)


@dataclass(frozen=True)
class Layer:
    """Source sound from frame `source_start`, changed by `gain_db` decibels and `ramps`."""

    source_start: int
    gain_db: float = 0.0
    ramps: tuple[Ramp, ...] = ()

    def moved(self, frames: int) -> Layer:
        return Layer(self.source_start + frames, self.gain_db, tuple(ramp.moved(frames) for ramp in self.ramps))

    def gains_at(self, offsets: NDArray[np.int64]) -> NDArray[np.float64]:
        """Linear gain at frame `offsets` of the segment."""
        gains: NDArray[np.float64] = np.full(len(offsets), 10.0 ** (self.gain_db / 20.0))
        for ramp in self.ramps:
            gains *= ramp.gains_at(offsets)
        return gains


@dataclass(frozen=True)
class Segment:
    """`frames` frames of the sum of `layers`; without layers, silence. Two layers are a crossfade."""

    frames: int
    layers: tuple[Layer, ...]

    def __post_init__(self) -> None:
        if self.frames <= 0 or any(layer.source_start < 0 for layer in self.layers):
            raise ValueError(f"a segment of {self.frames} frames, or one that begins before its source")

    def cut(self, start: int, end: int) -> Segment:
        """Frames [start, end) of the segment."""
        if start == 0:
            return self if end == self.frames else Segment(end, self.layers)
        return Segment(end - start, tuple(layer.moved(start) for layer in self.layers))

    def louder(self, gain_db: float) -> Segment:
        return replace(self, layers=tuple(replace(layer, gain_db=layer.gain_db + gain_db) for layer in self.layers))

    def under(self, ramp: Ramp) -> Segment:
        return replace(self, layers=tuple(replace(layer, ramps=(*layer.ramps, ramp)) for layer in self.layers))

    def continues_in(self, other: Segment) -> bool:
        """True when `other` goes on where this segment ends in the source."""
        ends = {layer.source_start + self.frames for layer in self.layers}
        return bool(ends & {layer.source_start for layer in other.layers}) or not (self.layers or other.layers)

    def mix_into(self, out: Samples, source: AudioSource, offset: int) -> None:
        """Add frames [offset, offset + len(out)) to `out`, float32 [frames, channels]."""
        for layer in self.layers:
            block = source.read(layer.source_start + offset, len(out))
            # A stem may be a few frames shorter than its mix: what is missing is silence.
            if layer.gain_db or layer.ramps:
                gains = layer.gains_at(np.arange(offset, offset + len(block)))
                out[: len(block)] += (block * gains[:, None]).astype(np.float32)
            else:
                out[: len(block)] += block

    def to_data(self) -> list[Any]:
        layers = [
            [layer.source_start, layer.gain_db, [[r.offset, r.frames, r.rising, r.curve.value] for r in layer.ramps]]
            for layer in self.layers
        ]
        return [self.frames, layers]

    @staticmethod
    def from_data(data: Sequence[Any]) -> Segment:
        layers = tuple(
            Layer(
                int(start),
                float(gain_db),
                tuple(Ramp(int(o), int(n), rising=bool(rising), curve=Curve(curve)) for o, n, rising, curve in ramps),
            )
            for start, gain_db, ramps in data[1]
        )
        return Segment(int(data[0]), layers)


def overlay(first: Sequence[Segment], second: Sequence[Segment]) -> tuple[Segment, ...]:
    """The sum of two equally long runs of segments."""
    edges = sorted(
        {edge for run in (first, second) for edge in accumulate((segment.frames for segment in run), initial=0)}
    )
    return tuple(
        Segment(end - start, _layers_at(first, start) + _layers_at(second, start)) for start, end in pairwise(edges)
    )


def _layers_at(run: Sequence[Segment], frame: int) -> tuple[Layer, ...]:
    for segment in run:
        if frame < segment.frames:
            return tuple(layer.moved(frame) for layer in segment.layers) if frame else segment.layers
        frame -= segment.frames
    return ()
