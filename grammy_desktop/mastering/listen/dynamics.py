"""How much room the peaks have, how even the song is, and what compression that leaves to be done."""

from __future__ import annotations

import numpy as np

from grammy_desktop.core.effects import Effect
from grammy_desktop.mastering.listen.curves import ToneCurve
from grammy_desktop.mastering.listen.ear import Heard
from grammy_desktop.mastering.listen.proposal import Finding
from grammy_desktop.mastering.listen.words import plain

CRUSHED_PLR = 8.0
"""LU between peak and loudness under which a mix was limited already; only a tenth of released pop has less than 9."""
_CRUSHED_PSR = 6.5
"""LU in the densest stretches; AES 147 papers on PSR take 8 for the edge of audible squashing."""
_GLUE_RATIO = 1.5
_RANGE_SLACK = 6.0
"""LU over the 90th percentile: the curves know clips of 30 to 60 s, which hold one part of a song or two."""
_BANDS = {"low": (18.0, 160.0), "middle": (190.0, 4_100.0), "high": (4_900.0, 21_000.0)}


def dynamics_figures(heard: Heard) -> dict[str, float]:
    """plr, psr (10th percentile), range, and how much the three bands move: 95th to 50th percentile in dB."""
    figures: dict[str, float] = {}
    loudness = heard.loudness
    for name, value in (("plr", loudness.plr), ("range", loudness.range), ("integrated", loudness.integrated)):
        if value is not None:
            figures[name] = value
    psr = _psr(heard)
    if psr is not None:
        figures["psr"] = psr
    loud = heard.frame_power[heard.frame_loudness > -70.0]
    if len(loud):
        for name, (low, high) in _BANDS.items():
            level = 10 * np.log10(np.maximum(loud[:, heard.within(low, high)].sum(axis=1), 1e-12))
            figures[f"swing_{name}_db"] = float(np.percentile(level, 95) - np.percentile(level, 50))
    return figures


def _psr(heard: Heard) -> float | None:
    """Peak to short-term loudness in the 3 s stretches above the gate; the 10th percentile is the densest music."""
    from scipy.ndimage import maximum_filter1d

    integrated = heard.loudness.integrated
    if integrated is None or len(heard.short_term) == 0:
        return None
    # The filter's window is centred; the short-term value is of the 3 s that begin here.
    peaks = maximum_filter1d(heard.hop_peak, 300, mode="nearest")[150 : 150 + len(heard.short_term)]
    count = min(len(peaks), len(heard.short_term))
    short, peaks = heard.short_term[:count], peaks[:count]
    loud = short > integrated - 10.0
    if not loud.any():
        return None
    return float(np.percentile(20 * np.log10(np.maximum(peaks[loud], 1e-6)) - short[loud], 10))


def is_crushed(figures: dict[str, float]) -> bool:
    """Whether the peaks were taken already."""
    return figures.get("plr", 99.0) < CRUSHED_PLR or figures.get("psr", 99.0) < _CRUSHED_PSR


def propose_dynamics(figures: dict[str, float], curve: ToneCurve) -> list[Finding]:
    """One finding on peaks, one on the range; compression only where the song moves more than its genre."""
    if "plr" not in figures:
        return []
    low, _, high = curve.figures["plr"]
    plr, span = figures["plr"], figures.get("range", 0.0)
    if is_crushed(figures):
        densest = figures.get("psr", plr)
        text = (
            f"Only {plain(plr)} LU between peaks and loudness ({plain(densest)} in the densest parts): it was limited"
            " already. No compressor, no saturation, no clipping; the level is set and nothing else."
        )
        return [Finding("crushed", text, plr, CRUSHED_PLR, None, "LU", "problem")]
    widest = curve.figures["lra"][2]
    if plr > high + 1.0 and span <= widest:
        # Peaks, not parts: soft compression of hits, slow enough to leave their attack.
        effect = _glue(-16.0)
        text = (
            f"{plain(plr)} LU between peaks and loudness, {curve.name} has up to {plain(high)}:"
            f" glue {_GLUE_RATIO:g}:1 above −16 dBFS."
        )
        return [Finding("peaks", text, plr, low, high, "LU", "notice", effect), _range(span, curve)]
    text = f"{plain(plr)} LU between peaks and loudness: as {curve.name}, so nothing is compressed."
    if plr > high:
        text = f"{plain(plr)} LU between peaks and loudness, at the upper end of {curve.name}: the limiter is enough."
    return [Finding("peaks", text, plr, low, high, "LU", "fine"), _range(span, curve)]


def _range(span: float, curve: ToneCurve) -> Finding:
    high = curve.figures["lra"][2]
    if span <= high + _RANGE_SLACK:
        text = f"Its loudness range is {plain(span)} LU, usual for {curve.name}."
        return Finding("range", text, span, None, high, "LU", "fine")
    text = (
        f"Its loudness range is {plain(span)} LU, {plain(span - high)} over {curve.name}: a slow 1.5:1 holds the loud"
        " parts, the quiet ones stay quiet."
    )
    effect = Effect(
        "glue", {"threshold_db": -17.0, "ratio": _GLUE_RATIO, "knee_db": 10.0, "attack_ms": 120.0, "release_ms": 900.0}
    )
    return Finding("range", text, span, None, high, "LU", "notice", effect)


def _glue(threshold: float) -> Effect:
    return Effect(
        "glue",
        {"threshold_db": threshold, "ratio": _GLUE_RATIO, "knee_db": 8.0, "attack_ms": 30.0, "release_ms": 200.0},
    )
