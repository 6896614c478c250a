"""Chords and keys of a recording, each helping the other."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.analysis.chord_features import chord_logits, slot_means
from grammy_desktop.analysis.chords import ChordPath, change_chances, decode, key_prior, spans_of
from grammy_desktop.analysis.harmonic_change import TREBLE
from grammy_desktop.analysis.keys import find_keys
from grammy_desktop.analysis.pitches import NOTES, Pitches
from grammy_desktop.analysis.result import BeatGrid, ChordSpan, Estimate, KeySpan
from grammy_desktop.analysis.small_net import trained
from grammy_desktop.core.music import Key

Floats = NDArray[np.float64]

CLEAR_PITCHES = 0.15
"""Clarity of the tuning below which few steady pitches sound: music has 0.17 and more, noise 0.01."""
_FREE_SLOT = 0.5
"""Seconds of a slot where there are no beats."""
_LONGEST_SLOT = 1.05
"""Seconds: longer beats are halved, since chords may change within them."""


@dataclass(frozen=True, eq=False)
class Harmony:
    chords: tuple[ChordSpan, ...]
    key: Estimate[Key] | None
    keys: tuple[KeySpan, ...]
    path: ChordPath
    edges: Floats


def find_harmony(pitches: Pitches, beats: BeatGrid | None, seconds: float) -> Harmony:
    """Chords on the beats (every half second where there are none), and the keys they are in."""
    edges, chances = slots_of(beats, seconds)
    notes = slot_means(pitches, edges)
    logits = chord_logits(trained("chords"), notes)
    classes = (notes.astype(np.float64) * TREBLE).reshape(-1, NOTES // 12, 12).sum(axis=1)
    path = decode(logits, chances)
    key, keys = find_keys(path.shares, classes, edges)
    if key is not None:
        path = decode(logits, chances, key_prior(key.value, key.probability))
        key, keys = find_keys(path.shares, classes, edges)
    chords = spans_of(path, edges, notes, None if key is None else key.value)
    sureness = pitch_sureness(pitches)
    if key is not None:
        key = replace(key, probability=key.probability * sureness)
    keys = tuple(replace(span, probability=span.probability * sureness) for span in keys)
    doubted = tuple(replace(span, probability=span.probability * sureness) for span in chords)
    return Harmony(doubted, key, keys, path, edges)


def pitch_sureness(pitches: Pitches) -> float:
    """0.2 to 1: what is left of every probability where no steady pitches sound (the networks never heard plain noise)."""
    return float(np.clip(pitches.tuning_clarity / CLEAR_PITCHES, 0.2, 1.0))


def slots_of(beats: BeatGrid | None, seconds: float) -> tuple[Floats, Floats]:
    """(edges [slots + 1], chance of a change [slots]) from 0 to the end."""
    if beats is None or beats.times.size < 4:
        count = max(1, int(np.ceil(seconds / _FREE_SLOT)))
        return np.linspace(0.0, seconds, count + 1), np.full(count, 0.2)
    per_bar = int(beats.positions.max()) + 1
    times, positions = beats.times, beats.positions
    chances = change_chances(positions, per_bar)
    if float(np.median(np.diff(times))) > _LONGEST_SLOT:
        middles = (times[:-1] + times[1:]) / 2
        order = np.argsort(np.concatenate([times, middles]))
        chances = np.concatenate([chances, np.full(middles.size, 0.1)])[order]
        times = np.concatenate([times, middles])[order]
    inside = (times > 0.06) & (times < seconds - 0.06)
    edges = np.concatenate([[0.0], times[inside], [seconds]])
    return edges, np.concatenate([[0.5], chances[inside]])
