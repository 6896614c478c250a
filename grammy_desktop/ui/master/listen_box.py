"""A / B / X, level-matched, with the blind test's count; under it the devices to hear it on."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from grammy_desktop.ui.formats import signed
from grammy_desktop.ui.master.big_key import BigKey
from grammy_desktop.ui.master.blind_test import BlindTest
from grammy_desktop.ui.master.device_chips import DeviceChips
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import Button, Keycap, Label, column, row

CHOOSE_TIP = "Choose the version: the chevron, or Alt+{}"


class ListenBox(QWidget):
    """`hear` asks for 'a' or 'b' openly, `hear_hidden` without showing which, `choose` for the list of versions of a slot.

    `trial_changed` tells whether an answer is waited for.
    """

    hear = Signal(str)
    hear_hidden = Signal(str)
    choose = Signal(str)
    trial_changed = Signal(bool)

    def __init__(self, theme: Theme, test: BlindTest | None = None) -> None:
        super().__init__()
        self.test = test or BlindTest()
        self._heard = "b"
        self._told: tuple[str, str] | None = None
        self.devices = DeviceChips(theme)
        self._make_keys(theme)
        self._make_trial(theme)
        self.match = Label(theme, "", "small", "text_2")
        head = row(Label(theme, "Listen", "body_bold"), None, self.match)
        keys = row(self.key_a, self.key_b, self.key_x)
        parts = (head, keys, self.count_line, self.question, self.verdict, self.devices)
        self.setLayout(column(*parts, spacing=8, margins=(16, 10, 16, 12)))
        self._show()

    def _make_keys(self, theme: Theme) -> None:
        self.key_a = BigKey(theme, "A", "Mix", tip=CHOOSE_TIP.format("A"), choosable=True)
        self.key_b = BigKey(theme, "B", "Master", tip=CHOOSE_TIP.format("B"), choosable=True)
        self.key_x = BigKey(theme, "X", "Which one?", tip="A or B, at random. Answer with Shift+A or Shift+B")
        self.key_a.clicked.connect(lambda: self.press("a"))
        self.key_b.clicked.connect(lambda: self.press("b"))
        self.key_x.clicked.connect(self.press_x)
        self.key_a.menu_wanted.connect(lambda: self.choose.emit("a"))
        self.key_b.menu_wanted.connect(lambda: self.choose.emit("b"))

    def _make_trial(self, theme: Theme) -> None:
        self.count = Label(theme, "", "small", "text_2")
        self.verdict = Label(theme, "", "small", "text")
        self.verdict.setWordWrap(True)
        self.again = Button(theme, "Start over", kind="link", size="card", tip="Forget the answers")
        self.again.clicked.connect(self.start_over)
        self._keycaps = [Keycap(theme, key) for key in ("A", "B", "X")]
        self.count_line = QWidget()
        self.count_line.setLayout(row(*self._keycaps, 2, self.count, None, self.again, spacing=4))
        self.count_line.setMinimumHeight(theme.row(26))
        self.is_a = Button(theme, "X is A  ⇧A", kind="outline", size="card", name="X is A", tip="X is A  Shift+A")
        self.is_b = Button(theme, "X is B  ⇧B", kind="outline", size="card", name="X is B", tip="X is B  Shift+B")
        self.is_a.clicked.connect(lambda: self.answer("a"))
        self.is_b.clicked.connect(lambda: self.answer("b"))
        self.question = QWidget()
        self.question.setLayout(row(Label(theme, "A or B?", "small_medium"), None, self.is_a, self.is_b, spacing=6))

    def set_pair(self, a: tuple[str, str], b: tuple[str, str]) -> None:
        """(short, long) names of the two; another pair starts the count over."""
        if self._told is not None and (a[1] + b[1]) != "".join(self._told):
            self.start_over()
        self._told = (a[1], b[1])
        self.key_a.set_words(*a)
        self.key_b.set_words(*b)

    def set_state(self, heard: str, *, match_db: float, can_compare: bool, hidden: bool = True) -> None:
        """Which of 'a' and 'b' is heard; `match_db` is what is taken off the louder one. `hidden`: X, where it was pressed,
        plays still; else something in the window made one of the two heard openly."""
        if self._heard != "x" or not can_compare or not hidden:
            self._heard = heard
        for key in (self.key_b, self.key_x):
            key.setEnabled(can_compare)
        self.match.setText(f"Level-matched {signed(match_db)}\u00a0dB" if can_compare else "")
        self._show()

    @property
    def is_hidden(self) -> bool:
        """Whether X plays now."""
        return self._heard == "x"

    def press(self, slot: str) -> None:
        """A or B: hear it openly; an open blind trial stays open."""
        self._heard = slot
        self.hear.emit(slot)
        self._show()

    def switch(self) -> None:
        """The other one of A and B: bypass on and off."""
        self.press("a" if self._heard == "b" else "b")

    def press_x(self) -> None:
        hidden = self.test.begin()
        self._heard = "x"
        self.hear_hidden.emit(hidden)
        self._show()

    def answer(self, slot: str) -> None:
        """Count the answer, and play on openly what X was."""
        hidden = self.test.hidden
        if hidden is None:
            return
        self.test.guess(slot)
        self.press(hidden)

    def start_over(self) -> None:
        was_hidden = self._heard == "x"
        hidden = self.test.hidden
        self.test.start_over()
        if was_hidden:
            self.press(hidden or "b")
        self._show()

    def _show(self) -> None:
        for key, name in ((self.key_a, "a"), (self.key_b, "b"), (self.key_x, "x")):
            key.setChecked(self._heard == name)
            key.update()
        asked = self.test.hidden is not None
        if self.question.isVisibleTo(self) != asked:
            self.question.setVisible(asked)
            self.trial_changed.emit(asked)
        self.count.setText(self.test.words)
        self.again.setVisible(self.test.trials > 0)
        self.verdict.setText(self.test.verdict)
        self.verdict.setVisible(bool(self.test.verdict))
