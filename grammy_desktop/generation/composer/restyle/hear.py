"""From the analysis of a recording to a lead sheet."""

from __future__ import annotations

from grammy_desktop.analysis import Analysis, BeatGrid
from grammy_desktop.core.chord_text import NO_CHORD
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.music import Key
from grammy_desktop.core.song import Arrangement, KeyChange, Part
from grammy_desktop.generation.composer.restyle.bars import Bars, bars_of
from grammy_desktop.generation.composer.restyle.hear_chords import heard_chords
from grammy_desktop.generation.composer.restyle.hear_form import heard_form
from grammy_desktop.generation.composer.restyle.hear_melody import doubtful_stretches, heard_melody
from grammy_desktop.generation.composer.restyle.sheet import MELODY, LeadSheet

_SHORTEST = 8.0
_LONGEST = 600.0
_PULSE = 0.12
"""Probability of the beats below which there is no pulse to follow."""
_DOUBTFUL, _CHORDS = 0.5, 0.75
"""Probability of the beats and of the chords below which both together, without a melody, are noise or speech."""
_MODULATES = 0.7
_LONG = 8
"""Bars that another key must hold."""


def hear_sheet(analysis: Analysis, *, name: str = "this recording") -> LeadSheet:
    """The lead sheet of a recording. name: what messages call it.

    Raises `UserError` for what is shorter than 8 seconds or longer than 10 minutes, silence, and what has no pulse or no chords.
    """
    check_length(analysis.duration, name)
    if not analysis.confidence:
        raise UserError(f"“{name}” is silent; restyle needs music to work on.")
    grid = _pulse(analysis, name)
    bars = bars_of(analysis, grid)
    key = analysis.key.value if analysis.key is not None else Key(0, "major")
    chords, mended = heard_chords(analysis, bars, key)
    if not chords:
        raise _no_chords(name)
    end = chords[-1].start
    sections = heard_form(analysis, bars, end)
    melody = heard_melody(analysis, bars, end)
    unsure = doubtful_stretches(analysis, bars, sections, end)
    score = Arrangement(
        tempo=bars.tempo,
        key=key,
        metre=grid.metre.value,
        sections=sections,
        chords=chords,
        parts=(Part(MELODY, MELODY, melody),) if melody else (),
        key_changes=_key_changes(analysis, bars, key),
        tempo_map=bars.tempo_map,
    )
    return LeadSheet(score, unsure, mended, bars.begins)


def _pulse(analysis: Analysis, name: str) -> BeatGrid:
    """The beats of what is music. Raises `UserError` for noise, speech, drones, and drums alone."""
    sure = analysis.confidence
    beats, chords, tempo = sure.get("beats", 0.0), sure.get("chords", 0.0), sure.get("tempo", 0.0)
    heard = {chord.harte for chord in analysis.chords if chord.harte != NO_CHORD}
    unpitched = not analysis.melody and beats < _DOUBTFUL and chords < _CHORDS
    if unpitched and analysis.beats is not None and tempo >= _CHORDS:
        raise _no_chords(name)
    drones = len(heard) < 2 and beats < _DOUBTFUL
    if analysis.beats is None or beats < _PULSE or unpitched or drones:
        raise UserError(f"No beat was found in “{name}”; restyle needs music with a pulse.")
    return analysis.beats


def _no_chords(name: str) -> UserError:
    return UserError(f"No chords were heard in “{name}”; restyle keeps a song's harmony, and here is none to keep.")


def check_length(seconds: float, name: str) -> None:
    """Raises `UserError` naming the file and what to do."""
    if seconds < _SHORTEST - 0.05:
        raise UserError(f"“{name}” lasts {seconds:.1f} seconds; restyle needs {_SHORTEST:g} seconds of music at least.")
    if seconds > _LONGEST:
        raise UserError(
            f"“{name}” lasts {seconds / 60:.0f} minutes; restyle takes {_LONGEST / 60:g} minutes at most: cut a part out first."
        )


def _key_changes(analysis: Analysis, bars: Bars, home: Key) -> tuple[KeyChange, ...]:
    """Where the song goes up or down for good, in a key of the same mode: once, surely and for long."""
    later = [span for span in analysis.keys if span.key != home]
    if len(later) != 1 or analysis.keys[-1] is not later[0]:
        return ()
    span = later[0]
    start = round(bars.place(span.start) / bars.quarters)
    long = (bars.end / bars.quarters) - start >= _LONG
    if span.key.mode != home.mode or span.probability < _MODULATES or not long or start < 1:
        return ()
    return (KeyChange(start * bars.quarters, span.key),)
