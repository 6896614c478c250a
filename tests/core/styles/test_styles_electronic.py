"""What makes each electronic and hip-hop style itself, read off composed arrangements (nothing is rendered)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from statistics import median

import pytest

from grammy_desktop.core.brief import Brief, Choice, Origin
from grammy_desktop.core.music import roman_chord
from grammy_desktop.core.song import Arrangement, Note, Part, Section
from grammy_desktop.core.styles import Style, load_styles
from grammy_desktop.generation.composer.compose import compose
from grammy_desktop.generation.composer.harmony import parse_loop

STYLES = load_styles()
SEEDS = (1, 2)


@dataclass(frozen=True)
class Mark:
    """What a style must show: tempo range, the place of its kicks and backbeats, its swing (per cent, 16ths)."""

    tempo: tuple[float, float, float]
    kick: str = ""
    backbeat: str = ""
    swing: float = 50.0


MARKS = {
    "lofi": Mark((68, 80, 92), "", "2 and 4", 61),
    "boom_bap": Mark((82, 90, 98), "", "2 and 4", 58),
    "trap": Mark((130, 140, 160), "", "3"),
    "uk_drill": Mark((138, 142, 146), "", "drill"),
    "house": Mark((120, 124, 128), "four", "2 and 4", 56),
    "deep_house": Mark((118, 122, 124), "four", "2 and 4", 57),
    "techno": Mark((126, 132, 145), "four"),
    "drum_and_bass": Mark((170, 174, 178), "two-step", "2 and 4"),
    "dubstep": Mark((138, 140, 150), "", "3"),
    "synthwave": Mark((80, 100, 118), "", "2 and 4"),
    "edm": Mark((124, 128, 132), "four", "2 and 4"),
    "tropical_house": Mark((98, 104, 116), "", "2 and 4", 52),
    "disco": Mark((110, 118, 124), "four", "2 and 4", 52),
    "trance": Mark((132, 138, 145), "four", "2 and 4"),
    "future_bass": Mark((140, 150, 160), "", "3"),
    "phonk": Mark((120, 140, 165)),
    "cloud_rap": Mark((120, 136, 150), "", "3", 54),
    "jersey_club": Mark((130, 138, 145), "five", "2 and 4"),
    "uk_garage": Mark((128, 132, 136), "two-step", "2 and 4", 63),
    "breakbeat": Mark((110, 126, 138), "", "2 and 4", 54),
    "hyperpop": Mark((130, 150, 170)),
    "chiptune": Mark((120, 140, 160), "", "2 and 4"),
    "vaporwave": Mark((60, 75, 90), "", "2 and 4", 53),
    "afro_house": Mark((118, 121, 124), "", "", 54),
}
DROPPING = ("house", "techno", "drum_and_bass", "dubstep", "edm", "tropical_house", "trance", "future_bass")
BACKBEAT_KEYS = (37, 38, 39, 40)
KICK_KEYS = (35, 36)


def brief_for(style: Style, seed: int, seconds: float) -> Brief:
    """What the style is when a prompt says nothing else."""

    def default(value: object) -> Choice[object]:
        return Choice(value, Origin.DEFAULT)

    choices = {
        "genre": style.id, "mood": (), "tempo": style.tempo.mode, "key": style.keys[seed % len(style.keys)],
        "metre": "4/4", "duration": seconds, "instruments": (), "excluded": (), "vocals": False,
    }  # fmt: skip
    return Brief(prompt=style.name, **{name: default(value) for name, value in choices.items()})  # type: ignore[arg-type]


@lru_cache(maxsize=256)
def song(style_id: str, seed: int, seconds: float = 45.0) -> Arrangement:
    style = STYLES[style_id]
    return compose(brief_for(style, seed, seconds), style, seed)


@pytest.fixture(params=sorted(MARKS))
def style(request: pytest.FixtureRequest) -> Style:
    return STYLES[request.param]


def drums_of(arrangement: Arrangement) -> list[Note]:
    return [note for part in arrangement.parts if part.is_drums for note in part.notes]


def part_of(arrangement: Arrangement, style: Style, role: str) -> Part:
    names = {part.name for part in style.parts if part.role == role}
    return next(part for part in arrangement.parts if part.name in names)


def peak_of(arrangement: Arrangement) -> Section:
    return max(arrangement.sections, key=lambda section: (section.energy, section.bars))


def steps_by_bar(notes: list[Note], section: Section, beats: float = 4.0) -> list[list[tuple[int, int]]]:
    """(step 0..15, velocity) of the notes in each of the section's bars but the last, which belongs to the fill."""
    bars: list[list[tuple[int, int]]] = []
    for bar in range(section.start, section.start + section.bars - 1):
        inside = [n for n in notes if bar * beats - 0.1 <= n.start < (bar + 1) * beats - 0.1]
        # Swung and late notes belong to the step before them.
        bars.append(sorted({(int((n.start - bar * beats) * 4 + 0.42), n.velocity) for n in inside}))
    return bars


def peak_bars(style: Style, keys: tuple[int, ...]) -> Iterator[list[tuple[int, int]]]:
    """The bars of the songs' peak sections, but for bars that fills may change (each fourth)."""
    for seed in SEEDS:
        arrangement = song(style.id, seed)
        section = peak_of(arrangement)
        notes = [note for note in drums_of(arrangement) if note.pitch in keys]
        for index, bar in enumerate(steps_by_bar(notes, section)):
            if index % 4 != 3:
                yield bar


def share(truths: list[bool]) -> float:
    return sum(truths) / max(1, len(truths))


def test_every_style_is_there_with_its_tempo(style: Style) -> None:
    assert (style.tempo.low, style.tempo.mode, style.tempo.high) == MARKS[style.id].tempo
    assert {round(form.seconds) for form in style.forms} == {180, 60, 30}


def test_sheets_are_rich(style: Style) -> None:
    assert len(style.grooves) >= 3 and all(groove.low for groove in style.grooves)
    assert sum(bool(groove.high) for groove in style.grooves) >= 3
    assert len(style.fills) >= 2
    assert max(len(loops) for loops in style.harmony.loops.values()) >= 6
    assert len(style.melody.motifs) >= 8 and len(style.melody.hooks) >= 8
    grids = [grid.split() for grid in (*style.melody.motifs, *style.melody.hooks)]
    assert all(len(bars) == 2 for bars in grids)
    assert len(set(style.melody.hooks)) == len(style.melody.hooks)


def test_every_numeral_is_a_chord_in_every_key(style: Style) -> None:
    for table in (style.harmony.loops, style.harmony.contrast):
        for loops in table.values():
            for loop in loops:
                for key in style.keys:
                    assert all(roman_chord(numeral, key) for slot in parse_loop(loop) for numeral in slot)


def test_no_two_styles_share_a_word() -> None:
    words = Counter(word.lower() for style in STYLES.values() for word in style.words)
    assert [word for word, count in words.items() if count > 1] == []


def test_kicks_stand_where_the_style_puts_them(style: Style) -> None:
    pattern = MARKS[style.id].kick
    bars = [{step for step, _ in bar} for bar in peak_bars(style, KICK_KEYS)]
    assert bars
    if pattern == "four":
        assert share([{0, 4, 8, 12} <= bar for bar in bars]) > 0.8
    elif pattern == "five":
        # The drummer leaves one out here and there.
        assert share([{0, 4, 8, 11, 14} <= bar or len(bar & {0, 3, 6, 8, 11, 14}) >= 5 for bar in bars]) > 0.55
        assert share([len(bar & {0, 3, 4, 6, 8, 11, 14}) >= 4 for bar in bars]) > 0.95
    elif pattern == "two-step":
        # Kick on one, never on the second and fourth beat: that is the snare's.
        assert share([0 in bar for bar in bars]) > 0.9
        assert share([not bar & {4, 12} for bar in bars]) > 0.8
    else:
        assert share([0 in bar for bar in bars]) > 0.5


def test_backbeats_stand_where_the_style_puts_them(style: Style) -> None:
    place = MARKS[style.id].backbeat
    if not place:
        return
    loud = [{step for step, velocity in bar if velocity >= 50} for bar in peak_bars(style, BACKBEAT_KEYS)]
    if place == "2 and 4":
        assert share([bool(bar & {4, 12}) for bar in loud]) >= 0.85
        assert share([{4, 12} <= bar for bar in loud]) > 0.6
    elif place == "3":
        assert share([8 in bar for bar in loud]) > 0.9
        assert share([not bar & {4, 12} for bar in loud]) > 0.8
    else:
        # Beat 3 of the first bar, beat 4 of the second.
        assert share([8 in bar or 12 in bar for bar in loud]) > 0.9
        assert share([8 in bar for bar in loud]) > 0.25
        assert share([12 in bar and 8 not in bar for bar in loud]) > 0.2


def test_swing_is_the_styles(style: Style) -> None:
    wanted = MARKS[style.id].swing
    assert style.feel.swing == pytest.approx(wanted, abs=1.0)
    offsets: dict[bool, list[float]] = {False: [], True: []}
    for seed in SEEDS:
        for note in drums_of(song(style.id, seed)):
            step = int(note.start * 4 + 0.42)
            # Rolls of 32nds and triplets lie between the steps.
            if note.pitch in (42, 46, 82, 63, 60) and abs(note.start * 4 - step) < 0.4:
                offsets[step % 2 == 1].append(note.start * 4 - step)
    if len(offsets[True]) < 8:
        return
    late = median(offsets[True]) - median(offsets[False])
    assert late == pytest.approx(2 * (style.feel.swing - 50) / 100, abs=0.07)


def kick_and_bass(style: Style) -> float:
    """Share of the kicks of loud sections on which the bass starts a note."""
    together: list[bool] = []
    for seed in range(5):
        arrangement = song(style.id, seed)
        section = peak_of(arrangement)
        first, last = section.start * 4.0, (section.start + section.bars - 1) * 4.0
        bass = [note.start for note in part_of(arrangement, style, "bass").notes]
        for note in drums_of(arrangement):
            if note.pitch in KICK_KEYS and note.velocity >= 60 and first <= note.start < last:
                together.append(any(abs(start - note.start) < 0.1 for start in bass))
    return share(together)


def test_808s_share_the_kick_and_off_beat_basses_avoid_it() -> None:
    assert kick_and_bass(STYLES["trap"]) > 0.6
    assert kick_and_bass(STYLES["jersey_club"]) > 0.6
    assert kick_and_bass(STYLES["disco"]) > 0.6
    for name in ("uk_drill", "house", "deep_house", "techno", "trance"):
        assert kick_and_bass(STYLES[name]) < 0.55, name


def test_drops_have_more_players_and_notes_than_what_they_leave() -> None:
    for name in DROPPING:
        style = STYLES[name]
        for seed in SEEDS:
            arrangement = song(name, seed)
            peak = peak_of(arrangement)
            calm = min(arrangement.sections, key=lambda section: section.energy)
            assert peak.energy - calm.energy >= 0.4, name
            assert players_in(arrangement, peak) > players_in(arrangement, calm), name
            assert notes_a_bar(arrangement, peak) > 1.3 * notes_a_bar(arrangement, calm), name
            levels = dict(style.mix.section_db)
            assert max(levels.values()) - min(levels.values()) >= 6.0, name


def players_in(arrangement: Arrangement, section: Section) -> int:
    first, last = section.start * 4.0, (section.start + section.bars) * 4.0
    return sum(
        any(first <= note.start < last for note in part.notes) for part in arrangement.parts if part.stem != "fx"
    )


def notes_a_bar(arrangement: Arrangement, section: Section) -> float:
    first, last = section.start * 4.0, (section.start + section.bars) * 4.0
    heard = [note for part in arrangement.parts if part.stem != "fx" for note in part.notes]
    return sum(first <= note.start < last for note in heard) / section.bars


def test_every_note_lies_in_its_parts_range(style: Style) -> None:
    for seed in SEEDS:
        for part in song(style.id, seed).parts:
            low, high = style.part(part.name).range
            assert all(low <= note.pitch <= high for note in part.notes), part.name


def test_no_silence_longer_than_the_style_allows(style: Style) -> None:
    for seed in SEEDS:
        arrangement = song(style.id, seed)
        notes = sorted(
            (note.start, note.start + note.length)
            for part in arrangement.parts
            if part.stem != "fx"
            for note in part.notes
        )
        end = 0.0
        for start, stop in notes:
            gap = arrangement.seconds(start - end) if start > end else 0.0
            assert gap <= style.limits.silence_seconds, (style.id, seed, end / 4)
            end = max(end, stop)


def test_signatures_of_single_styles() -> None:
    # One chord is a whole techno track; chip music has four voices and no reverb; phonk has its riff early.
    assert all("i" in STYLES["techno"].harmony.loops[mode] for mode in ("minor", "phrygian"))
    assert STYLES["techno"].harmony.cadence == "none"
    chip = STYLES["chiptune"]
    assert len([part for part in chip.parts if not part.optional]) == 5
    assert all(part.reverb_db is None or part.reverb_db <= -50 for part in chip.parts)
    assert STYLES["phonk"].part("lead").min_energy < 0.4
    # Slides are drill's voice: at least twice as many as in trap.
    assert STYLES["uk_drill"].bass.glide >= 2 * STYLES["trap"].bass.glide
    # Vaporwave is dark, hyperpop bright.
    assert STYLES["vaporwave"].mix.lowpass <= 7000
    assert STYLES["hyperpop"].mix.tilt > STYLES["pop"].mix.tilt
