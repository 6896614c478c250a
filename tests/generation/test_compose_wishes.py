"""What a brief may wish of form, energy and ending, and what a style may do with keys and triplets."""

from dataclasses import replace
from itertools import pairwise

import pytest

from grammy_desktop.assistant import read_prompt
from grammy_desktop.core.brief import Brief
from grammy_desktop.core.music import Chord
from grammy_desktop.core.song import Arrangement
from grammy_desktop.core.styles import FormBlock, Lift, load_styles
from grammy_desktop.generation.composer.compose import compose
from grammy_desktop.generation.composer.form.energy import shape_energy
from grammy_desktop.generation.composer.form.kinds import kind_of
from grammy_desktop.generation.composer.form.plan import fade_seconds, plan_form
from grammy_desktop.generation.composer.form.wishes import FormWishes
from grammy_desktop.generation.composer.midi.file import midi_bytes
from grammy_desktop.generation.composer.rhythm import Metre, adapt_bar, bar_hits, fitting

STYLES = load_styles()
FOUR = Metre(4, 4)


def plan(
    style: str, *form: str, duration: float = 120.0, tempo: float = 0.0, energy: float = 0.0
) -> list[tuple[str, float]]:
    """(kind, start in seconds) of the sections, the end of the music last."""
    sheet = STYLES[style]
    made = plan_form(
        sheet,
        tempo=tempo or sheet.tempo.mode,
        metre=FOUR,
        duration=duration,
        wishes=FormWishes.read(form),
        energy=energy,
    )
    bar = 240 / made.tempo
    return [(s.kind, s.start * bar) for s in made.sections]


@pytest.mark.parametrize("style", ["lofi", "pop", "house", "edm"])
def test_intros_and_outros_as_wished(style: str) -> None:
    assert plan(style, "no intro")[0][0] != "intro"
    assert plan(style, "no outro")[-1][0] != "outro"
    short, long = plan(style, "short intro"), plan(style, "long intro")
    assert short[0][0] == long[0][0] == "intro"
    assert long[1][1] > 1.5 * short[1][1]
    # The later word wins.
    assert plan(style, "no intro", "long intro") == long


@pytest.mark.parametrize("style", ["lofi", "pop", "house", "trap", "rock_ballad"])
@pytest.mark.parametrize(
    ("wish", "kind"), [("drop at 45", "chorus"), ("chorus at 20", "chorus"), ("break at 61.5", "break")]
)
def test_a_section_begins_on_the_bar_nearest_to_its_moment(style: str, wish: str, kind: str) -> None:
    bar = 240 / STYLES[style].tempo.mode
    seconds = float(wish.split()[-1])
    starts = [start for name, start in plan(style, wish) if name == kind]
    assert min(abs(start - seconds) for start in starts) <= bar / 2 + 1e-6
    if kind == "chorus":
        assert min(starts) == pytest.approx(seconds, abs=bar / 2 + 1e-6)


def test_two_moments_and_sections_that_must_not_be() -> None:
    sections = plan("pop", "chorus at 30", "break at 80")
    bar = 240 / STYLES["pop"].tempo.mode
    assert any(kind == "chorus" and abs(start - 30) <= bar / 2 + 1e-6 for kind, start in sections)
    assert any(kind == "break" and abs(start - 80) <= bar / 2 + 1e-6 for kind, start in sections)
    assert "chorus" not in {kind for kind, _ in plan("house", "no drop")}
    assert "break" not in {kind for kind, _ in plan("house", "no break")}


def test_energy_keeps_the_order_of_sections() -> None:
    blocks = [
        FormBlock("verse", 8, 0.4),
        FormBlock("chorus", 8, 0.8),
        FormBlock("chorus2", 8, 0.8),
        FormBlock("outro", 4, 0.2),
    ]
    plain, calm, wild = (shape_energy(blocks, shift=shift) for shift in (0.0, -1.0, 1.0))
    for a, b, c in zip(calm, plain, wild, strict=True):
        assert a.energy < b.energy < c.energy <= 1.0
    assert plain[1].energy < plain[2].energy == 0.8
    assert all(a.energy <= b.energy for a, b in pairwise(shape_energy(blocks, build=True)))


def brief(style: str, *form: str, duration: float = 30.0) -> Brief:
    return read_prompt("song", STYLES, style=style, duration=duration).said(form=form)


def make(style: str, *form: str, seed: int = 1, duration: float = 30.0) -> Arrangement:
    return compose(brief(style, *form, duration=duration), STYLES[style], seed)


def test_endings() -> None:
    loop = make("house", "loop")
    bars = loop.seconds(loop.beats_per_bar)
    assert loop.ending == "loop" and abs(loop.bars * bars - 30.0) <= bars / 2
    assert max(n.start for p in loop.parts for n in p.notes if p.stem != "fx") < loop.bars * loop.beats_per_bar
    fade = make("pop", "fade out")
    assert fade.ending == "fade" and 5 < fade_seconds(30.0) < 12
    assert max(fade.seconds(n.start + n.length) for p in fade.parts for n in p.notes) == pytest.approx(30.0, abs=0.7)
    stop = make("rock_ballad", "cold end")
    last = [n for p in stop.parts if not p.is_drums and p.stem != "fx" for n in p.notes if stop.seconds(n.start) > 27.0]
    assert max(stop.seconds(n.start + n.length) for n in last) < 29.3
    assert max(stop.seconds(n.start) for n in last) > 27.5


def test_the_last_chorus_goes_up_after_its_dominant() -> None:
    style = STYLES["pop"]
    lifting = replace(style, harmony=replace(style.harmony, lift=Lift(1.0, 2)))
    wish = brief("pop", duration=180.0)
    flat, up = compose(wish, replace(style, harmony=replace(style.harmony, lift=Lift())), 3), compose(wish, lifting, 3)
    assert flat.key_changes == ()
    (change,) = up.key_changes
    assert change.key.tonic == (up.key.tonic + 2) % 12 and change.key.mode == up.key.mode
    chorus = [s for s in up.sections if kind_of(s.name) == "chorus"][-1]
    assert change.beat == chorus.start * up.beats_per_bar
    before = next(c for c in up.chords if abs(c.start + c.length - change.beat) < 1e-6)
    assert Chord.parse(before.symbol).root == (change.key.tonic + 7) % 12
    assert Chord.parse(up.chords[-1].symbol).root == change.key.tonic
    assert up.key_at(change.beat) == change.key and up.key_at(0.0) == up.key
    import io

    import mido

    track = mido.MidiFile(file=io.BytesIO(midi_bytes(up))).tracks[0]
    assert [m.type for m in track].count("key_signature") == 2
    for part in up.parts:
        low, high = style.part(part.name).range
        assert all(low <= note.pitch <= high for note in part.notes)


def test_rhythms_for_a_metre_of_their_own_and_triplets_elsewhere() -> None:
    waltz = Metre(3, 4)
    assert fitting(("x...............", "3/4: x---x---x---"), waltz) == ("3/4: x---x---x---",)
    assert [hit.step for hit in bar_hits("3/4: x---x---x---", 0, waltz)] == [0, 4, 8]
    assert [hit.step for hit in bar_hits("x.xx.x......", 0, FOUR)] == pytest.approx([0, 8 / 3, 4, 4 + 8 / 3])
    # The beats of a shuffle are the beats of 12/8 and of 6/8.
    assert [hit.step for hit in bar_hits("x.xx.x......", 0, Metre(12, 8))] == [0, 4, 6, 10]
    assert len(adapt_bar("x.xx.x......", Metre(6, 8))) == 12
    assert len(adapt_bar("x.xx.x......", waltz)) == 9
    assert len(adapt_bar("x.xx.x......", Metre(7, 8))) == 14


def test_swing_leaves_triplets_alone() -> None:
    style = STYLES["lofi"]
    groove = replace(style.grooves[0], rows={"K": "X..X..X..X..", "H": "x.xx.xx.xx.x"}, low=("K", "H"))
    feel = replace(style.feel, swing=70.0, unit="8th", late={}, jitter={})
    sheet = replace(style, grooves=(groove, groove), fills=(), feel=feel)
    drums = next(part for part in compose(brief("lofi"), sheet, 1).parts if part.is_drums)
    thirds = [note.start * 3 for note in drums.notes]
    assert all(abs(third - round(third)) < 0.01 for third in thirds)
    assert any(round(third) % 3 == 2 for third in thirds)


def test_a_swing_that_is_asked_for_wins() -> None:
    style = replace(STYLES["house"], feel=replace(STYLES["house"].feel, late={}, jitter={}))
    straight = compose(brief("house").said(swing=50.0), style, 1)
    drums = next(part for part in straight.parts if part.is_drums)
    offs = [abs(n.start * 4 - round(n.start * 4)) for n in drums.notes]
    assert max(offs) < 0.26 and sum(off < 1e-4 for off in offs) > 0.9 * len(offs)


def test_blues_is_sung_in_whole_verses() -> None:
    style = STYLES["pop"]
    twelve = ("I7 I7 I7 I7 IV7 IV7 I7 I7 V7 IV7 I7 V7",)
    harmony = replace(
        style.harmony,
        loops={"major": twelve, "minor": twelve},
        contrast={"major": twelve, "minor": twelve},
        cadence="none",
    )
    song = compose(brief("pop", duration=90.0), replace(style, harmony=harmony), 1)
    inner = [s.bars for s in song.sections if kind_of(s.name) not in ("intro", "outro")]
    assert inner and all(bars % 12 == 0 for bars in inner)
