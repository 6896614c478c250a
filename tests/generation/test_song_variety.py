"""Songs of one style differ by what a listener hears: fills, answers, percussion; and the critic knows where home is."""

from __future__ import annotations

import numpy as np
import pytest

from grammy_desktop.core.music import Key, roman_chord
from grammy_desktop.core.styles import load_styles
from grammy_desktop.generation.composer.critic import begins_at_home, home_lead
from grammy_desktop.generation.composer.drums.fills import own_fills
from grammy_desktop.generation.composer.drums.habits import four_bars
from grammy_desktop.generation.composer.drums.strokes import groove_hits
from grammy_desktop.generation.composer.events import Span
from grammy_desktop.generation.composer.melody import choose_theme
from grammy_desktop.generation.composer.motif import answering, make_motif
from grammy_desktop.generation.composer.rhythm import Metre, fitting

STYLES = load_styles()
METRE = Metre.parse("4/4")
SEEDS = range(24)


def spans(*sections: str, key: str = "D minor") -> list[Span]:
    home, made, at = Key.parse(key), [], 0.0
    for index, loop in enumerate(sections):
        for numeral in loop.split():
            made.append(Span(at, 4.0, roman_chord(numeral, home), index, home))
            at += 4.0
    return made


def test_home_is_where_the_time_is_spent() -> None:
    assert home_lead(spans("i iv i VI")) > 0
    assert home_lead(spans("i iv i iv")) < 0
    assert home_lead(spans("IV V vi iii", key="F major")) < -0.2
    assert home_lead([]) == 0
    # The subdominant speaks louder than another chord of the same length.
    assert home_lead(spans("i iv VI i iv")) < home_lead(spans("i VI iv i VI"))


def test_a_song_begins_at_home_or_its_sections_do() -> None:
    assert begins_at_home(spans("i VI", "VI i", "iv VI"))
    assert begins_at_home(spans("VI i", "i iv"))
    assert not begins_at_home(spans("iv i", "VI i", "i VI"))
    assert not begins_at_home([])


@pytest.mark.parametrize("style", ["metal", "folk", "bossa_nova", "jazz_ballad", "techno"])
def test_a_songs_fills_are_its_own_and_stay_in_the_bar(style: str) -> None:
    seen = set()
    for seed in SEEDS:
        fills = own_fills(STYLES[style].fills, METRE, np.random.default_rng(seed))
        assert [fill.big for fill in fills] == [fill.big for fill in STYLES[style].fills]
        for fill in fills:
            for hits in fill.rows.values():
                assert all(0 <= hit.step < METRE.steps for hit in hits)
                assert len({hit.step for hit in hits}) == len(hits)
        seen.add(str([sorted((row, [hit.step for hit in hits]) for row, hits in fill.rows.items()) for fill in fills]))
    assert len(seen) >= len(SEEDS) - 1


@pytest.mark.parametrize("style", ["country", "metal", "cinematic", "reggaeton", "techno"])
def test_a_songs_groove_is_its_own_and_keeps_the_first_beat(style: str) -> None:
    for groove in STYLES[style].grooves:
        if groove.metre != "4/4":
            continue
        seen = set()
        for seed in SEEDS:
            bars = four_bars(STYLES[style], groove, METRE, np.random.default_rng(seed))
            for row in set(groove.rows) & {"K", "S", "C", "R"}:
                for index, bar in enumerate(bars):
                    strong = {hit.step for hit in groove_hits(groove, row, index, METRE) if hit.velocity >= 116}
                    kept = {hit.step for hit in bar[row]}
                    assert {step for step in strong if step % METRE.pulse == 0} <= kept, (row, index)
            seen.add(str([sorted((row, sorted(hit.step for hit in hits)) for row, hits in b.items()) for b in bars]))
        assert len(seen) >= len(SEEDS) - 2


@pytest.mark.parametrize("style", ["pop", "uk_drill"])
@pytest.mark.parametrize("seed", SEEDS)
def test_an_answer_begins_as_its_question_and_ends_otherwise(style: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    grids = fitting(STYLES[style].melody.motifs, METRE)
    motif = make_motif(grids[seed % len(grids)], METRE, rng, changes=2)
    answer = answering(motif, METRE, rng)
    head = [hit.step for hit in motif.rhythm if hit.step < METRE.steps / 2]
    assert [hit.step for hit in answer.rhythm][: len(head)] == head
    same = max(0, min(len(head), len(answer.contour) - 3))
    assert answer.contour[:same] == motif.contour[:same]
    assert len(answer.contour) == len(answer.rhythm)
    assert (answer.rhythm, answer.contour) != (motif.rhythm, motif.contour)


def test_a_song_knows_its_answers() -> None:
    theme = choose_theme(STYLES["pop"], METRE, np.random.default_rng(3))
    assert set(theme.verse) == set(theme.hook) == {"a", "a'", "b", "c"}
