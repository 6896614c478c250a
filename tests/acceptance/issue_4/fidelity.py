"""Does a style sound like itself? A classifier hears songs of each style and names the style of others.

28 styles, 20 seeds to learn from and 10 to be judged, half a minute each. The prompt is the style's name and nothing else.
The classifier hears `sound_facts`: no tempo, no loudness, no duration. It and its settings were chosen before the run.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.styles import load_styles
from tests.acceptance.context import ROOT, Context
from tests.acceptance.issue_4.prompts_ordinary import ORDINARY
from tests.acceptance.issue_4.songbook import Wish, measure_songs
from tests.acceptance.issue_4.sound_facts import sound_facts
from tests.acceptance.run import commit

LEARNT, JUDGED = 20, 10
SECONDS = 30.0
WANTED = 0.85
STYLES = tuple(sorted({case.style for case in ORDINARY}))
"""The 28 of the design; derived styles are meant to be near their parents."""
PAGE = ROOT / "docs" / "style-fidelity.md"


def run(context: Context, *, styles: tuple[str, ...] = STYLES, learnt: int = LEARNT, judged: int = JUDGED) -> None:
    names = {style: sheet.name for style, sheet in load_styles().items()}
    wishes = [
        Wish(names[style], 5000 + seed, style=style, duration=SECONDS)
        for style in styles
        for seed in range(learnt + judged)
    ]
    songs = [values for _, values in measure_songs(wishes, "fidelity", commit=commit(), measure=sound_facts)]
    right = [song["style"] == wish.style for song, wish in zip(songs, wishes, strict=True)]
    context.check("every song is of the style asked for", all(right), f"{sum(right)} of {len(right)}")
    per_style = learnt + judged
    heard = np.array([song["heard"] for song in songs]).reshape(len(styles), per_style, -1)
    matrix = confusion(heard[:, :learnt], heard[:, learnt:])
    share = float(np.trace(matrix) / matrix.sum())
    context.check(
        f"style named rightly in {WANTED:.0%} of songs it has not heard",
        share >= WANTED,
        f"{share:.1%} of {int(matrix.sum())}",
    )
    context.figure("right of each style", {style: int(matrix[i, i]) for i, style in enumerate(styles)})
    context.figure("taken for another", _mistakes(matrix, styles))
    if styles == STYLES and learnt == LEARNT:
        PAGE.write_text(page(matrix, styles, share), encoding="utf-8")


def confusion(learnt: NDArray[Any], judged: NDArray[Any]) -> NDArray[np.int64]:
    """[style, named style] counts; both [styles, songs, figures]. A support vector machine with radial kernel, C = 10."""
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC

    count, songs, figures = learnt.shape
    machine = make_pipeline(StandardScaler(), SVC(C=10.0, gamma="scale", random_state=0))
    machine.fit(learnt.reshape(-1, figures), np.repeat(np.arange(count), songs))
    named = machine.predict(judged.reshape(-1, figures)).reshape(count, -1)
    matrix = np.zeros((count, count), np.int64)
    for style, answers in enumerate(named):
        np.add.at(matrix[style], answers, 1)
    return matrix


def _mistakes(matrix: NDArray[np.int64], styles: tuple[str, ...]) -> dict[str, int]:
    pairs = {
        f"{styles[i]} as {styles[j]}": int(matrix[i, j]) for i, j in zip(*np.nonzero(matrix), strict=True) if i != j
    }
    return dict(sorted(pairs.items(), key=lambda pair: -pair[1]))


def page(matrix: NDArray[np.int64], styles: tuple[str, ...], share: float) -> str:
    """The confusion matrix as a page of the documentation."""
    lines = [
        "# Does a style sound like itself?",
        "",
        "Written by `python3 packaging/bootstrap.py accept 4 fidelity`. A support vector machine heard",
        f"{LEARNT} songs of each of the {len(styles)} styles and named {int(matrix.sum())} others by sound alone",
        f"(timbre, spectrum, harmony, stereo width; no tempo, no loudness, no duration): **{share:.1%} right**.",
        "Rows: the style of the song; columns: what it was taken for.",
        "",
        "| | " + " | ".join(str(number) for number in range(1, len(styles) + 1)) + " |",
        "|---|" + "---|" * len(styles),
    ]
    for number, style in enumerate(styles):
        row = " | ".join(
            f"**{count}**" if number == other else str(count) if count else ""
            for other, count in enumerate(matrix[number])
        )
        lines.append(f"| {number + 1} {style} | {row} |")
    return "\n".join([*lines, ""])
