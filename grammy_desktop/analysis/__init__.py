"""What can be read from any audio: beats, key, chords, melody, sections. Shared by scoring, import, restyle and the tests.

`analyse` reads everything at once and says how sure it is; `estimate_tempo` and `estimate_key` are quick looks at one thing.
"""

from grammy_desktop.analysis.api import analyse
from grammy_desktop.analysis.key import estimate_key
from grammy_desktop.analysis.result import (
    Analysis,
    BeatGrid,
    ChordSpan,
    Estimate,
    KeySpan,
    MelodyNote,
    PitchTrack,
    SectionSpan,
)
from grammy_desktop.analysis.tempo import TempoEstimate, estimate_tempo

__all__ = [
    "Analysis",
    "BeatGrid",
    "ChordSpan",
    "Estimate",
    "KeySpan",
    "MelodyNote",
    "PitchTrack",
    "SectionSpan",
    "TempoEstimate",
    "analyse",
    "estimate_key",
    "estimate_tempo",
]
