"""Brings files that were played or transcribed without a click onto their own grid: one shift for all notes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.generation.midi_import.midi_score import MidiScore

_SHIFTS = 48
"""Places within a beat that are tried."""
_WIDTH = 0.05
"""Beats by which a note on the beat may miss it."""
_SURELY = 1.25
"""How much better another place must be than where the file puts its beats."""
_FEWEST = 16
_STEP, _SEQUENCED = 0.25, 0.02
"""Notes that lie nearer to the sixteenths than that were put there by a sequencer."""
_FARTHEST = 0.45
"""Beats; music on the off-beat is no mistake."""


def aligned(score: MidiScore) -> MidiScore:
    """The score with its notes moved by a part of a beat where they clearly miss the file's beats, else as it is.

    Beats are where most notes begin, low ones above all; the middle of a beat is second best.
    """
    notes = [note for voice in score.voices for note in voice.notes]
    if len(notes) < _FEWEST:
        return score
    starts = np.array([note.start for note in notes])
    weights = np.array([1.5 if note.pitch < 52 else 1.0 for note in notes])
    if float(np.mean(np.abs(starts / _STEP - np.round(starts / _STEP)))) * _STEP < _SEQUENCED:
        return score
    shifts = np.arange(_SHIFTS) / _SHIFTS - 0.5
    shifts = shifts[np.abs(shifts) <= _FARTHEST]
    worth = np.array([_worth(starts - shift, weights) for shift in shifts])
    best = int(np.argmax(worth))
    if abs(shifts[best]) < 0.07 or worth[best] < _SURELY * _worth(starts, weights):
        return score
    shift = float(shifts[best])
    voices = tuple(
        replace(voice, notes=tuple(replace(note, start=note.start - shift) for note in voice.notes))
        for voice in score.voices
    )
    told = "The notes lie beside the file's beats; they were moved onto them."
    return replace(score, voices=voices, notes_for_user=(*score.notes_for_user, told))


def _worth(starts: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    """How well notes sit on beats (1 each), half beats (0.5) and quarters of a beat (0.2)."""
    total = np.zeros(len(starts))
    for parts, value in ((1, 1.0), (2, 0.5), (4, 0.2)):
        off = starts * parts - np.round(starts * parts)
        total = np.maximum(total, value * np.exp(-0.5 * np.square(off / parts / _WIDTH)))
    return float((total * weights).sum() / weights.sum())
