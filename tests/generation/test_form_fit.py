"""Short songs keep their music: what is left over goes to sections, not to their edges."""

from __future__ import annotations

import numpy as np
import pytest

from grammy_desktop.assistant import read_prompt
from grammy_desktop.core.styles import load_styles
from grammy_desktop.generation.composer.compose import plan_song
from grammy_desktop.generation.composer.form.fit import fit
from grammy_desktop.generation.composer.form.kinds import kind_of

STYLES = load_styles()


@pytest.mark.parametrize("seconds", [20.0, 30.0, 40.0, 60.0])
@pytest.mark.parametrize("style", ["pop", "lofi", "house", "soul", "hard_rock", "trap"])
def test_the_outro_of_a_short_song_is_never_half_of_it(style: str, seconds: float) -> None:
    brief = read_prompt("a song", STYLES, style=style, duration=seconds)
    plan = plan_song(brief, STYLES[style], np.random.default_rng(1))
    outro = sum(section.bars for section in plan.sections if section.kind == "outro")
    assert outro <= 0.34 * plan.bars


@pytest.mark.parametrize("style", sorted(STYLES))
def test_every_form_fits_every_number_of_bars(style: str) -> None:
    for form in STYLES[style].forms:
        for units in range(1, 60):
            blocks = fit(form.blocks, units)
            assert sum(block.bars for block in blocks) == units
            assert all(block.bars >= 1 for block in blocks)


def test_a_pop_song_of_half_a_minute_has_a_verse_and_a_chorus() -> None:
    brief = read_prompt("pop, 30 seconds", STYLES)
    plan = plan_song(brief, STYLES["pop"], np.random.default_rng(1))
    assert {"verse", "chorus"} <= {kind_of(section.name) for section in plan.sections}
