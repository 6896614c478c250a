"""Everything the Grammy Meter measures, in one pass over a clip."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from grammy_desktop.analysis.spectra import Floats, Spectrogram
from grammy_desktop.analysis.tempo import TempoEstimate, estimate_tempo
from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.loudness import Loudness, LoudnessHistory, history, measure
from grammy_desktop.core.progress import NoProgress, Progress
from grammy_desktop.scoring.musical import Tonality, measure_harmony, measure_rhythm, measure_timbre, measure_tonality
from grammy_desktop.scoring.spectrum import CENTRES, REFERENCE_BANDS, Spectrum, measure_spectrum
from grammy_desktop.scoring.waveform import Waveform, measure_waveform

SHORTEST = 3.0
"""Seconds under which nothing is measured."""


@dataclass(frozen=True, eq=False)
class Features:
    """`values`: the figures that the reference table knows, by its names; the rest is what the rules and insights look at."""

    duration: float
    sample_rate: int
    channels: int
    loudness: Loudness
    history: LoudnessHistory
    waveform: Waveform
    spectrum: Spectrum
    tonality: Tonality
    tempo: TempoEstimate | None
    values: dict[str, float]

    def short_term(self, start: float, end: float) -> float | None:
        """LUFS: mean power of the short-term loudness between two times; None for silence."""
        times = self.history.times
        # A short-term value covers the 3 s before its time.
        inside = self.history.short_term[(times > start + 1.5) & (times <= end + 1.5)]
        inside = inside[inside > -70.0]
        return float(10.0 * np.log10(np.mean(10.0 ** (inside / 10.0)))) if inside.size else None

    @property
    def contrast(self) -> float | None:
        """LU between the quiet and the loud parts: 10th to 90th percentile of the short-term loudness above the -20 LU gate."""
        levels = self.history.short_term[self.history.times >= 3.0]
        if self.loudness.integrated is None or levels.size == 0:
            return None
        levels = levels[levels > self.loudness.integrated - 20.0]
        return float(np.percentile(levels, 90) - np.percentile(levels, 10)) if levels.size > 10 else None


def extract(clip: AudioClip, progress: Progress | None = None) -> Features | None:
    """Measure a clip; None when it is silent or shorter than `SHORTEST`."""
    progress = progress or NoProgress()
    if clip.duration < SHORTEST or not np.any(clip.samples):
        return None
    loudness = measure(clip)
    if loudness.integrated is None:
        return None
    progress.report(0.25, "score")
    waveform = measure_waveform(clip)
    spectrum = measure_spectrum(clip, progress.check_cancelled)
    progress.report(0.5, "score")
    values, samples = _musical(clip, progress)
    tonality = measure_tonality(samples)
    tempo = estimate_tempo(clip)
    progress.report(0.8, "score")
    values |= _levels(loudness, waveform) | _stereo(spectrum, waveform) | _bands(spectrum)
    if tempo is not None:
        values["tempo"] = tempo.bpm
    return Features(
        clip.duration,
        clip.sample_rate,
        clip.channels,
        loudness,
        history(clip),
        waveform,
        spectrum,
        tonality,
        tempo,
        values,
    )


def _musical(clip: AudioClip, progress: Progress) -> tuple[dict[str, float], Floats]:
    """Timbre, rhythm and harmony, and the mono samples they were measured on; a long song's spectrogram ends with it."""
    spectrogram = Spectrogram.of(clip)
    values = measure_timbre(spectrogram) | measure_rhythm(spectrogram)
    progress.report(0.65, "score")
    return values | measure_harmony(spectrogram), spectrogram.samples


def _levels(loudness: Loudness, waveform: Waveform) -> dict[str, float]:
    found = {
        "crest_db": waveform.crest_db,
        "peak_frame_median": waveform.block_peak_db,
        "near_peak": waveform.near_peak,
    }
    named = {"lufs": loudness.integrated, "truepeak_db": loudness.true_peak, "plr": loudness.plr, "lra": loudness.range}
    return found | {name: value for name, value in named.items() if value is not None}


def _stereo(spectrum: Spectrum, waveform: Waveform) -> dict[str, float]:
    """Width, correlation and balance from the band powers, within the table's definitions (-60 dB side for mono)."""
    whole = spectrum.whole
    mid, side = float(whole.mid.sum()), float(whole.side.sum())
    left, right = max(float(whole.left.sum()), 1e-14), max(float(whole.right.sum()), 1e-14)
    return {
        "side_mid_db": float(np.clip(10.0 * np.log10(max(side, 1e-14) / max(mid, 1e-14)), -60.0, 20.0)),
        "lr_corr": float(whole.correlation(18.0, 21_000.0)),
        "lr_corr_low": float(whole.correlation(18.0, 205.0)),
        "lr_bal_db": abs(10.0 * float(np.log10(left / right))),
    }


def _bands(spectrum: Spectrum) -> dict[str, float]:
    """`ltas_31` to `ltas_10079` and the slope of the spectrum, `tilt_db_oct` (100 Hz to 10 kHz)."""
    level = spectrum.mid_db
    values = {f"ltas_{int(np.round(CENTRES[index]))}": float(level[index]) for index in REFERENCE_BANDS}
    fitted = slice(7, 27)
    values["tilt_db_oct"] = float(np.polyfit(np.log2(CENTRES[fitted]), level[fitted], 1)[0])
    return values
