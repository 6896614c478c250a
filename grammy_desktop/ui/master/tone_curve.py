"""What a preset's equaliser does to the tone, as a curve. numpy only.

Shelves and peaks: magnitude of the biquads of R. Bristow-Johnson's Audio EQ Cookbook; high- and low-pass: Butterworth.
Dynamics, saturation and width have no fixed tone and are left out.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.effects import Effect

Curve = NDArray[np.float64]
RATE = 48_000.0
FREQUENCIES: Curve = np.geomspace(25.0, 18_000.0, 96)


def tone_curve(chain: Iterable[Effect], frequencies: Curve = FREQUENCIES) -> Curve:
    """Gain in dB at `frequencies` (Hz)."""
    total = np.zeros_like(frequencies)
    for effect in chain:
        values = effect.values()
        if effect.kind in ("peak", "low_shelf", "high_shelf"):
            total += _biquad(effect.kind, values["frequency"], values["gain_db"], values["q"], frequencies)
        elif effect.kind in ("highpass", "lowpass"):
            total += _pass(effect.kind, values["frequency"], values.get("slope", 12.0), frequencies)
    return total


def _biquad(kind: str, frequency: float, gain_db: float, q: float, frequencies: Curve) -> Curve:
    a = 10 ** (gain_db / 40)
    w0 = 2 * np.pi * frequency / RATE
    alpha, cos = np.sin(w0) / (2 * q), np.cos(w0)
    if kind == "peak":
        b = (1 + alpha * a, -2 * cos, 1 - alpha * a)
        c = (1 + alpha / a, -2 * cos, 1 - alpha / a)
    else:
        sign = 1.0 if kind == "low_shelf" else -1.0
        root = 2 * np.sqrt(a) * alpha
        b = (
            a * ((a + 1) - sign * (a - 1) * cos + root),
            sign * 2 * a * ((a - 1) - sign * (a + 1) * cos),
            a * ((a + 1) - sign * (a - 1) * cos - root),
        )
        c = (
            (a + 1) + sign * (a - 1) * cos + root,
            -sign * 2 * ((a - 1) + sign * (a + 1) * cos),
            (a + 1) + sign * (a - 1) * cos - root,
        )
    z = np.exp(-2j * np.pi * frequencies / RATE)
    response = (b[0] + b[1] * z + b[2] * z**2) / (c[0] + c[1] * z + c[2] * z**2)
    return np.asarray(20 * np.log10(np.abs(response)), np.float64)


def _pass(kind: str, frequency: float, slope: float, frequencies: Curve) -> Curve:
    order = max(1, round(slope / 6))
    ratio = frequency / frequencies if kind == "highpass" else frequencies / frequency
    return np.asarray(-10 * np.log10(1 + ratio ** (2 * order)), np.float64)
