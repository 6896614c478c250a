"""The leading voice: its pitch through time, and its notes."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.analysis.attacks import Attacks
from grammy_desktop.analysis.beat_fit import attacks_near
from grammy_desktop.analysis.melody_features import LOWEST, PITCHES, RATE, melody_features, note_rows
from grammy_desktop.analysis.result import MelodyNote, PitchTrack
from grammy_desktop.analysis.small_net import SmallNet, softmax, trained
from grammy_desktop.core.progress import Progress

Floats = NDArray[np.float64]

SILENT = PITCHES
"""The state in which nothing leads."""

_CHANGE = -3.2
"""Log-probability of moving to another pitch in a frame, and what each semitone takes off it."""
_PER_SEMITONE = -0.06
_START = -2.6
_STOP = -2.8
_EVIDENCE = 0.8
_SILENCE_COSTS = 0.6
"""Nats a frame: a missed note is worse than one too many (F-measure of notes on the composer's songs 0.56 to 0.63)."""
_BLOCK = 2000
_SHORTEST = 0.07
"""Seconds of a note at least."""
_RISE = 0.22
"""By how much of the song's typical tone a pitch must swell to be struck again."""
_ONSET_REACH = 0.055
_ROWS_BELOW = 12
"""Rows of the tones below the lowest leading pitch."""


def find_melody(
    samples: NDArray[np.float32], tuning: float, attacks: Attacks, progress: Progress
) -> tuple[PitchTrack, tuple[MelodyNote, ...]]:
    """samples: mono at `ANALYSIS_RATE`, RMS 0.1; tuning: semitones above A4 = 440 Hz."""
    level, tones = note_rows(samples, tuning, progress)
    logits = melody_logits(trained("melody"), level, tones, progress)
    shares = softmax(logits)
    evidence = _EVIDENCE * np.log(shares + 1e-6)
    evidence[:, SILENT] -= _SILENCE_COSTS
    path = _viterbi(evidence)
    pitch = LOWEST + np.minimum(path, PITCHES - 1) + tuning
    best = LOWEST + shares[:, :PITCHES].argmax(axis=1) + tuning
    hertz = 440.0 * 2.0 ** ((np.where(path == SILENT, best, pitch) - 69.0) / 12.0)
    voiced = 1.0 - shares[:, SILENT]
    track = PitchTrack(np.arange(path.size) / RATE, np.where(path == SILENT, 0.0, hertz), voiced)
    return track, tuple(_notes(path, shares, tones, attacks))


def melody_logits(
    net: SmallNet, level: NDArray[np.float32], tones: NDArray[np.float32], progress: Progress
) -> NDArray[np.float32]:
    """float32 [frames, 49]: 48 pitches from MIDI 48, then silence."""
    features = melody_features(level, tones)
    result = np.empty((features.shape[0], PITCHES + 1), dtype=np.float32)
    for first in range(0, features.shape[0], _BLOCK):
        progress.check_cancelled()
        out = net(features[first : first + _BLOCK])
        result[first : first + _BLOCK, :PITCHES] = out[:, :, 0]
        result[first : first + _BLOCK, SILENT] = out[:, :, 1].mean(axis=1)
    return result


def _viterbi(evidence: Floats) -> NDArray[np.int64]:
    states = PITCHES + 1
    apart = np.abs(np.arange(PITCHES)[:, None] - np.arange(PITCHES))
    moves = np.full((states, states), _START)
    moves[:PITCHES, :PITCHES] = np.where(apart == 0, 0.0, _CHANGE + _PER_SEMITONE * apart)
    moves[:PITCHES, SILENT] = _STOP
    moves[SILENT, SILENT] = 0.0
    moves = moves.T.copy()  # [to, from]: rows lie together
    best = evidence[0].copy()
    back = np.empty(evidence.shape, dtype=np.int16)
    rows = np.arange(states)
    for frame in range(1, evidence.shape[0]):
        options = moves + best
        choice = options.argmax(axis=1)
        back[frame] = choice
        best = options[rows, choice] + evidence[frame]
    path = np.empty(evidence.shape[0], dtype=np.int64)
    path[-1] = int(best.argmax())
    for frame in range(evidence.shape[0] - 2, -1, -1):
        path[frame] = back[frame + 1, path[frame + 1]]
    return path


def _notes(path: NDArray[np.int64], shares: Floats, tones: NDArray[np.float32], attacks: Attacks) -> list[MelodyNote]:
    """Runs of one pitch, split where it swells again."""
    typical = float(np.quantile(tones.max(axis=1), 0.9)) + 1e-6
    cuts = [0, *(np.flatnonzero(np.diff(path)) + 1).tolist(), path.size]
    found: list[tuple[int, int, int]] = []
    for first, last in itertools.pairwise(cuts):
        state = int(path[first])
        if state == SILENT:
            continue
        edges = [first, *_struck_again(tones[first:last, state + _ROWS_BELOW] / typical, first), last]
        found += [(start, end, state) for start, end in itertools.pairwise(edges)]
    if not found:
        return []
    starts = np.array([start for start, _, _ in found]) / RATE
    heard, strength = attacks_near(attacks, starts, _ONSET_REACH)
    starts = np.where(strength > 0, heard, starts)
    loud = np.array([float(tones[start:end, state + _ROWS_BELOW].mean()) for start, end, state in found]) / typical
    notes = []
    for index, (first, last, state) in enumerate(found):
        end = last / RATE
        if index + 1 < len(found) and found[index + 1][0] == last:
            end = float(starts[index + 1])
        if end - starts[index] >= _SHORTEST:
            share = float(shares[first:last, state].mean())
            strong = float(np.clip(loud[index], 0.0, 1.0))
            notes.append(MelodyNote(max(0.0, float(starts[index])), end, LOWEST + state, share, strong))
    return notes


def _struck_again(tone: NDArray[np.float32], first: int) -> list[int]:
    """Frames (counted from the song's start) inside a run at which its tone swells."""
    if tone.size < 6:
        return []
    rise = np.zeros(tone.size)
    rise[2:-1] = tone[3:] - tone[1:-2]
    least = max(3, round(0.1 * RATE))
    found: list[int] = []
    for frame in range(least, tone.size - 2):
        is_top = rise[frame] >= rise[frame - 1] and rise[frame] > rise[frame + 1]
        if is_top and rise[frame] > _RISE and (not found or first + frame - found[-1] >= least):
            found.append(first + frame)
    return found
