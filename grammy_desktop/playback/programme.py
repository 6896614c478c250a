"""What is played and what is known about the playing. Plain data that crosses the process border."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Source:
    """One sound on the timeline: the mix, a master, a stem.

    path: a file that soundfile reads, of the programme's sample rate; None is silence of `frames` frames.
    edits: `EditList.to_json()` to hear the file through.
    offset: frame of the timeline at which it begins.
    gain: linear gain at the beginning; `Player.set_gains` changes it while playing.
    """

    id: str
    path: Path | None
    edits: str | None = None
    offset: int = 0
    frames: int = 0
    gain: float = 1.0


@dataclass(frozen=True)
class Programme:
    """Sources that sound together on one timeline; it ends with the last of them."""

    sources: tuple[Source, ...]
    sample_rate: int


@dataclass(frozen=True)
class PlaybackState:
    """What the window shows, as of now.

    position: seconds on the timeline of what is heard now (the output's latency is allowed for).
    peak, rms: (left, right), linear, of what was heard since the state was last read (RMS: the last 0.3 s),
        before the monitor volume; zero when nothing plays.
    underruns: how often the output went short of sound since the process started.
    device: name of the open output; empty before the first play. sample_rate: its rate in Hz.
    ended: the programme (or the range of `play_range`) was played to its end.
    error: one sentence, until the next command that can mend it; None when all is well.
    """

    position: float = 0.0
    playing: bool = False
    peak: tuple[float, float] = (0.0, 0.0)
    rms: tuple[float, float] = (0.0, 0.0)
    underruns: int = 0
    device: str = ""
    sample_rate: int = 0
    ended: bool = False
    error: str | None = None


@dataclass(frozen=True)
class OutputDevice:
    """An output sound can be sent to. default: what is used when none is chosen."""

    name: str
    channels: int
    default: bool
