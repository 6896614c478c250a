"""All 25 synthesised cases of EBU Tech 3341 (1-6, 9-23) and Tech 3342 (1-4) at 44.1, 48 and 96 kHz.

Figures of the whole are those of `measure`; running figures are read from a `LoudnessMeter` that is fed 10 ms at a time,
as a display would, and the meter's end result must be `measure`'s.
"""

from __future__ import annotations

from dataclasses import asdict

import numpy as np

from grammy_desktop.core.audio import AudioClip, Samples
from grammy_desktop.core.loudness import Loudness, LoudnessMeter, measure
from tests.acceptance.context import Context
from tests.acceptance.issue_3.ebu_cases import RATES, Case, cases

_STEP = 0.01
"""Seconds between two looks at a running meter."""


def run(context: Context, *, rates: tuple[int, ...] = RATES) -> None:
    for rate in rates:
        errors: dict[str, float] = {}
        for case in cases(rate):
            found = deviations(case, rate)
            errors[case.name] = max(found, key=abs)
            passed = all(case.lower <= error <= case.upper for error in found)
            context.check(f"{case.name} at {rate} Hz", passed, f"{errors[case.name]:+.3f}")
        context.check(f"25 cases at {rate} Hz", len(errors) == 25, len(errors))


def deviations(case: Case, rate: int) -> list[float]:
    """What is read minus what is expected, of every reading that the case asks for."""
    found = []
    for samples in case.variants:
        if case.figures[0].startswith("live"):
            found += _running(case, samples, rate)
        else:
            loudness = asdict(measure(AudioClip(samples, rate)))
            found += [loudness[figure] - case.expected[0] for figure in case.figures]
    return [float(error) for error in found]


def _running(case: Case, samples: Samples, rate: int) -> list[float]:
    times, readings, end = watch(samples, rate, case.figures[0].removeprefix("live "))
    whole = measure(AudioClip(samples, rate))
    if not same(end, whole):
        return [float("inf")]
    if case.segment == 0:
        return list(readings[times >= case.from_time - 1e-9] - case.expected[0])
    segments = [
        (times > number * case.segment + 1e-9) & (times <= (number + 1) * case.segment + 1e-9)
        for number in range(len(case.expected))
    ]
    return [readings[here].max() - level for here, level in zip(segments, case.expected, strict=True)]


def watch(samples: Samples, rate: int, figure: str) -> tuple[np.ndarray, np.ndarray, Loudness]:
    """The running figure after every 10 ms, the times, and the result in the end."""
    meter = LoudnessMeter(rate, samples.shape[1])
    ends = np.arange(1, int(len(samples) / rate / _STEP) + 1) * rate // round(1 / _STEP)
    readings = []
    start = 0
    for end in ends:
        meter.push(samples[start:end])
        readings.append(getattr(meter.live, figure))
        start = end
    meter.push(samples[start:])
    return ends / rate, np.array(readings), meter.result()


def same(one: Loudness, other: Loudness, tolerance: float = 1e-6) -> bool:
    pairs = zip(asdict(one).values(), asdict(other).values(), strict=True)
    return all((a is None and b is None) or abs(a - b) <= tolerance for a, b in pairs)
