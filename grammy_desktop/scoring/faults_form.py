"""Faults of form: silence at the ends, an end cut off, no contrast between parts."""

from __future__ import annotations

import numpy as np

from grammy_desktop.scoring.faults_base import Fault, Look, plain, severity_of, signed
from grammy_desktop.scoring.result import Fix, Insight, Measurement, Operation

_LONGEST_LEAD, _LONGEST_TAIL = 0.5, 3.0  # seconds
_KEPT_LEAD, _KEPT_TAIL = 0.05, 1.0
_ABRUPT_DB = -26.0  # peak of the last 50 ms against the song's; a fade or a decay ends far below
_SHORTEST_FORM = 45.0  # seconds; shorter pieces need no second part
_LEAST_CONTRAST = 1.0  # LU
_FADE = 2.0  # seconds


def find_silent_ends(look: Look) -> Insight | None:
    lead, tail = look.features.waveform.lead, look.features.waveform.tail
    if lead <= _LONGEST_LEAD and tail <= _LONGEST_TAIL:
        return None
    cut_lead = max(0.0, lead - _KEPT_LEAD) if lead > _LONGEST_LEAD else 0.0
    cut_tail = max(0.0, tail - _KEPT_TAIL) if tail > _LONGEST_TAIL else 0.0
    where = [f"the first {plain(cut_lead, 's')}"] * (cut_lead > 0) + [f"the last {plain(cut_tail, 's')}"] * (
        cut_tail > 0
    )
    seconds = max(lead if cut_lead else 0.0, tail if cut_tail else 0.0)
    at_start = cut_lead > 0
    return Insight(
        "silent_ends",
        f"{plain(lead if at_start else tail, 's')} of silence at the {'start' if at_start else 'end'}",
        "Under −60\u00a0dBFS; players start late and lists pause too long.",
        Measurement(seconds, "s", _LONGEST_LEAD if at_start else _LONGEST_TAIL, "common delivery"),
        severity_of(seconds, 3.0, 10.0),
        0.0 if at_start else look.end - tail,
        lead if at_start else look.end,
        Fix(
            "trim_silence",
            f"Trim {' and '.join(where)}",
            ({"kind": "trim", "start": round(cut_lead, 3), "end": round(cut_tail, 3)},),
        ),
        "more than 0.5 s before or 3 s after the music: own rule",
    )


def find_abrupt_end(look: Look) -> Insight | None:
    level = look.features.waveform.end_db
    if level < _ABRUPT_DB:
        return None
    return Insight(
        "abrupt_end",
        f"Ends at full sound, {plain(level, 'dB')} from the peak",
        "The last 50\u00a0ms; what rang on is cut off.",
        Measurement(level, "dB", _ABRUPT_DB, "an end that decays"),
        severity_of(level - _ABRUPT_DB, 8.0, 30.0),
        look.end - 0.05,
        look.end,
        Fix("fade_end", f"Fade out the last {plain(_FADE, 's', 0)}", ({"kind": "fade_out", "seconds": _FADE},)),
        "peak of the last 50 ms over -26 dB of the song's: own rule",
    )


def find_no_contrast(look: Look) -> Insight | None:
    """The loudest quarter of the song is lifted where it already is the loudest, so that the form shows."""
    contrast = look.features.contrast
    if contrast is None or look.end < _SHORTEST_FORM or contrast >= _LEAST_CONTRAST:
        return None
    typical = look.group.at("lra", 0.0)
    start, end = _loudest_stretch(look)
    gain = round(float(np.clip(1.2 * (1.5 - contrast), 0.5, 2.0)), 1)
    chain: tuple[Operation, ...] = ({"kind": "lift", "start": start, "end": end, "gain_db": gain},)
    return Insight(
        "no_contrast",
        f"Loud and quiet parts differ by {plain(contrast, 'LU')}",
        f"Short-term loudness over the whole song; half of {look.group.name} moves by {plain(typical, 'LU')} or more.",
        Measurement(contrast, "LU", typical, look.group.name),
        severity_of(_LEAST_CONTRAST - contrast, 0.4, 0.8),
        start,
        end,
        Fix("lift_loudest", f"Lift {_clock(start)}–{_clock(end)} by {signed(gain, 'dB')}", chain),
        "10th to 90th percentile of short-term loudness under 1 LU: own rule",
    )


def _loudest_stretch(look: Look) -> tuple[float, float]:
    """The quarter of the song with the highest mean short-term loudness, after its first fifth."""
    history = look.features.history
    length = look.end / 4.0
    step = float(history.times[1] - history.times[0])
    width = max(1, int(length / step))
    total = np.convolve(history.short_term, np.ones(width), mode="valid")
    first = min(int(0.2 * look.end / step), total.size - 1)
    start = float(history.times[first + int(np.argmax(total[first:]))]) - 1.5
    return round(start, 1), round(min(look.end, start + length), 1)


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


FORM_FAULTS = (
    Fault(
        "no_contrast",
        "under 1 LU in songs of 45 s and more",
        "own rule; EBU Tech 3342 for the measure",
        find_no_contrast,
    ),
    Fault("silent_ends", "0.5 s before, 3 s after", "own rule", find_silent_ends),
    Fault("abrupt_end", "-26 dB of the song's peak in the last 50 ms", "own rule", find_abrupt_end),
)
