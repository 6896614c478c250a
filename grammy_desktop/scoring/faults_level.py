"""Faults of level: loudness, true peak, crushed dynamics, clipping, DC."""

from __future__ import annotations

import numpy as np

from grammy_desktop.scoring.faults_base import Fault, Look, plain, severity_of, signed
from grammy_desktop.scoring.result import Fix, Insight, Measurement, Operation

STREAMING_LUFS, STREAMING_PEAK = -14.0, -1.0
"""What the large streaming services play at and ask for."""

_QUIETEST, _LOUDEST = -16.0, -8.0
_CRUSHED_PLR = 8.0
_STREAMING = "delivery advice of streaming services: -14 LUFS integrated, -1 dBTP"


def find_too_quiet(look: Look) -> Insight | None:
    loudness = look.features.values["lufs"]
    # Quiet styles are delivered quieter; a service does not turn most of them up.
    floor = min(_QUIETEST, look.group.at("lufs", -0.6745))
    if loudness >= floor:
        return None
    target = max(floor + 0.5, STREAMING_LUFS if floor == _QUIETEST else floor + 0.5)
    gain = round(target - loudness, 1)
    chain: tuple[Operation, ...] = (
        {"kind": "gain", "gain_db": gain},
        {"kind": "limit", "ceiling_dbtp": STREAMING_PEAK},
    )
    return Insight(
        "too_quiet",
        f"Quieter than the music around it: {plain(loudness, 'LUFS')}",
        f"Whole song; under {plain(floor, 'LUFS')} it falls behind in a playlist.",
        Measurement(loudness, "LUFS", floor, f"{look.group.name} and streaming"),
        severity_of(floor - loudness, 3.0, 8.0),
        0.0,
        look.end,
        Fix("raise_level", f"Raise by {signed(gain, 'dB')}, peaks held at −1\u00a0dBTP", chain),
        _STREAMING,
    )


def find_too_loud(look: Look) -> Insight | None:
    loudness = look.features.values["lufs"]
    if loudness <= _LOUDEST:
        return None
    gain = round(STREAMING_LUFS - loudness, 1)
    return Insight(
        "too_loud",
        f"Louder than streaming plays it: {plain(loudness, 'LUFS')}",
        f"Whole song; services turn it down by {plain(-gain, 'dB')} to −14\u00a0LUFS, and what limiting took stays lost.",
        Measurement(loudness, "LUFS", STREAMING_LUFS, "streaming"),
        severity_of(loudness - _LOUDEST, 2.0, 4.0),
        0.0,
        look.end,
        Fix("lower_level", f"Lower by {signed(gain, 'dB')}", ({"kind": "gain", "gain_db": gain},)),
        _STREAMING,
    )


def find_true_peak_over(look: Look) -> Insight | None:
    peak = look.features.values["truepeak_db"]
    if peak <= STREAMING_PEAK + 0.05:
        return None
    return Insight(
        "true_peak_over",
        f"True peak {plain(peak, 'dBTP')}",
        "Over −1\u00a0dBTP a lossy codec or a converter may clip what the samples do not show.",
        Measurement(peak, "dBTP", STREAMING_PEAK, "streaming"),
        severity_of(peak - STREAMING_PEAK, 1.0, 2.5),
        0.0,
        look.end,
        Fix(
            "limit_true_peak", "Limit true peaks to −1\u00a0dBTP", ({"kind": "limit", "ceiling_dbtp": STREAMING_PEAK},)
        ),
        "ITU-R BS.1770-5 true peak; " + _STREAMING,
    )


def find_crushed_dynamics(look: Look) -> Insight | None:
    plr = look.features.values["plr"]
    if plr >= min(_CRUSHED_PLR, look.group.at("plr", -1.2816)):
        return None
    typical = look.group.at("plr", 0.0)
    amount = round(min(4.0, typical - plr), 1)
    return Insight(
        "crushed_dynamics",
        f"Peaks only {plain(plr, 'LU')} above the loudness",
        f"Whole song; half of {look.group.name} has {plain(typical, 'LU')} or more. To undo it properly, limit less.",
        Measurement(plr, "LU", typical, look.group.name),
        severity_of(_CRUSHED_PLR - plr, 1.0, 2.5),
        0.0,
        look.end,
        Fix(
            "lift_attacks",
            f"Lift attacks by up to {signed(amount, 'dB')}",
            ({"kind": "lift_attacks", "amount_db": amount},),
        ),
        "peak to loudness ratio (AES TD1008) against the style's 10th percentile, at most 8 LU",
    )


def find_clipping(look: Look) -> Insight | None:
    tops = look.features.waveform.flat_tops
    if tops.shape[0] < 3:
        return None
    first, last = float(tops[0, 0]), float(tops[-1, 1])
    rate = tops.shape[0] / look.features.duration
    longest = float(np.max(tops[:, 1] - tops[:, 0]))
    return Insight(
        "clipping",
        f"Clipped {tops.shape[0]} times, first at {int(first) // 60}:{first % 60:04.1f}",
        f"Peaks cut flat; the longest for {plain(1000 * longest, 'ms')}.",
        Measurement(rate, "flat tops per second", 0.0, "undamaged audio"),
        severity_of(rate, 1.0, 10.0),
        first,
        last,
        Fix(
            "declip",
            f"Redraw {tops.shape[0]} clipped peaks, then limit to −1\u00a0dBTP",
            ({"kind": "declip"}, {"kind": "limit", "ceiling_dbtp": -1.0}),
        ),
        "flat tops entered with a step: own rule",
    )


def find_dc_offset(look: Look) -> Insight | None:
    waveform = look.features.waveform
    offset = max((abs(value) for value in waveform.dc), default=0.0)
    if offset < 0.002 or offset < 0.01 * waveform.rms:
        return None
    percent = 100.0 * offset
    return Insight(
        "dc_offset",
        f"The wave stands {percent:.1f}\u00a0% off centre",
        "Whole song; a constant in the signal costs headroom and clicks at every cut.",
        Measurement(percent, "% of full scale", 0.0, "centred audio"),
        severity_of(percent, 1.0, 5.0),
        0.0,
        look.end,
        Fix("remove_dc", "Centre the wave (remove the DC offset)", ({"kind": "remove_dc"},)),
        "mean of the samples over 0.2 % of full scale: own rule",
    )


LEVEL_FAULTS = (
    Fault("dc_offset", "0.2 % of full scale", "own rule", find_dc_offset),
    Fault("clipping", "three flat tops", "own rule", find_clipping),
    Fault(
        "crushed_dynamics",
        "PLR under 8 LU and the style's 10th percentile",
        "AES TD1008; reference table",
        find_crushed_dynamics,
    ),
    Fault("too_quiet", "-16 LUFS or the style's quarter", _STREAMING, find_too_quiet),
    Fault("too_loud", "-8 LUFS", _STREAMING, find_too_loud),
    Fault("true_peak_over", "-0.95 dBTP", _STREAMING, find_true_peak_over),
)
