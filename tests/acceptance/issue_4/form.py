"""Section boundaries found by a novelty curve on the audio are the planned ones, within a bar.

The curve is the analysis's own: differences of timbre, harmony and energy over 1 to 8 bars on either side of each bar line,
weighed by a small network that was trained on other songs of the same engine. A plain checkerboard novelty (Foote 2000),
which was not trained on anything, is shown beside it.
"""

from __future__ import annotations

from typing import Any

from grammy_desktop.core.styles import load_styles
from tests.acceptance.context import Context
from tests.acceptance.issue_4.form_facts import form_of, matched
from tests.acceptance.issue_4.songbook import Wish, measure_songs
from tests.acceptance.run import commit

PLANNED_AMONG_FOUND = 0.5
"""A song's form matches where every planned boundary is found within a bar, and at least so many of those found were planned:
parts that come in every eight bars are heard as boundaries too, and are none in the plan."""
SONGS_THAT_MATCH = 0.80
SONGS, SEED, SECONDS = 30, 8101, 70.0


def wishes(count: int = SONGS) -> list[Wish]:
    """Styles evenly over the alphabet, a song each."""
    names = sorted(load_styles())
    return [
        Wish("a song", SEED + number, style=names[number * len(names) // count], duration=SECONDS)
        for number in range(count)
    ]


def run(context: Context, *, count: int = SONGS) -> None:
    songs = [facts for _, facts in measure_songs(wishes(count), "form", commit=commit(), measure=form_of)]
    good = [song for song in songs if song_matches(song["planned"], song["found"])]
    share = len(good) / max(1, len(songs))
    context.check("section boundaries match the plan within a bar in 80 % of songs", share >= SONGS_THAT_MATCH,
                  f"{share:.0%} of {len(songs)}")  # fmt: skip
    context.figure("boundaries", _totals(songs, "found"))
    context.figure("boundaries by a plain novelty curve", _totals(songs, "plain"))
    strict = sum(sorted(song["planned"]) == sorted(song["found"]) for song in songs)
    context.figure("songs in which exactly the planned boundaries are found, on the bar", f"{strict} of {len(songs)}")
    missed = [f"{s['style']}: planned {s['planned']}, found {s['found']}" for s in songs if s not in good]
    context.figure("forms that do not match", missed)


def song_matches(planned: list[int], found: list[int]) -> bool:
    if not planned:
        return not found
    hits, right = matched(planned, found)
    return hits == len(planned) and right >= PLANNED_AMONG_FOUND * len(found)


def _totals(songs: list[dict[str, Any]], kind: str) -> str:
    counts = [matched(song["planned"], song[kind]) for song in songs]
    planned, found = sum(len(song["planned"]) for song in songs), sum(len(song[kind]) for song in songs)
    hits, right = (sum(count[index] for count in counts) for index in (0, 1))
    exact = sum(matched(song["planned"], song[kind], 0)[0] for song in songs)
    return (
        f"{hits / max(1, planned):.0%} of {planned} planned found within a bar ({exact / max(1, planned):.0%} on it), "
        f"{right / max(1, found):.0%} of {found} found were planned"
    )
