"""Notes as arrays, as pixels, and the names of what plays them."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from grammy_desktop.core.edits import EditList
from grammy_desktop.core.music import Key
from grammy_desktop.core.song import Arrangement, Note, Part
from grammy_desktop.core.styles.sounds import shipped_patches
from grammy_desktop.ui.editor.lane_layout import MIX_OVER_NOTES, lay_out
from grammy_desktop.ui.editor.notes.drum_rows import drum_rows
from grammy_desktop.ui.editor.notes.note_data import LEAST_ROWS, moved_notes, part_notes
from grammy_desktop.ui.editor.notes.note_paint import (
    NotePictures,
    note_boxes,
    paint_notes,
    paint_slides,
    shade_of,
    shades,
)
from grammy_desktop.ui.editor.notes.part_lanes import PartLanes
from grammy_desktop.ui.editor.notes.sound_names import PROGRAMS, plain_name, sound_choices
from grammy_desktop.ui.editor.song_content import Story, chord_text, chords
from grammy_desktop.ui.editor.time_axis import TimeAxis
from grammy_desktop.ui.theme import Theme

RATE = 48_000


def score(*parts: Part, tempo: float = 120.0, tempo_map: tuple[tuple[float, float], ...] = ()) -> Arrangement:
    return Arrangement(tempo, Key.parse("A minor"), (4, 4), (), (), parts, tempo_map=tempo_map)


def scale(count: int, *, low: int = 60, high: int = 72, name: str = "lead", stem: str = "lead") -> Part:
    pitches = low + np.arange(count) % (high - low + 1)
    return Part(name, stem, tuple(Note(i * 0.5, 0.5, int(p), 40 + i % 80) for i, p in enumerate(pitches)))


def test_notes_lie_where_they_are_heard() -> None:
    part = Part("lead", "lead", (Note(4, 2, 64, 100), Note(0, 1, 60, 80)))
    notes = part_notes(part, score(part), RATE)
    assert notes.start.tolist() == [0.0, 2 * RATE]
    assert notes.end.tolist() == [RATE / 2, 3 * RATE]
    assert notes.pitch.tolist() == [60, 64]
    assert notes.rows == LEAST_ROWS
    assert notes.row[1] - notes.row[0] == 4
    assert notes.name_of(1) == "E4"


def test_a_tempo_map_moves_them() -> None:
    part = Part("lead", "lead", (Note(0, 1, 60, 80), Note(4, 1, 60, 80)))
    notes = part_notes(part, score(part, tempo_map=((0.0, 120.0), (2.0, 60.0))), RATE)
    assert notes.start[1] == pytest.approx(3 * RATE)  # two beats at half a second, two at one


def test_drums_stand_in_rows_by_piece() -> None:
    table, names = drum_rows([36, 38, 42, 46, 35])
    assert names == ("Kick", "Snare", "Closed hi-hat", "Open hi-hat")
    assert table == {36: 0, 35: 0, 38: 1, 42: 2, 46: 3}
    part = Part("drums", "drums", (Note(0, 0.1, 38, 90), Note(0, 0.1, 36, 90)), is_drums=True)
    notes = part_notes(part, score(part), RATE)
    assert (notes.rows, notes.name_of(0), notes.name_of(1)) == (2, "Snare", "Kick")


def test_an_empty_part_has_a_lane_all_the_same(theme: Theme) -> None:
    part = Part("riser", "fx", ())
    notes = part_notes(part, score(part), RATE)
    assert notes.count == 0
    assert notes.sounding(0.0).tolist() == []
    axis = TimeAxis()
    axis.set_song(RATE, RATE)
    picture = NotePictures().get("part:riser", notes, axis, theme, "stem_other", size=QRectF(0, 0, 100, 40), ratio=1.0)
    assert picture is not None
    assert not picture.toImage().pixelColor(50, 20).alpha()


def test_what_sounds_is_found_also_under_long_notes() -> None:
    part = Part("pad", "pad", (Note(0, 64, 40, 60), Note(1, 0.5, 60, 60), Note(30, 1, 62, 60)))
    notes = part_notes(part, score(part), RATE)
    assert notes.pitch[notes.sounding(15.2 * RATE)].tolist() == [40, 62]
    assert notes.pitch[notes.sounding(10.0 * RATE)].tolist() == [40]


def test_edits_cut_move_and_repeat_notes() -> None:
    part = Part("lead", "lead", (Note(0, 2, 60, 80), Note(2, 2, 62, 80), Note(4, 2, 64, 80)))
    notes = part_notes(part, score(part), RATE)
    whole = EditList.whole(3 * RATE)
    cut = moved_notes(notes, [whole.delete(RATE, 2 * RATE)])
    assert cut.pitch.tolist() == [60, 64]
    assert cut.start.tolist() == [0.0, RATE]
    again = moved_notes(notes, [whole.insert(3 * RATE, whole.copy(0, RATE // 2))])
    assert again.pitch.tolist() == [60, 62, 64, 60]
    assert (again.start[-1], again.end[-1]) == (3 * RATE, 3.5 * RATE)


def sliding() -> Part:
    """A note of four beats that rises by an octave in its second."""
    curve = ((1.0, 0.0), (2.0, 12.0))
    notes = (Note(0.0, 4.0, 36, 100, curve), Note(4.0, 1.0, 48, 100))
    return Part("bass", "bass", notes)


def test_a_slide_is_drawn_from_pitch_to_pitch_and_follows_its_sound() -> None:
    notes = part_notes(sliding(), score(sliding()), RATE)
    first, last, low, high = notes.slides.T
    # Still before and after: the pieces lie in the second beat, and halfway up in its middle.
    assert (first[0], last[-1]) == (pytest.approx(24_000), pytest.approx(48_000))
    assert high[-1] - low[0] == pytest.approx(12.0)
    assert np.interp(36_000, first, low) == pytest.approx(low[0] + 6.0, abs=0.1)
    cut = moved_notes(notes, [EditList.whole(120_000).delete(0, 24_000)])
    assert cut.slides[0, 0] == pytest.approx(0.0)
    assert cut.slides[:, 2:].max() == notes.slides[:, 2:].max()
    assert part_notes(scale(4), score(scale(4)), RATE).slides.shape == (0, 4)


def test_a_slide_is_painted_as_a_line_that_rises(qapp: object, theme: Theme) -> None:
    notes = part_notes(sliding(), score(sliding()), RATE)
    axis = TimeAxis()
    axis.set_width(250, 1.0)
    axis.set_song(RATE * 5 // 2, RATE)  # 100 px a second
    image = QImage(250, 130, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    paint_slides(painter, notes, axis, theme, 250.0, 130.0, 1.0)
    painter.end()
    heights = [[y for y in range(130) if image.pixelColor(x, y).alpha() > 60] for x in (52, 75, 98)]
    low, middle, high = (float(np.mean(rows)) for rows in heights)
    assert low > middle + 20 > high + 40


def test_parts_are_grouped_by_stem_in_the_order_of_the_stems() -> None:
    parts = (
        scale(4, name="lead", stem="lead"),
        scale(4, name="piano", stem="keys"),
        scale(4, name="bass", stem="bass"),
        scale(4, name="organ", stem="keys"),
        Part("drums", "drums", (Note(0, 0.1, 36, 90),), is_drums=True, sound="synth:kit_lofi"),
    )
    lanes = PartLanes().lanes(score(*parts), RATE, ())
    assert [lane.name for lane in lanes] == ["Drums", "Bass", "Piano", "Organ", "Lead"]
    assert [lane.channel for lane in lanes] == ["drums", "bass", "keys", "keys", "lead"]
    assert lanes[2].shared_with == ("Organ",)
    assert [lane.joined for lane in lanes] == [False, False, False, True, False]
    assert lanes[0].details == ("Lofi kit",)
    assert {lane.token for lane in lanes[2:4]} == {"stem_keys"}


def test_chords_are_written_as_musicians_do() -> None:
    assert chord_text("E:7(b9)") == "E7♭9"
    assert chord_text("Bb:sus4(b7)") == "B♭7sus4"
    (silent,) = chords({"chords": [{"symbol": "N", "start": 0.0, "end": 2.0}]}, RATE, Story(()))
    assert (silent.text, silent.index) == ("N.C.", 0)


def test_every_sound_has_a_plain_name() -> None:
    assert len(PROGRAMS) == 128
    assert plain_name("sf:0:4") == "Electric piano"
    assert plain_name("sf:128:16") == "Power kit"
    assert plain_name("synth:warm_pad") == "Warm pad"
    assert plain_name("synth:nylon_s") == "Nylon"
    assert plain_name("synth:kit_909") == "909 kit"
    assert plain_name("vst3:Surge XT:Lead else sf:0:80") == "Lead"
    assert plain_name("") == ""
    choices = sound_choices(shipped_patches(), drums=False)
    names = [name for _, name in choices]
    assert names == sorted(names, key=str.lower)
    assert len(names) == len(set(names)) > 150
    assert all(sound.startswith(("sf:128", "synth:kit_")) for sound, _ in sound_choices(shipped_patches(), drums=True))


@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_a_note_is_painted_where_it_lies(qapp: object, theme: Theme, ratio: float) -> None:
    part = Part("lead", "lead", (Note(0, 2, 60, 127), Note(4, 2, 71, 127)))
    notes = part_notes(part, score(part), RATE)
    axis = TimeAxis()
    axis.set_width(300, ratio)
    axis.set_song(3 * RATE, RATE)  # 100 px a second
    boxes = note_boxes(notes, slice(0, 2), axis, 80, ratio)
    assert boxes[0, 0] == 0
    assert boxes[1, 0] == 200 * ratio
    assert boxes[0, 2] == pytest.approx(100 * ratio, abs=1)
    assert boxes[0, 1] > boxes[1, 1]
    image = QImage(round(300 * ratio), round(80 * ratio), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    paint_notes(painter, notes, axis, shades(theme, "stem_melody"), 300, 80, ratio)
    painter.end()
    x, y, width, height = (int(v) for v in boxes[1])
    assert image.pixelColor(x + width // 2, y + height // 2) == QColor(theme.color("stem_melody"))
    assert image.pixelColor(round(150 * ratio), y + 1).alpha() == 0


def test_velocity_is_lightness(theme: Theme) -> None:
    colours = shades(theme, "stem_bass")
    steps = [colour.lightness() for colour in colours]
    assert steps == sorted(steps)
    assert shade_of(np.array([1, 40, 64, 127], np.int32)).tolist() == [0, 1, 2, 4]


def test_parts_share_what_the_small_mix_leaves() -> None:
    few = lay_out(500, 6, notes=True)
    assert (few.mix, few.stem, few.scroll_range) == (MIX_OVER_NOTES + (500 - MIX_OVER_NOTES) % 6, 74, 0)
    many = lay_out(320, 12, notes=True)
    assert many.stem == 40
    assert many.scroll_range == 12 * 40 - (320 - many.mix)
