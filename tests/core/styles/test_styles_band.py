"""The styles of bands: what makes each of them itself, seen in what the composer writes for them (nothing is rendered)."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from grammy_desktop.core.brief import Brief, Choice, Origin
from grammy_desktop.core.music import roman_chord
from grammy_desktop.core.song import Arrangement, Note, Part
from grammy_desktop.core.styles import Style, load_styles
from grammy_desktop.core.styles.grid import bars, split_metre
from grammy_desktop.generation.composer.compose import compose
from grammy_desktop.generation.composer.harmony import parse_loop
from grammy_desktop.generation.composer.mix.curves import level_at

STYLES = load_styles()
SECONDS = 60.0
SEED = 7

TEMPOS = {
    "pop": (80, 128), "rock_ballad": (64, 84), "indie_rock": (108, 168), "hard_rock": (92, 150), "metal": (100, 220),
    "funk": (92, 120), "soul": (60, 104), "country": (76, 132), "folk": (70, 126), "punk": (160, 210), "grunge": (90, 130),
    "shoegaze": (80, 125), "blues": (70, 130), "gospel": (60, 140), "motown": (110, 130), "k_pop": (95, 170),
    "holiday": (90, 130), "childrens": (100, 130),
}  # fmt: skip
"""BPM, lowest and highest."""

PARENTS = {
    "punk": "hard_rock", "grunge": "indie_rock", "shoegaze": "indie_rock", "blues": "hard_rock", "gospel": "soul",
    "motown": "soul", "k_pop": "pop", "holiday": "pop", "childrens": "folk",
}  # fmt: skip

KICK_AND_BASS = {"funk": 0.5, "soul": 0.5, "metal": 0.8, "grunge": 0.5, "gospel": 0.5}
"""Share of kicks that a bass note meets; 0.6 where nothing is said (bars without bass excepted)."""

BACKBEAT = (
    "pop",
    "rock_ballad",
    "indie_rock",
    "hard_rock",
    "soul",
    "country",
    "grunge",
    "shoegaze",
    "blues",
    "gospel",
    "k_pop",
)
"""Styles whose loud sections have the snare or clap on two and four, whatever the seed."""

SNARES, KICKS = (37, 38, 39, 40), (35, 36)


@lru_cache(maxsize=64)
def song(name: str, seconds: float = SECONDS, seed: int = SEED) -> Arrangement:
    """In the style's usual tempo and its first key."""
    style = STYLES[name]

    def free(value: object) -> Choice[object]:
        return Choice(value, Origin.DEFAULT)

    brief = Brief(
        prompt=name, genre=free(name), mood=free(()), tempo=free(style.tempo.mode), key=free(style.keys[0]),
        metre=free("4/4"), duration=free(seconds), instruments=free(()), excluded=free(()), vocals=free(False),
    )  # type: ignore[arg-type]  # fmt: skip
    return compose(brief, style, seed)


def drums_of(arrangement: Arrangement) -> list[Note]:
    return [note for part in arrangement.parts if part.is_drums for note in part.notes]


def loudest(arrangement: Arrangement) -> tuple[float, float]:
    """First and last beat of the section of most energy."""
    section = max(arrangement.sections, key=lambda s: (s.energy, s.bars))
    first = section.start * arrangement.beats_per_bar
    return first, first + section.bars * arrangement.beats_per_bar


def within(notes: list[Note], window: tuple[float, float]) -> list[Note]:
    return [note for note in notes if window[0] - 0.1 <= note.start < window[1] - 0.1]


def in_beat(notes: list[Note]) -> np.ndarray:
    """Where in its beat each note starts, -0.15 to 0.85."""
    return (np.array([note.start for note in notes]) + 0.15) % 1.0 - 0.15


@pytest.fixture(params=sorted(TEMPOS))
def style(request: pytest.FixtureRequest) -> Style:
    return STYLES[request.param]


def test_tempo(style: Style) -> None:
    assert (style.tempo.low, style.tempo.high) == TEMPOS[style.id]
    assert style.parent == PARENTS.get(style.id, "")
    assert song(style.id).tempo == style.tempo.mode


def test_enough_to_choose_from(style: Style) -> None:
    grooves = [groove for groove in style.grooves if groove.metre == "4/4"]
    assert len(grooves) >= 3
    assert all(groove.low and groove.high for groove in grooves)
    assert len({fill.big for fill in style.fills}) == 2
    assert max(len(style.harmony.loops["major"]), len(style.harmony.loops["minor"])) >= 6
    for rhythms in (style.melody.motifs, style.melody.hooks):
        assert len(set(rhythms)) >= 8
        assert all(len(bars(split_metre(rhythm)[1])) == 2 for rhythm in rhythms)


def test_no_bar_begins_with_a_tie(style: Style) -> None:
    """Bars are read one by one: a tie over the bar line would be a rest."""
    grids = [*style.melody.motifs, *style.melody.hooks, *style.bass.rhythms, *style.bass.rhythms_high]
    for part in style.parts:
        grids += [*part.rhythms, *part.rhythms_high]
    assert not [grid for grid in grids if any(bar[0] in "-/" for bar in bars(split_metre(grid)[1]))]


def test_every_numeral_is_a_chord_in_every_key(style: Style) -> None:
    tables = (style.harmony.loops, style.harmony.contrast, style.harmony.pre)
    for key in style.keys:
        for table in tables:
            loops = table.get(key.mode) or table.get("minor" if key.is_minor else "major") or ()
            numerals = [numeral for loop in loops for slot in parse_loop(loop) for numeral in slot]
            assert all(roman_chord(numeral, key) for numeral in numerals)
        assert key.mode in style.harmony.loops, key.mode


def test_no_word_names_two_styles(style: Style) -> None:
    others = {word.lower() for other in STYLES.values() if other.id != style.id for word in other.words}
    assert not others & {word.lower() for word in style.words}


def test_parts_stay_in_their_ranges(style: Style) -> None:
    ranges = {part.name: part.range for part in style.parts}
    for part in song(style.id).parts:
        if not part.is_drums and part.name in ranges:
            low, high = ranges[part.name]
            strays = [note.pitch for note in part.notes if not low <= note.pitch <= high]
            assert not strays, (part.name, strays[:4])


def test_silence_is_no_longer_than_the_style_allows(style: Style) -> None:
    arrangement = song(style.id)
    notes = sorted((n.start, n.start + n.length) for part in arrangement.parts for n in part.notes)
    end = longest = 0.0
    for start, stop in notes:
        longest = max(longest, start - end)
        end = max(end, stop)
    assert arrangement.seconds(longest) <= style.limits.silence_seconds
    assert SECONDS - 4.0 < arrangement.seconds(end) <= SECONDS + 0.5


def test_the_chorus_is_louder_than_the_verse(style: Style) -> None:
    for form in style.forms:
        peak = max(block.energy for block in form.blocks)
        lowest = min((block.energy for block in form.blocks if block.name[:2] in ("ve", "A", "A2")), default=None)
        if lowest is not None:
            points = style.mix.section_db
            assert level_at(peak, points) - level_at(lowest, points) >= 2.0


def test_bass_meets_the_kick(style: Style) -> None:
    arrangement = song(style.id)
    bass = np.array([n.start for part in arrangement.parts if part.stem == "bass" for n in part.notes])
    kicks = [n.start for n in drums_of(arrangement) if n.pitch in KICKS and n.velocity > 50]
    near = 0.05 * arrangement.tempo / 60
    met = [bool(np.abs(bass - kick).min() < near) for kick in kicks if np.abs(bass - kick).min() < 4.0]
    assert np.mean(met) >= KICK_AND_BASS.get(style.id, 0.6)


@pytest.mark.parametrize("name", BACKBEAT)
def test_backbeat(name: str) -> None:
    arrangement = song(name)
    notes = within(drums_of(arrangement), loudest(arrangement))
    hits = [n.start % 4.0 for n in notes if n.pitch in SNARES and n.velocity >= 85]
    on = [min(abs(place - 1.0), abs(place - 3.0)) < 0.12 for place in hits]
    assert hits and np.mean(on) >= 0.6
    window = loudest(arrangement)
    assert sum(on) >= 1.5 * (window[1] - window[0]) / 4.0 * 0.8


@pytest.mark.parametrize(("name", "low", "high"), [
    ("hard_rock", 0.45, 0.55), ("punk", 0.45, 0.55), ("metal", 0.45, 0.55), ("blues", 0.6, 0.72), ("holiday", 0.53, 0.64),
])  # fmt: skip
def test_swing_of_the_eighths(name: str, low: float, high: float) -> None:
    places = in_beat([n for n in drums_of(song(name)) if n.pitch in (42, 46, 51, 83)])
    off = places[(places > 0.38) & (places < 0.8)]
    assert len(off) >= 8
    assert low <= np.median(off) <= high


@pytest.mark.parametrize(("name", "wanted"), [("soul", 60.0), ("funk", 54.0), ("pop", 51.0)])
def test_swing_of_the_sixteenths(name: str, wanted: float) -> None:
    assert STYLES[name].feel.unit == "16th"
    assert STYLES[name].feel.swing == pytest.approx(wanted, abs=3)


def test_metal_kicks_twice_as_often() -> None:
    def a_bar(name: str) -> float:
        arrangement = song(name)
        window = loudest(arrangement)
        return 4 * len([n for n in within(drums_of(arrangement), window) if n.pitch in KICKS]) / (window[1] - window[0])

    assert a_bar("metal") >= 5.5 > a_bar("hard_rock")
    four = [groove for groove in STYLES["metal"].grooves if groove.metre == "4/4"]
    assert all(sum(c != "." for c in groove.rows["K"]) >= 12 for groove in four)


def test_funk_lives_from_ghosts_and_the_one() -> None:
    arrangement = song("funk")
    window = loudest(arrangement)
    snares = [n for n in within(drums_of(arrangement), window) if n.pitch == 38]
    ghosts = [n for n in snares if n.velocity < 50]
    assert len(ghosts) >= (window[1] - window[0]) / 4.0
    for groove in STYLES["funk"].grooves:
        assert bars(groove.rows["K"])[0][0] == "X"
    short = [n.length for part in arrangement.parts if part.stem == "bass" for n in part.notes]
    assert np.median(short) < 0.5


def test_soul_is_late_and_motown_is_not() -> None:
    assert STYLES["soul"].feel.late_ms("S") >= 15
    assert abs(STYLES["motown"].feel.late_ms("S")) <= 5
    assert STYLES["punk"].feel.late_ms("S") < 0
    assert any(groove.rows["S"].startswith("X...X...X...X...") for groove in STYLES["motown"].grooves)


def test_country_trains_and_walks() -> None:
    country = STYLES["country"]
    assert any(len([c for c in bars(g.rows["S"])[0] if c != "."]) >= 12 for g in country.grooves if "S" in g.rows)
    assert country.bass.degrees["fifth"] > country.bass.degrees["root"]
    assert country.bass.approach >= 0.5


def test_blues_turns_on_twelve_bars() -> None:
    blues = STYLES["blues"]
    for mode in ("major", "minor"):
        for loop in blues.harmony.loops[mode]:
            assert len(parse_loop(loop)) == 12
    for form in blues.forms:
        assert all(block.bars == 12 for block in form.blocks if block.name[0] in "AB")
    heard = song("blues", 180.0)
    longest = max(heard.sections, key=lambda s: s.bars)
    assert longest.bars >= 12
    first = [c for c in heard.chords if longest.start * 4 <= c.start < (longest.start + 12) * 4]
    roots = {c.symbol.split(":")[0] for c in first}
    assert {"E", "A", "B"} <= roots
    assert sum("7" in c.symbol or "9" in c.symbol for c in first) >= 0.8 * len(first)
    # The subdominant arrives on the fifth bar.
    fifth = [c for c in heard.chords if c.start <= (longest.start + 4) * 4 + 1e-6 < c.start + c.length]
    assert fifth[0].symbol.startswith("A")


def test_grunge_steps_from_quiet_to_loud() -> None:
    points = STYLES["grunge"].mix.section_db
    form = next(form for form in STYLES["grunge"].forms if form.seconds == 180)
    energies = {block.name: block.energy for block in form.blocks}
    assert level_at(energies["chorus"], points) - level_at(energies["verse"], points) >= 7.0


def test_who_plays() -> None:
    def sounds(name: str) -> set[str]:
        return {sound for part in STYLES[name].parts for sound in (part.sound, *part.alternatives)}

    def names(name: str) -> set[str]:
        return {part.name for part in STYLES[name].parts}

    assert {"sf:0:30", "sf:0:29"} <= sounds("hard_rock") & sounds("punk")
    assert "synth:tonewheel" in sounds("gospel") and "sf:0:52" in sounds("gospel")
    assert "sf:0:36" in sounds("funk") and "sf:0:61" in sounds("funk")
    assert "synth:banjo_s" in sounds("country") and "sf:0:25" in sounds("country") & sounds("folk")
    assert "synth:ukulele_s" in sounds("childrens")
    assert not {"organ", "piano"} & names("punk")
    assert any("Jb" in groove.rows for groove in STYLES["holiday"].grooves)


def test_two_guitars_stand_apart() -> None:
    for name in ("indie_rock", "hard_rock", "metal", "grunge", "punk", "shoegaze"):
        pans = [part.pan for part in STYLES[name].parts if part.stem == "guitars"]
        assert min(pans) <= -0.7 and max(pans) >= 0.7, name


def parts_named(arrangement: Arrangement) -> dict[str, Part]:
    return {part.name: part for part in arrangement.parts}


def test_the_second_guitar_plays_the_first_ones_riff() -> None:
    parts = parts_named(song("metal"))
    left, right = parts["riff_left"].notes, parts["riff_right"].notes
    assert len(left) == len(right)
    assert sorted(n.pitch for n in left) == sorted(n.pitch for n in right)
    # Two takes: nobody plays the same thing twice to the millisecond.
    assert any(a.start != b.start for a, b in zip(left, right, strict=True))
