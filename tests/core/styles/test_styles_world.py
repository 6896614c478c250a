"""What makes the styles of the world's dance floors, concert halls and late nights themselves, heard in the score alone."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

import numpy as np
import pytest

from grammy_desktop.core.brief import Brief, Choice, Origin
from grammy_desktop.core.music import Key, roman_chord
from grammy_desktop.core.song import Arrangement, Note
from grammy_desktop.core.styles import Style, load_styles
from grammy_desktop.core.styles.grid import ROWS, bars, read_hits
from grammy_desktop.generation.composer.compose import compose
from grammy_desktop.generation.composer.harmony import parse_loop

STYLES = load_styles()
TEMPI = {
    "reggae": (66, 76, 90),
    "jazz_ballad": (54, 64, 76),
    "bossa_nova": (110, 130, 150),
    "ambient": (50, 60, 80),
    "afrobeats": (92, 104, 116),
    "reggaeton": (86, 94, 102),
    "neoclassical": (56, 76, 132),
    "cinematic": (60, 90, 150),
    "swing_jazz": (120, 160, 220),
    "salsa": (160, 188, 220),
    "cumbia": (80, 92, 102),
    "bachata": (118, 126, 136),
    "samba": (92, 102, 116),
    "amapiano": (108, 112, 116),
    "ska": (130, 150, 172),
    "dancehall": (90, 98, 108),
    "march": (96, 112, 124),
}
FULL = ("reggae", "jazz_ballad", "bossa_nova", "ambient", "afrobeats", "reggaeton", "neoclassical", "cinematic")
DRUMLESS = ("ambient", "neoclassical")
EVERY = pytest.mark.parametrize("style_id", sorted(TEMPI))


@lru_cache(maxsize=64)
def arranged(style_id: str, seed: int = 5, metre: str = "4/4", seconds: float = 45.0) -> Arrangement:
    style = STYLES[style_id]
    brief = Brief(
        prompt=style.name,
        genre=_choice(style_id),
        mood=_choice(()),
        tempo=_choice(style.tempo.mode),
        key=_choice(style.keys[seed % len(style.keys)]),
        metre=_choice(metre),
        duration=_choice(seconds),
        instruments=_choice(()),
        excluded=_choice(()),
        vocals=_choice(False),
    )
    return compose(brief, style, seed)


def _choice(value):  # type: ignore[no-untyped-def]
    return Choice(value, Origin.DEFAULT)


def notes_of(score: Arrangement, role: str) -> list[Note]:
    """All notes of the parts of a role, by the roles of the style's sheet."""
    names = {part.name for style in STYLES.values() for part in style.parts if part.role == role}
    return sorted((n for part in score.parts if part.name in names for n in part.notes), key=lambda n: n.start)


def drum_places(score: Arrangement, row: str, *, grid: int = 16, soft: int = 45) -> list[frozenset[int]]:
    """`struck_steps` of the bars that have any, in order."""
    return [places for _, places in sorted(struck_steps(score, row, grid=grid, soft=soft).items())]


def struck_steps(score: Arrangement, row: str, *, grid: int = 16, soft: int = 45) -> dict[int, frozenset[int]]:
    """By bar of 4/4 the steps (of `grid`) on which a drum row is struck louder than `soft`."""
    struck: dict[int, set[int]] = {}
    for part in score.parts:
        for note in part.notes if part.is_drums else ():
            if note.pitch == ROWS[row] and note.velocity > soft:
                # Swing and lateness move a stroke by less than half a step.
                bar, place = divmod(round((note.start - 0.02) * grid / 4), grid)
                struck.setdefault(bar, set()).add(place)
    return {bar: frozenset(places) for bar, places in struck.items()}


def share(places: Iterable[frozenset[int]], wanted: set[int], *, without: Iterable[int] = ()) -> float:
    """The share of bars that hold every wanted step and none of `without`."""
    listed = list(places)
    return float(np.mean([wanted <= steps and not steps & set(without) for steps in listed])) if listed else 0.0


def middle(score: Arrangement, notes: Iterable[Note]) -> list[Note]:
    """Notes of the busiest section, where a groove is whole."""
    section = max(score.sections, key=lambda s: (s.energy, s.bars))
    first, last = (edge * score.beats_per_bar for edge in (section.start, section.start + section.bars))
    return [note for note in notes if first <= note.start < last]


# ---- the sheets ------------------------------------------------------------------------------------------------------------


@EVERY
def test_tempo_of_the_sheet(style_id: str) -> None:
    tempo = STYLES[style_id].tempo
    assert (tempo.low, tempo.mode, tempo.high) == TEMPI[style_id]


def test_no_word_means_two_styles() -> None:
    owner: dict[str, str] = {}
    for style in STYLES.values():
        for word in style.words:
            assert word == word.lower().strip()
            assert word not in owner, f"{word!r} names {owner.get(word)} and {style.id}"
            owner[word] = style.id


@EVERY
def test_every_numeral_in_every_key(style_id: str) -> None:
    harmony = STYLES[style_id].harmony
    for table in (harmony.loops, harmony.contrast, harmony.pre):
        for mode, loops in table.items():
            for tonic in range(12):
                for loop in loops:
                    for slot in parse_loop(loop):
                        for numeral in slot:
                            assert roman_chord(numeral, Key(tonic, mode)).pitch_classes
    for mode in STYLES[style_id].modes:
        tables = (harmony.loops, harmony.contrast, harmony.endings)
        assert all(mode in table for table in tables), f"{style_id} has keys in {mode} but no loops for it"


@pytest.mark.parametrize("style_id", FULL)
def test_a_full_sheet_is_rich(style_id: str) -> None:
    style = STYLES[style_id]
    assert len(style.melody.motifs) >= 8 and len(style.melody.hooks) >= 8
    for mode, loops in style.harmony.loops.items():
        assert len(loops) >= 6, (style_id, mode)
        assert len(set(loops)) == len(loops)
    assert len({round(form.seconds) for form in style.forms}) == 3
    if style_id not in DRUMLESS:
        plain = [groove for groove in style.grooves if groove.metre == "4/4"]
        assert len(plain) >= 3 and all(groove.low and groove.high for groove in plain)
        assert any(fill.big for fill in style.fills) and not all(fill.big for fill in style.fills)


@EVERY
def test_motifs_are_all_different(style_id: str) -> None:
    melody = STYLES[style_id].melody
    grids = [*melody.motifs, *melody.hooks]
    assert len(set(grids)) == len(grids)
    for grid in grids:
        assert len(bars(grid.split(":")[-1])) == 2, grid


# ---- every arrangement -----------------------------------------------------------------------------------------------------


@EVERY
def test_every_part_within_its_range(style_id: str) -> None:
    score = arranged(style_id)
    ranges = {part.name: part.range for part in STYLES[style_id].parts}
    for part in score.parts:
        low, high = ranges[part.name]
        stray = {n.pitch for n in part.notes if not low <= n.pitch <= high and not part.is_drums}
        assert not stray, (part.name, stray)


@EVERY
def test_no_silence_longer_than_the_style_allows(style_id: str) -> None:
    score = arranged(style_id)
    end, longest = 0.0, 0.0
    for note in sorted((n for p in score.parts if p.stem != "fx" for n in p.notes), key=lambda n: n.start):
        longest = max(longest, note.start - end)
        # A struck drum is heard for a while however short it is written.
        end = max(end, note.start + max(note.length, 0.5))
    assert score.seconds(longest) <= STYLES[style_id].limits.silence_seconds + 0.05


@EVERY
def test_every_section_is_played(style_id: str) -> None:
    score = arranged(style_id)
    for section in score.sections:
        if section.name.startswith("stop"):
            continue
        first, last = (edge * score.beats_per_bar for edge in (section.start, section.start + section.bars))
        assert any(first - 0.3 <= n.start < last for p in score.parts for n in p.notes), section


# ---- grooves ---------------------------------------------------------------------------------------------------------------


def test_reggae_drops_on_two_and_four() -> None:
    styles = STYLES["reggae"]
    one_drop = [g for g in styles.grooves if not any(bar[0] in "xX" for bar in bars(g.rows["K"]))]
    assert len(one_drop) >= 2
    for seed in (1, 5):
        kicks = drum_places(arranged("reggae", seed), "K")
        assert share(kicks, {4, 12}) > 0.6


def test_reggae_skank_is_short_and_off_the_beat() -> None:
    score = arranged("reggae")
    skank = next(part for part in score.parts if part.name == "skank")
    played = middle(score, skank.notes)
    places = {round((n.start % 1) * 4) % 4 for n in played}
    assert places <= {2, 3}
    assert max(score.seconds(n.length) for n in played) < 0.16


def test_reggae_bass_leaves_the_one_more_often_than_not() -> None:
    score = arranged("reggae", 1)
    bass = middle(score, notes_of(score, "bass"))
    grids = (*STYLES["reggae"].bass.rhythms, *STYLES["reggae"].bass.rhythms_high)
    silent = [bar[0] == "." for grid in grids for bar in bars(grid)]
    assert np.mean(silent) > 0.5 and bass


@pytest.mark.parametrize("seed", [1, 5])
def test_dembow(seed: int) -> None:
    score = arranged("reggaeton", seed)
    snares = drum_places(score, "S", soft=30)
    timbales = drum_places(score, "Ti")
    assert max(share(snares, {3, 6, 11, 14}), share(timbales, {3, 6, 11, 14})) > 0.6
    assert share(drum_places(score, "K"), {0, 8}) > 0.8


def test_dancehall_kicks_three_three_two() -> None:
    score = arranged("dancehall")
    assert share(drum_places(score, "S"), {6, 14}) > 0.6
    assert all(groove.rows["K"].startswith("X") for groove in STYLES["dancehall"].grooves)


def test_the_bossa_clave_never_turns_round() -> None:
    for groove in STYLES["bossa_nova"].grooves:
        first, second = bars(groove.rows["R"])
        assert first == "x.....x.....x..." and second == "....x.....x....."
    score = arranged("bossa_nova")
    rims = struck_steps(score, "R")
    seen = []
    for section in score.sections:
        for place in range(section.bars):
            steps = rims.get(section.start + place, frozenset())
            # A fill may cover a bar's second half; its first half tells the side of the clave.
            side = "three" if {0, 6} <= steps else "two" if 4 in steps and 0 not in steps else ""
            if side:
                seen.append(side == ("three" if place % 2 == 0 else "two"))
    assert len(seen) > 8 and all(seen)


def test_the_salsa_clave_is_two_three_everywhere() -> None:
    for groove in STYLES["salsa"].grooves:
        assert bars(groove.rows["Cl"]) == ("....x...x.......", "x.....x.....x...")


def test_tumbao_never_plays_the_one() -> None:
    style = STYLES["salsa"]
    for grid in (*style.bass.rhythms, *style.bass.rhythms_high):
        assert grid[0] == "." and {hit.step for hit in read_hits(grid)} >= {6, 12}
    score = arranged("salsa")
    played = middle(score, notes_of(score, "bass"))
    on_one = [n for n in played if min(n.start % 4, 4 - n.start % 4) < 0.12]
    assert len(on_one) < 0.2 * len(played)


def test_afrobeats_rim_against_a_steady_kick() -> None:
    score = arranged("afrobeats", 3)
    rims = drum_places(score, "R") or drum_places(score, "S")
    kicks = drum_places(score, "K")
    assert share(kicks, {0}) > 0.8
    struck = {step for places in rims for step in places}
    assert struck & {3, 6, 13, 12} and not {4, 12} <= struck - {12}


def test_samba_leans_on_two() -> None:
    for groove in STYLES["samba"].grooves:
        hits = {hit.step % 16: hit.velocity for hit in read_hits(groove.rows["K"])}
        assert hits[4] > hits[0] and hits[12] > hits[8]


def test_cumbia_guiro_and_bachata_four() -> None:
    assert all("Gu" in groove.rows for groove in STYLES["cumbia"].grooves)
    for grid in STYLES["bachata"].bass.rhythms:
        assert {0, 8, 12} <= {int(hit.step) for hit in read_hits(grid)}
    score = arranged("bachata")
    bass = middle(score, notes_of(score, "bass"))
    beats = {round(note.start) % 4 for note in bass if abs(note.start - round(note.start)) < 0.1}
    assert {0, 2, 3} <= beats


def test_amapiano_has_the_log_drum_for_bass() -> None:
    score = arranged("amapiano", 0)
    sounds = {part.sound for part in score.parts if part.name == "bass"}
    assert sounds and sounds <= {STYLES["amapiano"].part("bass").sound, *STYLES["amapiano"].part("bass").alternatives}
    assert STYLES["amapiano"].part("bass").sound == "synth:log_drum"
    assert not drum_places(score, "Sh") or len(set.union(*map(set, drum_places(score, "Sh", soft=20)))) >= 12


def test_march_snares_roll() -> None:
    score = arranged("march")
    snares = middle(score, (n for p in score.parts if p.is_drums for n in p.notes if n.pitch == ROWS["S"]))
    section = max(score.sections, key=lambda s: (s.energy, s.bars))
    assert len(snares) / section.bars > 7


# ---- swing and triplets ----------------------------------------------------------------------------------------------------


def inside_beat(score: Arrangement, row: str, low: float, high: float) -> np.ndarray:
    """Where in the beat (0..1) the strokes of a row lie, of those between `low` and `high`."""
    key = ROWS[row]
    starts = np.array([n.start % 1 for p in score.parts if p.is_drums for n in p.notes if n.pitch == key])
    return starts[(starts > low) & (starts < high)] if starts.size else starts


def test_swing_jazz_rides_in_triplets() -> None:
    late = np.concatenate(
        [inside_beat(arranged("swing_jazz", seed), row, 0.4, 0.85) for seed in (1, 2) for row in ("D", "H")]
    )
    assert late.size > 20
    assert 0.62 < float(np.median(late)) < 0.71


def test_jazz_ballad_brushes_in_triplets() -> None:
    late = np.concatenate([inside_beat(arranged("jazz_ballad", s), row, 0.5, 0.85) for s in (1, 5) for row in "DS"])
    assert late.size > 6
    assert 0.6 < float(np.median(late)) < 0.72


def test_reggae_hats_swing() -> None:
    sixteenths = inside_beat(arranged("reggae", 1), "H", 0.62, 0.95)
    assert sixteenths.size > 10
    assert 0.77 < float(np.median(sixteenths)) < 0.85


@pytest.mark.parametrize("style_id", ["bossa_nova", "reggaeton", "march", "cinematic"])
def test_straight_styles_are_straight(style_id: str) -> None:
    assert STYLES[style_id].feel.swing <= 52


# ---- bass and kick ---------------------------------------------------------------------------------------------------------


def coincidence(style: Style, seed: int) -> float:
    """The share of bass notes struck with a kick, in the busiest section."""
    score = arranged(style.id, seed)
    kicks = [n.start for p in score.parts if p.is_drums for n in p.notes if n.pitch == ROWS["K"] and n.velocity > 50]
    bass = middle(score, notes_of(score, "bass"))
    met = [any(abs(note.start - kick) < 0.13 for kick in kicks) for note in bass]
    return float(np.mean(met)) if met else 0.0


@pytest.mark.parametrize(
    ("style_id", "low", "high"),
    [
        ("reggae", 0.0, 0.65),
        ("bossa_nova", 0.6, 1.0),
        ("reggaeton", 0.25, 0.95),
        ("afrobeats", 0.15, 0.8),
        ("salsa", 0.0, 0.55),
    ],
)
def test_bass_meets_the_kick_as_the_style_does(style_id: str, low: float, high: float) -> None:
    met = float(np.mean([coincidence(STYLES[style_id], seed) for seed in (1, 5)]))
    assert low <= met <= high, met


@pytest.mark.parametrize("style_id", ["swing_jazz", "ska"])
def test_the_bass_walks(style_id: str) -> None:
    assert STYLES[style_id].bass.walking
    score = arranged(style_id)
    bass = middle(score, notes_of(score, "bass"))
    on_beats = {round(note.start) for note in bass if abs(note.start - round(note.start)) < 0.1}
    first, last = min(on_beats), max(on_beats)
    assert len(on_beats) >= 0.9 * (last - first + 1)
    jumps = np.array([abs(b.pitch - a.pitch) for a, b in pairwise(bass)])
    assert float(np.mean((jumps > 0) & (jumps <= 2))) > 0.35
    assert float(np.mean(jumps <= 5)) > 0.75


# ---- styles without drummer ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("style_id", DRUMLESS)
def test_no_drums(style_id: str) -> None:
    assert not STYLES[style_id].has_role("drums")
    assert not STYLES[style_id].grooves
    for seed in (1, 5):
        assert not any(part.is_drums for part in arranged(style_id, seed).parts)


def test_ambient_moves_slowly() -> None:
    score = arranged("ambient", 5, seconds=60.0)
    pad = next(part for part in score.parts if part.name == "pad")
    assert float(np.median([score.seconds(n.length) for n in pad.notes])) > 4.0
    assert len(score.chords) <= 12


@pytest.mark.parametrize("metre", ["4/4", "3/4", "6/8"])
def test_two_hands(metre: str) -> None:
    score = arranged("neoclassical", 5, metre)
    left, right = (
        [n.pitch for p in score.parts if p.stem == stem for n in p.notes] for stem in ("piano left", "piano right")
    )
    assert left and right
    assert np.mean(left) + 10 < np.mean(right)
    # The left hand keeps the pulse: a note on most beats of the middle.
    section = max(score.sections, key=lambda s: (s.energy, s.bars))
    played = middle(score, (n for p in score.parts if p.stem == "piano left" for n in p.notes))
    assert len(played) >= 2.5 * section.bars


def test_both_hands_play_one_piano() -> None:
    style = STYLES["neoclassical"]
    hands = [part for part in style.parts if part.stem.startswith("piano")]
    assert len({part.sound for part in hands}) == 1 and not any(part.alternatives for part in hands)
