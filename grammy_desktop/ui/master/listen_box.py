"""A / B / X, level-matched, with the blind test's count."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from grammy_desktop.ui.editor.paint import font
from grammy_desktop.ui.formats import signed
from grammy_desktop.ui.master.blind_test import BlindTest
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import Button, Label, column, row


class BigKey(QAbstractButton):
    """52 px: a letter and what it is; brass while it is heard."""

    def __init__(self, theme: Theme, letter: str, words: str) -> None:
        super().__init__()
        self._theme, self._words = theme, words
        self.setText(letter)
        self.setCheckable(True)
        self.setFixedHeight(52)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{letter}: {words}")
        self.setToolTip(f"{words}  {letter}")
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(90, 52)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, 52)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, on, able = self._theme, self.isChecked(), self.isEnabled()
        surface = "accent" if on else "control_hover" if self.underMouse() and able else "control"
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(surface))
        painter.drawRoundedRect(QRectF(self.rect()), 8, 8)
        painter.setPen(theme.color("on_accent" if on else "text" if able else "text_disabled"))
        painter.setFont(font(theme, "title_large"))
        painter.drawText(QRectF(0, 7, self.width(), 22), Qt.AlignmentFlag.AlignCenter, self.text())
        painter.setFont(font(theme, "small_medium"))
        painter.drawText(QRectF(0, 29, self.width(), 16), Qt.AlignmentFlag.AlignCenter, self._words)


class ListenBox(QWidget):
    """`hear` asks for 'mix' or 'master' openly, `hear_hidden` without showing which, `reveal` to show again."""

    hear = Signal(str)
    hear_hidden = Signal(str)
    reveal = Signal()

    def __init__(self, theme: Theme, test: BlindTest | None = None) -> None:
        super().__init__()
        self.test = test or BlindTest()
        self._heard = "master"
        self.match = Label(theme, "", "small", "text_2")
        self.key_a, self.key_b = BigKey(theme, "A", "Mix"), BigKey(theme, "B", "Master")
        self.key_x = BigKey(theme, "X", "Which one?")
        self.key_a.clicked.connect(lambda: self.press("mix"))
        self.key_b.clicked.connect(lambda: self.press("master"))
        self.key_x.clicked.connect(self.press_x)
        self.count = Label(theme, "", "small", "text_2")
        self.verdict = Label(theme, "", "small", "text")
        self.verdict.setWordWrap(True)
        self.again = Button(theme, "Start over", kind="link", size="card")
        self.again.clicked.connect(self.start_over)
        self.is_a = Button(theme, "X is A", kind="outline", size="card")
        self.is_b = Button(theme, "X is B", kind="outline", size="card")
        self.is_a.clicked.connect(lambda: self.answer("mix"))
        self.is_b.clicked.connect(lambda: self.answer("master"))
        self.question = QWidget()
        self.question.setLayout(row(Label(theme, "A or B?", "small_medium"), self.is_a, self.is_b, None))
        head = row(Label(theme, "Listen", "body_bold"), None, self.match)
        keys = row(self.key_a, self.key_b, self.key_x)
        line = row(self.count, None, self.again)
        self.setLayout(column(head, keys, self.question, line, self.verdict, spacing=8, margins=(16, 10, 16, 12)))
        self._show()

    def set_state(self, heard: str, *, match_db: float, has_master: bool) -> None:
        """What the session hears; `match_db` is what is taken off the louder one."""
        self._heard = heard
        for key in (self.key_b, self.key_x):
            key.setEnabled(has_master)
        self.match.setText(f"Level-matched {signed(match_db)}\u00a0dB" if has_master else "")
        self._show()

    def press(self, what: str) -> None:
        """A or B: hear it openly; an open blind trial stays open."""
        self._heard = what
        self.hear.emit(what)
        self.reveal.emit()
        self._show()

    def press_x(self) -> None:
        hidden = self.test.begin()
        self._heard = "x"
        self.hear_hidden.emit(hidden)
        self._show()

    def answer(self, what: str) -> None:
        """Count the answer, show what X was."""
        hidden = self.test.hidden
        if hidden is None:
            return
        self.test.guess(what)
        self.press(hidden)

    def start_over(self) -> None:
        self.test.start_over()
        if self._heard == "x":
            self._heard = "master"
            self.reveal.emit()
        self._show()

    def _show(self) -> None:
        for key, name in ((self.key_a, "mix"), (self.key_b, "master"), (self.key_x, "x")):
            key.setChecked(self._heard == name)
            key.update()
        self.question.setVisible(self.test.hidden is not None)
        self.count.setText(self.test.words)
        self.again.setVisible(self.test.trials > 0)
        self.verdict.setText(self.test.verdict)
        self.verdict.setVisible(bool(self.test.verdict))
