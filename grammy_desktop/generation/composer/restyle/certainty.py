"""How sure an analysis is of each thing that a restyled song keeps, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from grammy_desktop.analysis import Analysis, BeatGrid
from grammy_desktop.core.music import Key
from grammy_desktop.generation.composer.restyle.sheet import LeadSheet
from grammy_desktop.generation.composer.restyle.wishes import relative_key

_SURE, _FAIR = 0.9, 0.7
_LISTEN = "listen before you rely on {it}"
_OCTAVE = 0.02
"""Share by which a tempo may differ from half or double."""


@dataclass(frozen=True)
class Judgement:
    """what: 'tempo', 'metre', 'key', 'chords', 'melody' or 'sections'. value: as heard. alternatives: (value, probability)."""

    what: str
    value: str
    probability: float
    alternatives: tuple[tuple[str, float], ...] = ()

    @property
    def sentence(self) -> str:
        """'tempo 92.0 BPM, sure', 'chords 61 % sure: listen before you rely on them'."""
        about = f"{self.what} {self.value}".strip()
        percent = round(100 * self.probability)
        if self.probability >= _SURE:
            return f"{about}{',' if self.value else ''} sure"
        if self.probability >= _FAIR:
            return f"{about}{',' if self.value else ''} {percent} % sure"
        it = "it" if self.value or self.what == "melody" else "them"
        doubt = f"{about}{',' if self.value else ''} {percent} % sure: {_LISTEN.format(it=it)}"
        if self.alternatives:
            doubt += f" (or {', '.join(value for value, _ in self.alternatives[:2])})"
        return doubt

    def to_json(self) -> dict[str, Any]:
        return {
            "what": self.what,
            "value": self.value,
            "probability": round(self.probability, 3),
            "sentence": self.sentence,
            "alternatives": [[value, round(probability, 3)] for value, probability in self.alternatives],
        }


def judgements(analysis: Analysis) -> tuple[Judgement, ...]:
    """One for each thing that was heard, tempo first."""
    said: list[Judgement] = []
    if analysis.beats is not None:
        said += _about_beats(analysis.beats)
    if analysis.key is not None:
        said.append(_about_key(analysis.key.value, analysis.key.probability, analysis.key.alternatives))
    for what in ("chords", "melody", "sections"):
        if what == "sections" and len(analysis.sections) < 2:
            continue
        said.append(Judgement(what, "", analysis.confidence.get(what, 0.0)))
    return tuple(said)


def _about_beats(beats: BeatGrid) -> list[Judgement]:
    tempo = beats.tempo
    value = f"{tempo.value:.1f} BPM" + ("" if beats.steady else " on average, moving")
    others = dict(tempo.alternatives) | dict(beats.octave_alternatives)
    # Half and double are always named: it is the same music, counted otherwise.
    for octave in (tempo.value / 2, tempo.value * 2):
        if not any(abs(other / octave - 1) < _OCTAVE for other in others):
            others[octave] = 0.0
    ranked = sorted(others.items(), key=lambda item: -item[1])
    said = [Judgement("tempo", value, tempo.probability, tuple((f"{bpm:.1f} BPM", p) for bpm, p in ranked[:3]))]
    metres = tuple((f"{beat}/{unit}", p) for (beat, unit), p in beats.metre.alternatives[:2])
    number, unit = beats.metre.value
    said.append(Judgement("metre", f"{number}/{unit}", beats.metre.probability, metres))
    return said


def _about_key(key: Key, probability: float, others: Sequence[tuple[Key, float]]) -> Judgement:
    named = {str(other): share for other, share in others}
    named.setdefault(str(relative_key(key)), 0.0)
    ranked = sorted(named.items(), key=lambda item: -item[1])
    return Judgement("key", str(key), probability, tuple(ranked[:3]))


def notes_on(sheet: LeadSheet) -> tuple[str, ...]:
    """What was not taken as heard, one sentence each."""
    said = []
    if sheet.mended:
        said.append(
            f"{sheet.mended} beats of doubtful chords were smoothed to what the key and their neighbours suggest."
        )
    if sheet.unsure and sheet.melody:
        score = sheet.score
        places = ", ".join(f"{score.seconds(a):.0f} to {score.seconds(b):.0f} s" for a, b in sheet.unsure)
        said.append(f"The melody could not be heard well at {places}; the style writes its own there.")
    elif sheet.unsure:
        said.append("No melody could be heard well; the style writes its own over the chords.")
    elif not sheet.melody:
        said.append("No melody was heard; the song has chords, bass and drums only.")
    return tuple(said)
