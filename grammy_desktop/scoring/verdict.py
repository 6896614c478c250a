"""Is it music at all? Notes that hold their pitch, or a beat that lasts; silence, noise, tones and speech have neither."""

from __future__ import annotations

from grammy_desktop.scoring.features import Features

_LEAST_HELD = 0.4  # peaks per frame that hold; speech has about 0.15, chords 2 and more
_LEAST_STEADINESS = 0.12
_LEAST_PITCHES = 2
_LEAST_REGULARITY = 0.2  # noise and speech stay under 0.12
_LEAST_ONSETS = 0.5  # per second


def is_music(features: Features) -> tuple[bool, str]:
    """Whether the Meter gives a score, and a sentence why not."""
    tonality, values = features.tonality, features.values
    tonal = (
        tonality.held >= _LEAST_HELD and tonality.steadiness >= _LEAST_STEADINESS and tonality.pitches >= _LEAST_PITCHES
    )
    beat = values["beat_regularity"] >= _LEAST_REGULARITY and values["onset_rate"] >= _LEAST_ONSETS
    if tonal or beat:
        return True, ""
    if tonality.pitches == 1 and tonality.steadiness > 0.5:
        return False, "This is one steady tone. No score is shown."
    return False, "This does not sound like music: no notes that hold their pitch and no beat. No score is shown."
