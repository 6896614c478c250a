"""The critic: hears candidates and says which is clearest in its key, neither dull nor restless."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.music import Key
from grammy_desktop.generation.composer.events import Event, Span

# Probe-tone profiles (Krumhansl and Kessler 1982), tonic first.
_MAJOR = np.array([6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88])
_MINOR = np.array([6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17])


def _normalised(profile: NDArray[np.float64]) -> NDArray[np.float64]:
    centred = profile - profile.mean()
    return np.asarray(centred / np.linalg.norm(centred))


_PROFILES = np.array([np.roll(_normalised(profile), tonic) for profile in (_MAJOR, _MINOR) for tonic in range(12)])

_OVERTONES = ((7, 0.25), (4, 0.1))
"""What the third and fifth partials add a fifth and a third above each note, as shares of the note."""

_FOURTH = 5
_SUBDOMINANT = 1.25
"""How much louder the chord a fourth above home speaks for itself: home is its dominant."""
_CLEAR_LEAD = 0.1
"""Share of the time from which more of the tonic makes nothing clearer."""
_NEVER_HOME = 0.3
"""What it costs to begin neither the song nor half of its sections at home."""

Histogram = NDArray[np.float64]


def pitch_histogram(notes: Sequence[tuple[int, float]]) -> Histogram:
    """Time spent on each pitch class; notes are (pitch, weight)."""
    histogram = np.zeros(12)
    for pitch, weight in notes:
        histogram[pitch % 12] += weight
    return histogram


def key_correlations(histogram: Histogram) -> NDArray[np.float64]:
    """[2, 12]: correlation with each major (row 0) and minor (row 1) key by tonic (Krumhansl and Schmuckler)."""
    spread = histogram - histogram.mean()
    size = float(np.linalg.norm(spread))
    if size < 1e-9:
        return np.zeros((2, 12))
    correlations: NDArray[np.float64] = (_PROFILES @ spread / size).reshape(2, 12)
    return correlations


def estimate_key(histogram: Histogram) -> Key:
    """The key whose profile fits best."""
    row, tonic = np.unravel_index(int(key_correlations(histogram).argmax()), (2, 12))
    return Key(int(tonic), "minor" if row else "major")


def key_clarity(spans: Sequence[Span], melody: Sequence[Event], key: Key, *, rootless: bool = False) -> float:
    """How far the wished key stands above the best other tonic; below 0 it reads as something else.

    rootless: whether the chord players leave roots to the bass.
    """
    notes: list[tuple[int, float]] = []
    for span in spans:
        skipped = 1 if rootless and len(span.chord.intervals) > 4 else 0
        notes += [(pc, span.length) for pc in span.chord.pitch_classes[skipped:5]]
        notes.append((span.chord.bass, span.length * 1.5))
    notes += [(event.pitch, event.length * 1.5) for event in melody]
    histogram = pitch_histogram(notes)
    for step, share in _OVERTONES:
        histogram = histogram + share * np.roll(pitch_histogram(notes), step)
    correlations = key_correlations(histogram)
    own = float(correlations[1 if key.is_minor else 0, key.tonic])
    others = np.delete(correlations, key.tonic, axis=1)
    return own - float(others.max())


def home_lead(spans: Sequence[Span]) -> float:
    """Share of the time on the tonic's chords, less that on any other root's; below 0 the song lives elsewhere.

    The subdominant counts for more than its time: a vamp of two chords a fourth apart is heard in the upper one's key.
    """
    whole = sum(span.length for span in spans)
    if whole <= 0:
        return 0.0
    shares = np.zeros(12)
    for span in spans:
        shares[(span.chord.root - span.key.tonic) % 12] += span.length / whole
    shares[_FOURTH] *= _SUBDOMINANT
    return float(shares[0] - shares[1:].max())


def begins_at_home(spans: Sequence[Span]) -> bool:
    """Whether the tonic's chord is the song's first, or the first of half of its sections."""
    first: dict[int, bool] = {}
    for span in spans:
        first.setdefault(span.section, span.chord.root == span.key.tonic)
    homes = list(first.values())
    return bool(homes) and (homes[0] or 2 * sum(homes) >= len(homes))


def judge(spans: Sequence[Span], melody: Sequence[Event], key: Key, *, rootless: bool = False) -> float:
    """Higher is better: key clarity and time at home first, then variety of pitch, stepwise motion and a peak that is rare."""
    clarity = key_clarity(spans, melody, key, rootless=rootless)
    score = 4.0 * min(0.15, clarity) + 12.0 * min(0.0, clarity - 0.06)
    score += 2.0 * min(_CLEAR_LEAD, home_lead(spans)) - (0.0 if begins_at_home(spans) else _NEVER_HOME)
    if len(melody) < 4:
        return score
    pitches = np.array([event.pitch for event in melody])
    jumps = np.abs(np.diff(pitches))
    steps = float(((jumps > 0) & (jumps <= 2)).mean())
    repeats = float((jumps == 0).mean())
    score -= abs(steps - 0.55) + 0.8 * max(0.0, repeats - 0.3)
    score -= 0.6 * max(0.0, float((pitches == pitches.max()).mean()) - 0.12)
    spread = int(pitches.max() - pitches.min())
    score -= 0.05 * max(0, 9 - spread) + 0.03 * max(0, spread - 17)
    return score
