"""What has been heard of a target or a reference, in figures that do not depend on level or sample rate."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from grammy_desktop.core.audio import AudioSource
from grammy_desktop.core.progress import Progress
from grammy_desktop.mastering.hearable import REFERENCE
from grammy_desktop.mastering.matching.grid import Curve, grid_frequencies, spectrum_on_grid
from grammy_desktop.mastering.matching.listen import Heard, listen
from grammy_desktop.mastering.matching.profile import SILENT_DB, ReferenceProfile

_MIDBAND = (250.0, 4000.0)
"""Hz."""
_EMPTY = 70.0
"""dB below the midband: there a reference has no signal that could be wanted."""


@dataclass(frozen=True, eq=False)
class TargetAnalysis:
    """A track that is to be matched, in figures; for units see `ReferenceProfile`.

    fine_db: mid and side together relative to the midband, at the finest resolution of the grid: where is any signal?
    """

    name: str
    sample_rate: int
    channels: int
    frames: int
    loudness: float
    width_db: float
    mid_db: Curve
    side_db: Curve
    fine_db: Curve


def analyse_target(source: AudioSource, *, name: str = "", progress: Progress) -> TargetAnalysis:
    """One pass over `source`. Raises UserError, naming the file, for silence, samples that are not numbers, < 0.5 s."""
    heard = listen(source, name, progress)
    return TargetAnalysis(
        name=name,
        sample_rate=source.sample_rate,
        channels=source.channels,
        frames=source.frames,
        loudness=heard.loudness,
        width_db=_width(heard),
        mid_db=_relative(heard.mid, heard.rms, source.sample_rate),
        side_db=_relative(heard.side, heard.rms, source.sample_rate),
        fine_db=_over_midband(heard, source.sample_rate),
    )


def analyse_reference(
    source: AudioSource, *, name: str = "reference", source_hash: str = "", progress: Progress
) -> ReferenceProfile:
    """One pass over `source`; raises as `analyse_target`, with a reference's words."""
    heard = listen(source, name, progress, role=REFERENCE)
    return ReferenceProfile(
        name=name,
        source_hash=source_hash,
        sample_rate=source.sample_rate,
        duration=source.frames / source.sample_rate,
        loudness=heard.loudness,
        rms_db=20 * math.log10(heard.rms),
        width_db=_width(heard),
        bandwidth=_bandwidth(heard, source.sample_rate),
        mid_db=_relative(heard.mid, heard.rms, source.sample_rate),
        side_db=_relative(heard.side, heard.rms, source.sample_rate),
    )


def _relative(spectrum: Curve, rms: float, sample_rate: int) -> Curve:
    """dB over the rms, per root of Hz: so that the length of the analysis window does not matter."""
    width = sample_rate / 2 / (len(spectrum) - 1)
    return _decibels(spectrum_on_grid(spectrum, sample_rate) / (rms * math.sqrt(width)))


def _over_midband(heard: Heard, sample_rate: int) -> Curve:
    fine = spectrum_on_grid(np.hypot(heard.mid, heard.side), sample_rate, fine=True)
    frequencies = grid_frequencies()
    midband = (frequencies >= _MIDBAND[0]) & (frequencies <= min(_MIDBAND[1], sample_rate / 2))
    return _decibels(fine / math.sqrt(float(np.mean(fine[midband] ** 2))))


def _bandwidth(heard: Heard, sample_rate: int) -> float:
    frequencies = np.minimum(grid_frequencies(), sample_rate / 2)
    filled = np.flatnonzero(_over_midband(heard, sample_rate) > -_EMPTY)
    return float(frequencies[filled[-1]]) if len(filled) else sample_rate / 2


def _width(heard: Heard) -> float:
    mid, side = float(heard.mid @ heard.mid), float(heard.side @ heard.side)
    if mid <= 0:
        return -SILENT_DB
    return max(SILENT_DB, 10 * math.log10(side / mid)) if side > 0 else SILENT_DB


def _decibels(linear: Curve) -> Curve:
    return np.asarray(20 * np.log10(np.maximum(linear, 1e-10)))
