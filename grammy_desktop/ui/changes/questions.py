"""The questions: a chord as text, a length, a variation, a loop, an instrument to add."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from grammy_desktop.core.brief import MAX_DURATION, MIN_DURATION
from grammy_desktop.core.chord_text import parse_chord
from grammy_desktop.core.errors import UserError
from grammy_desktop.ui.changes.ask_popover import AskPopover
from grammy_desktop.ui.formats import length
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import Button, Select, row


class ChordQuestion(AskPopover):
    """`accepted` carries the chord as text; `another_wanted`: the style is to choose one."""

    another_wanted = Signal()

    def __init__(self, theme: Theme, window: QWidget, chord: str, *, where: str) -> None:
        super().__init__(theme, window, f"Chord {where}", "Change", width=320)
        self._before = chord
        self.text = self.field(chord, "Chord", hint="Am7, F#m7b5/C, N.C.")
        self.add(self.text)
        self.text.textChanged.connect(self._check)
        another = Button(theme, "Another chord", kind="link", size="card", tip="One that fits here in this style")
        another.clicked.connect(self._another)
        self.extra.addWidget(another)
        self._check()

    def _check(self) -> None:
        text = self.text.text().strip()
        try:
            if text:
                parse_chord(text)
            self.refuse("")
        except UserError as error:
            self.refuse(error.message)
        self.button.setEnabled(self.button.isEnabled() and bool(text) and text != self._before)

    def _another(self) -> None:
        self.close_popover()
        self.another_wanted.emit()

    def _accept(self) -> None:
        if self.button.isEnabled():
            text = self.text.text().strip()
            self.close_popover()
            self.accepted.emit(text)


def read_length(text: str) -> float | None:
    """Seconds of '3:00', '180', '90 s', '2 min'; None where it is none of them."""
    plain = text.strip().lower()
    clock = re.fullmatch(r"(\d{1,2}):([0-5]\d)", plain)
    if clock is not None:
        return float(int(clock[1]) * 60 + int(clock[2]))
    number = re.fullmatch(r"(\d+(?:[.,]\d+)?)\s*(s|sec|seconds?|m|min|minutes?)?", plain)
    if number is None:
        return None
    value = float(number[1].replace(",", "."))
    return value * 60 if (number[2] or "s").startswith("m") else value


class LengthQuestion(AskPopover):
    """`accepted` carries seconds."""

    def __init__(self, theme: Theme, window: QWidget, seconds: float) -> None:
        note = "Hook, chords, groove and sounds are kept; the form is written for the new length."
        super().__init__(theme, window, "Extend or shorten", "Make it", note=note)
        self._seconds = seconds
        self.text = self.field(length(seconds), "New length", hint="3:00 or 90 s")
        presets = row(spacing=6)
        self.add(self.text, presets)
        for text in ("0:30", "1:00", "2:00", "3:00"):
            button = Button(theme, text, kind="control", size="card", name=f"Length {text}")
            button.clicked.connect(lambda _=False, chosen=text: self.text.setText(chosen))
            presets.addWidget(button)
        presets.addStretch(1)
        self.text.textChanged.connect(self._check)
        self._check()

    def _check(self) -> None:
        text = self.text.text().strip()
        seconds = read_length(text)
        if seconds is None:
            self.refuse("Write a length as minutes and seconds, such as 3:00, or as seconds." if text else "")
        elif not MIN_DURATION <= seconds <= MAX_DURATION:
            self.refuse(f"A song can last {length(MIN_DURATION)} to {length(MAX_DURATION)}.")
        else:
            self.refuse("")
        ready = seconds is not None and round(seconds) != round(self._seconds)
        self.button.setEnabled(self.button.isEnabled() and ready)

    def _accept(self) -> None:
        seconds = read_length(self.text.text())
        if self.button.isEnabled() and seconds is not None:
            self.close_popover()
            self.accepted.emit(seconds)


class VariationQuestion(AskPopover):
    """`accepted` carries the words."""

    WORDS = (("darker", "brighter", "calmer", "louder"), ("more energy", "slower", "faster"))

    def __init__(self, theme: Theme, window: QWidget) -> None:
        note = "The same song as you describe it: its hook and form are kept."
        super().__init__(theme, window, "Variation", "Make it", note=note)
        self.text = self.field("", "How it is to be", hint="Darker, with strings")
        self.add(self.text)
        for line in self.WORDS:
            words = row(spacing=6)
            for word in line:
                button = Button(theme, word.capitalize(), kind="control", size="card", name=f"Add: {word}")
                button.clicked.connect(lambda _=False, chosen=word: self._add(chosen))
                words.addWidget(button)
            words.addStretch(1)
            self.add(words)
        self.text.textChanged.connect(self._check)
        self._check()

    def _add(self, word: str) -> None:
        text = self.text.text().strip()
        self.text.setText(f"{text}, {word}" if text else word)

    def _check(self) -> None:
        self.button.setEnabled(bool(self.text.text().strip()))

    def _accept(self) -> None:
        words = self.text.text().strip()
        if words:
            self.close_popover()
            self.accepted.emit(words)


class LoopQuestion(AskPopover):
    """`accepted` carries (section or None, bars; 0 for all of them)."""

    def __init__(
        self, theme: Theme, window: QWidget, sections: Sequence[tuple[int, str]], *, section: int | None = None
    ) -> None:
        options = [(-1, "The whole song"), *sections]
        chosen = -1 if section is None else section
        self.section = Select(theme, options, name="What the loop is made of", value=chosen)
        bars = [(0, "All its bars"), *((n, f"{n} bar{'' if n == 1 else 's'}") for n in (1, 2, 4, 8, 16))]
        self.bars = Select(theme, bars, name="Length of the loop", value=0)
        note = "Whole bars whose end meets their beginning, as a take of its own; Export writes it with tempo and bars."
        super().__init__(theme, window, "Export a loop", "Make the loop", note=note)
        self.add(self.section, self.bars)

    def _accept(self) -> None:
        section, bars = self.section.value, self.bars.value
        self.close_popover()
        self.accepted.emit((section if isinstance(section, int) and section >= 0 else None, bars))


class InstrumentQuestion(AskPopover):
    """`accepted` carries the instrument's name."""

    def __init__(self, theme: Theme, window: QWidget) -> None:
        note = "It plays along where this style would let it."
        super().__init__(theme, window, "Add an instrument", "Add", note=note)
        self.text = self.field("", "Instrument", hint="Flute, strings, congas")
        self.add(self.text)
        self.text.textChanged.connect(lambda text: self.button.setEnabled(bool(text.strip())))
        self.button.setEnabled(False)

    def _accept(self) -> None:
        name = self.text.text().strip()
        if name:
            self.close_popover()
            self.accepted.emit(name)
