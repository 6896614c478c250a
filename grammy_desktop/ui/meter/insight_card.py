"""One fix: what was measured, where, what would be done about it; and the small card once it is done."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from grammy_desktop.ui.editor.beat_grid import time_text
from grammy_desktop.ui.editor.lane_paint import paint_number
from grammy_desktop.ui.editor.paint import draw_icon
from grammy_desktop.ui.meter.score_data import Insight, change_words
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import Button, ElidedLabel, FlowLayout, Label, column, row


class Disc(QWidget):
    """The number that is on the pin too."""

    def __init__(self, theme: Theme, number: int) -> None:
        super().__init__()
        self._theme, self._number = theme, number
        self.setFixedSize(18, 18)
        theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_number(painter, self._theme, self._number, QRectF(0, 0, 18, 18))


class FixButton(Button):
    """Says exactly what will be done; where that is longer than the card, the tooltip has the rest."""

    def __init__(self, theme: Theme, label: str, *, number: int) -> None:
        super().__init__(theme, label, kind="outline", size="card", name=f"Fix {number}: {label}", tip=label)
        self.label = label
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.label) + 21, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(60, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.width() - 18
        self.setText(self.fontMetrics().elidedText(self.label, Qt.TextElideMode.ElideRight, room))


class InsightCard(QFrame):
    """`apply_wanted` and `show_wanted` carry the insight; clicking the card shows its place."""

    apply_wanted = Signal(object)
    why_wanted = Signal(object)
    show_wanted = Signal(object)

    def __init__(self, theme: Theme, insight: Insight) -> None:
        super().__init__()
        self.insight = insight
        self.setProperty("surface", "card")
        self.setAccessibleName(f"Fix {insight.number}: {insight.text}")
        text = Label(theme, insight.text, "body_medium")
        text.setWordWrap(True)
        detail = Label(theme, insight.detail, "small", "text_2")
        detail.setWordWrap(True)
        detail.setVisible(bool(insight.detail))
        time = Label(theme, time_text(insight.start), "small", "text_3")
        self.why = Button(theme, "Why", kind="ghost", size="card")
        self.why.clicked.connect(lambda: self.why_wanted.emit(self.insight))
        self.apply: Button | None = None
        if insight.fix_label:
            label = insight.fix_label if insight.fix_label[:1].isalpha() else f"Apply {insight.fix_label}"
            self.apply = FixButton(theme, label, number=insight.number)
            self.apply.clicked.connect(lambda: self.apply_wanted.emit(self.insight))
        buttons = FlowLayout(gap=6)
        for button in (self.apply, self.why):
            if button is not None:
                buttons.addWidget(button)
        head = row(text, time, spacing=8)
        head.setStretchFactor(text, 1)
        head.setAlignment(time, Qt.AlignmentFlag.AlignTop)
        words = column(head, 1, detail, 7, buttons, spacing=0)
        disc = Disc(theme, insight.number)
        body = row(disc, words, spacing=8, margins=(10, 9, 10, 9))
        body.setAlignment(disc, Qt.AlignmentFlag.AlignTop)
        self.setLayout(body)

    def set_busy(self, busy: bool) -> None:
        """While any fix is being carried out."""
        if self.apply is not None:
            self.apply.setEnabled(not busy)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.show_wanted.emit(self.insight)
        super().mousePressEvent(event)


@dataclass(frozen=True)
class Done:
    """A fix that was carried out: overall score before and after, and the version to go back to."""

    text: str
    before: float | None
    after: float | None
    band: float
    back_to: str


class _Check(QWidget):
    def __init__(self, theme: Theme, ok: bool) -> None:
        super().__init__()
        self._theme, self._ok = theme, ok
        self.setFixedSize(QSize(18, 18))

    def paintEvent(self, _event: QPaintEvent) -> None:
        name, token = ("circle-check", "ok") if self._ok else ("info", "warn")
        draw_icon(QPainter(self), self._theme, name, QRectF(0, 0, 18, 18), token)


class DoneCard(QFrame):
    """40 px. Undo stands there on hover or focus, and always where the score did not clearly rise."""

    undo_wanted = Signal(object)

    def __init__(self, theme: Theme, done: Done) -> None:
        super().__init__()
        self.done = done
        self.setProperty("surface", "card")
        self.setMinimumHeight(40)
        words, clear = "", True
        if done.before is not None and done.after is not None:
            words, clear = change_words(done.before, done.after, done.band)
        self.clear = clear
        self.setAccessibleName(f"Done: {done.text}. {words}")
        self.undo = Button(theme, "Undo", kind="link", size="card", name=f"Undo {done.text}")
        self.undo.clicked.connect(lambda: self.undo_wanted.emit(self.done))
        self.undo.setVisible(not clear)
        text = ElidedLabel(theme, done.text, "small", "text_2")
        self.change = Label(theme, words, "small_bold", "ok" if clear else "warn")
        check = _Check(theme, clear)
        if clear:
            body = row(check, text, self.change, self.undo, spacing=8, margins=(12, 4, 10, 4))
            body.setStretchFactor(text, 1)
        else:  # the words that say why take a line of their own, Undo first
            below = row(self.change, None, self.undo)
            body = row(check, column(text, below, spacing=2), spacing=8, margins=(12, 8, 10, 6))
            body.setAlignment(check, Qt.AlignmentFlag.AlignTop)
        self.setLayout(body)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.undo.show()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.undo.setVisible(not self.clear or self.undo.hasFocus())
        super().leaveEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            self.undo.show()
            self.undo.setFocus(Qt.FocusReason.TabFocusReason)
        return super().event(event)
