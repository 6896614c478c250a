"""Draws a song on one page in the window's dark colours: sections, chords, every part's notes, spectrogram, loudness."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.chord_text import write_chord
from grammy_desktop.core.resources import resource
from grammy_desktop.core.song import Arrangement, Part
from grammy_desktop.ui.theme.tokens import DARK

WIDTH = 1200
LEFT, RIGHT = 110, 1156
"""What is drawn over time lies between them; names stand to the left, levels to the right."""
HEADER, SECTIONS, CHORDS, LANES, SPECTRUM, LOUDNESS, FOOT = 34, 34, 18, 312, 220, 84, 20
GAP = 6
BLOCK = 2
"""Pixels of a spectrogram's cell, each way: a finer one doubles the file and shows no more."""
COLUMNS, ROWS = (RIGHT - LEFT) // BLOCK, SPECTRUM // BLOCK
LOWEST, HIGHEST = 20.0, 16_000.0
"""Hz."""
FLOOR, CEILING, STEP = -96.0, -24.0, 3.0
"""dB of a cell's band; a colour is a step."""
QUIET, LOUD = -42.0, -6.0
"""LUFS, of the loudness curve."""
COLOURS = 96
VELOCITIES = 5
"""Shades of a note."""
ROLE_TOKENS = {
    "drums": "stem_drums",
    "perc": "stem_drums",
    "bass": "stem_bass",
    "chords": "stem_keys",
    "arp": "stem_keys",
    "pad": "stem_voice",
    "lead": "stem_melody",
    "counter": "stem_melody",
}
_HEAT = ("#0A0C0D", "#1F1436", "#4B1D62", "#86285F", "#C2454C", "#EC7B3C", "#F0B95A", "#FBF3CF")
_TONES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")

Floats = NDArray[np.float64]
Box = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels."""


@dataclass(frozen=True, eq=False)
class Page:
    """What a picture shows. levels: dB [ROWS, COLUMNS], lowest band first. roles: of parts, by name."""

    title: str
    facts: str
    seconds: float
    score: Arrangement
    roles: dict[str, str]
    levels: Floats
    times: Floats
    momentary: Floats
    integrated: float


def draw(page: Page) -> Any:
    """A Pillow image of few colours."""
    from PIL import Image

    sheet = _Sheet(page.seconds)
    _header(sheet, page)
    top = HEADER
    _sections(sheet, page.score, top)
    top += SECTIONS
    _chords(sheet, page.score, top)
    top += CHORDS
    for part, box in lane_boxes(page.score, top):
        _lane(sheet, part, page, box)
    top += LANES + GAP
    _spectrogram(sheet, page.levels, top)
    top += SPECTRUM + GAP
    _loudness(sheet, page, top)
    _clock(sheet, page.seconds, top + LOUDNESS)
    return sheet.image.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)


def lane_boxes(score: Arrangement, top: int = HEADER + SECTIONS + CHORDS) -> list[tuple[Part, Box]]:
    """Where each part's notes are drawn."""
    height = LANES / max(1, len(score.parts))
    return [
        (part, (LEFT, round(top + number * height) + 1, RIGHT, round(top + (number + 1) * height) - 1))
        for number, part in enumerate(score.parts)
    ]


def x_of(second: float, seconds: float) -> float:
    return LEFT + (RIGHT - LEFT) * second / seconds


class _Sheet:
    def __init__(self, seconds: float) -> None:
        from PIL import Image, ImageDraw

        height = HEADER + SECTIONS + CHORDS + LANES + GAP + SPECTRUM + GAP + LOUDNESS + FOOT
        self.image = Image.new("RGB", (WIDTH, height), DARK["window"])
        self.pen = ImageDraw.Draw(self.image)
        self.seconds = seconds

    def x(self, second: float) -> float:
        return x_of(min(second, self.seconds), self.seconds)

    def box(self, box: tuple[float, float, float, float], colour: str) -> None:
        """Right and bottom belong to the neighbour."""
        left, top, right, bottom = (round(edge) for edge in box)
        self.pen.rectangle((left, top, max(left, right - 1), max(top, bottom - 1)), fill=colour)

    def text(self, x: float, y: float, words: str, colour: str = "text_2", size: int = 11, anchor: str = "lm") -> None:
        self.pen.text((x, y), words, fill=DARK[colour], font=_font(size), anchor=anchor)

    def width_of(self, words: str, size: int = 11) -> float:
        return float(self.pen.textlength(words, font=_font(size)))


@lru_cache(maxsize=8)
def _font(size: int) -> Any:
    from PIL import ImageFont

    return ImageFont.truetype(str(resource("fonts", "Inter-Medium.otf")), size)


def _mixed(colour: str, share: float, ground: str = DARK["well"]) -> str:
    """`share` of a colour over the ground."""
    pairs = [(int(colour[i : i + 2], 16), int(ground[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(share * over + (1 - share) * under):02X}" for over, under in pairs)


def _header(sheet: _Sheet, page: Page) -> None:
    sheet.text(12, HEADER / 2, page.title, "accent", 17)
    sheet.text(24 + sheet.width_of(page.title, 17), HEADER / 2 + 1, page.facts, "text_2", 12)


def _sections(sheet: _Sheet, score: Arrangement, top: int) -> None:
    """The fuller the box, the higher the section's energy."""
    sheet.text(12, top + SECTIONS / 2, "sections")
    bottom = top + SECTIONS - 3
    for (name, start, end), section in zip(score.section_times(), score.sections, strict=True):
        left, right = sheet.x(start), sheet.x(end)
        sheet.box((left, top, right - 1, bottom), DARK["panel"])
        sheet.box((left, bottom - (bottom - top) * section.energy, right - 1, bottom), DARK["accent_soft"])
        words = f"{name} {section.energy:.2f}"
        if sheet.width_of(words) > right - left - 6:
            words = name
        sheet.text(left + 5, (top + bottom) / 2, words, "text")


def _chords(sheet: _Sheet, score: Arrangement, top: int) -> None:
    sheet.text(12, top + CHORDS / 2 - 2, "chords")
    written = 0.0
    for chord in score.chords:
        left = sheet.x(score.seconds(chord.start))
        sheet.box((left, top, left + 1, top + CHORDS - 4), DARK["line_strong"])
        words = write_chord(chord.symbol, score.key)
        if left >= written and left + sheet.width_of(words, 10) < RIGHT:
            sheet.text(left + 3, top + CHORDS / 2 - 2, words, "text_2", 10)
            written = left + 3 + sheet.width_of(words, 10)


def _lane(sheet: _Sheet, part: Part, page: Page, box: Box) -> None:
    _, top, _, bottom = box
    sheet.box(box, DARK["well"])
    score = page.score
    for _, start, _ in score.section_times()[1:]:
        sheet.box((sheet.x(start), top, sheet.x(start) + 1, bottom), DARK["line"])
    role = page.roles.get(part.name, "")
    token = ROLE_TOKENS.get(role, "stem_other")
    sheet.box((4, top, 7, bottom), DARK[token])
    size = 11 if bottom - top >= 14 else 9
    sheet.text(12, (top + bottom) / 2, part.name, "text", size)
    if not part.notes:
        return
    rows = _rows(part, drums=part.is_drums or role in ("drums", "perc"))
    height = (bottom - top - 2) / (max(rows.values()) + 1)
    shades = [_mixed(DARK[token], 0.28 + 0.72 * step / (VELOCITIES - 1)) for step in range(VELOCITIES)]
    for note in sorted(part.notes, key=lambda one: one.velocity):
        left, right = sheet.x(score.seconds(note.start)), sheet.x(score.seconds(note.start + note.length))
        middle = bottom - 1 - (rows[note.pitch] + 0.5) * height
        reach = max(1.0, min(height / 2, 2.0))
        shade = shades[min(VELOCITIES - 1, note.velocity * VELOCITIES // 128)]
        sheet.box((left, middle - reach, max(left + 2, right - 1), middle + reach), shade)
    if role != "fx" and not part.is_drums:
        lowest, highest = min(rows, key=lambda pitch: rows[pitch]), max(rows, key=lambda pitch: rows[pitch])
        words = f"{_tone(lowest)}–{_tone(highest)}" if lowest != highest else _tone(lowest)
        sheet.text(RIGHT + 4, (top + bottom) / 2, words, "text_3", 9)


def _rows(part: Part, *, drums: bool) -> dict[int, float]:
    """Pitch to row: a row a drum; a row a semitone for who plays tones, over an octave at least, the range in the middle."""
    pitches = sorted({note.pitch for note in part.notes})
    if drums:
        return {pitch: float(number) for number, pitch in enumerate(pitches)}
    spare = max(0, 12 - (pitches[-1] - pitches[0])) / 2
    rows = {pitch: pitch - pitches[0] + spare for pitch in pitches}
    return rows


def _tone(pitch: int) -> str:
    return f"{_TONES[pitch % 12]}{pitch // 12 - 1}"


def _spectrogram(sheet: _Sheet, levels: Floats, top: int) -> None:
    from PIL import Image

    steps = int((CEILING - FLOOR) / STEP)
    shades = np.array([_heat(step / steps) for step in range(steps + 1)], np.uint8)
    cells = np.clip(np.round((levels - FLOOR) / STEP), 0, steps).astype(int)
    pixels = shades[cells[::-1]].repeat(BLOCK, axis=0).repeat(BLOCK, axis=1)
    sheet.image.paste(Image.fromarray(pixels), (LEFT, top))
    sheet.text(12, top + 8, "spectrum", "text")
    sheet.text(12, top + 22, "of the mix", "text_3", 10)
    for frequency, words in ((30, "30 Hz"), (60, "60"), (125, "125"), (250, "250"), (500, "500"), (1000, "1 k"),
                             (2000, "2 k"), (4000, "4 k"), (8000, "8 k"), (15_000, "15 kHz")):  # fmt: skip
        y = top + SPECTRUM * (1 - np.log(frequency / LOWEST) / np.log(HIGHEST / LOWEST))
        sheet.box((LEFT - 5, y, LEFT - 1, y + 1), DARK["text_3"])
        sheet.text(LEFT - 8, y, words, "text_3", 10, "rm")
    for step in range(steps + 1):
        y = top + SPECTRUM - 20 - (SPECTRUM - 40) * step / steps
        sheet.box((RIGHT + 6, y - (SPECTRUM - 40) / steps, RIGHT + 12, y), "#%02X%02X%02X" % tuple(shades[step]))
    for level in range(int(FLOOR), int(CEILING) + 1, 24):
        y = top + SPECTRUM - 20 - (SPECTRUM - 40) * (level - FLOOR) / (CEILING - FLOOR)
        sheet.text(RIGHT + 16, y, f"{level}".replace("-", "−"), "text_3", 10)
    sheet.text(RIGHT + 6, top + SPECTRUM - 8, "dB", "text_3", 10)


def _heat(share: float) -> tuple[int, int, int]:
    place = share * (len(_HEAT) - 1)
    first = min(int(place), len(_HEAT) - 2)
    mixed = _mixed(_HEAT[first + 1], place - first, _HEAT[first])
    return int(mixed[1:3], 16), int(mixed[3:5], 16), int(mixed[5:7], 16)


def _loudness(sheet: _Sheet, page: Page, top: int) -> None:
    sheet.box((LEFT, top, RIGHT, top + LOUDNESS), DARK["well"])
    sheet.text(12, top + 8, "momentary", "text")
    sheet.text(12, top + 22, "LUFS", "text_3", 10)

    def y_of(level: float) -> float:
        return top + LOUDNESS * float(np.clip((LOUD - level) / (LOUD - QUIET), 0.0, 1.0))

    for level in range(-36, -6, 6):
        sheet.box((LEFT, y_of(level), RIGHT, y_of(level) + 1), DARK["grid"])
        sheet.text(LEFT - 8, y_of(level), f"{level}".replace("-", "−"), "text_3", 10, "rm")
    for _, start, _ in page.score.section_times()[1:]:
        sheet.box((sheet.x(start), top, sheet.x(start) + 1, top + LOUDNESS), DARK["line"])
    y = y_of(page.integrated)
    for x in range(LEFT, RIGHT, 10):
        sheet.box((x, y, x + 5, y + 1), DARK["accent"])
    # A meter's window ends at its time; its middle is what stands above the sound.
    points = [(sheet.x(max(0.0, t - 0.2)), y_of(float(v))) for t, v in zip(page.times, page.momentary, strict=True)]
    sheet.pen.line(points, fill=DARK["wave_rms"], width=1)
    sheet.text(RIGHT + 4, y, f"{page.integrated:.1f}".replace("-", "−"), "accent", 10)


def _clock(sheet: _Sheet, seconds: float, top: int) -> None:
    step = 5 if seconds <= 90 else 30
    for second in range(0, int(seconds) + 1, step):
        sheet.box((sheet.x(second), top, sheet.x(second) + 1, top + 4), DARK["text_3"])
        sheet.text(sheet.x(second), top + 11, f"{second // 60}:{second % 60:02d}", "text_3", 10, "mm")
