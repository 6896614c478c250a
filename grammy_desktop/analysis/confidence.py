"""How far an analysis can be relied on, as figures and as sentences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from grammy_desktop.analysis.harmony import CLEAR_PITCHES
from grammy_desktop.analysis.pitches import Pitches
from grammy_desktop.analysis.result import BeatGrid, ChordSpan, Estimate, MelodyNote, SectionSpan
from grammy_desktop.core.music import Key

_DOUBTFUL = 0.6


def confidence_of(
    beats: BeatGrid | None,
    chords: Sequence[ChordSpan],
    key: Estimate[Key] | None,
    sections: Sequence[SectionSpan],
    melody: Sequence[MelodyNote],
) -> dict[str, float]:
    """0 to 1 for each part: the mean probability of what was said, weighted by how long it lasts."""
    inner = [section.probability for section in sections[1:]]
    return {
        "beats": 0.0 if beats is None else beats.probability,
        "tempo": 0.0 if beats is None else beats.tempo.probability,
        "chords": _weighted(chords),
        "key": 0.0 if key is None else key.probability,
        "sections": float(np.mean(inner)) if inner else 0.0,
        "melody": _weighted(melody),
    }


def _weighted(spans: Sequence[ChordSpan] | Sequence[MelodyNote]) -> float:
    lengths = np.array([span.end - span.start for span in spans])
    if lengths.size == 0 or lengths.sum() <= 0:
        return 0.0
    return float(np.average([span.probability for span in spans], weights=lengths))


def cautions_of(
    beats: BeatGrid | None, key: Estimate[Key] | None, confidence: dict[str, float], pitches: Pitches
) -> tuple[str, ...]:
    """One sentence for each thing that is in doubt."""
    said = []
    if beats is None:
        said.append("No beat was found; chords are timed in half seconds.")
    else:
        said += _about_beats(beats)
    if pitches.tuning_clarity < CLEAR_PITCHES:
        said.append("Few steady pitches sound; chords, key and melody are guesses.")
    elif confidence["chords"] < _DOUBTFUL:
        said.append("The chords are uncertain; see the alternatives of each.")
    if key is not None and key.probability < _DOUBTFUL and key.alternatives:
        said.append(f"The key may be {key.value} or {key.alternatives[0][0]}.")
    if 0.0 < confidence["melody"] < _DOUBTFUL:
        said.append("The melody is uncertain; several voices compete for it.")
    return tuple(said)


def _about_beats(beats: BeatGrid) -> list[str]:
    said = []
    if not beats.steady:
        said.append("The tempo moves; beats were followed one by one.")
    if beats.tempo.probability < _DOUBTFUL and beats.tempo.alternatives:
        other = beats.tempo.alternatives[0][0]
        said.append(f"The tempo may be {beats.tempo.value:.4g} or {other:.4g} BPM.")
    if beats.metre.probability < _DOUBTFUL and beats.metre.alternatives:
        (number, unit), _ = beats.metre.alternatives[0]
        said.append(f"The metre may be {beats.metre.value[0]}/{beats.metre.value[1]} or {number}/{unit}.")
    elif beats.probability < _DOUBTFUL <= beats.tempo.probability:
        said.append("Where the bars begin is uncertain.")
    return said
