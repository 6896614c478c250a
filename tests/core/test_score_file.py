"""The score file: nothing of an arrangement is lost, and what is no score is said to be none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from grammy_desktop.assistant import read_prompt
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.idea import Idea
from grammy_desktop.core.music import Key
from grammy_desktop.core.revision import Change, Revision, revisions_of, with_revisions
from grammy_desktop.core.score_file import (
    arrangement_from_json,
    arrangement_to_json,
    idea_from_json,
    idea_to_json,
    read_score,
    write_score,
)
from grammy_desktop.core.song import ChordEvent, KeyChange, Note
from grammy_desktop.core.styles import load_styles
from grammy_desktop.generation.composer.compose import compose

STYLES = load_styles()


@pytest.mark.parametrize("style", ["lofi", "pop", "cinematic"])
def test_round_trip_is_exact(style: str, tmp_path: Path) -> None:
    song = compose(read_prompt("a song", STYLES, style=style, duration=40.0), STYLES[style], 2)
    values = json.loads(json.dumps(arrangement_to_json(song)))
    assert arrangement_from_json(values) == song
    assert read_score(write_score(song, tmp_path / "score.json")) == song


def test_key_changes_and_later_fields(tmp_path: Path) -> None:
    song = compose(read_prompt("a song", STYLES, style="pop", duration=20.0), STYLES["pop"], 2)
    values = arrangement_to_json(song)
    values["key_changes"] = [{"beat": 16.0, "key": "Eb dorian"}]
    values["what_comes_later"] = [1, 2]
    assert arrangement_from_json(values).key_changes == (KeyChange(16.0, Key(3, "dorian")),)


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"version": 99}', '{"version": 1}', '{"version": 1, "tempo": "x"}']
)
def test_what_is_no_score(content: str, tmp_path: Path) -> None:
    path = tmp_path / "score.json"
    path.write_text(content)
    with pytest.raises(UserError, match="“score"):
        read_score(path)


def test_ideas() -> None:
    idea = Idea(8.0, (Note(0.0, 1.0, 60, 90),), (ChordEvent(0.0, 4.0, "C:maj"),), 100.0, (3, 4), Key(0, "major"), "x")
    assert idea_from_json(json.loads(json.dumps(idea_to_json(idea)))) == idea
    assert idea_from_json(idea_to_json(Idea(4.0))) == Idea(4.0)


def test_revisions_are_kept_in_order() -> None:
    done = (
        Revision(Change.PART, part="drums", seed=0),
        Revision(Change.SECTION, index=0, seed=4),
        Revision(Change.CHORDS, chords={0: "Am7", 3: "N.C."}),
        Revision(Change.MUTE, stems=()),
        Revision(Change.VARY, words="darker", wishes={"mood": ["dark"], "energy": -0.2}),
        Revision(Change.LOOP, index=1, bars=4),
    )
    parameters = json.loads(json.dumps(with_revisions({"style": "lofi"}, done)))
    assert revisions_of(parameters) == done and parameters["style"] == "lofi"
    with pytest.raises(UserError, match="newer"):
        Revision.from_json({"kind": "transmogrify"})
