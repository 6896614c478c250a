"""What the analysis hears in the mix of a song of our own engine, against the song's score.

Chords as mir_eval counts them: the share of the time at which the reduced chords agree; true chords that the vocabulary
does not hold (sus, diminished, augmented, ...) are left out of it. Sevenths: major, minor, 7, maj7, min7.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from grammy_desktop.analysis import Analysis, analyse
from grammy_desktop.analysis.chord_classes import MAJMIN, SEVENTHS, heard_quality
from grammy_desktop.core.brief import Brief
from grammy_desktop.core.music import Chord
from grammy_desktop.core.song import Arrangement, Song
from grammy_desktop.core.styles import load_styles

_STEP = 0.05
"""Seconds between two looks."""


def hearing_of(song: Song, brief: Brief, seed: int) -> dict[str, Any]:
    """JSON of one song: what was heard, what is written, and how far they agree."""
    assert song.arrangement is not None
    heard = analyse(song.mix)
    score = song.arrangement
    facts: dict[str, Any] = {"style": brief.genre.value, "seed": seed, "said": dict(heard.confidence)}
    facts |= beat_facts(heard, score)
    facts |= {f"chords_{name}": value for name, value in chord_facts(heard, score).items()}
    facts |= melody_facts(heard, score, brief.genre.value)
    key = heard.key
    facts["key_right"] = key is not None and (key.value.tonic, key.value.is_minor) == (
        score.key.tonic,
        score.key.is_minor,
    )
    facts["key_sure"] = 0.0 if key is None else key.probability
    return facts


def beat_facts(heard: Analysis, score: Arrangement) -> dict[str, Any]:
    """tempo_error in BPM; metre_right; phase_ms: median distance of the downbeats heard from the bar lines written;
    downbeats: share of the bar lines that have a downbeat within 50 ms (up to the first change of tempo)."""
    beats = heard.beats
    if beats is None:
        return {"tempo_error": 999.0, "metre_right": False, "phase_ms": 999.0, "downbeats": 0.0}
    bars = np.array([score.seconds(bar * score.beats_per_bar) for bar in range(score.bars)])
    changes = [beat for beat, _ in getattr(score, "tempo_map", ())]
    last = score.seconds(min(changes)) if changes else bars[-1]
    bars = bars[(bars < last + 1e-6) & (bars < heard.duration - 1.0)]
    apart = beats.downbeats[:, None] - bars[None, :]
    nearest = apart[np.abs(apart).argmin(axis=0), np.arange(bars.size)]
    return {
        "tempo_error": round(abs(beats.tempo.value - score.tempo), 3),
        "metre_right": tuple(beats.metre.value) == tuple(score.metre),
        "phase_ms": round(1000 * float(np.median(np.abs(nearest))), 1),
        "downbeats": round(float(np.mean(np.abs(nearest) < 0.05)), 3),
    }


def chord_facts(heard: Analysis, score: Arrangement) -> dict[str, float]:
    """root, majmin, sevenths: shares of the time at which what is heard is what is written."""
    written = [(score.seconds(c.start), score.seconds(c.start + c.length), c.symbol) for c in score.chords]
    times = np.arange(_STEP / 2, min(heard.duration, written[-1][1]), _STEP)
    true = [next((symbol for start, end, symbol in written if start <= time < end), None) for time in times]
    said = [next((span.harte for span in heard.chords if span.start <= time < span.end), "N") for time in times]
    pairs = [(one, other) for one, other in zip(true, said, strict=True) if one is not None]
    result = {"root": float(np.mean([_root(one) == _root(other) for one, other in pairs]))}
    for name, table in (("majmin", MAJMIN), ("sevenths", SEVENTHS)):
        counted = [(_reduced(one, table), _reduced(other, table)) for one, other in pairs]
        agree = [one == other for one, other in counted if one is not None]
        result[name] = float(np.mean(agree)) if agree else float("nan")
    return {name: round(value, 3) for name, value in result.items()}


def _root(symbol: str) -> int | None:
    return None if symbol == "N" else Chord.parse(symbol).root


def _reduced(symbol: str, table: dict[str, str]) -> tuple[int, str] | None:
    if symbol == "N":
        return (-1, "N")
    chord = Chord.parse(symbol)
    quality = table.get(heard_quality(chord.quality))
    return None if quality is None else (chord.root, quality)


def melody_facts(heard: Analysis, score: Arrangement, style: str) -> dict[str, Any]:
    """melody_pitch: share of the lead's time at which its pitch is heard (melody_class: in any octave); melody_contour:
    correlation of the two pitches where both sound; None for songs without a lead."""
    notes = lead_notes(score, style)
    times = np.arange(_STEP / 2, heard.duration, _STEP)
    true, said = np.zeros(times.size), np.zeros(times.size)
    for start, end, pitch in sorted(notes, key=lambda note: note[2]):
        true[(times >= start) & (times < end)] = pitch
    for note in heard.melody:
        said[(times >= note.start) & (times < note.end)] = note.pitch
    sounding, both = true > 0, (true > 0) & (said > 0)
    if both.sum() < 20 or np.ptp(true[both]) == 0 or np.ptp(said[both]) == 0:
        return {"melody_pitch": None, "melody_class": None, "melody_contour": None}
    return {
        "melody_pitch": round(float(np.mean(true[sounding] == said[sounding])), 3),
        "melody_class": round(float(np.mean((true[both] - said[both]) % 12 == 0)), 3),
        "melody_contour": round(float(np.corrcoef(true[both], said[both])[0, 1]), 3),
    }


def lead_notes(score: Arrangement, style: str) -> list[tuple[float, float, int]]:
    """(start, end, pitch) of the parts that lead in this style."""
    sheet = load_styles().get(style)
    leads = {part.name for part in sheet.parts if part.role == "lead" and not part.doubles} if sheet else {"lead"}
    return [
        (score.seconds(note.start), score.seconds(note.start + note.length), note.pitch)
        for part in score.parts
        if part.name in leads and not part.is_drums
        for note in part.notes
    ]
