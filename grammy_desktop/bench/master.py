"""What mastering like a reference costs, beside matchering: files in, 16- and 24-bit files out, and the same samples in them.

A quiet, dull mix as the target and a hot, bright master as the reference, three minutes each. All sides run with one
BLAS thread, because threads that wait in a loop would be counted as work.
"""

from __future__ import annotations

import importlib
import math
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from grammy_desktop.bench.child import ChildRun, in_child
from grammy_desktop.bench.machine import missing
from grammy_desktop.bench.result import BenchItem, BenchResult, bench_result
from grammy_desktop.bench.signals import brickwalled, dense_music
from grammy_desktop.bench.timing import alternate
from grammy_desktop.core.audio import Samples
from grammy_desktop.core.audio_file import open_writer
from grammy_desktop.core.progress import NoProgress, PartOfProgress, Progress

if TYPE_CHECKING:
    # Both sides' processes import this file: only ours may pay for ours.
    from grammy_desktop.mastering.matching.compatible.pcm import Subtype

PEER = "matchering"
_SECONDS = 180.0
_WARM_GOALS = {44_100: 10.0, 48_000: 12.0}
_COLD_GOAL = 4.0
_MEMORY_GOAL = 500.0
_LONG_MEMORY_GOAL = 600.0
"""MB."""
_SAME = -105.0
"""dBFS."""
_RUNS = 3
_CHUNK_SECONDS = 60.0
"""A long pair is made in such pieces."""
_TIMEOUT = 1800.0
VARIANTS: tuple[tuple[str, Subtype, bool, bool], ...] = (
    ("limited", "FLOAT", True, True),
    ("limited, 24 bits", "PCM_24", True, True),
    ("not limited", "FLOAT", False, False),
    ("not limited, normalised", "FLOAT", False, True),
)
"""Name, subtype, limiter, normalise: the results that are compared sample by sample."""


@dataclass(frozen=True)
class Pair:
    """Two files, and a folder for results."""

    target: Path
    reference: Path
    folder: Path


def run(
    *, peers: bool, progress: Progress, seconds: float = _SECONDS, long_seconds: float | None = None
) -> BenchResult:
    """The first item is the warm CPU time at 44.1 kHz. long_seconds: also the peak memory for a pair of this length."""
    absent = missing(PEER) if peers else None
    compared = peers and absent is None
    items: list[BenchItem] = []
    memory: dict[str, float | None] = {}
    with tempfile.TemporaryDirectory(prefix="grammy-bench-") as folder:
        for number, rate in enumerate(_WARM_GOALS):
            part = PartOfProgress(progress, number / 2, (number + 1) / 2)
            pair = make_pair(Path(folder) / str(rate), rate, seconds)
            part.report(0.2, "warm")
            items.append(_warm(pair, rate, compared, absent or ""))
            part.report(0.6, "cold")
            ours, theirs = _fresh(pair, compared)
            items.append(_cold(ours, theirs, rate, absent or ""))
            items.append(_memory(ours, theirs, f"peak memory, {rate / 1000:g} kHz", _MEMORY_GOAL))
            memory.setdefault("ours", ours.peak_mb)
            memory.setdefault(PEER, theirs.peak_mb if theirs is not None else None)
            if compared:
                part.report(0.8, "compare")
                items += _equality(pair, rate)
        if long_seconds is not None:
            pair = make_pair(Path(folder) / "long", 44_100, long_seconds)
            ours, _ = _fresh(pair, False)
            items.append(_memory(ours, None, f"peak memory, {long_seconds / 60:g} min", _LONG_MEMORY_GOAL))
    return bench_result("master", items, peak_rss_mb=memory)


def make_pair(folder: Path, sample_rate: int, seconds: float) -> Pair:
    """A 24-bit target and a 16-bit reference, written piece by piece: little memory whatever their length."""
    folder.mkdir(parents=True, exist_ok=True)
    pair = Pair(folder / "target.wav", folder / "reference.wav", folder)
    for path, subtype, hot in ((pair.target, "PCM_24", False), (pair.reference, "PCM_16", True)):
        with open_writer(path, sample_rate=sample_rate, channels=2, subtype=subtype) as writer:
            for block in _music(seconds, sample_rate, hot=hot):
                writer.write(block)
    return pair


def _music(seconds: float, sample_rate: int, *, hot: bool) -> Iterator[Samples]:
    left = seconds
    piece = _CHUNK_SECONDS if seconds > 2 * _SECONDS else seconds
    for seed in range(math.ceil(seconds / piece)):
        length = min(piece, left)
        left -= length
        if hot:
            yield brickwalled(dense_music(length, sample_rate, seed=1000 + seed, brightness=0.8), drive_db=6.0)
        else:
            yield dense_music(length, sample_rate, seed=seed + 1, brightness=0.3, peak=0.45)


def _warm(pair: Pair, rate: int, compared: bool, absent: str) -> BenchItem:
    taken = in_child(warm_seconds, pair, compared, timeout=_TIMEOUT).value
    ours, theirs = taken["ours"], taken.get(PEER)
    ratio = theirs / ours if theirs is not None else None
    goal = _WARM_GOALS[rate]
    return BenchItem(
        peer=PEER if theirs is not None else "",
        what=f"CPU, warm process, {rate / 1000:g} kHz",
        ours=ours,
        theirs=theirs,
        ratio=ratio,
        unit="s",
        ours_cpu_s=ours,
        theirs_cpu_s=theirs,
        goal=f">= {goal:.0f}x",
        passed=ratio >= goal if ratio is not None else None,
        note=absent,
    )


def _cold(ours: ChildRun[None], theirs: ChildRun[None] | None, rate: int, absent: str) -> BenchItem:
    ratio = theirs.cpu / ours.cpu if theirs is not None else None
    return BenchItem(
        peer=PEER if theirs is not None else "",
        what=f"CPU, fresh process, {rate / 1000:g} kHz",
        ours=ours.cpu,
        theirs=theirs.cpu if theirs is not None else None,
        ratio=ratio,
        unit="s",
        ours_cpu_s=ours.cpu,
        theirs_cpu_s=theirs.cpu if theirs is not None else None,
        goal=f">= {_COLD_GOAL:.0f}x",
        passed=ratio >= _COLD_GOAL if ratio is not None else None,
        note=absent,
    )


def _memory(ours: ChildRun[None], theirs: ChildRun[None] | None, what: str, goal: float) -> BenchItem:
    peer_mb = theirs.peak_mb if theirs is not None else None
    return BenchItem(
        peer=PEER if theirs is not None else "",
        what=what,
        ours=ours.peak_mb,
        theirs=peer_mb,
        ratio=peer_mb / ours.peak_mb if peer_mb is not None and ours.peak_mb else None,
        unit="MB",
        goal=f"<= {goal:.0f} MB",
        passed=ours.peak_mb <= goal if ours.peak_mb is not None else None,
    )


def _fresh(pair: Pair, compared: bool) -> tuple[ChildRun[None], ChildRun[None] | None]:
    """Each side in a process of its own; the better of two, since the first may find cold disks."""

    def best(side: Callable[[Pair], None]) -> ChildRun[None]:
        runs = [in_child(side, pair, timeout=_TIMEOUT) for _ in range(2)]
        return min(runs, key=lambda run: run.cpu)

    return best(match_ours), best(match_theirs) if compared else None


def _equality(pair: Pair, rate: int) -> list[BenchItem]:
    found = in_child(differences, pair, timeout=_TIMEOUT).value
    return [
        BenchItem(
            peer=PEER,
            what=f"difference, {name}, {rate / 1000:g} kHz",
            ours=decibels,
            theirs=None,
            ratio=None,
            unit="dBFS",
            goal=f"<= {_SAME:.0f} dBFS",
            passed=decibels <= _SAME,
            note="highest of all samples",
        )
        for name, decibels in found.items()
    ]


def warm_seconds(pair: Pair, compared: bool) -> dict[str, float]:
    """In a child: the least CPU seconds of each side, which run in turn after one round that does not count."""
    sides: dict[str, Callable[[], object]] = {"ours": lambda: match_ours(pair)}
    if compared:
        sides[PEER] = lambda: match_theirs(pair)
    return {name: timing.best_cpu for name, timing in alternate(sides, runs=_RUNS).items()}


def match_ours(pair: Pair) -> None:
    """Files in, 16- and 24-bit files out."""
    from grammy_desktop.mastering.matching.compatible.match import MatchedFile, match_files

    results = [
        MatchedFile(pair.folder / "ours-16.wav", "PCM_16"),
        MatchedFile(pair.folder / "ours-24.wav", "PCM_24"),
    ]
    match_files(pair.target, pair.reference, results, progress=NoProgress())


def match_theirs(pair: Pair) -> None:
    """The same by matchering."""
    matchering = importlib.import_module("matchering")
    results = [
        matchering.pcm16(str(pair.folder / "theirs-16.wav")),
        matchering.pcm24(str(pair.folder / "theirs-24.wav")),
    ]
    matchering.process(str(pair.target), str(pair.reference), results)


def differences(pair: Pair) -> dict[str, float]:
    """In a child: how far our results are from matchering's at most, dBFS, for each of `VARIANTS`."""
    from grammy_desktop.mastering.matching.compatible.match import MatchedFile, match_files

    matchering = importlib.import_module("matchering")
    ours, theirs = [], []
    for number, (_, subtype, limiter, normalise) in enumerate(VARIANTS):
        ours.append(MatchedFile(pair.folder / f"ours-{number}.wav", subtype, limiter, normalise))
        path = str(pair.folder / f"theirs-{number}.wav")
        theirs.append(matchering.Result(path, subtype, use_limiter=limiter, normalize=normalise))
    match_files(pair.target, pair.reference, ours, progress=NoProgress())
    matchering.process(str(pair.target), str(pair.reference), theirs)
    return {
        name: highest_difference(pair.folder / f"ours-{number}.wav", pair.folder / f"theirs-{number}.wav")
        for number, (name, *_) in enumerate(VARIANTS)
    }


def highest_difference(first: Path, second: Path) -> float:
    """dBFS; 0 when the files are not of the same length or rate."""
    import soundfile

    with soundfile.SoundFile(first) as ours, soundfile.SoundFile(second) as theirs:
        if (ours.frames, ours.samplerate) != (theirs.frames, theirs.samplerate):
            return 0.0
        highest = 1e-10
        while len(block := ours.read(2**18)):
            highest = max(highest, float(np.abs(block - theirs.read(2**18)).max()))
    return 20 * math.log10(highest)
