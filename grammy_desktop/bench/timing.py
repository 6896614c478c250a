"""Wall and CPU time of several sides of one comparison, taken in turn so that whatever the machine does hits all."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from grammy_desktop.core.progress import NoProgress, Progress

Side = Callable[[], object]


@dataclass(frozen=True)
class Timing:
    """Seconds of one side's runs. cpu: of all threads of this process, for the run that took least wall time."""

    wall: float
    """The best run: what the code costs when nothing else wants the machine."""

    median: float
    cpu: float
    best_cpu: float
    """The smallest CPU time of any run."""

    runs: int


def alternate(
    sides: Mapping[str, Side],
    *,
    runs: int = 5,
    warm_runs: int = 1,
    each: Mapping[str, int] | None = None,
    progress: Progress | None = None,
    stage: str = "measure",
) -> dict[str, Timing]:
    """Run every side in turn, `runs` times after `warm_runs` that do not count; a side named in `each` that many times a
    turn, so that a quick side is not judged by fewer seconds than a slow one.

    Garbage is collected before each run and not during it.
    """
    progress = progress or NoProgress()
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in sides}
    for number in range(warm_runs + runs):
        for place, (name, side) in enumerate(sides.items()):
            progress.report((number + place / len(sides)) / (warm_runs + runs), stage)
            progress.check_cancelled()
            for _ in range((each or {}).get(name, 1)):
                seconds = _time(side)
                if number >= warm_runs:
                    taken[name].append(seconds)
    return {name: _timing(times) for name, times in taken.items()}


def _time(side: Side) -> tuple[float, float]:
    collected = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        wall, cpu = time.perf_counter(), time.process_time()
        side()
        return time.perf_counter() - wall, time.process_time() - cpu
    finally:
        if collected:
            gc.enable()


def _timing(times: list[tuple[float, float]]) -> Timing:
    wall, cpu = min(times)
    return Timing(
        wall=wall,
        median=statistics.median(seconds for seconds, _ in times),
        cpu=cpu,
        best_cpu=min(seconds for _, seconds in times),
        runs=len(times),
    )
