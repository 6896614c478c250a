"""Width, what mono loudspeakers lose in the lows, and balance."""

from __future__ import annotations

import numpy as np

from grammy_desktop.core.effects import Effect
from grammy_desktop.mastering.listen.curves import ToneCurve
from grammy_desktop.mastering.listen.ear import Heard
from grammy_desktop.mastering.listen.proposal import Finding, Severity
from grammy_desktop.mastering.listen.words import plain, signed

LOW_END = (18.0, 130.0)
"""Hz: the third octaves up to 125 Hz."""
MONO_BELOW = 120.0
"""Hz: clubs, phones and the lathe sum their bass somewhere between 90 and 150."""
_LEAST_CORRELATION = 0.8
"""-1 to 1 in the lows: below, a mono system loses more than half a decibel."""
_MOST_LOSS = 0.6
"""dB of the lows lost in mono."""
_WIDTH_SLACK = 1.5
"""dB over the genre's 90th percentile before anything is narrowed."""
_NARROWEST = 0.7
_MOST_UNBALANCED = 1.5
"""dB between the channels: no released track in ten has more, of whatever genre, orchestras apart."""
_BANDS = {"low": LOW_END, "lower middle": (150.0, 520.0), "middle": (600.0, 2_100.0), "high": (2_500.0, 10_500.0)}


def width_figures(heard: Heard) -> dict[str, float]:
    """Side to mid in dB per band, correlation and mono loss of the lows, balance in dB (left minus right)."""
    figures = {f"side_mid_{name.replace(' ', '_')}_db": heard.side_to_mid(*span) for name, span in _BANDS.items()}
    figures["side_mid_db"] = heard.side_to_mid(18.0, 21_000.0)
    figures["correlation"] = heard.correlation(18.0, 21_000.0)
    figures["correlation_low"] = heard.correlation(*LOW_END)
    figures["mono_loss_low_db"] = heard.mono_loss(*LOW_END)
    left, right = (max(float(part.sum()), 1e-14) for part in (heard.left, heard.right))
    figures["balance_db"] = float(np.clip(10 * np.log10(left / right), -60.0, 60.0))
    return figures


def propose_stereo(heard: Heard, figures: dict[str, float], curve: ToneCurve) -> list[Finding]:
    """Findings on lows, width and balance; a mono clip has none that asks for anything."""
    if heard.channels == 1 or figures["side_mid_db"] <= -55.0:
        return [Finding("mono", "It is mono: it is left so.", figures["side_mid_db"], None, None, "dB", "fine")]
    return [_low_end(figures), _width(figures, curve), _balance(figures, curve)]


def _low_end(figures: dict[str, float]) -> Finding:
    correlation, loss = figures["correlation_low"], figures["mono_loss_low_db"]
    if correlation >= _LEAST_CORRELATION and loss <= _MOST_LOSS:
        text = (
            f"The lows keep together: correlation {plain(correlation, 2)} below 120 Hz, {plain(loss)} dB lost in mono."
        )
        return Finding("low_mono", text, correlation, _LEAST_CORRELATION, 1.0, "", "fine")
    severity: Severity = "problem" if correlation < 0.4 or loss > 1.5 else "notice"
    text = (
        f"Correlation {plain(correlation, 2)} below 120 Hz, and {plain(loss)} dB of the lows are lost in mono:"
        f" bass mono below {MONO_BELOW:g} Hz."
    )
    effect = Effect("width", {"width": 1.0, "mono_below": MONO_BELOW})
    return Finding("low_mono", text, correlation, _LEAST_CORRELATION, 1.0, "", severity, effect)


def _width(figures: dict[str, float], curve: ToneCurve) -> Finding:
    low, _, high = curve.figures["side_mid_db"]
    value = figures["side_mid_db"]
    excess = value - high
    if excess <= _WIDTH_SLACK:
        words = "narrower than" if value < low else "as wide as"
        text = f"Sides are {signed(value)} dB against the middle, {words} {curve.name}"
        text += ": it is left so, because width that was not mixed cannot be mastered." if value < low else "."
        return Finding("width", text, value, low, high, "dB", "fine")
    width = max(_NARROWEST, round(10 ** (-(excess - 0.5 * _WIDTH_SLACK) / 20), 2))
    text = f"Sides are {signed(value)} dB against the middle, {signed(excess)} dB over {curve.name}: width {width:g}."
    severity: Severity = "problem" if value > 0 else "notice"
    effect = Effect("width", {"width": width, "mono_below": 0.0})
    return Finding("width", text, value, low, high, "dB", severity, effect)


def _balance(figures: dict[str, float], curve: ToneCurve) -> Finding:
    value = figures["balance_db"]
    most = max(_MOST_UNBALANCED, curve.figures["lr_bal_db"][2])
    if abs(value) <= most:
        text = f"Left and right are {plain(abs(value))} dB apart."
        return Finding("balance", text, value, -most, most, "dB", "fine")
    side = "left" if value > 0 else "right"
    text = (
        f"The {side} channel is {plain(abs(value))} dB louder ({plain(most)} is the most that is usual). It may be meant;"
        " if not, mend it in the mix: a master cannot tell which instrument it is."
    )
    return Finding("balance", text, value, -most, most, "dB", "notice")
