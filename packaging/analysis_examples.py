"""Turns a song whose score is known into examples: what the analysis hears, and what it should have said."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from grammy_desktop.analysis.attacks import Attacks, attacks_of
from grammy_desktop.analysis.bar_features import bars_of, boundary_features
from grammy_desktop.analysis.bar_hypotheses import hypotheses_of, signals_of
from grammy_desktop.analysis.chord_classes import NO_CHORD, class_of
from grammy_desktop.analysis.chord_features import rotated, slot_features, slot_means
from grammy_desktop.analysis.harmonic_change import harmonic_change
from grammy_desktop.analysis.melody_features import LOWEST, PITCHES, RATE, melody_features, note_rows
from grammy_desktop.analysis.pitches import Pitches, pitches_of
from grammy_desktop.analysis.pulse import PulseSpectrum, find_pulses
from grammy_desktop.analysis.spectra import mono
from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.music import Chord
from grammy_desktop.core.progress import NoProgress
from grammy_desktop.core.song import Arrangement
from grammy_desktop.core.styles import load_styles


@dataclass(frozen=True, eq=False)
class Heard:
    attacks: Attacks
    pitches: Pitches
    level: np.ndarray
    tones: np.ndarray
    score: Arrangement
    style: str
    seconds: float


def heard(samples: np.ndarray, score: Arrangement, style: str) -> Heard:
    """samples: [frames, 2] at 48 kHz."""
    clip = AudioClip(np.asarray(samples, np.float32), 48_000)
    wave = mono(clip)
    wave = wave * np.float32(0.1 / np.sqrt(np.mean(np.square(wave, dtype=np.float64))))
    pitches = pitches_of(wave, NoProgress())
    level, tones = note_rows(wave, pitches.tuning, NoProgress())
    attacks = attacks_of(wave, NoProgress())
    return Heard(attacks, pitches, level.astype(np.float16), tones.astype(np.float16), score, style, clip.duration)


def metre_rows(song: Heard) -> tuple[np.ndarray, np.ndarray]:
    """(features of all hypotheses, which of them are right)."""
    signals = signals_of(song.attacks, harmonic_change(song.pitches))
    found = hypotheses_of(find_pulses(PulseSpectrum(song.attacks.total)), signals)
    return np.stack([one.features for one in found]), np.array([_is_right(one, song) for one in found])


def _is_right(one, song: Heard) -> bool:
    if one.metre != tuple(song.score.metre) or abs(one.tempo / song.score.tempo - 1) > 0.008:
        return False
    beat = 60 / one.bpm
    first, bar = one.phase + one.downbeat * beat, beat * one.beats_per_bar
    middle = first + round((song.seconds / 2 - first) / bar) * bar
    written = song.score.beats_per_bar * 60 / song.score.tempo
    return abs(middle - round(middle / written) * written) < 0.15 * beat


def chord_rows(song: Heard, moved: np.random.Generator | None) -> tuple[np.ndarray, np.ndarray]:
    """([beats, 12, features], classes); moved: beats as inexactly as a tracker finds them."""
    score = song.score
    times = np.array([score.seconds(beat) for beat in np.arange(0, int(score.bars * score.beats_per_bar) + 1)])
    times = times[times < song.seconds]
    if moved is not None:
        times = np.maximum.accumulate(np.maximum(0, times + moved.normal(0, 0.012, times.size) + moved.normal(0, 0.01)))
    middles = np.arange(times.size - 1) + 0.5
    labels = np.full(middles.size, NO_CHORD)
    for event in score.chords:
        labels[(middles >= event.start) & (middles < event.start + event.length)] = class_of(Chord.parse(event.symbol))
    return rotated(slot_features(slot_means(song.pitches, times))), labels


def melody_rows(song: Heard, count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray] | None:
    """([frames, 48, features], pitches from MIDI 48 or 48 for none) of `count` frames; None for songs without a lead."""
    sheet = load_styles().get(song.style)
    leads = {part.name for part in sheet.parts if part.role == "lead" and not part.doubles} if sheet else {"lead"}
    notes = [note for part in song.score.parts if part.name in leads and not part.is_drums for note in part.notes]
    frames = song.level.shape[0]
    labels, times = np.full(frames, PITCHES), np.arange(frames) / RATE
    for note in sorted(notes, key=lambda note: note.pitch):
        if LOWEST <= note.pitch < LOWEST + PITCHES:
            start, end = song.score.seconds(note.start), song.score.seconds(note.start + note.length)
            first, last = np.searchsorted(times, [start + 0.01, min(end, start + 4)])
            labels[first:last] = note.pitch - LOWEST
    if np.mean(labels < PITCHES) < 0.05:
        return None
    features = melody_features(song.level.astype(np.float32), song.tones.astype(np.float32))
    picked = rng.choice(frames, min(frames, count), replace=False)
    return features[picked].astype(np.float16), labels[picked]


def section_rows(song: Heard) -> tuple[np.ndarray, np.ndarray]:
    """(features of each bar line, 1 where a section begins)."""
    score = song.score
    lines = np.array([score.seconds(bar * score.beats_per_bar) for bar in range(score.bars + 1)])
    inner = lines[(lines > 0) & (lines < song.seconds - 0.4 * (lines[1] - lines[0]))]
    rows = boundary_features(bars_of(np.concatenate([[0.0], inner, [song.seconds]]), song.attacks, song.pitches))
    labels = np.zeros(len(rows))
    for section in score.sections:
        if 0 < section.start < len(rows):
            labels[section.start] = 1
    return rows, labels
