"""A guitar amplifier and its loudspeaker, played by a whole part, so that the notes of a chord growl against each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.styles.reader import TableReader
from grammy_desktop.generation.composer.render.oscillators import RATE
from grammy_desktop.generation.composer.render.patches.saturation import clean_drive
from grammy_desktop.generation.composer.render.shaping import apply_filter, filtered, sections_of

_QUIET = 1e-5
_RING = RATE // 10


@dataclass(frozen=True)
class Amplifier:
    """highpass before the drive (Hz), drive (dB), bias; the loudspeaker's lowpass (Hz, 24 dB) and bells (Hz, dB, Q)."""

    drive: float
    highpass: float = 90.0
    bias: float = 0.1
    lowpass: float = 4800.0
    bells: tuple[tuple[float, float, float], ...] = ()

    def __call__(self, samples: Samples) -> Samples:
        """float32 [frames, 2], changed in place."""
        for first, last in _sounding(samples):
            span = samples[first:last]
            if np.array_equal(span[:, 0], span[:, 1]):
                span[:] = self._play(np.ascontiguousarray(span[:, 0])[None])[0][:, None]
            else:
                span[:] = self._play(np.ascontiguousarray(span.T)).T
        return samples

    def _play(self, lines: Samples) -> Samples:
        """float32 [channels, frames]."""
        lines = apply_filter(lines, "highpass", self.highpass, axis=-1)
        if self.drive:
            lines = clean_drive(lines, self.drive, bias=self.bias, factor=2)
        # Sections in one go cost hardly more than one of them.
        sections = np.vstack([sections_of("lowpass", self.lowpass, order=4, q=0.75), sections_of("highpass", 45.0)])
        if self.bells:
            sections = np.vstack([sections, np.array([_bell(*bell) for bell in self.bells], np.float32)])
        return filtered(lines, sections, axis=-1)


def _bell(hz: float, decibels: float, q: float) -> NDArray[np.float64]:
    """Robert Bristow-Johnson's peaking equaliser."""
    a = 10.0 ** (decibels / 40.0)
    w = 2 * np.pi * hz / RATE
    alpha = np.sin(w) / (2 * q)
    b = np.array([1 + alpha * a, -2 * np.cos(w), 1 - alpha * a])
    row = np.concatenate([b, [1 + alpha / a, -2 * np.cos(w), 1 - alpha / a]])
    return np.asarray(row / (1 + alpha / a), np.float64)


def _sounding(samples: Samples) -> list[tuple[int, int]]:
    """Spans from the first sound to where the loudspeaker has rung out after the last."""
    block = 4096
    spans: list[tuple[int, int]] = []
    for first in range(0, len(samples), block):
        here = samples[first : first + block]
        if max(float(here.max()), -float(here.min())) < _QUIET:
            continue
        end = min(len(samples), first + block + _RING)
        if spans and first <= spans[-1][1]:
            spans[-1] = (spans[-1][0], end)
        else:
            # Nothing before the first note, not even what a band limit rings ahead.
            loud = (np.abs(here) >= _QUIET).any(axis=1)
            spans.append((max(0, first + int(loud.argmax()) - 1), end))
    return spans


def read_amplifier(reader: TableReader) -> Amplifier | None:
    """The table `amplifier` of a patch, None where there is none."""
    if not reader.has("amplifier"):
        return None
    table = reader.table("amplifier")
    bells = []
    for bell in table.tables("bells") if table.has("bells") else ():
        bells.append(
            (
                bell.number("hz", low=40, high=16_000),
                bell.number("db", low=-18, high=18),
                bell.number("q", 1.0, low=0.2, high=10),
            )
        )
        bell.finish()
    amplifier = Amplifier(
        drive=table.number("drive", 0.0, low=0, high=40),
        highpass=table.number("highpass", 90.0, low=20, high=2000),
        bias=table.number("bias", 0.1, low=-1, high=1),
        lowpass=table.number("lowpass", 4800.0, low=500, high=20_000),
        bells=tuple(bells),
    )
    table.finish()
    return amplifier
