"""Briefs as JSON, those of older versions included."""

import json

import pytest

from grammy_desktop.core.brief import FORM_MOMENTS, Brief, Choice, Origin, form_moment
from grammy_desktop.core.music import Key


def example() -> Brief:
    said, default = Origin.SAID, Origin.DEFAULT
    return Brief(
        prompt="pop",
        genre=Choice("pop", said),
        mood=Choice(("very sad",), said),
        tempo=Choice(92.5, said),
        key=Choice(Key(6, "minor"), said),
        metre=Choice("4/4", default),
        duration=Choice(60.0, default),
        instruments=Choice(("piano",), said),
        excluded=Choice((), default),
        vocals=Choice(False, default),
        form=Choice(("no intro", "drop at 45"), said),
        energy=Choice(0.4, Origin.INFERRED),
        era=Choice("80s", said),
        swing=Choice(58.0, said),
        not_understood=("flumbus",),
        notes=("A note.",),
    )


def test_json_round_trip() -> None:
    values = json.loads(json.dumps(example().to_json()))
    assert Brief.from_json(values) == example()
    assert values["form"] == ["no intro", "drop at 45"]
    assert values["origins"]["energy"] == "inferred"


def test_an_older_stored_brief_loads_with_defaults() -> None:
    values = example().to_json()
    for name in ("form", "energy", "era", "swing"):
        del values[name], values["origins"][name]
    del values["notes"]
    brief = Brief.from_json(values)
    assert brief.form == Choice((), Origin.DEFAULT)
    assert brief.energy == Choice(0.0, Origin.DEFAULT)
    assert brief.era == Choice("", Origin.DEFAULT)
    assert brief.swing == Choice(None, Origin.DEFAULT)
    assert brief.notes == ()
    assert brief.tempo == Choice(92.5, Origin.SAID)


def test_a_brief_without_what_every_version_had_is_refused() -> None:
    values = example().to_json()
    del values["tempo"]
    with pytest.raises(KeyError):
        Brief.from_json(values)


def test_said() -> None:
    changed = example().said(form=("loop",), energy=-0.5)
    assert changed.form == Choice(("loop",), Origin.SAID)
    assert changed.energy == Choice(-0.5, Origin.SAID)
    assert changed.key == example().key


def test_moments() -> None:
    assert form_moment("drop at 45") == ("drop", 45.0)
    assert form_moment("chorus at 12.5") == ("chorus", 12.5)
    assert form_moment("no intro") is None
    assert form_moment("look at 5") is None
    assert FORM_MOMENTS == ("drop", "chorus", "break")
