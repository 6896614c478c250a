"""What is wrong with a brief, against what its prompt says."""

from __future__ import annotations

from collections.abc import Container, Sequence

from grammy_desktop.core.brief import Brief, Origin
from tests.acceptance.issue_4.prompts_adversarial import Adversarial
from tests.acceptance.issue_4.prompts_ordinary import Ordinary


def faults_of_adversarial(case: Adversarial, brief: Brief, styles: Container[str]) -> list[str]:
    """A sentence for each wish that the brief misses. A genre without a style sheet is not looked at."""
    wrong: list[str] = []

    def same(name: str, expected: object) -> None:
        found = getattr(brief, name).value
        if name == "key":
            found = str(found)
        if expected is not None and found != expected:
            wrong.append(f"{name} is {found!r}, not {expected!r}")

    if case.genre is not None and case.genre in styles:
        same("genre", case.genre)
    for name in ("tempo", "key", "metre", "duration", "instruments", "era", "swing", "vocals"):
        same(name, getattr(case, name))
    same("mood", case.moods)
    if case.tempo_within is not None and not case.tempo_within[0] <= brief.tempo.value <= case.tempo_within[1]:
        wrong.append(f"tempo {brief.tempo.value:g} is not within {case.tempo_within}")
    for name in ("excluded", "form"):
        expected = getattr(case, name)
        if expected is not None and set(getattr(brief, name).value) != set(expected):
            wrong.append(f"{name} is {getattr(brief, name).value}, not {expected}")
    wrong += [f"{name} is not excluded" for name in case.excludes if name not in brief.excluded.value]
    wrong += [f"{name} counts as said" for name in case.unsaid if getattr(brief, name).origin is Origin.SAID]
    wrong += [f"the mood {word} is there" for word in case.moods_lack if _holds(brief.mood.value, word)]
    wrong += [f"no note has {text!r}: {brief.notes}" for text in case.notes if not any(text in n for n in brief.notes)]
    wrong += [f"{word!r} counts as understood" for word in case.unknown if word not in brief.not_understood]
    return wrong


def _holds(moods: Sequence[str], word: str) -> bool:
    return any(mood.split()[-1] == word for mood in moods)


def faults_of_ordinary(case: Ordinary, brief: Brief) -> list[str]:
    """As above; what is said must also count as said."""
    wrong: list[str] = []
    if brief.genre.value != case.style:
        wrong.append(f"genre is {brief.genre.value}, not {case.style}")
    for name in ("tempo", "key", "duration", "metre"):
        expected, choice = getattr(case, name), getattr(brief, name)
        if expected is None:
            if choice.origin is Origin.SAID:
                wrong.append(f"{name} {choice.value} counts as said")
        elif (str(choice.value) if name == "key" else choice.value) != expected or choice.origin is not Origin.SAID:
            wrong.append(f"{name} is {choice.value} ({choice.origin}), not {expected}")
    return wrong
