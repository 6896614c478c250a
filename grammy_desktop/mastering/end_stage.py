"""Gain, soft clipper, limiter: brings a signal to a loudness under a ceiling.

Limiting takes loudness away, so the gain has to be searched. The search runs on a model that costs milliseconds; a draft
of the real stages corrects the model by what it missed, then the real stages run, as a rule once. What they gave last is
kept, so that a search that ended well needs no further pass.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.loudness import Loudness, LoudnessMeter, measure_source
from grammy_desktop.core.progress import PartOfProgress, Progress
from grammy_desktop.core.stream import blocks_of, run_through
from grammy_desktop.mastering.end_model import EndModel
from grammy_desktop.mastering.plan import EndStage, linear
from grammy_desktop.mastering.report import GainReduction, ReductionMeter
from grammy_desktop.mastering.spool import Spool

TOLERANCE = 0.1
"""LU: how near a master has to come to its target."""
_AIM = 0.06
"""LU: when the search stops."""
_DRAFTS, _RUNS = 3, 4
"""Passes at most."""
_DRAFT_ERROR = 0.4
"""LU: from a draft that came this near, the real stages land within the aim."""
_EXPECTED_MARGIN = 0.08
"""dB that peaks between the points cost the real limiter, which the draft does not see."""
_LEAST_SLOPE = 0.15
"""LU per dB; where more gain brings less than this, only distortion is added."""
_LONGEST_STEP = 4.0
_SAME_GAIN = 0.3
"""dB."""
_SAFELY_BELOW = 0.005
"""dB below the ceiling that a trim aims at."""


@dataclass(frozen=True, eq=False)
class Finished:
    """end: what was carried out, trim included. after: the result's figures, with the trim. reduction: of its peaks."""

    end: EndStage
    after: Loudness
    reduction: GainReduction


def finish(
    toned: Spool, take: Spool, model: EndModel, end: EndStage, *, target_lufs: float, progress: Progress
) -> Finished:
    """Find the gain that brings `toned` to `target_lufs` as nearly as it can be, and leave the result (untrimmed) in `take`.

    end: ceiling and clipper; its gain is what is looked for. A target that cannot be reached without more than 24 dB of
    overdrive is missed: see `after`.
    """
    search = _Search(model, target_lufs)
    best: tuple[float, _Run] | None = None
    attempt: _Run | None = None
    for number in range(_DRAFTS):
        part = PartOfProgress(progress, 0.1 * number, 0.1 * (number + 1), "master")
        aimed = replace(end, gain_db=search.next_gain())
        if search.tried(aimed.gain_db, _draft(toned, aimed, part)) <= _DRAFT_ERROR:
            break
    for number in range(_RUNS):
        part = PartOfProgress(progress, 0.1 * (_DRAFTS + number), 0.1 * (_DRAFTS + number + 1), "master")
        aimed = replace(end, gain_db=search.next_gain())
        attempt = _run(toned, take, aimed, part)
        reached = attempt.loudness
        if reached is None:
            break
        error = reached - target_lufs
        if best is None or abs(error) < best[0]:
            best = (abs(error), attempt)
        if abs(error) <= _AIM or (aimed.gain_db >= model.highest_gain and error < 0):
            break
        search.tried(aimed.gain_db, reached)
    if best is None:
        raise ValueError("the signal has no loudness")
    if attempt is not best[1]:
        _run(toned, take, best[1].end, PartOfProgress(progress, 0.8, 0.9, "master"))
    return _judged(take, best[1], PartOfProgress(progress, 0.9, 1.0, "master"))


@dataclass(frozen=True, eq=False)
class _Run:
    end: EndStage
    loudness: float | None
    reduction: GainReduction


def _run(toned: Spool, take: Spool, end: EndStage, progress: Progress) -> _Run:
    """`toned` through the end stage into `take`."""
    rate, channels = toned.sample_rate, toned.channels
    meter = LoudnessMeter(rate, channels, true_peak=False)
    reduction = ReductionMeter(toned.frames, rate, end.gain_db)
    gain = np.float32(linear(end.gain_db))
    take.restart()

    def driven() -> Iterator[Samples]:
        for block in blocks_of(toned, progress=progress, stage="master"):
            reduction.before(block)
            yield block * gain

    for done in run_through(driven(), end.processor(rate, channels)):
        for listener in (take.write, meter.push, reduction.after):
            listener(done)
    return _Run(end, meter.result().integrated, reduction.result())


def _judged(take: Spool, run: _Run, progress: Progress) -> Finished:
    """All figures of what was made; a trim is asked for where it got past the ceiling."""
    after = measure_source(take, progress=progress)
    ceiling = run.end.ceiling_dbtp
    highest = after.true_peak if after.true_peak is not None else -math.inf
    trim_db = ceiling - _SAFELY_BELOW - highest if highest > ceiling else 0.0
    return Finished(replace(run.end, trim_db=trim_db), shifted(after, trim_db), run.reduction)


def shifted(loudness: Loudness, gain_db: float) -> Loudness:
    """The figures of the same signal, `gain_db` louder."""
    if gain_db == 0.0:
        return loudness
    levels = ("integrated", "momentary_max", "short_term_max", "true_peak", "sample_peak")
    moved = {name: getattr(loudness, name) for name in levels}
    return replace(loudness, **{n: None if level is None else level + gain_db for n, level in moved.items()})


def _draft(toned: Spool, end: EndStage, progress: Progress) -> float | None:
    """LUFS of a run with fewer points between the samples."""
    meter = LoudnessMeter(toned.sample_rate, toned.channels, true_peak=False)
    rough = replace(end, ceiling_dbtp=end.ceiling_dbtp - _EXPECTED_MARGIN)
    gain = np.float32(linear(end.gain_db))
    blocks = (block * gain for block in blocks_of(toned, progress=progress, stage="master"))
    for done in run_through(blocks, rough.processor(toned.sample_rate, toned.channels, draft=True)):
        meter.push(done)
    return meter.result().integrated


class _Search:
    """The gains that are tried: by the model, corrected by what it missed, then through the last two results (secant).

    The model overrates what more gain brings to a signal that is driven hard.
    """

    def __init__(self, model: EndModel, target: float) -> None:
        self._model = model
        self._target = target
        self._points: list[tuple[float, float]] = []

    def next_gain(self) -> float:
        if not self._points:
            return self._model.gain_for(self._target)
        gain, level = self._points[-1]
        if len(self._points) == 1:
            return self._model.gain_for(self._target - (level - self._model.loudness_at(gain)))
        gain_before, level_before = self._points[-2]
        # Nearly the same gain twice: their levels differ by what a draft does not see.
        near = abs(gain - gain_before) < _SAME_GAIN
        slope = 1.0 if near else (level - level_before) / (gain - gain_before)
        step = (self._target - level) / min(1.0, max(_LEAST_SLOPE, slope))
        return min(self._model.highest_gain, gain + min(_LONGEST_STEP, max(-_LONGEST_STEP, step)))

    def tried(self, gain_db: float, reached: float | None) -> float:
        """How far, in LU, `reached` is from the target, or 0 when more gain than was tried is not to be had."""
        if reached is None:
            return 0.0
        self._points.append((gain_db, reached))
        at_end = gain_db >= self._model.highest_gain and reached < self._target
        return 0.0 if at_end else abs(reached - self._target)
