"""Everything that can be read from a recording, in one call."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.analysis.attacks import attacks_of
from grammy_desktop.analysis.confidence import cautions_of, confidence_of
from grammy_desktop.analysis.harmonic_change import harmonic_change
from grammy_desktop.analysis.harmony import find_harmony
from grammy_desktop.analysis.melody import find_melody
from grammy_desktop.analysis.pitches import pitches_of
from grammy_desktop.analysis.result import Analysis, PitchTrack
from grammy_desktop.analysis.rhythm import find_beats
from grammy_desktop.analysis.sections import find_sections
from grammy_desktop.analysis.small_net import trained
from grammy_desktop.analysis.spectra import mono
from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.progress import NoProgress, Progress

MODELS = ("metre", "chords", "melody", "sections")
_SILENCE = 1e-5
"""RMS below which there is nothing to hear (-100 dBFS)."""
_LEAST_SECONDS = 1.0


def analyse(clip: AudioClip, *, progress: Progress | None = None) -> Analysis:
    """Beats, metre, key, chords, sections and melody of any recording, each with how sure it is.

    Silence and clips under a second give an analysis with nothing in it, never an error. Works on the mean of the channels
    at 22,050 Hz. Raises `Cancelled`.
    """
    watch = NoProgress() if progress is None else progress
    watch.report(0.0, "listen")
    samples = mono(clip)
    samples = samples - samples.mean() if samples.size else samples
    rms = float(np.sqrt(np.mean(np.square(samples, dtype=np.float64)))) if samples.size else 0.0
    if rms < _SILENCE or clip.duration < _LEAST_SECONDS:
        return _nothing(clip.duration)
    return _analyse(samples * np.float32(0.1 / rms), clip.duration, watch)


def _analyse(samples: NDArray[np.float32], seconds: float, progress: Progress) -> Analysis:
    progress.report(0.1, "beats")
    attacks = attacks_of(samples, progress)
    progress.report(0.2, "pitches")
    pitches = pitches_of(samples, progress)
    progress.report(0.4, "beats")
    beats = find_beats(attacks, harmonic_change(pitches), seconds, progress)
    progress.report(0.55, "chords")
    harmony = find_harmony(pitches, beats, seconds)
    progress.report(0.65, "sections")
    sections = find_sections(attacks, pitches, beats, seconds)
    progress.report(0.75, "melody")
    track, notes = find_melody(samples, pitches.tuning, attacks, progress)
    confidence = confidence_of(beats, harmony.chords, harmony.key, sections, notes)
    progress.report(1.0, "listen")
    return Analysis(
        duration=seconds,
        tuning=100.0 * pitches.tuning,
        beats=beats,
        key=harmony.key,
        keys=harmony.keys,
        chords=harmony.chords,
        sections=sections,
        melody=notes,
        pitch=track,
        confidence=confidence,
        cautions=cautions_of(beats, harmony.key, confidence, pitches),
        model_versions={name: trained(name).version for name in MODELS},
    )


def _nothing(seconds: float) -> Analysis:
    empty = np.zeros(0)
    return Analysis(
        duration=seconds,
        tuning=0.0,
        beats=None,
        key=None,
        keys=(),
        chords=(),
        sections=(),
        melody=(),
        pitch=PitchTrack(empty, empty, empty),
        confidence={},
        cautions=("There is nothing to hear in this recording.",),
        model_versions={},
    )
