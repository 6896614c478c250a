"""What a master will be made of, decided before it is made: the same plan gives the same sound wherever it is carried out."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from grammy_desktop.core.audio import AudioClip, AudioSource, Samples
from grammy_desktop.core.audio_convert import to_stereo
from grammy_desktop.core.band_limit import BandLimitStage
from grammy_desktop.core.effects import Effect, chain_processor
from grammy_desktop.core.limiter import LimiterStage
from grammy_desktop.core.limiter_gain import DRIVEN
from grammy_desktop.core.loudness import Loudness
from grammy_desktop.core.oversampled import ClipperStage
from grammy_desktop.core.progress import Progress
from grammy_desktop.core.stream import Pipeline, Processor, blocks_of, run_through
from grammy_desktop.mastering.presets import ClipStage


class Sink(Protocol):
    """Takes what is finished: an `AudioWriter`, a `Spool`."""

    def write(self, block: Samples) -> None: ...


class Tone(Protocol):
    """What shapes the tone, for any rate: a preset's chain, a `MatchPlan`."""

    def processor(self, sample_rate: int, channels: int) -> Processor: ...


@dataclass(frozen=True)
class ChainTone:
    chain: tuple[Effect, ...]

    def processor(self, sample_rate: int, channels: int) -> Processor:
        return chain_processor(self.chain, sample_rate, channels)


@dataclass(frozen=True)
class EndStage:
    """gain_db: into clipper and limiter. clip: None leaves all peaks to the limiter. ceiling_dbtp: what the limiter keeps

    to. trim_db: taken off (<= 0) behind it, where it was found to let something through.
    """

    gain_db: float
    clip: ClipStage | None
    ceiling_dbtp: float
    trim_db: float = 0.0

    @property
    def ceiling(self) -> float:
        """Linear."""
        return float(10 ** (self.ceiling_dbtp / 20))

    def processor(self, sample_rate: int, channels: int, *, draft: bool = False) -> Pipeline:
        """Everything behind the gain, without the trim. draft: nearly as loud, with less work."""
        stages: list[Processor] = []
        if self.clip is not None:
            knee, limit = (self.ceiling * 10 ** (db / 20) for db in (self.clip.knee_db, self.clip.limit_db))
            stages.append(ClipperStage(knee, limit, sample_rate, channels, oversampling=2 if draft else 4))
        stages.append(BandLimitStage(channels))
        stages.append(LimiterStage(sample_rate, channels, self.ceiling_dbtp, times=DRIVEN, draft=draft))
        return Pipeline(stages)


@dataclass(frozen=True)
class MasterPlan:
    """Carry it out with `carry_out`.

    before: the source. level_db: gain before the tone. target_lufs, ceiling_dbtp: what was asked for.
    preset, reference: names, one of them ''.
    """

    before: Loudness
    level_db: float
    tone: Tone
    end: EndStage
    target_lufs: float
    ceiling_dbtp: float
    intensity: float
    preset: str = ""
    reference: str = ""

    def processor(self, sample_rate: int, channels: int) -> Pipeline:
        """The whole master as one stage; [n, 1 or 2] in and out."""
        return Pipeline(
            [
                GainStage(self.level_db),
                self.tone.processor(sample_rate, channels),
                GainStage(self.end.gain_db),
                self.end.processor(sample_rate, channels),
                GainStage(self.end.trim_db),
            ]
        )


class GainStage:
    """A constant gain as a `Processor`."""

    def __init__(self, gain_db: float) -> None:
        self._gain = np.float32(linear(gain_db))
        self._channels = 0

    def process(self, block: Samples) -> Samples:
        self._channels = block.shape[1]
        return block if self._gain == 1 else block * self._gain

    def finish(self) -> Samples:
        return np.zeros((0, self._channels), np.float32)


class StereoSource:
    """A source of more than two channels mixed down to two."""

    channels = 2

    def __init__(self, source: AudioSource) -> None:
        self._source = source

    @property
    def frames(self) -> int:
        return self._source.frames

    @property
    def sample_rate(self) -> int:
        return self._source.sample_rate

    def read(self, start: int, count: int) -> Samples:
        return to_stereo(AudioClip(self._source.read(start, count), self.sample_rate)).samples


def playable(source: AudioSource) -> AudioSource:
    """The source itself when it is mono or stereo; otherwise mixed down to stereo."""
    return StereoSource(source) if source.channels > 2 else source


def carry_out(plan: MasterPlan, source: AudioSource, sink: Sink, progress: Progress) -> None:
    """One pass over `source` (more than two channels are mixed to stereo): as many frames into `sink`."""
    for block in mastered_blocks(plan, source, progress):
        sink.write(block)


def mastered_blocks(plan: MasterPlan, source: AudioSource, progress: Progress) -> Iterator[Samples]:
    """The master's blocks, in order."""
    source = playable(source)
    processor = plan.processor(source.sample_rate, source.channels)
    return run_through(blocks_of(source, progress=progress, stage="master"), processor)


def linear(decibels: float) -> float:
    return math.pow(10, decibels / 20)
