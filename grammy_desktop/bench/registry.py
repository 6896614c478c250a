"""The benchmarks by name. A benchmark's file is imported only when it is run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from grammy_desktop.bench.result import BenchResult
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.progress import Progress


@dataclass(frozen=True)
class Benchmark:
    """run: (peers, progress) -> result."""

    name: str
    summary: str
    peers: str
    run: Callable[[bool, Progress], BenchResult]


def _loudness(peers: bool, progress: Progress) -> BenchResult:
    from grammy_desktop.bench import loudness

    return loudness.run(peers=peers, progress=progress)


def _master(peers: bool, progress: Progress) -> BenchResult:
    from grammy_desktop.bench import master

    return master.run(peers=peers, progress=progress)


def _composer(peers: bool, progress: Progress) -> BenchResult:
    from grammy_desktop.bench import composer

    return composer.run(peers=peers, progress=progress)


BENCHMARKS = (
    Benchmark("loudness", "the meter, times faster than real time", "pyebur128, pyloudnorm", _loudness),
    Benchmark("master", "mastering like a reference, CPU seconds", "matchering", _master),
    Benchmark("composer", "a whole song with stems, times faster than real time", "fluidsynth", _composer),
)


def run_benchmark(name: str, *, peers: bool, progress: Progress) -> BenchResult:
    """Raises UserError for an unknown name."""
    found = next((benchmark for benchmark in BENCHMARKS if benchmark.name == name), None)
    if found is None:
        names = ", ".join(benchmark.name for benchmark in BENCHMARKS)
        raise UserError(f"There is no benchmark “{name}”; there are {names}.")
    return found.run(peers, progress)
