"""From the session's records to what the editor shows."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from grammy_desktop.core.edits import EditList
from grammy_desktop.core.music import pitch_class
from grammy_desktop.library import VersionRecord
from grammy_desktop.ui.editor.beat_grid import BeatGrid
from grammy_desktop.ui.editor.edit_desk import moved_blocks, moved_marks, moved_spans
from grammy_desktop.ui.editor.scene import Block, Curves, Mark, Pin
from grammy_desktop.ui.meter.score_data import Score
from grammy_desktop.ui.session import SongSession

HARTE = {
    "maj": "",
    "min": "m",
    "maj7": "maj7",
    "min7": "m7",
    "7": "7",
    "maj9": "maj9",
    "min9": "m9",
    "dim": "dim",
    "dim7": "dim7",
    "hdim7": "m7♭5",
    "aug": "aug",
    "sus2": "sus2",
    "sus4": "sus4",
    "minmaj7": "m(maj7)",
    "maj6": "6",
    "min6": "m6",
    "min11": "m11",
    "min13": "m13",
    "sus4(b7)": "7sus4",
    "sus4(b7,9)": "9sus4",
    "maj(9)": "add9",
    "min(9)": "m(add9)",
    "6(9)": "6/9",
    "min6(9)": "m6/9",
    "7(b9)": "7♭9",
    "7(#9)": "7♯9",
    "7(#11)": "7♯11",
    "7(b13)": "7♭13",
    "maj7(#11)": "maj7♯11",
}
"""Harte's qualities as musicians write them; others are shown as they are."""

SILENT = "N.C."
"""How a stretch without a chord is written, so that it can be given one."""

DEGREES = {"1": 0, "b3": 3, "3": 4, "4": 5, "b5": 6, "5": 7, "6": 9, "b7": 10, "7": 11, "2": 2, "b2": 1, "b6": 8}
_SHARPS = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")


def chord_text(symbol: str) -> str:
    """'Am7/C' of Harte's 'A:min7/b3'; 'N' (no chord) is ''."""
    if symbol == "N":
        return ""
    root, _, rest = symbol.partition(":")
    quality, _, bass = (rest or "maj").partition("/")
    if not rest and "/" in root:
        root, _, bass = root.partition("/")
    text = root.replace("b", "♭").replace("#", "♯") + HARTE.get(quality, quality)
    if bass in DEGREES and root:
        text += "/" + _SHARPS[(pitch_class(root) + DEGREES[bass]) % 12]
    return text


@dataclass(frozen=True)
class Story:
    """The edits between the take, on whose time sections, chords and markers are, and what is heard now; oldest first."""

    edits: tuple[EditList, ...]

    @staticmethod
    def of(chain: Sequence[VersionRecord], current: EditList) -> Story:
        """From a version and its ancestors (newest first), with the edits that are not rendered yet."""
        kept = [EditList.from_json(v.details["edits"]) for v in reversed(chain) if v.details.get("edits")]
        return Story((*kept, current))

    def blocks(self, blocks: Iterable[Block]) -> tuple[Block, ...]:
        made = tuple(blocks)
        for edits in self.edits:
            made = moved_blocks(edits, [replace(b, end=min(b.end, edits.source_frames)) for b in made])
        return made

    def tempi(self, tempi: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
        """(frame, BPM) of a tempo map, of which the first holds from the start."""
        made = list(tempi)
        for edits in self.edits:
            made = made if edits.is_whole else moved_tempi(edits, made)
        return made

    def marks(self, marks: Iterable[Mark]) -> tuple[Mark, ...]:
        made = tuple(marks)
        for edits in self.edits:
            made = moved_marks(edits, made)
        return made

    def source_frame(self, frame: int) -> int | None:
        """The take's frame that is heard at `frame`; None in silence that was put in."""
        found: int | None = frame
        for edits in reversed(self.edits):
            found = edits.source_frame(found) if found is not None else None
        return found


def story_of(session: SongSession) -> Story:
    """Of what is open."""
    version = session.files.mix_version or session.version
    chain = session.files.chain
    first = next((i for i, v in enumerate(chain) if version is not None and v.id == version.id), 0)
    return Story.of(chain[first:], session.history.current)


def moved_tempi(edits: EditList, tempi: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """A tempo map after edits: every piece brings its own tempi along; in silence that was put in the last goes on."""
    frames = [frame for frame, _ in tempi]
    made: list[tuple[float, float]] = []
    for at, segment in zip(edits.starts, edits.segments, strict=False):
        if not segment.layers:
            continue
        first = segment.layers[-1].source_start
        last = first + segment.frames
        made.append((at if made else 0.0, tempi[max(0, bisect_right(frames, first) - 1)][1]))
        made += [(at + frame - first, bpm) for frame, bpm in tempi if first < frame < last]
    return made or list(tempi[:1])


def beat_grid(
    arrangement: Mapping[str, Any] | None, rate: int, tempo: float | None, metre: tuple[int, int], story: Story
) -> BeatGrid | None:
    """The song's bars and beats; by the tempo map of its score where it has one. None without a tempo."""
    if not tempo:
        return None
    per_bar = metre[0] * 4 / metre[1]
    map_ = [(item["start"] * rate, float(item["tempo"])) for item in (arrangement or {}).get("tempi", ())]
    if not map_:
        return BeatGrid(rate, tempo, per_bar)
    (_, first), *changes = story.tempi(map_)
    return BeatGrid(rate, first, per_bar, tuple(changes))


def section_name(name: str) -> str:
    """'Verse 2' of 'verse2' or 'verse_2'."""
    return re.sub(r"(?<=[a-z])(?=[0-9])", " ", name.replace("_", " ")).capitalize()


def sections(arrangement: Mapping[str, Any] | None, rate: int, story: Story) -> tuple[Block, ...]:
    return story.blocks(
        Block(section_name(str(item["name"])), round(item["start"] * rate), round(item["end"] * rate), index)
        for index, item in enumerate((arrangement or {}).get("sections", ()))
    )


def chords(arrangement: Mapping[str, Any] | None, rate: int, story: Story) -> tuple[Mark, ...]:
    return story.marks(
        Mark(round(item["start"] * rate), chord_text(str(item["symbol"])) or SILENT, index)
        for index, item in enumerate((arrangement or {}).get("chords", ()))
    )


def markers(positions: Iterable[tuple[float, str]], rate: int, story: Story) -> tuple[Mark, ...]:
    return story.marks(Mark(round(seconds * rate), name) for seconds, name in positions)


def pins(score: Score | None, rate: int, edits: EditList) -> tuple[Pin, ...]:
    """One pin for each fix that is about a stretch of the song and not all of it."""
    made = []
    for insight in score.insights if score is not None else ():
        if insight.end <= insight.start or (insight.end - insight.start) * rate >= edits.source_frames * 0.95:
            continue
        for start, end in moved_spans(edits, round(insight.start * rate), round(insight.end * rate))[:1]:
            made.append(Pin(insight.number, start, end))
    return tuple(made)


def curves(score: Score | None, history: Mapping[str, Any] | None, rate: int, edits: EditList) -> Curves:
    """Score and short-term loudness over time. After an edit only the score's stretches that are left are shown."""
    points: list[tuple[float, float, float, float]] = []
    for start, end, value, _ in score.timeline if score is not None else ():
        for first, last in moved_spans(edits, round(start * rate), round(end * rate))[:1]:
            points.append((first, last, value, score.band if score is not None else 0.0))
    loudness: list[tuple[float, float]] = []
    if history:
        rows = zip(history.get("times", ()), history.get("short_term", ()), strict=False)
        loudness = [(t * rate, level) for t, level in rows if level is not None]
    elif score is not None:
        loudness = [((a + b) / 2 * rate, level) for a, b, _, level in score.timeline if level is not None]
    if not edits.is_whole:
        moved = ((edits.edited_frame(round(frame)), level) for frame, level in loudness)
        loudness = sorted((float(frame), level) for frame, level in moved if frame is not None)
    return Curves(short_term=tuple(loudness), score=tuple(sorted(points)))
