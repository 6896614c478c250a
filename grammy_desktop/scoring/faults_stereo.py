"""Faults of the stereo image: cancelling bass, flipped polarity, too narrow, off balance."""

from __future__ import annotations

import numpy as np

from grammy_desktop.scoring.faults_base import Fault, Look, plain, severity_of, signed, stretch
from grammy_desktop.scoring.radio import mono_loss
from grammy_desktop.scoring.result import Fix, Insight, Measurement, Operation
from grammy_desktop.scoring.spectrum import CENTRES

_FLIPPED = -0.25  # correlation
_BASS_TOP = 150.0  # Hz
_LEAST_BASS_CORRELATION = (
    0.3  # the style guide's mixes keep the bass mono; under this, summing to mono costs 1.9 dB of bass
)
_MONO_SIDE = -45.0  # dB of side against mid, under which a file is two equal channels
_NARROWEST = -24.0  # dB of side against mid
_LEAST_IMBALANCE = 1.5  # dB


def find_cancelling_bass(look: Look) -> Insight | None:
    spectrum = look.features.spectrum
    correlation = float(spectrum.whole.correlation(20.0, _BASS_TOP))
    inside = (CENTRES > 20.0) & (CENTRES < _BASS_TOP)
    power = spectrum.whole.left + spectrum.whole.right
    if (
        look.features.channels != 2
        or correlation >= _LEAST_BASS_CORRELATION
        or power[inside].sum() < 0.01 * power.sum()
    ):
        return None
    if _flipped(look):
        return None  # the whole right channel is; that has its own insight
    per_window = spectrum.windows.correlation(20.0, _BASS_TOP)
    start, end = stretch(spectrum.starts, spectrum.ends, per_window < _LEAST_BASS_CORRELATION, look.end)
    steps: tuple[Operation, ...] = ({"kind": "width", "width": 1.0, "mono_below": _BASS_TOP},)
    label = "Make the bass mono below 150\u00a0Hz"
    if correlation < -_LEAST_BASS_CORRELATION:
        steps = ({"kind": "flip_bass", "below": _BASS_TOP}, *steps)
        label = "Flip the right channel's bass, then make it mono below 150\u00a0Hz"
    return Insight(
        "cancelling_bass",
        f"Bass of left and right correlate only {plain(correlation, '', 2).strip()}",
        "Below 150\u00a0Hz; on a mono speaker, a phone or a club system part of the bass cancels.",
        Measurement(correlation, "correlation", _LEAST_BASS_CORRELATION, "mono-safe bass"),
        severity_of(_LEAST_BASS_CORRELATION - correlation, 0.2, 0.5),
        start,
        end,
        Fix("mono_bass", label, steps),
        "correlation below 150 Hz under 0.3: own rule",
    )


def find_flipped_polarity(look: Look) -> Insight | None:
    if not _flipped(look):
        return None
    lost = -mono_loss(look.features)
    return Insight(
        "flipped_polarity",
        f"{plain(lost, 'dB')} vanish in mono",
        "Whole song; left and right move against each other, as with one channel's polarity flipped.",
        Measurement(look.features.values["lr_corr"], "correlation", 0.0, "released music"),
        "serious",
        0.0,
        look.end,
        Fix("flip_right", "Flip the polarity of the right channel", ({"kind": "flip_right"},)),
        "correlation of the channels under -0.25: own rule",
    )


def find_narrow(look: Look) -> Insight | None:
    """Far narrower than the style, or two equal channels (which no width control can open)."""
    side = look.features.values["side_mid_db"]
    limit = max(_NARROWEST, look.group.at("side_mid_db", -1.6449))
    if side >= limit:
        return None
    mono = side < _MONO_SIDE or look.features.channels == 1
    typical = look.group.at("side_mid_db", 0.0)
    # The bass is made mono on the way, which takes some of the side away again.
    width = round(float(np.clip(10 ** ((limit + 2.5 - side) / 20), 1.1, 4.0)), 1)
    steps: list[Operation] = [{"kind": "width", "width": min(width, 2.0), "mono_below": 120.0}]
    if width > 2.0:  # one width control only doubles
        steps.append({"kind": "width", "width": round(width / 2.0, 3), "mono_below": 0.0})
    fix = None if mono else Fix("widen", f"Widen the sides ×{width:g}, bass mono below 120\u00a0Hz", tuple(steps))
    return Insight(
        "narrow",
        "Mono: both channels are the same" if mono else f"Sides {plain(-side, 'dB')} under the middle",
        "Whole song; nothing to widen in the file: pan parts or add a stereo room in the mix."
        if mono
        else f"Whole song; half of {look.group.name} has {plain(-typical, 'dB')} or less.",
        Measurement(max(side, -60.0), "dB", typical, look.group.name),
        "notable" if mono else severity_of(limit - side, 4.0, 10.0),
        0.0,
        look.end,
        fix,
        "side against mid energy, under the style's 5th percentile or -24 dB" if not mono else "equal channels",
    )


def find_unbalanced(look: Look) -> Insight | None:
    whole = look.features.spectrum.whole
    if look.features.channels != 2:
        return None
    left, right = max(float(whole.left.sum()), 1e-14), max(float(whole.right.sum()), 1e-14)
    difference = float(np.clip(10.0 * np.log10(left / right), -60.0, 60.0))
    if abs(difference) < max(_LEAST_IMBALANCE, look.group.at("lr_bal_db", 1.6449)):
        return None
    louder, gain = ("Left", -difference) if difference > 0 else ("Right", difference)
    applied = round(max(gain, -24.0), 1)
    step: Operation = {
        "kind": "balance",
        "left_db": applied if difference > 0 else 0.0,
        "right_db": 0.0 if difference > 0 else applied,
    }
    return Insight(
        "unbalanced",
        f"{louder} is {plain(abs(difference), 'dB')} louder",
        f"Whole song; 95\u00a0% of {look.group.name} differs less.",
        Measurement(difference, "dB", 0.0, look.group.name),
        severity_of(abs(difference), 3.0, 6.0),
        0.0,
        look.end,
        Fix("balance", f"Lower the {louder.lower()} channel by {signed(applied, 'dB')}", (step,)),
        "energy of left against right over the style's 95th percentile and 1.5 dB",
    )


def _flipped(look: Look) -> bool:
    """Whether left and right move against each other as a whole, not in the bass alone."""
    above_bass = float(look.features.spectrum.whole.correlation(300.0, 6000.0))
    return look.features.channels == 2 and max(look.features.values["lr_corr"], above_bass) < _FLIPPED


STEREO_FAULTS = (
    Fault("flipped_polarity", "correlation under -0.25", "own rule", find_flipped_polarity),
    Fault("cancelling_bass", "correlation under 0.3 below 150 Hz", "own rule", find_cancelling_bass),
    Fault("unbalanced", "1.5 dB and the style's 95th percentile", "reference table", find_unbalanced),
    Fault(
        "narrow",
        "sides under -24 dB or the style's 5th percentile, whichever is higher",
        "reference table",
        find_narrow,
    ),
)
