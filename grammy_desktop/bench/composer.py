"""What a whole song with its stems costs: how many times faster than real time on one core, how soon it is heard, memory.

Six styles that use what there is: sampled and synthesised bands, pads, kits. The peer plays the same MIDI file with the same
sound font and nothing else: no synthesis, no kits of our own, no mix, no stems.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from grammy_desktop.bench.child import in_child
from grammy_desktop.bench.result import BenchItem, BenchResult, bench_result
from grammy_desktop.core.progress import NoProgress, Progress

STYLES = ("lofi", "techno", "pop", "ambient", "soul", "trap")
PEER = "fluidsynth"
GOAL = 25.0
"""Times real time, one core, warm."""
FIRST_GOAL = 2.0
"""Seconds until the opening can be heard."""
MEMORY_GOAL = 800.0
"""MB, a song of `LONG` seconds."""
LONG = 300.0
_SECONDS = 60.0
_ABSENT = "fluidsynth is not installed: see fluidsynth.org"


@dataclass(frozen=True)
class SongCost:
    """Of one song in a warm process: CPU and wall seconds of all of it, and from the start until the opening was there."""

    cpu: float
    wall: float
    first: float
    stems: int


def run(
    *,
    peers: bool,
    progress: Progress,
    seconds: float = _SECONDS,
    long_seconds: float = LONG,
    styles: tuple[str, ...] = STYLES,
) -> BenchResult:
    """The first items are the styles' times real time; the last is the peak memory of a long song."""
    items: list[BenchItem] = []
    cold_mb: float | None = None
    for number, style in enumerate(styles):
        progress.check_cancelled()
        progress.report(0.8 * number / len(styles), style)
        ran = in_child(warm_song, style, seconds)
        cold_mb = ran.peak_mb if cold_mb is None else max(cold_mb, ran.peak_mb or 0.0)
        theirs = in_child(peer_seconds, style, seconds).value if peers and shutil.which(PEER) else None
        items += _items(style, ran.value, theirs, seconds, absent=peers and theirs is None)
    progress.report(0.85, "memory")
    long_mb = in_child(one_song, styles[min(2, len(styles) - 1)], long_seconds).peak_mb
    items.append(_memory(long_mb, long_seconds))
    return bench_result("composer", items, peak_rss_mb={"ours": long_mb if long_mb is not None else cold_mb})


def _items(style: str, cost: SongCost, theirs: float | None, seconds: float, *, absent: bool) -> list[BenchItem]:
    speed = seconds / cost.cpu
    whole = BenchItem(
        peer=PEER if theirs is not None else "",
        what=f"{style}, {seconds:g} s, {cost.stems} stems",
        ours=speed,
        theirs=seconds / theirs if theirs else None,
        ratio=theirs / cost.cpu if theirs else None,
        unit="x real time",
        ours_cpu_s=cost.cpu,
        theirs_cpu_s=theirs,
        goal=f">= {GOAL:.0f}x",
        passed=speed >= GOAL,
        note=_ABSENT if absent else f"{cost.wall:.2f} s of wall time",
    )
    first = BenchItem(
        peer="",
        what=f"{style}, first audio",
        ours=cost.first,
        theirs=None,
        ratio=None,
        unit="s",
        goal=f"<= {FIRST_GOAL:.0f} s",
        passed=cost.first <= FIRST_GOAL,
    )
    return [whole, first]


def _memory(peak_mb: float | None, seconds: float) -> BenchItem:
    return BenchItem(
        peer="",
        what=f"peak memory, {seconds / 60:g} min",
        ours=peak_mb,
        theirs=None,
        ratio=None,
        unit="MB",
        goal=f"<= {MEMORY_GOAL:.0f} MB",
        passed=peak_mb <= MEMORY_GOAL if peak_mb is not None else None,
    )


def warm_song(style: str, seconds: float) -> SongCost:
    """In a child, on one core: the second of two songs. The seeds differ, so that nothing made before is used again."""
    on_one_core()
    _song(style, seconds, 1)
    return _song(style, seconds, 2)


def one_song(style: str, seconds: float) -> SongCost:
    """In a child: a song in a fresh process."""
    return _song(style, seconds, 1)


def on_one_core() -> None:
    """Where the system lets a process choose (Linux)."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def _song(style: str, seconds: float, seed: int) -> SongCost:
    from grammy_desktop.assistant import read_prompt
    from grammy_desktop.core.audio import AudioClip
    from grammy_desktop.core.styles import load_styles
    from grammy_desktop.generation.composer.composer import ComposerEngine

    styles = load_styles()
    brief = read_prompt("a song", styles, style=style, duration=seconds)
    first: list[float] = []
    cpu, wall = time.process_time(), time.perf_counter()

    def heard(opening: AudioClip) -> None:
        first.append(time.perf_counter() - wall)

    song = ComposerEngine().generate(brief, seed, NoProgress(), styles=styles, on_opening=heard)
    cpu, spent = time.process_time() - cpu, time.perf_counter() - wall
    return SongCost(cpu, spent, first[0] if first else spent, len(song.stems))


def peer_seconds(style: str, seconds: float) -> float:
    """In a child: CPU seconds that fluidsynth needs for the same notes, font loading included."""
    from grammy_desktop.assistant import read_prompt
    from grammy_desktop.core.resources import resource
    from grammy_desktop.core.styles import load_styles
    from grammy_desktop.generation.composer.compose import compose
    from grammy_desktop.generation.composer.midi.file import write_midi

    styles = load_styles()
    brief = read_prompt("a song", styles, style=style, duration=seconds)
    font = resource("soundfonts", "fluid_core.sf3")
    with tempfile.TemporaryDirectory(prefix="grammy-bench-") as folder:
        score, out = Path(folder) / "song.mid", Path(folder) / "song.wav"
        write_midi(compose(brief, styles[style], 2), score)
        before = os.times()
        command = [PEER, "-ni", "-q", "-F", str(out), "-r", "48000", str(font), str(score)]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
        after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system
