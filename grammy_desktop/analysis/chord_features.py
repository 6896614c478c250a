"""What sounds in each beat, as the chord network hears it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.analysis.chord_classes import CLASSES, COUNT, NO_CHORD
from grammy_desktop.analysis.pitches import LOWEST, NOTES, RATE, Pitches
from grammy_desktop.analysis.small_net import SmallNet

Floats = NDArray[np.float32]

_MIDI = LOWEST + np.arange(NOTES)
_REGISTERS = np.stack(
    [
        np.interp(_MIDI, [24, 28, 44, 54], [0.6, 1.0, 1.0, 0.0]),
        np.interp(_MIDI, [44, 52, 62, 70], [0.0, 1.0, 1.0, 0.0]),
        np.interp(_MIDI, [60, 68, 84, 100], [0.0, 1.0, 1.0, 0.0]),
    ]
).astype(np.float32)
"""Bass, middle and treble."""

PER_SLOT = 36
CONTEXT = 2
"""Slots heard before and after the one that is judged."""

_ROTATIONS = np.stack(
    [np.concatenate([12 * row + (np.arange(12) + root) % 12 for row in range(3)]) for root in range(12)]
)


def slot_means(pitches: Pitches, edges: NDArray[np.float64]) -> Floats:
    """float32 [slots, 84]: how strongly each note sounds between two edges (seconds)."""
    frames = np.clip(np.round(edges * RATE).astype(np.int64), 0, pitches.notes.shape[0])
    total = np.vstack([np.zeros((1, NOTES)), np.cumsum(pitches.notes, axis=0, dtype=np.float64)])
    first = np.minimum(frames[:-1], pitches.notes.shape[0] - 1)
    last = np.maximum(frames[1:], first + 1)
    return np.asarray((total[last] - total[first]) / (last - first)[:, None], dtype=np.float32)


def slot_features(notes: Floats) -> Floats:
    """float32 [slots, 36] of `slot_means`: pitch classes of three registers, each register's loudest = 1."""
    folded = (notes[:, None, :] * _REGISTERS).reshape(notes.shape[0], 3, NOTES // 12, 12).sum(axis=2)
    folded = np.sqrt(folded)
    loudest = folded.max(axis=2, keepdims=True)
    typical = np.quantile(loudest, 0.7, axis=0, keepdims=True)
    return np.asarray((folded / np.maximum(loudest, 0.2 * typical + 1e-6)).reshape(-1, PER_SLOT), dtype=np.float32)


def rotated(features: Floats) -> Floats:
    """float32 [slots, 12, 180]: features with their context as seen from each root, so that one network serves all keys."""
    padded = np.concatenate(
        [np.repeat(features[:1], CONTEXT, axis=0), features, np.repeat(features[-1:], CONTEXT, axis=0)]
    )
    slots = [padded[shift : shift + features.shape[0]][:, _ROTATIONS] for shift in range(2 * CONTEXT + 1)]
    return np.concatenate(slots, axis=2)


def joined(outputs: Floats) -> Floats:
    """float32 [slots, 241] logits of all classes from the network's [slots, 12, 21]; its last output speaks for no chord."""
    result = np.empty((outputs.shape[0], CLASSES), dtype=np.float32)
    result[:, :NO_CHORD] = outputs[:, :, :COUNT].reshape(-1, NO_CHORD)
    result[:, NO_CHORD] = outputs[:, :, COUNT].mean(axis=1)
    return result


def chord_logits(net: SmallNet, notes: Floats) -> Floats:
    """float32 [slots, 241] of `slot_means`."""
    if notes.shape[0] == 0:
        return np.zeros((0, CLASSES), dtype=np.float32)
    return joined(net(rotated(slot_features(notes))))
