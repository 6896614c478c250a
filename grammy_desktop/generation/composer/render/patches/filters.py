"""Filters as gains of harmonics: low-pass, high-pass, band-pass, vowels, and the ratio of a synchronised oscillator."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.styles.reader import TableReader
from grammy_desktop.generation.composer.render.oscillators import RATE
from grammy_desktop.generation.composer.render.patches.motion import milliseconds
from grammy_desktop.generation.composer.render.strands import grid_times
from grammy_desktop.generation.composer.render.tone import Tone

TYPES = ("none", "lowpass", "highpass", "bandpass", "formant", "sync")
SHAPES = ("sine", "triangle", "saw", "square")
VOWELS: dict[str, tuple[float, ...]] = {
    "a": (730.0, 1090.0, 2440.0, 3400.0),
    "e": (530.0, 1840.0, 2480.0, 3500.0),
    "i": (270.0, 2290.0, 3010.0, 3700.0),
    "o": (570.0, 840.0, 2410.0, 3300.0),
    "u": (300.0, 870.0, 2240.0, 3200.0),
}
"""Formants in Hz: the mean first three of spoken English vowels that phonetics tabulates, and a fourth."""
_STRENGTH = (1.0, 0.56, 0.28, 0.16)
_BANDWIDTH = (90.0, 110.0, 150.0, 220.0)


@dataclass(frozen=True)
class Filter:
    """`cutoff` Hz (or ratio of a sync, or place among the vowels); everything that moves it is in octaves (or vowels).

    tracking: octaves an octave of pitch, from C4. velocity: octaves between a stroke of 0 and one of 127. envelope: octaves,
    falling in `decay` seconds to `sustain`. wobble: octaves upwards in `beats` quarter notes. drift: octaves either side.
    """

    kind: str = "none"
    slope: int = 12
    cutoff: float = 1000.0
    tracking: float = 0.0
    resonance: float = 0.0
    envelope: float = 0.0
    attack: float = 0.0
    decay: float = 0.2
    sustain: float = 0.0
    velocity: float = 1.0
    wobble: float = 0.0
    beats: float = 1.0
    shape: str = "sine"
    drift: float = 0.0
    drift_hz: float = 0.2
    vowels: str = "a"
    size: float = 1.0

    @property
    def steps(self) -> int:
        """Rows in an octave."""
        return 8 if self.resonance > 0.45 or self.kind == "sync" else 4

    def curve(self, note: Tone, frames: int) -> NDArray[np.float32]:
        """Octaves above 1 Hz (or place among the vowels) along the note's grid, or a single value where nothing moves."""
        start = self.cutoff if self.kind == "formant" else np.log2(self.cutoff)
        start += self.velocity * (note.velocity - 0.75) + self.tracking * (note.pitch - 60.0) / 12.0
        place = np.full(1, start, np.float32)
        if not (self.envelope or self.wobble or self.drift):
            return self._within(place)
        t = grid_times(frames).astype(np.float32)
        if self.envelope:
            fall = np.exp((t - np.float32(self.attack)) * np.float32(-4.6 / max(self.decay, 0.002)))
            shape = np.float32(self.sustain) + np.float32(1.0 - self.sustain) * np.minimum(fall, 1.0)
            if self.attack > 0.0:
                shape *= np.minimum(t / np.float32(self.attack), 1.0)
            place = place + np.float32(self.envelope) * shape
        if self.wobble:
            place = place + np.float32(self.wobble) * _lfo(self.shape, t / np.float32(self.beats * note.beat))
        if self.drift:
            begin = np.float32(note.rng.random() * 6.28)
            place = place + np.float32(self.drift) * np.sin(np.float32(6.2832 * self.drift_hz) * t + begin)
        return self._within(place)

    def _within(self, place: NDArray[np.float32]) -> NDArray[np.float32]:
        if self.kind == "formant":
            return np.clip(place, 0.0, len(self.vowels) - 1).astype(np.float32)
        low, high = (0.0, 3.0) if self.kind == "sync" else (np.log2(25.0), np.log2(19_000.0))
        return np.clip(place, low, high).astype(np.float32)

    def grid(self, curve: NDArray[np.float32]) -> tuple[float, int]:
        """The first row's place and the number of rows that cover `curve`."""
        if self.kind == "formant":
            return 0.0, len(self.vowels)
        low, high = float(curve.min()), float(curve.max())
        if high - low < 0.02:
            return low, 1
        first = np.floor(low * self.steps) / self.steps
        return float(first), int(np.ceil((high - first) * self.steps)) + 1

    def gains(self, first: float, count: int, hz: NDArray[np.float64]) -> NDArray[np.float64]:
        """Gain of components at `hz` for each row; [count, len(hz)]."""
        if self.kind in ("none", "sync"):
            return np.ones((count, len(hz)))
        if self.kind == "formant":
            return np.stack([vowel_gains(vowel, hz, self.size) for vowel in self.vowels])
        cutoff = 2.0 ** (first + np.arange(count)[:, None] / self.steps)
        return _response(self.kind, self.slope, self.resonance, hz[None, :] / cutoff)


NO_FILTER = Filter()


def _lfo(shape: str, turns: NDArray[np.float32]) -> NDArray[np.float32]:
    """0 to 1, at 0 to begin with (a saw falls from 1, a square starts open)."""
    x = turns - np.floor(turns)
    if shape == "triangle":
        return np.asarray(1.0 - np.abs(2.0 * x - 1.0), np.float32)
    if shape == "saw":
        # A wrap of a hundredth keeps the jump from clicking.
        return np.asarray(np.minimum(1.0 - x, x / np.float32(0.02)), np.float32)
    if shape == "square":
        return np.asarray(np.clip(np.minimum(x, 0.5 - x) / np.float32(0.01), 0.0, 1.0), np.float32)
    return np.asarray(0.5 - 0.5 * np.cos(np.float32(2 * np.pi) * x), np.float32)


def _response(kind: str, slope: int, resonance: float, w: NDArray[np.float64]) -> NDArray[np.float64]:
    """Magnitude of an analogue filter of two or four poles at `w` times its cutoff; resonance 0 to 1 is Q 0.7 to 14."""
    q = 0.7 * 2.0 ** (resonance * 4.3)
    square = w * w
    out: NDArray[np.float64] = _numerator(kind, w, q) / np.sqrt((1.0 - square) ** 2 + square / q**2)
    if slope == 24:
        other = 0.6 if kind != "bandpass" else q
        out = out * _numerator(kind, w, other) / np.sqrt((1.0 - square) ** 2 + square / other**2)
    return out


def _numerator(kind: str, w: NDArray[np.float64], q: float) -> NDArray[np.float64]:
    if kind == "highpass":
        return w * w
    return w / q if kind == "bandpass" else np.ones_like(w)


def band_gains(hz: NDArray[np.float64], highpass: float, lowpass: float) -> NDArray[np.float64]:
    """Magnitude of a second-order high-pass and low-pass without resonance (0 Hz: none) at `hz`."""
    gains = np.ones(len(hz))
    if highpass:
        gains /= np.sqrt(1.0 + (highpass / np.maximum(hz, 1e-3)) ** 4)
    if lowpass and lowpass < RATE * 0.45:
        # As the digital filter has it, which falls to nothing at half the rate.
        warped, edge = np.tan(np.pi * np.minimum(hz, RATE * 0.4999) / RATE), np.tan(np.pi * lowpass / RATE)
        gains /= np.sqrt(1.0 + (warped / edge) ** 4)
    return gains


def vowel_gains(vowel: str, hz: NDArray[np.float64], size: float) -> NDArray[np.float64]:
    """Parallel resonances of a vocal tract; `size` moves the formants (1.15 is a smaller, higher voice)."""
    gains = np.full(len(hz), 0.015)
    for formant, strength, bandwidth in zip(VOWELS[vowel], _STRENGTH, _BANDWIDTH, strict=True):
        centre = formant * size
        gains += strength / np.sqrt(1.0 + ((hz * hz - centre * centre) / (hz * bandwidth * 1.4)) ** 2)
    return gains


def read_filter(reader: TableReader, field: str = "filter", kinds: tuple[str, ...] = TYPES) -> Filter:
    """The table `filter` of a patch; no filter where it is missing."""
    if not reader.has(field):
        return NO_FILTER
    table = reader.table(field)
    kind = table.text("type", "lowpass", among=kinds)
    vowels = table.text("vowels", "a")
    if not vowels or set(vowels) - set(VOWELS):
        table.fail("vowels", f"must be letters among {', '.join(VOWELS)}, not {vowels!r}")
    made = Filter(
        kind=kind,
        slope=int(table.number("slope", 12, low=12, high=24)),
        cutoff=table.number(
            "cutoff", 0.0 if kind == "formant" else 1.0 if kind == "sync" else None, low=0, high=20_000
        ),
        tracking=table.number("tracking", 0.0, low=-2, high=2),
        resonance=table.number("resonance", 0.0, low=0, high=1),
        envelope=table.number("envelope", 0.0, low=-10, high=10),
        attack=milliseconds(table, "attack", 0.0),
        decay=milliseconds(table, "decay", 0.2),
        sustain=table.number("sustain", 0.0, low=0, high=1),
        velocity=table.number("velocity", 0.0 if kind in ("formant", "sync") else 1.0, low=-4, high=6),
        wobble=table.number("wobble", 0.0, low=-8, high=8),
        beats=table.number("beats", 1.0, low=0.03, high=64),
        shape=table.text("shape", "sine", among=SHAPES),
        drift=table.number("drift", 0.0, low=0, high=4),
        drift_hz=table.number("drift_hz", 0.2, low=0.005, high=20),
        vowels=vowels,
        size=table.number("size", 1.0, low=0.5, high=2),
    )
    if kind not in ("formant",) and made.cutoff <= 0.0:
        table.fail("cutoff", "must be above 0")
    if made.slope not in (12, 24):
        table.fail("slope", f"must be 12 or 24, not {made.slope}")
    table.finish()
    return made
