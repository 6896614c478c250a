"""Oscillator layers: the spectrum of a wave, its voices, and where they stand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.styles.reader import TableReader

_PERIOD = 1 << 16
WAVES = ("saw", "square", "pulse", "triangle", "sine", "glottal", "noise")


@dataclass(frozen=True)
class Layer:
    """`detune`: cents between the middle and the outermost voice. `spread` 0 (all in the middle) to 1. `width` of a pulse."""

    wave: str
    octave: float = 0.0
    semitones: float = 0.0
    cents: float = 0.0
    level: float = 1.0
    voices: int = 1
    detune: float = 0.0
    spread: float = 0.0
    width: float = 0.5
    drift: float = 0.0

    @property
    def ratio(self) -> float:
        return float(2.0 ** (self.octave + self.semitones / 12.0 + self.cents / 1200.0))

    @property
    def top_ratio(self) -> float:
        return float(self.ratio * 2.0 ** ((self.detune + 2.0 * self.drift) / 1200.0))

    def voicing(self) -> tuple[tuple[float, float, float], ...]:
        """(frequency ratio, left, right) of every voice; neighbours in pitch stand on opposite sides, power as of one."""
        out = []
        for voice in range(self.voices):
            place = 2.0 * voice / (self.voices - 1) - 1.0 if self.voices > 1 else 0.0
            side = place if voice % 2 else -place
            angle = (0.5 + 0.5 * self.spread * side) * np.pi / 2
            gain = self.level * np.sqrt(2.0 / self.voices)
            ratio = self.ratio * 2.0 ** (place * self.detune / 1200.0)
            out.append((float(ratio), float(np.cos(angle) * gain), float(np.sin(angle) * gain)))
        return tuple(out)


def wave_spectrum(layer: Layer, n: NDArray[np.float64], hz: float) -> NDArray[np.float64]:
    """Amplitudes of the harmonics `n` of a layer that sounds at `hz` (sine phases; signs count)."""
    if layer.wave == "saw":
        return np.asarray(2.0 / (np.pi * n))
    if layer.wave == "square":
        return np.where(n % 2 == 1, 4.0 / (np.pi * n), 0.0)
    if layer.wave == "pulse":
        return np.asarray(4.0 / (np.pi * n) * np.sin(np.pi * n * layer.width))
    if layer.wave == "triangle":
        return np.where(n % 2 == 1, 8.0 / (np.pi * n) ** 2 * (-1.0) ** ((n - 1) // 2), 0.0)
    if layer.wave == "glottal":
        # Air through vocal folds: 12 dB an octave steeper from some 900 Hz on, as a smooth pulse has it.
        return np.asarray(1.6 / n / np.sqrt(1.0 + (n * hz / 900.0) ** 2))
    return np.where(n == 1, 1.0, 0.0)


def sync_spectra(ratios: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Harmonics of a saw that runs `ratios` times faster than the tone that restarts it; [rows, count].

    Sine and cosine parts become one amplitude, so that neighbouring rows stay in step.
    """
    n = np.arange(1, count + 1)
    x = (np.arange(_PERIOD) + 0.5) / _PERIOD
    rows = []
    for ratio in ratios:
        period = 1.0 - 2.0 * ((x * ratio) % 1.0)
        rows.append(np.abs(np.fft.rfft(period))[n] / (_PERIOD / 2))
    return np.stack(rows)


def read_layers(reader: TableReader) -> tuple[Layer, ...]:
    layers = tuple(_layer(table) for table in reader.tables("layers"))
    if len(layers) > 4:
        reader.fail("layers", "must not be more than four")
    return layers


def _layer(table: TableReader) -> Layer:
    layer = Layer(
        wave=table.text("wave", among=WAVES),
        octave=table.number("octave", 0.0, low=-4, high=4),
        semitones=table.number("semitones", 0.0, low=-36, high=36),
        cents=table.number("cents", 0.0, low=-100, high=100),
        level=table.number("level", 1.0, low=-2, high=2),
        voices=int(table.number("voices", 1, low=1, high=9)),
        detune=table.number("detune", 0.0, low=0, high=100),
        spread=table.number("spread", 0.0, low=0, high=1),
        width=table.number("width", 0.5, low=0.02, high=0.98),
        drift=table.number("drift", 0.0, low=0, high=50),
    )
    table.finish()
    return layer
