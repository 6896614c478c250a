"""Beats, tempo and metre of a recording."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.analysis.attacks import RATE, Attacks
from grammy_desktop.analysis.bar_hypotheses import Hypothesis, Signals, hypotheses_of, hypotheses_on, signals_of
from grammy_desktop.analysis.beat_fit import SteadyFit, attacks_near, fit_steady
from grammy_desktop.analysis.beat_tracking import tempo_path, track_beats
from grammy_desktop.analysis.onsets import beat_regularity
from grammy_desktop.analysis.pulse import FASTEST, SLOWEST, Pulse, PulseSpectrum, find_pulses
from grammy_desktop.analysis.result import BeatGrid, Estimate
from grammy_desktop.analysis.small_net import SmallNet, softmax, trained
from grammy_desktop.core.progress import Progress

Floats = NDArray[np.float64]

_SAME_TEMPO = 0.015
"""Relative difference below which two hypotheses speak of one tempo."""
_SMEARED = 0.7
"""The least that regularity is counted as where the tempo moves."""
_AT_RANDOM, _REGULAR = 0.15, 0.35
"""`beat_regularity` of attacks at random, and of music with a steady beat at least."""
_UNEVEN = 0.08
"""Change of length from beat to beat (natural logarithm) at which a third of the confidence is left."""
_WORTH_SAYING = 0.01
"""Probability below which an alternative is left out."""
_LEAST_SECONDS = 6.0
_PATH_RATIOS = (1.0, 0.5, 2.0, 2 / 3, 1.5, 1 / 3)


@dataclass(frozen=True, eq=False)
class _Judged:
    hypotheses: Sequence[Hypothesis]
    shares: Floats

    @property
    def best(self) -> Hypothesis:
        return self.hypotheses[int(self.shares.argmax())]


def find_beats(attacks: Attacks, change: Floats, seconds: float, progress: Progress) -> BeatGrid | None:
    """The beats, None where there are none (silence, less than 6 s, no attacks). change: `harmonic_change`."""
    if seconds < _LEAST_SECONDS or float(attacks.total.max(initial=0.0)) <= 0.0:
        return None
    signals = signals_of(attacks, change)
    net = trained("metre")
    judged = _judge(net, hypotheses_of(find_pulses(PulseSpectrum(attacks.total)), signals))
    if judged is None:
        return None
    best = judged.best
    fit = fit_steady(attacks, best.phase, 60.0 / best.bpm, seconds)
    if fit.steady:
        return _doubted(_steady_grid(best, fit, judged, seconds), _regularity(attacks))
    progress.check_cancelled()
    moving = _judge_moving(net, attacks, signals, progress)
    if moving is None:
        return _steady_grid(best, fit, judged, seconds)
    return _moving_grid(attacks, moving)


def _judge(net: SmallNet, hypotheses: list[Hypothesis]) -> _Judged | None:
    if not hypotheses:
        return None
    logits = net(np.stack([hypothesis.features for hypothesis in hypotheses]))[:, 0]
    return _Judged(hypotheses, softmax(logits))


@dataclass(frozen=True, eq=False)
class _Moving:
    judged: _Judged
    beats: dict[float, Floats]


def _judge_moving(net: SmallNet, attacks: Attacks, signals: Signals, progress: Progress) -> _Moving | None:
    """Hypotheses along the course of the tempo, at each level of the beat."""
    times, bpm = tempo_path(attacks)
    found: list[Hypothesis] = []
    beats: dict[float, Floats] = {}
    for ratio in _PATH_RATIOS:
        typical = float(np.median(bpm)) * ratio
        if not SLOWEST <= typical <= FASTEST:
            continue
        tracked = track_beats(attacks, times, bpm * ratio, progress)
        beats[typical] = tracked
        found += hypotheses_on(tracked, signals, Pulse(typical, 1.0))
    judged = _judge(net, found)
    return None if judged is None else _Moving(judged, beats)


def _steady_grid(best: Hypothesis, fit: SteadyFit, judged: _Judged, seconds: float) -> BeatGrid:
    earlier = int(np.floor((fit.first + 0.03) / fit.period))
    first = fit.first - earlier * fit.period
    count = int(np.floor((seconds - first) / fit.period - 0.25)) + 1
    times = np.asarray(first + np.arange(max(count, 2)) * fit.period, dtype=np.float64)
    shift = best.downbeat + earlier
    positions = (np.arange(times.size) - shift) % best.beats_per_bar
    tempo = best.tempo * (60.0 / fit.period) / best.bpm
    return _grid(times, positions, best, judged, tempo, steady=fit.steady, residual=fit.residual)


def _moving_grid(attacks: Attacks, moving: _Moving) -> BeatGrid:
    best = moving.judged.best
    times = moving.beats[best.bpm]
    found, strength = attacks_near(attacks, times)
    residual = float(np.median(np.abs(found - times)[strength > 0])) if (strength > 0).any() else 1.0
    times = np.maximum.accumulate(found + 1e-6 * np.arange(found.size))
    positions = (np.arange(times.size) - best.downbeat) % best.beats_per_bar
    tempo = best.tempo * (60.0 / float(np.median(np.diff(times)))) / best.bpm
    grid = _grid(times, positions, best, moving.judged, tempo, steady=False, residual=residual)
    # A tempo that moves smears what repeats, so that regularity tells less than of a steady one; but it tells something.
    return _doubted(grid, _evenness(times) * max(_SMEARED, _regularity(attacks)))


def _doubted(grid: BeatGrid, sureness: float) -> BeatGrid:
    """The network compares ways to count; whether there is anything to count it cannot tell."""
    tempo = replace(grid.tempo, probability=grid.tempo.probability * sureness)
    return replace(grid, tempo=tempo, probability=grid.probability * sureness)


def _regularity(attacks: Attacks) -> float:
    """0 to 1: whether the attacks repeat at all; songs of the composer lie above 0.44, clicks at random below 0.16."""
    found = beat_regularity(np.minimum(attacks.total, 8.0), RATE)
    return float(np.clip((found - _AT_RANDOM) / (_REGULAR - _AT_RANDOM), 0.05, 1.0))


def _evenness(times: Floats) -> float:
    """0 to 1: beats that were followed one by one fit any noise; music's are nearly as long as those beside them."""
    change = np.abs(np.diff(np.log(np.maximum(np.diff(times), 1e-3))))
    return float(np.exp(-np.median(change) / _UNEVEN)) if change.size else 0.0


def _grid(
    times: Floats, positions: NDArray[np.int64], best: Hypothesis, judged: _Judged, tempo: float, *, steady: bool,
    residual: float,
) -> BeatGrid:  # fmt: skip
    tempi, metres = _tempo_shares(judged), _metre_shares(judged)
    own_tempo = next(share for value, share in tempi if abs(value / best.tempo - 1.0) <= _SAME_TEMPO)
    likely = [(value, share) for value, share in tempi if share >= _WORTH_SAYING]
    others = tuple((round(value, 2), share) for value, share in likely if abs(value / best.tempo - 1.0) > _SAME_TEMPO)
    other_metres = tuple((metre, share) for metre, share in metres if metre != best.metre and share >= _WORTH_SAYING)
    return BeatGrid(
        times=times,
        positions=positions,
        metre=Estimate(best.metre, dict(metres)[best.metre], other_metres[:3]),
        tempo=Estimate(round(tempo, 3), own_tempo, others[:4]),
        octave_alternatives=tuple((value, share) for value, share in others[:6] if _is_octave(value / best.tempo)),
        steady=steady,
        residual_ms=round(1000.0 * residual, 2),
        probability=float(judged.shares.max()),
    )


def _is_octave(ratio: float) -> bool:
    return any(abs(ratio / whole - 1.0) < 0.03 for whole in (0.25, 0.5, 2.0, 4.0, 1 / 3, 3.0, 2 / 3, 1.5))


def _tempo_shares(judged: _Judged) -> list[tuple[float, float]]:
    """(quarter-note tempo, probability), likeliest first; hypotheses of one tempo together."""
    found: list[tuple[float, float]] = []
    order = np.argsort(judged.shares)[::-1]
    for index in order:
        tempo, share = judged.hypotheses[index].tempo, float(judged.shares[index])
        for place, (other, sofar) in enumerate(found):
            if abs(tempo / other - 1.0) <= _SAME_TEMPO:
                found[place] = (other, sofar + share)
                break
        else:
            found.append((tempo, share))
    return sorted(found, key=lambda pair: -pair[1])


def _metre_shares(judged: _Judged) -> list[tuple[tuple[int, int], float]]:
    shares: dict[tuple[int, int], float] = {}
    for hypothesis, share in zip(judged.hypotheses, judged.shares, strict=True):
        shares[hypothesis.metre] = shares.get(hypothesis.metre, 0.0) + float(share)
    return sorted(shares.items(), key=lambda pair: -pair[1])
