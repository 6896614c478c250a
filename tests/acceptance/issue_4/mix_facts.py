"""What a mix before mastering is judged by: spectrum, mono, crest factor, and how its sections stand to each other."""

from __future__ import annotations

import importlib
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.brief import Brief
from grammy_desktop.core.song import Song

RATE = 48_000
CENTRES = 1000.0 * 2.0 ** (np.arange(-15, 11) / 3)
_REFERENCE_RATE, _WINDOW = 22_050, 16_384
"""As the reference was measured: Welch's method on the mid at this rate, levels against the whole power."""
_LOW = 120.0
PAIRS = {"chorus over verse": (("chorus", "hook"), ("verse", "rap")), "drop over break": (("drop",), ("break",))}


@dataclass(frozen=True)
class MixFacts:
    """Levels in dB. `apart`: loudness of the first kind of section over the second, LU, where a song has both."""

    style: str
    seed: int
    bands: tuple[float, ...]
    lowest_correlation: float
    low_side_db: float
    """Side below 120 Hz against mid below 120 Hz."""
    crest_db: float
    """Sample peak over the RMS of the loudest ten seconds."""
    peak_db: float
    stem_error_db: float
    apart: dict[str, float]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> MixFacts:
        return cls(**{**values, "bands": tuple(values["bands"])})


def mix_facts(song: Song, brief: Brief, seed: int) -> dict[str, Any]:
    """The facts of a song, as JSON."""
    mix = song.mix.samples
    peak = float(np.abs(mix).max())
    total = np.sum([stem.samples.astype(np.float64) for stem in song.stems.values()], axis=0)
    return MixFacts(
        style=brief.genre.value,
        seed=seed,
        bands=third_octaves(mix),
        lowest_correlation=lowest_correlation(mix),
        low_side_db=low_side_db(mix),
        crest_db=_db(peak / _loudest_rms(mix)),
        peak_db=_db(peak),
        stem_error_db=_db(float(np.abs(total - mix).max())),
        apart=_apart(song),
    ).to_json()


def _db(value: float) -> float:
    return round(float(20 * np.log10(max(value, 1e-9))), 2)


def third_octaves(mix: NDArray[np.float32]) -> tuple[float, ...]:
    """dB of each band against the whole, by another road than the mixer's: resampled, Welch."""
    from scipy import signal

    middle = signal.resample_poly(mix.mean(axis=1), 147, 320)
    hertz, power = signal.welch(middle, _REFERENCE_RATE, nperseg=_WINDOW)
    whole = power.sum()
    levels = []
    for centre in CENTRES:
        inside = (hertz >= centre * 2 ** (-1 / 6)) & (hertz < centre * 2 ** (1 / 6))
        levels.append(round(float(10 * np.log10(max(power[inside].sum() / whole, 1e-12))), 2))
    return tuple(levels)


def lowest_correlation(mix: NDArray[np.float32]) -> float:
    """Of left and right, in windows of a second every half, -60 dBFS and louder."""
    lowest = 1.0
    for start in range(0, len(mix) - RATE, RATE // 2):
        left, right = mix[start : start + RATE].T.astype(np.float64)
        energy = float(np.sqrt((left @ left) * (right @ right)))
        if energy > 1e-6 * RATE:
            lowest = min(lowest, float(left @ right) / energy)
    return round(lowest, 3)


def low_side_db(mix: NDArray[np.float32]) -> float:
    rows = np.array([mix[:, 0] + mix[:, 1], mix[:, 0] - mix[:, 1]])
    low = int(_LOW * mix.shape[0] / RATE)
    mid, side = (np.abs(np.fft.rfft(rows, axis=1)[:, :low]) ** 2).sum(axis=1)
    return round(float(10 * np.log10(max(side, 1e-12) / max(mid, 1e-12))), 2)


def _loudest_rms(mix: NDArray[np.float32]) -> float:
    length = min(len(mix), 10 * RATE)
    power = np.concatenate([[0.0], np.cumsum(np.square(mix.astype(np.float64)).mean(axis=1))])
    return float(np.sqrt((power[length:] - power[:-length]).max() / length))


def _apart(song: Song) -> dict[str, float]:
    """Integrated loudness of all sections of the one kind together against those of the other."""
    pyloudnorm = importlib.import_module("pyloudnorm")
    assert song.arrangement is not None
    meter = pyloudnorm.Meter(RATE)
    sounding: dict[str, list[NDArray[np.float32]]] = {}
    bar = song.arrangement.beats_per_bar
    for section in song.arrangement.sections:
        first, last = (
            round(song.arrangement.seconds(bars * bar) * RATE) for bars in (section.start, section.start + section.bars)
        )
        name = section.name.lower().rstrip("0123456789")
        sounding.setdefault(name, []).append(song.mix.samples[first:last])
    found = {}
    for pair, kinds in PAIRS.items():
        levels = []
        for names in kinds:
            pieces = [piece for name in names for piece in sounding.get(name, [])]
            if sum(map(len, pieces)) > RATE:
                levels.append(float(meter.integrated_loudness(np.concatenate(pieces))))
        if len(levels) == 2 and np.isfinite(levels).all():
            found[pair] = round(levels[0] - levels[1], 2)
    return found
