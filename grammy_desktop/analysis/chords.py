"""The chords of a recording, beat by beat: the network's evidence, joined to a course that does not jump about."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.analysis.chord_classes import CLASSES, COUNT, NO_CHORD, chord_of, harte_of
from grammy_desktop.analysis.result import ChordSpan
from grammy_desktop.analysis.small_net import softmax
from grammy_desktop.core.music import Key

Floats = NDArray[np.float64]

EVIDENCE = 1.4
"""Weight of each slot's evidence in choosing the course of the chords, against what a change costs."""
CAUTION = 0.6
"""The same in saying how sure each is: neighbouring slots hear the same notes, so that they do not count in full."""
_CEILING = 0.88
"""How often a chord of which all evidence speaks is right to its last tension, on songs of the composer."""
_CHANGE_ON_BAR, _CHANGE_ON_HALF, _CHANGE_ELSEWHERE = 0.5, 0.2, 0.06
"""How probable a change of chord is at a downbeat, at the middle of a bar and on other beats."""
_BASS_LEAD = 2.0
"""How much stronger than the root another note of the chord must be in the bass to be written below it."""
_DIATONIC = 0.5
"""What a chord outside the key loses, in nats, times how sure the key is."""


@dataclass(frozen=True, eq=False)
class ChordPath:
    """path: [slots] class of each slot; shares: [slots, 241] posterior of all classes, given all slots."""

    path: NDArray[np.int64]
    shares: Floats


def change_chances(positions: NDArray[np.int64], beats_per_bar: int) -> Floats:
    """[slots]: how probable it is that a new chord begins with each slot."""
    chances = np.full(positions.size, _CHANGE_ELSEWHERE)
    if beats_per_bar % 2 == 0:
        chances[positions == beats_per_bar // 2] = _CHANGE_ON_HALF
    chances[positions == 0] = _CHANGE_ON_BAR
    return chances


def decode(logits: NDArray[np.float32], chances: Floats, prior: Floats | None = None) -> ChordPath:
    """Viterbi and forward-backward. logits: [slots, 241]; chances: `change_chances`; prior: [241] nats for each class."""
    evidence = np.log(softmax(logits) + 1e-6)
    weights = softmax((np.zeros(CLASSES) if prior is None else prior).astype(np.float32))
    enter = np.log(weights + 1e-12)
    return ChordPath(_viterbi(EVIDENCE * evidence, chances, enter), _posterior(CAUTION * evidence, chances, weights))


def _viterbi(evidence: Floats, chances: Floats, enter: Floats) -> NDArray[np.int64]:
    slots = evidence.shape[0]
    best = evidence[0] + enter
    back = np.empty((slots, CLASSES), dtype=np.int64)
    same = np.arange(CLASSES)
    for slot in range(1, slots):
        leader = int(best.argmax())
        stay = best + np.log(1.0 - chances[slot])
        move = best[leader] + np.log(chances[slot]) + enter
        back[slot] = np.where(stay >= move, same, leader)
        best = np.maximum(stay, move) + evidence[slot]
    path = np.empty(slots, dtype=np.int64)
    path[-1] = int(best.argmax())
    for slot in range(slots - 2, -1, -1):
        path[slot] = back[slot + 1, path[slot + 1]]
    return path


def _posterior(evidence: Floats, chances: Floats, weights: Floats) -> Floats:
    likelihood = np.exp(evidence - evidence.max(axis=1, keepdims=True))
    slots = evidence.shape[0]
    forward = np.empty_like(likelihood)
    forward[0] = weights * likelihood[0]
    forward[0] /= forward[0].sum()
    for slot in range(1, slots):
        forward[slot] = ((1 - chances[slot]) * forward[slot - 1] + chances[slot] * weights) * likelihood[slot]
        forward[slot] /= forward[slot].sum()
    backward = np.ones(CLASSES)
    shares: Floats = forward.copy()
    for slot in range(slots - 2, -1, -1):
        message = likelihood[slot + 1] * backward
        backward = (1 - chances[slot + 1]) * message + chances[slot + 1] * float(weights @ message)
        backward /= backward.sum()
        shares[slot] = forward[slot] * backward
        shares[slot] /= shares[slot].sum()
    return np.asarray(shares)


def key_prior(key: Key, sureness: float) -> Floats:
    """[241] nats: chords with notes outside the key lose `sureness` times half a nat for each, at most two."""
    scale = set(key.scale)
    if key.is_minor:
        scale.add((key.tonic + 11) % 12)
    prior = np.zeros(CLASSES)
    for index in range(NO_CHORD):
        chord = chord_of(index)
        assert chord is not None
        outside = sum(number not in scale for number in chord.pitch_classes)
        prior[index] = -_DIATONIC * sureness * min(2, outside)
    return prior


def spans_of(path: ChordPath, edges: Floats, notes: NDArray[np.float32], key: Key | None) -> list[ChordSpan]:
    """Runs of one chord. edges: [slots + 1] seconds; notes: [slots, 84] (`slot_means`), for the bass."""
    cuts = np.flatnonzero(np.diff(path.path)) + 1
    firsts, lasts = [0, *cuts.tolist()], [*cuts.tolist(), path.path.size]
    return [_span(path, edges, notes, key, first, last) for first, last in zip(firsts, lasts, strict=True)]


def _span(
    path: ChordPath, edges: Floats, notes: NDArray[np.float32], key: Key | None, first: int, last: int
) -> ChordSpan:
    index = int(path.path[first])
    shares = _CEILING * path.shares[first:last].mean(axis=0)
    chord = chord_of(index, _bass_interval(index, notes[first:last].mean(axis=0)))
    order = [int(other) for other in np.argsort(shares)[::-1][:5] if other != index][:3]
    others = tuple((harte_of(chord_of(other), key), float(shares[other])) for other in order if shares[other] > 0.01)
    return ChordSpan(float(edges[first]), float(edges[last]), harte_of(chord, key), float(shares[index]), others)


def _bass_interval(index: int, notes: NDArray[np.float32]) -> int:
    """Semitones above the root of the chord's note that the bass plays; 0 where it plays the root or something else."""
    if index == NO_CHORD:
        return 0
    weight = np.interp(24 + np.arange(notes.size), [24, 28, 45, 55], [0.6, 1.0, 1.0, 0.0])
    bass = (notes * weight).reshape(-1, 12).sum(axis=0)
    root = index // COUNT
    chord = chord_of(index)
    assert chord is not None
    tones = [step for step in chord.intervals if 0 < step < 12]
    strongest = max(tones, key=lambda step: bass[(root + step) % 12], default=0)
    leads = bass[(root + strongest) % 12] > _BASS_LEAD * bass[root] + 1e-6
    return strongest if leads and bass[(root + strongest) % 12] >= 0.8 * bass.max() else 0
