from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from library_helpers import NOT_FOR_SALE, add_pending, add_song, brief, titles

from grammy_desktop.core.errors import UserError
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.library import Library, parse_query


@pytest.fixture
def songs(library: Library) -> Library:
    add_song(library, "Wet Asphalt", "slow rain on the street", brief=brief(tempo=71.8), score=64.0)
    blue = add_song(
        library,
        "Blue Café",
        "a smoky night",
        brief=brief(genre="jazz", tempo=120.0, key="Eb major", mood=["dark"]),
        score=81.5,
    )
    add_song(
        library,
        "Concrete",
        "hard drums at night",
        brief=brief(genre="boom_bap", tempo=90.0, key="A minor", duration=200.0),
        licence=NOT_FOR_SALE,
        engine="musicgen",
    )
    library.set_tags(blue.id, ["Late Set", "vinyl"])
    library.star(blue.id, True)
    return library


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"Wet Asphalt", "Blue Café", "Concrete"}),
        ("night", {"Blue Café", "Concrete"}),
        ("NIGHT hard", {"Concrete"}),
        ("asph", {"Wet Asphalt"}),
        ("cafe", {"Blue Café"}),
        ("vinyl", {"Blue Café"}),
        ("jazz", {"Blue Café"}),
        ('"on the street"', {"Wet Asphalt"}),
        ('"street the on"', set()),
        ("bpm:70..120", {"Wet Asphalt", "Blue Café", "Concrete"}),
        ("bpm:120..80", {"Blue Café", "Concrete"}),
        ("bpm:72", {"Wet Asphalt"}),
        ("bpm:>90", {"Blue Café"}),
        ("tempo:>=90", {"Blue Café", "Concrete"}),
        ("bpm:..80", {"Wet Asphalt"}),
        ('key:"A minor"', {"Wet Asphalt", "Concrete"}),
        ("key:Am bpm:>80", {"Concrete"}),
        ("key:D#", {"Blue Café"}),
        ("genre:boom_bap", {"Concrete"}),
        ('genre:"boom bap"', {"Concrete"}),
        ("mood:dark", {"Blue Café"}),
        ("score:>70", {"Blue Café"}),
        ("score:<70", {"Wet Asphalt"}),
        ('tag:"late set"', {"Blue Café"}),
        ("tag:late", set()),
        ("engine:musicgen night", {"Concrete"}),
        ("length:>100", {"Concrete"}),
        ("is:starred", {"Blue Café"}),
        ("title:asphalt", {"Wet Asphalt"}),
        ("bpm: night", {"Blue Café", "Concrete"}),
        ("unknown:night", set()),
        ("!!! ... night", {"Blue Café", "Concrete"}),
    ],
)
def test_words_and_tokens(songs: Library, query: str, expected: set[str]) -> None:
    assert set(titles(songs, query)) == expected
    assert songs.count(query) == len(expected)


@pytest.mark.parametrize("query", ["bpm:fast", "key:H", "score:>high", "is:loud", "bpm:.."])
def test_a_token_that_cannot_be_meant_is_explained(songs: Library, query: str) -> None:
    with pytest.raises(UserError, match=query.partition(":")[0]):
        songs.tracks(query)


def test_filters_and_orders(songs: Library) -> None:
    assert titles(songs, order="newest") == ["Concrete", "Blue Café", "Wet Asphalt"]
    assert titles(songs, order="title") == ["Blue Café", "Concrete", "Wet Asphalt"]
    assert titles(songs, order="score") == ["Blue Café", "Wet Asphalt", "Concrete"]
    assert titles(songs, order="tempo") == ["Wet Asphalt", "Concrete", "Blue Café"]
    assert titles(songs, filter="starred") == ["Blue Café"]
    assert titles(songs, filter="sellable") == ["Blue Café", "Wet Asphalt"]
    assert len(titles(songs, filter="recent")) == 3
    assert titles(songs, limit=1, offset=1) == ["Blue Café"]
    assert titles(songs, offset=2) == ["Wet Asphalt"]
    for wrong in ({"filter": "best"}, {"order": "luck"}):
        with pytest.raises(UserError):
            songs.tracks(**wrong)


def test_the_index_follows_every_change(library: Library) -> None:
    song = add_song(library, "First", "prompt words")
    library.rename(song.id, "Second")
    assert (titles(library, "first"), titles(library, "second")) == ([], ["Second"])
    library.set_tags(song.id, ["dusty"])
    assert titles(library, "dusty") == ["Second"]
    library.set_tags(song.id, ["clean"])
    assert (titles(library, "dusty"), titles(library, "clean")) == ([], ["Second"])
    track_id = add_pending(library, "Gone", "vanishing")
    assert titles(library, "is:pending") == ["Gone"]
    library.discard_pending(track_id)
    assert titles(library, "vanishing") == []
    library.purge(song.id)
    assert titles(library, "second") == []


@given(st.text(alphabet=st.sampled_from("ab\"*:()^-+{}.<>, \0'\\ é1NEAR AND OR NOTkeybpm"), max_size=40))
@settings(max_examples=150, deadline=None)
def test_no_text_breaks_the_search(text: str) -> None:
    import sqlite3

    try:
        match = parse_query(text).match
    except UserError:
        return
    if match is not None:
        index = sqlite3.connect(":memory:")
        index.execute(
            "CREATE VIRTUAL TABLE f USING fts5 (t, tokenize = \"unicode61 remove_diacritics 2\", prefix = '2 3')"
        )
        index.execute("SELECT rowid FROM f WHERE f MATCH ?", (match,)).fetchall()
        index.close()


def test_a_big_library_answers_at_once(paths: AppPaths) -> None:
    """Not a benchmark: shows that a page of a filtered search uses the indexes instead of looking at every row."""
    library = Library.open(paths)
    found = "SELECT rowid FROM track_search WHERE track_search MATCH 'a*'"
    chosen = f"EXPLAIN QUERY PLAN SELECT id FROM tracks WHERE number IN ({found})"
    with library._database.read() as connection:
        plan = [row[3] for row in connection.exec_driver_sql(chosen)]
    library.close()
    assert any("USING INTEGER PRIMARY KEY" in step for step in plan), plan
