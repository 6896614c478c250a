"""Audio that flows: processors take blocks of any size and give back as many frames as they are sure of.

The one form in which effects, matching filters and limiters are written, so that a loop of four bars and a recording of
three hours go through the same code.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

import numpy as np

from grammy_desktop.core.audio import AudioClip, AudioSource, Samples
from grammy_desktop.core.progress import Progress

BLOCK_FRAMES = 65_536
"""Frames that are read at a time: small enough for the processor's cache, large enough to make the loop cheap."""


class Processor(Protocol):
    """One stage, made for one sample rate and one run.

    All that comes out is aligned with all that went in: what a look-ahead or a linear-phase filter delays is taken off by
    the stage itself, and after `finish` as many frames have come out as went in. The result does not depend on how the
    frames are cut into blocks.
    """

    def process(self, block: Samples) -> Samples:
        """float32 [n, channels] in, float32 [m, channels] out; m may be 0 or more than n. `block` is left as it is."""
        ...

    def finish(self) -> Samples:
        """What is still held back; nothing may be processed afterwards."""
        ...


class Pipeline:
    """Several stages as one `Processor`; none at all passes everything on."""

    def __init__(self, stages: Sequence[Processor]) -> None:
        self._stages = tuple(stages)

    def process(self, block: Samples) -> Samples:
        for stage in self._stages:
            block = stage.process(block)
        return block

    def finish(self) -> Samples:
        """Ends the stages in order: what the first held back still has to pass the later ones."""
        parts: list[Samples] = []
        for number, stage in enumerate(self._stages):
            rest = stage.finish()
            for later in self._stages[number + 1 :]:
                rest = later.process(rest)
            parts.append(rest)
        return np.concatenate(parts) if parts else np.zeros((0, 0), np.float32)


class ClipSource:
    """A clip as an `AudioSource`."""

    def __init__(self, clip: AudioClip) -> None:
        self._clip = clip

    @property
    def frames(self) -> int:
        return self._clip.frames

    @property
    def channels(self) -> int:
        return self._clip.channels

    @property
    def sample_rate(self) -> int:
        return self._clip.sample_rate

    def read(self, start: int, count: int) -> Samples:
        return self._clip.samples[max(0, start) : max(0, start) + max(0, count)]


def blocks_of(
    source: AudioSource, *, progress: Progress, stage: str, block_frames: int = BLOCK_FRAMES
) -> Iterator[Samples]:
    """The source from its beginning to its end; reports 0 to 1 and looks for a cancel before each block."""
    start = 0
    while start < source.frames:
        progress.report(start / source.frames, stage)
        progress.check_cancelled()
        block = source.read(start, block_frames)
        if len(block) == 0:
            break
        yield block
        start += len(block)
    progress.report(1.0, stage)


def run_through(blocks: Iterable[Samples], processor: Processor) -> Iterator[Samples]:
    """Every block through the processor, and what it held back at the end; empty results are left out."""
    for block in blocks:
        ready = processor.process(block)
        if len(ready):
            yield ready
    rest = processor.finish()
    if len(rest):
        yield rest


def process_samples(samples: Samples, processor: Processor) -> Samples:
    """A whole array [frames, channels] through a processor: same length."""
    pieces = (samples[start : start + BLOCK_FRAMES] for start in range(0, len(samples), BLOCK_FRAMES))
    out = np.empty_like(samples)
    filled = 0
    for block in run_through(pieces, processor):
        out[filled : filled + len(block)] = block
        filled += len(block)
    if filled != len(samples):
        raise ValueError(f"the processor gave {filled} frames for {len(samples)}")
    return out
