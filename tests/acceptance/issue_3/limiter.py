"""The true-peak limiter over sixty signals: its ceiling in written files, what it costs, and against a named peer."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import AudioClip, Samples
from grammy_desktop.core.audio_file import read_clip, write_wav
from grammy_desktop.core.audio_wav_writer import WavSubtype
from grammy_desktop.core.limiter import limit_true_peak
from grammy_desktop.core.loudness import measure
from tests.acceptance.context import Context
from tests.acceptance.issue_3.limiter_signals import SECONDS, Case, cases

CEILING = -1.0
SLACK = 0.02
MOST_LOST = 0.3
"""LU more than the peer."""
LEAST_WINS = 50
_SUBTYPES: tuple[WavSubtype, ...] = ("PCM_24", "PCM_16", "FLOAT")
_REACH = 192
"""Samples to either side that the reader looks at; ours looks at 128 at most."""


@dataclass(frozen=True)
class Compared:
    """At equal measured true peak. lost: LU that ours is quieter than the peer. residual: dB of ours over the peer's."""

    case: str
    family: str
    written: float
    peer_peak: float
    lost: float
    residual: float


def run(context: Context, *, seconds: float = SECONDS) -> None:
    seen = [_compare(context.folder, case) for case in cases(seconds)]
    highest = max(seen, key=lambda one: one.written)
    over = [one.case for one in seen if one.written > CEILING + SLACK]
    context.check("no written file above its ceiling", not over, f"{highest.written:.3f} dBTP ({highest.case}); {over}")
    worst = max(seen, key=lambda one: one.lost)
    context.check("loses little against the peer", worst.lost <= MOST_LOST, f"{worst.lost:+.2f} LU ({worst.case})")
    wins = sum(one.residual <= 0 for one in seen)
    context.check("residual no larger than the peer's", wins >= LEAST_WINS, f"on {wins} of {len(seen)}")
    context.figure("peer's highest true peak", f"{max(one.peer_peak for one in seen):.2f} dBTP for {CEILING:g}")
    families = defaultdict(list)
    for one in seen:
        families[one.family].append(one)
    for family, members in families.items():
        lost, residual = [one.lost for one in members], [one.residual for one in members]
        context.figure(
            family,
            f"{len(members)} signals: {np.mean(lost):+.2f} LU lost over the peer (worst {max(lost):+.2f}), residual"
            f" {np.mean(residual):+.1f} dB, no larger on {sum(value <= 0 for value in residual)}",
        )


def _compare(folder: Path, case: Case) -> Compared:
    limited = limit_true_peak(case.samples, case.sample_rate, CEILING)
    ours, peer = _at_ceiling(limited, case), _at_ceiling(_peer(case), case)
    peaks = [_written_peak(folder / "x.wav", limited, case.sample_rate, subtype) for subtype in _SUBTYPES]
    return Compared(
        case.name,
        case.family,
        written=max(peaks),
        peer_peak=peer.true_peak,
        lost=peer.loudness - ours.loudness,
        residual=ours.residual - peer.residual,
    )


@dataclass(frozen=True)
class _Levelled:
    true_peak: float
    loudness: float
    residual: float


def _at_ceiling(limited: Samples, case: Case) -> _Levelled:
    """Figures after a gain that brings the measured true peak to the ceiling."""
    peak = read_true_peak(limited)
    level = limited.astype(np.float64) * 10 ** ((CEILING - peak) / 20)
    loudness = measure(AudioClip(level.astype(np.float32), case.sample_rate), true_peak=False).integrated
    source = case.samples.astype(np.float64)
    best = float((level * source).sum() / (source * source).sum())
    residual = 10 * np.log10(np.mean((level - best * source) ** 2) + 1e-20)
    return _Levelled(peak, loudness if loudness is not None else -70.0, float(residual))


def _peer(case: Case) -> Samples:
    import pedalboard

    limiter = pedalboard.BrickwallLimiter(ceiling_db=CEILING, true_peak=True)
    return np.ascontiguousarray(limiter(np.ascontiguousarray(case.samples.T), case.sample_rate).T)


def _written_peak(path: Path, samples: Samples, sample_rate: int, subtype: WavSubtype) -> float:
    write_wav(path, AudioClip(samples, sample_rate), subtype=subtype)
    return read_true_peak(read_clip(path).samples)


def read_true_peak(samples: Samples) -> float:
    """dBTP at 16 points a sample by scipy's polyphase resampling with a long filter: nothing of ours in it."""
    from scipy.signal import resample_poly

    highest = float(np.abs(samples).max())
    taps = _reader()
    for first in range(0, len(samples), 65_536):
        part = samples[max(0, first - _REACH) : first + 65_536 + _REACH].astype(np.float64)
        # A quiet stretch cannot hold the highest peak.
        if np.abs(part).max() > 0.7 * highest:
            points = np.abs(resample_poly(part, 16, 1, axis=0, window=taps))
            # Where a part was cut, the cut rings.
            begin = min(first, _REACH) * 16
            highest = max(highest, float(points[begin : begin + 65_536 * 16].max()))
    return float(20 * np.log10(highest))


def _reader() -> NDArray[np.float64]:
    """A windowed sinc: flat to 0.49 of the rate, -6 dB at half of it."""
    from scipy.signal import firwin

    return np.asarray(firwin(2 * 16 * _REACH + 1, 1 / 16, window=("kaiser", 8.0)))
