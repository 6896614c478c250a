"""How many times faster than real time the meter is, beside pyebur128 (libebur128) and pyloudnorm.

Three minutes of stereo already in memory, at 48 and 44.1 kHz: a dense mix, and a clipped, hot master, whose peaks lie
between the samples.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass

from grammy_desktop.bench.child import in_child
from grammy_desktop.bench.machine import missing
from grammy_desktop.bench.result import BenchItem, BenchResult, bench_result
from grammy_desktop.bench.signals import brickwalled, dense_music
from grammy_desktop.bench.timing import Timing, alternate
from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.loudness import measure
from grammy_desktop.core.progress import PartOfProgress, Progress

_SECONDS = 180.0
_UNIT = "x real time"
_PLAIN_GOAL = 5_000.0
_PEAK_GOAL = 1_000.0
_LIBEBUR128_GOAL = 3.0
_PYLOUDNORM_GOAL = 10.0
_ROUNDS = 4
_OURS_A_ROUND = 4
_PACKAGES = ("pyebur128", "pyloudnorm")


@dataclass(frozen=True)
class BenchSignal:
    name: str
    sample_rate: int
    hot: bool

    def clip(self, seconds: float) -> AudioClip:
        samples = dense_music(seconds, self.sample_rate)
        return AudioClip(brickwalled(samples) if self.hot else samples, self.sample_rate)


SIGNALS = (
    BenchSignal("dense mix, 48 kHz", 48_000, False),
    BenchSignal("dense mix, 44.1 kHz", 44_100, False),
    BenchSignal("hot master, 48 kHz", 48_000, True),
    BenchSignal("hot master, 44.1 kHz", 44_100, True),
)


def run(
    *, peers: bool, progress: Progress, seconds: float = _SECONDS, signals: tuple[BenchSignal, ...] = SIGNALS
) -> BenchResult:
    """The first item is without true peak at 48 kHz, beside pyebur128 where `peers`."""
    items: list[BenchItem] = []
    for number, signal in enumerate(signals):
        part = PartOfProgress(progress, number / len(signals), (number + 1) / len(signals))
        # The slow peers are compared on the first signal only.
        items += _measure_signal(signal, signal.clip(seconds), peers=peers and number == 0, progress=part)
    memory = _memory(peers=peers, seconds=seconds)
    return bench_result("loudness", items, peak_rss_mb=memory)


def _measure_signal(signal: BenchSignal, clip: AudioClip, *, peers: bool, progress: Progress) -> list[BenchItem]:
    ours: dict[str, Callable[[], object]] = {
        "plain": lambda: measure(clip, true_peak=False),
        "peak": lambda: measure(clip),
    }
    theirs: dict[str, Callable[[], object]] = {}
    absent = {package: missing(package) for package in _PACKAGES} if peers else {}
    if peers and absent["pyebur128"] is None:
        theirs["pyebur128 plain"] = lambda: _pyebur128(clip, true_peak=False)
        theirs["pyebur128 peak"] = lambda: _pyebur128(clip, true_peak=True)
    if peers and absent["pyloudnorm"] is None:
        theirs["pyloudnorm plain"] = lambda: _pyloudnorm(clip)
    # Rounds of all sides in turn, so that a slow moment of the machine hits every side.
    times = alternate(
        ours | theirs,
        runs=_ROUNDS,
        each=dict.fromkeys(ours, _OURS_A_ROUND),
        progress=progress,
        stage=f"measure: {signal.name}",
    )
    items = []
    for kind, words, goal in (("plain", "without true peak", _PLAIN_GOAL), ("peak", "with true peak", _PEAK_GOAL)):
        what = f"{words}, {signal.name}"
        speed = clip.duration / times[kind].wall
        compared = [
            _compared(what, package, kind, times, clip.duration, reason)
            for package, reason in absent.items()
            if package == "pyebur128" or kind == "plain"
        ]
        alone = BenchItem(
            peer="",
            what=what,
            ours=speed,
            theirs=None,
            ratio=None,
            unit=_UNIT,
            ours_cpu_s=times[kind].cpu,
            goal=f">= {goal:,.0f} {_UNIT}",
            passed=speed >= goal,
        )
        items += [*compared, alone]
    return items


def _compared(
    what: str, package: str, kind: str, times: dict[str, Timing], duration: float, absent: str | None
) -> BenchItem:
    ours = times[kind]
    goal = _LIBEBUR128_GOAL if package == "pyebur128" else _PYLOUDNORM_GOAL
    theirs = times.get(f"{package} {kind}")
    if theirs is None:
        return BenchItem(package, what, duration / ours.wall, None, None, _UNIT, ours_cpu_s=ours.cpu, note=absent or "")
    ratio = theirs.wall / ours.wall
    note = f"CPU: {theirs.best_cpu / ours.best_cpu:.1f} times less than {package}"
    if package == "pyloudnorm":
        note += ", which gives the integrated loudness only"
    return BenchItem(
        peer=package,
        what=what,
        ours=duration / ours.wall,
        theirs=duration / theirs.wall,
        ratio=ratio,
        unit=_UNIT,
        ours_cpu_s=ours.cpu,
        theirs_cpu_s=theirs.cpu,
        goal=f">= {goal:.0f}x",
        passed=ratio >= goal,
        note=note,
    )


def _memory(*, peers: bool, seconds: float) -> dict[str, float | None]:
    """Of each side with the same signal, in a process of its own; and of making the signal alone."""
    sides: dict[str, Callable[[float], None]] = {"the signal alone": make_only, "ours": measure_ours}
    if peers:
        sides |= {
            package: side
            for package, side in (("pyebur128", measure_pyebur128), ("pyloudnorm", measure_pyloudnorm))
            if missing(package) is None
        }
    return {name: in_child(side, seconds).peak_mb for name, side in sides.items()}


def make_only(seconds: float) -> None:
    """In a child: what the signal itself takes."""
    SIGNALS[0].clip(seconds)


def measure_ours(seconds: float) -> None:
    """In a child."""
    measure(SIGNALS[0].clip(seconds))


def measure_pyebur128(seconds: float) -> None:
    """In a child."""
    _pyebur128(SIGNALS[0].clip(seconds), true_peak=True)


def measure_pyloudnorm(seconds: float) -> None:
    """In a child."""
    _pyloudnorm(SIGNALS[0].clip(seconds))


def _pyebur128(clip: AudioClip, *, true_peak: bool) -> tuple[float, ...]:
    """All that libebur128 gives: the same figures as ours."""
    pyebur128 = importlib.import_module("pyebur128")

    modes = pyebur128.MeasurementMode
    mode = modes.MODE_I | modes.MODE_LRA | modes.MODE_S | modes.MODE_M | modes.MODE_SAMPLE_PEAK
    state = pyebur128.R128State(clip.channels, clip.sample_rate, mode | modes.MODE_TRUE_PEAK if true_peak else mode)
    # As its documentation has it: blocks of interleaved samples. float32 goes in without a conversion.
    step = clip.sample_rate
    flat = clip.samples.reshape(-1)
    for start in range(0, clip.frames, step):
        frames = min(step, clip.frames - start)
        state.add_frames(flat[start * clip.channels : (start + frames) * clip.channels], frames)
    return pyebur128.get_loudness_global(state), pyebur128.get_loudness_range(state)


def _pyloudnorm(clip: AudioClip) -> float:
    pyloudnorm = importlib.import_module("pyloudnorm")

    return float(pyloudnorm.Meter(clip.sample_rate).integrated_loudness(clip.samples))
