"""Layout of the first-run page. No logic."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QAbstractButton, QFrame, QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from grammy_desktop.ui.create.create_view import MOST_TAKES, CreateButton
from grammy_desktop.ui.create.prompt_field import PromptField
from grammy_desktop.ui.empty.backdrop import Backdrop
from grammy_desktop.ui.formats import length
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import Button, ElidedLabel, Label, Select, column, hline, row

WIDTH = 760
LOW = 760
"""Below this window height the page folds."""


class StarterCard(QAbstractButton):
    """A cover, a name, and what it would be. First click fills the prompt, the second creates."""

    def __init__(self, theme: Theme, title: str, line: str) -> None:
        super().__init__()
        self._theme, self._line = theme, line
        self._cover: QPixmap | None = None
        self.filled = False
        self.setText(title)
        self.setFixedHeight(theme.row(70))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(f"{title}: {line}")
        self.setToolTip("Click to fill the prompt, click again to create")
        theme.changed.connect(self.update)

    def set_cover(self, cover: QPixmap) -> None:
        self._cover = cover
        self.update()

    def set_filled(self, filled: bool) -> None:
        self.filled = filled
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._theme
        fill = "accent_soft" if self.filled else "control" if self.underMouse() else "raised"
        painter.setBrush(theme.color(fill))
        painter.setPen(QPen(theme.color("accent_text" if self.filled else "line"), 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)
        top = (self.height() - 48) // 2
        if self._cover is not None:
            painter.drawPixmap(11, top, self._cover)
        width = self.width() - 80
        for role, token, text, y in (
            ("body_bold", "text", self.text(), self.height() / 2 - 19),
            ("caption", "text_2", self._line, self.height() / 2 + 1),
        ):
            painter.setFont(theme.font(role))
            painter.setPen(theme.color(token))
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, width)
            painter.drawText(QRectF(71, y, width, 18), Qt.AlignmentFlag.AlignVCenter, shown)


class ReadyRow(QWidget):
    """Ready or not, what it is, and one thing to do about it."""

    acted = Signal()

    def __init__(self, theme: Theme, title: str, action: str = "") -> None:
        super().__init__()
        self._theme = theme
        self._icon = Label(theme)
        self.title = Label(theme, title, "body_medium")
        self.line = ElidedLabel(theme, "", "small", "text_3")
        self.setFixedHeight(theme.row(45))
        layout = row(self._icon, 4, self.title, spacing=10, margins=(16, 0, 12, 0))
        layout.addWidget(self.line, 1)
        if action:
            button = Button(theme, action, kind="ghost", size="card")
            button.clicked.connect(self.acted)
            layout.addWidget(button)
        self.setLayout(layout)
        self.set_state(False, "")

    def set_state(self, ready: bool, text: str, *, problem: bool = False) -> None:
        icon, token = ("check", "ok") if ready else ("triangle-alert", "warn") if problem else ("circle", "text_3")
        self._icon.setPixmap(self._theme.pixmap(icon, 16, token, ratio=self.devicePixelRatioF()))
        self.line.setText(text)
        self.setAccessibleName(f"{self.title.text()}: {text}")


class HeroView(Backdrop):
    """Everything in one column of 760 px."""

    def __init__(self, theme: Theme, shortcut: str) -> None:
        super().__init__(theme)
        self._theme = theme
        self.setProperty("surface", "window")
        self.headline = Label(theme, "What should it sound like?", "hero")
        self.promise = Label(
            theme, "Describe a song. It is composed, mixed and mastered on this computer.", "hero_input", "text_2"
        )
        for label in (self.headline, self.promise):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.prompt = PromptField(theme, role="hero_input")
        self.prompt.setProperty("kind", "bare")
        self.prompt.wand.hide()
        self.engine = Select(theme, [("composer", "Composer")], name="Engine", icon="cpu")
        lengths = [(float(s), length(s)) for s in (30, 60, 90, 120, 180, 240)]
        self.length = Select(theme, lengths, name="Length", value=120.0)
        counts = [(n, f"{n} take{'s' if n > 1 else ''}") for n in range(1, MOST_TAKES + 1)]
        self.takes = Select(theme, counts, name="How many takes", value=4)
        self.note = Label(theme, "", "caption", "text_3")
        self.create_button = CreateButton(theme, shortcut)
        self.create_button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.box = QFrame()
        self.box.setProperty("surface", "hero")
        options = row(self.engine, self.length, self.takes, None, self.note, self.create_button, spacing=6)
        box = column(self.prompt, options, spacing=6, margins=(16, 12, 14, 12))
        self.box.setLayout(box)
        self.errors = QVBoxLayout()
        self.others = Button(theme, "Show others", kind="ghost", size="card", icon="shuffle")
        self.starters = QGridLayout()
        self.starters.setSpacing(10)
        self.sound = ReadyRow(theme, "Sound", "Play a tone")
        self.storage = ReadyRow(theme, "Library", "Open")
        self.extras = ReadyRow(theme, "Extras")
        self.ready = QFrame()
        self.ready.setProperty("surface", "card")
        self.ready.setLayout(column(self.sound, hline(), self.storage, hline(), self.extras, spacing=0))
        self.folded = Label(theme, "", "small", "text_3")
        self.folded.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.folded.hide()
        hint = Label(theme, "Drop audio anywhere to edit or master it", "small", "text_3")
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        start = row(Label(theme, "Or start from one of these", "small_medium", "text_2"), None, self.others)
        middle = QWidget()
        middle.setFixedWidth(WIDTH)
        middle.setLayout(
            column(
                self.headline,
                2,
                self.promise,
                20,
                self.box,
                self.errors,
                16,
                start,
                4,
                self.starters,
                20,
                self.ready,
                self.folded,
                20,
                hint,
                spacing=4,
            )
        )
        self.setLayout(column(None, row(None, middle, None), None, spacing=0))

    def fold(self, height: int) -> None:
        """What gives way in a low window."""
        low = height < LOW
        self.headline.set_role("hero_small" if low else "hero")
        self.ready.setVisible(not low)
        self.folded.setVisible(low)
        for index in range(self.starters.count()):
            item = self.starters.itemAt(index)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.setVisible(index < 3 or not low)
