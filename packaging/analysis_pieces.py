"""Pieces of random harmony through the shipped sound font, for training the analysis: chords that no grammar chose.

The composer's own songs teach its sounds and grooves; these teach chords it seldom writes, in any order, on any instrument.
"""

from __future__ import annotations

import numpy as np

from grammy_desktop.core.music import Chord, Key
from grammy_desktop.core.resources import resource
from grammy_desktop.core.song import Arrangement, ChordEvent, Note, Part, Section
from grammy_desktop.generation.composer.render.oscillators import RATE
from grammy_desktop.generation.composer.render.soundfont import SoundFont

QUALITIES = {
    "maj": 20, "min": 16, "7": 10, "maj7": 8, "min7": 10, "6": 3, "min6": 3, "dim": 4, "dim7": 3, "hdim7": 5, "aug": 2,
    "sus4": 4, "sus2": 3, "sus4(b7)": 2, "5": 2, "9": 3, "maj9": 4, "min9": 5, "maj(9)": 3, "min(9)": 1,
}  # fmt: skip
"""How often each occurs."""
_CHORD_PROGRAMS = (*range(8), *range(16, 24), *range(24, 30), *range(48, 56), 61, 62, 63, *range(80, 96), 108)
_LEAD_PROGRAMS = (*range(40, 43), *range(56, 61), *range(64, 80), 11, 12, 26, 27, 52, 53, 80, 81)
_BASS_PROGRAMS = (*range(32, 40), 43, 58)


def random_piece(seed: int, seconds: float = 36.0) -> tuple[np.ndarray, Arrangement]:
    """(stereo samples at 48 kHz, the score)."""
    rng = np.random.default_rng([4, seed])
    metre = [(4, 4), (4, 4), (4, 4), (3, 4), (6, 8)][rng.integers(5)]
    tempo = float(rng.integers(66, 168))
    bar = metre[0] * 4 / metre[1]
    bars = max(4, int(seconds * tempo / 60 / bar))
    chords = _chords(rng, bars, bar)
    parts = [_bass(rng, chords), _comp(rng, chords, bar, metre)]
    if rng.random() < 0.5:
        parts.append(_pad(rng, chords))
    if rng.random() < 0.7:
        parts.append(_lead(rng, chords))
    if rng.random() < 0.65:
        parts.append(_drums(rng, bars, bar, metre))
    arrangement = Arrangement(tempo, Key(0, "major"), metre, (Section("a", 0, bars, 0.5),), tuple(chords), tuple(parts))
    return _render(rng, arrangement, bars * bar), arrangement


def _chords(rng, bars, bar):
    names, weights = list(QUALITIES), np.array(list(QUALITIES.values()), float)
    found, at = [], 0.0
    while at < bars * bar - 1e-6:
        length = float(min([bar, bar, bar / 2, 2 * bar][rng.integers(4)], bars * bar - at))
        quality = str(rng.choice(names, p=weights / weights.sum()))
        chord = Chord(int(rng.integers(12)), quality)
        if rng.random() < 0.15:
            chord = Chord(chord.root, quality, chord.intervals[rng.integers(1, min(3, len(chord.intervals)))] % 12)
        found.append(ChordEvent(at, length, chord.harte()))
        at += length
    return found


def _bass(rng, chords):
    style, notes = rng.integers(4), []
    for event in chords:
        chord = Chord.parse(event.symbol)
        low = 28 + (chord.bass - 28) % 12 + 12 * int(rng.random() < 0.15)
        step = [event.length, 1.0, 0.5, 1.0][style]
        for index in range(round(event.length / step)):
            pitch = low
            if index and style == 3:
                pitch = low + int(rng.choice([0, 0, 7, 12, 4 if 4 in chord.intervals else 3]))
            elif index and rng.random() < 0.15:
                pitch = low + int(rng.choice([7, 12, -1, 2]))
            notes.append(Note(event.start + index * step, step * 0.9, pitch, int(rng.integers(80, 115))))
    return Part("bass", "bass", tuple(notes), int(rng.choice(_BASS_PROGRAMS)))


def _voicing(rng, chord, middle):
    pitches = []
    classes = list(chord.pitch_classes)
    if len(classes) > 4 or rng.random() < 0.2:
        classes = classes[1:]  # without its root
    for number in classes:
        pitch = middle - 6 + (number - (middle - 6)) % 12
        pitches.append(pitch + 12 * int(rng.random() < 0.15))
    return sorted(pitches)


def _comp(rng, chords, bar, metre):
    style, middle, notes = rng.integers(4), int(rng.integers(56, 68)), []
    pulse = 0.5 if metre[1] == 8 else float(rng.choice([0.5, 1.0]))
    hits = [index * pulse for index in range(int(bar / pulse)) if index == 0 or rng.random() < 0.55]
    for event in chords:
        pitches = _voicing(rng, Chord.parse(event.symbol), middle)
        loud = int(rng.integers(60, 100))
        if style == 0:
            notes += [Note(event.start, event.length * 0.95, pitch, loud) for pitch in pitches]
        elif style == 1:
            for index in range(round(event.length / 0.5)):
                notes.append(Note(event.start + index * 0.5, 0.6, pitches[index % len(pitches)], loud))
        else:
            for base in np.arange(0.0, event.length, bar):
                for hit in hits:
                    if base + hit < event.length - 1e-6:
                        notes += [
                            Note(event.start + base + hit, pulse * (0.4 + 0.5 * (style == 2)), p, loud) for p in pitches
                        ]
    return Part("comp", "keys", tuple(notes), int(rng.choice(_CHORD_PROGRAMS)))


def _pad(rng, chords):
    middle = int(rng.integers(60, 76))
    notes = [
        Note(event.start, event.length, pitch, int(rng.integers(45, 80)))
        for event in chords
        for pitch in _voicing(rng, Chord.parse(event.symbol), middle)
    ]
    return Part("pad", "pad", tuple(notes), int(rng.choice((48, 49, 50, 52, 88, 89, 91, 92))))


def _lead(rng, chords):
    pitch, notes, step = int(rng.integers(67, 80)), [], float(rng.choice([0.5, 1.0]))
    for event in chords:
        classes = Chord.parse(event.symbol).pitch_classes
        for index in range(round(event.length / step)):
            if rng.random() < 0.25:
                continue
            pitch = int(np.clip(pitch + rng.integers(-4, 5), 62, 86))
            if index % 2 == 0 or rng.random() < 0.5:
                pitch = min(range(pitch - 6, pitch + 6), key=lambda p: (p % 12 not in classes, abs(p - pitch)))
            notes.append(
                Note(event.start + index * step, step * float(rng.uniform(0.5, 1.0)), pitch, int(rng.integers(70, 110)))
            )
    return Part("lead", "lead", tuple(notes), int(rng.choice(_LEAD_PROGRAMS)))


def _drums(rng, bars, bar, metre):
    notes, half = [], metre[1] == 8
    kicks = {0.0} | {beat * 0.5 for beat in range(int(bar * 2)) if rng.random() < 0.15}
    snares = (
        {1.5}
        if half
        else {1.0, 2.0}
        if metre[0] == 3 and rng.random() < 0.5
        else {2.0}
        if metre[0] == 3
        else {1.0, 3.0}
    )
    step = float(rng.choice([0.5, 0.25])) if not half else 0.5
    for number in range(bars):
        for set_of, drum, loud in ((kicks, 36, 105), (snares, 38, 100)):
            notes += [Note(number * bar + at, 0.2, drum, loud) for at in set_of if at < bar]
        notes += [Note(number * bar + at, 0.1, 42, int(rng.integers(45, 85))) for at in np.arange(0, bar, step)]
        if number % 4 == 0 and rng.random() < 0.5:
            notes.append(Note(number * bar, 1.0, 49, 90))
    return Part("drums", "drums", tuple(notes), int(rng.choice([0, 8, 16, 24, 25, 32])), True)


def _render(rng, arrangement, beats):
    font = SoundFont(str(resource("soundfonts", "fluid_core.sf3")))
    out = np.zeros((int((beats * 60 / arrangement.tempo + 1.5) * RATE), 2), np.float32)
    for part in arrangement.parts:
        dry = np.zeros_like(out)
        font.render(
            part.notes, seconds_per_beat=60 / arrangement.tempo, bank=128 if part.is_drums else 0, program=part.program,
            gain=1.0, out=dry, check=lambda: None,
        )  # fmt: skip
        loud = float(np.sqrt(np.mean(np.square(dry)))) + 1e-9
        wanted = {"bass": -19, "keys": -21, "pad": -25, "lead": -20, "drums": -18}[part.stem] + rng.normal(0, 3)
        out += dry * np.float32(10 ** (wanted / 20) / loud)
    return np.asarray(0.9 * out / max(float(np.abs(out).max()), 1e-6), dtype=np.float32)
