"""Heard chords as a player would write them down: on beats, doubtful ones as their surroundings and the key suggest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from grammy_desktop.analysis import Analysis, ChordSpan
from grammy_desktop.core.chord_text import NO_CHORD
from grammy_desktop.core.music import Chord, Key
from grammy_desktop.core.song import ChordEvent
from grammy_desktop.generation.composer.restyle.bars import Bars, ending_beat

_DOUBTFUL = 0.45
"""Probability below which a chord must fit its key, or last."""
_SURE = 0.6
"""Probability from which a chord is one of the song's own: where it comes again less clearly, it is believed."""
_LENT_MINOR, _LENT_MAJOR = (9, 11), (8, 10)
"""Semitones above the tonic: dorian's sixth and the leading note; minor's sixth (iv) and mixolydian's seventh."""
_BAND = 2
"""Beats of chords before the first bar line that are more than an upbeat."""
_LIKELY = 0.35
"""Share of the heard chord's probability from which another reading that fits the key is taken."""


@dataclass(frozen=True)
class _Run:
    """A chord from beat `first` for `count` beats; None where none sounds."""

    first: int
    count: int
    chord: Chord | None
    probability: float
    others: tuple[tuple[str, float], ...] = ()


def heard_chords(analysis: Analysis, bars: Bars, key: Key) -> tuple[tuple[ChordEvent, ...], int]:
    """(the chords in quarter notes, without gaps, the last one held; how many beats were mended). Empty where none is heard."""
    beat = bars.grid.quarters_per_beat
    runs = _runs(analysis.chords, bars, max(1, round(bars.end / beat)))
    if all(run.chord is None for run in runs):
        return (), 0
    mended, beats = _mended(runs, key, half=max(1, round(bars.quarters / beat / 2)))
    mended = _with_full_upbeat(mended, round(bars.pickup * bars.quarters / beat))
    return _events(_until_end(mended, bars, beat), beat, key), beats


def _runs(spans: Sequence[ChordSpan], bars: Bars, count: int) -> list[_Run]:
    """Beat by beat the chord that sounds in its middle; equal neighbours are one."""
    beat = bars.grid.quarters_per_beat
    runs: list[_Run] = []
    places = [(bars.place(span.start), bars.place(span.end), span) for span in spans]
    for index in range(count):
        middle = (index + 0.5) * beat
        span = next((span for start, end, span in places if start <= middle < end), None)
        chord = _chord(span.harte) if span is not None else None
        probability = span.probability if span is not None else 1.0
        others = span.alternatives if span is not None else ()
        if runs and runs[-1].chord == chord:
            last = runs[-1]
            mean = (last.probability * last.count + probability) / (last.count + 1)
            runs[-1] = replace(last, count=last.count + 1, probability=mean)
        else:
            runs.append(_Run(index, 1, chord, probability, others))
    return runs


def _chord(harte: str) -> Chord | None:
    """The chord of a Harte symbol; a quality that we have no name for is its triad."""
    if harte in (NO_CHORD, "X"):
        return None
    try:
        return Chord.parse(harte)
    except ValueError:
        root, _, quality = harte.partition(":")
        return Chord.parse(f"{root}:{'min' if quality.startswith(('min', 'dim', 'hdim')) else 'maj'}")


def _mended(runs: list[_Run], key: Key, *, half: int) -> tuple[list[_Run], int]:
    """Doubtful chords that leave the key as another reading that does not, doubtful short ones as their neighbour.

    half: beats of half a bar, below which a chord is short.
    """
    known = {_plain(run.chord) for run in runs if run.chord is not None and run.probability >= _SURE}
    result: list[_Run] = []
    beats = 0
    for run in runs:
        chord = run.chord
        strange = chord is not None and _plain(chord) not in known and not _fits(chord, key)
        if chord is None and run.count < half and result:
            # A breath between two chords is no silence.
            chord = result[-1].chord
        elif chord is not None and run.probability < _DOUBTFUL and strange:
            chord = _other_reading(run, key) or (result[-1].chord if run.count < half and result else chord)
        elif strange and run.probability < _SURE and run.count < half and result and result[-1].chord:
            chord = result[-1].chord
        beats += run.count if chord != run.chord else 0
        if result and result[-1].chord == chord:
            result[-1] = replace(result[-1], count=result[-1].count + run.count)
        else:
            result.append(replace(run, chord=chord))
    return result, beats


def _with_full_upbeat(runs: list[_Run], upbeat: int) -> list[_Run]:
    """Where the band plays most of the upbeat's bar it plays all of it; a mere upbeat leaves the bar empty until it comes.

    upbeat: beats before the recording's first bar line, filled up to whole bars.
    """
    first = runs[0]
    if first.chord is not None or len(runs) < 2 or not upbeat or upbeat - first.count < _BAND:
        return runs
    return [replace(runs[1], first=first.first, count=first.count + runs[1].count), *runs[2:]]


def _plain(chord: Chord) -> tuple[int, bool]:
    return chord.root, chord.is_minor


def _fits(chord: Chord, key: Key) -> bool:
    """Whether a song in that key may well use the chord: its own scale, and what its mode's neighbours lend it."""
    lent = _LENT_MINOR if key.is_minor else _LENT_MAJOR
    scale = {*key.scale, *((key.tonic + step) % 12 for step in lent)}
    return all(pitch in scale for pitch in chord.pitch_classes)


def _other_reading(run: _Run, key: Key) -> Chord | None:
    for symbol, probability in run.others:
        chord = _chord(symbol)
        if chord is not None and probability >= _LIKELY * run.probability and _fits(chord, key):
            return chord
    return None


def _until_end(runs: list[_Run], bars: Bars, beat: float) -> list[_Run]:
    """Up to the last chord, which is split off a longer one where the music goes on over it."""
    while runs and runs[-1].chord is None:
        runs = runs[:-1]
    last = runs[-1]
    start = round(ending_beat(bars, last.first * beat) / beat)
    if start <= last.first:
        return runs
    return [*runs[:-1], replace(last, count=start - last.first), replace(last, first=start, count=1)]


def _events(runs: list[_Run], beat: float, key: Key) -> tuple[ChordEvent, ...]:
    return tuple(
        ChordEvent(run.first * beat, run.count * beat, NO_CHORD if run.chord is None else run.chord.harte(key))
        for run in runs
    )
