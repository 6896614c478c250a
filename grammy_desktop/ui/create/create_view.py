"""Layout of the Create panel. No logic."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from grammy_desktop.core.brief import Origin
from grammy_desktop.core.styles import Style
from grammy_desktop.ui.create.brief_chips import BriefChips
from grammy_desktop.ui.create.chip import paint_mark
from grammy_desktop.ui.create.idea_bar import IdeaBar
from grammy_desktop.ui.create.prompt_field import PromptField
from grammy_desktop.ui.create.seed_button import SeedButton
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import Button, IconButton, Keycap, Label, Select, hline, panel_header, row

MOST_TAKES = 8


class Legend(QWidget):
    """What the marks on the chips mean."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedHeight(theme.row(16))
        self.setAccessibleName("Filled dot: you said. Ring: inferred. Dashed: default.")
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._theme.font("caption"))
        x = 0.0
        for origin, words in ((Origin.SAID, "you said"), (Origin.INFERRED, "inferred"), (Origin.DEFAULT, "default")):
            paint_mark(painter, self._theme, x + 3, self.height() / 2, origin)
            painter.setPen(self._theme.color("text_3"))
            width = painter.fontMetrics().horizontalAdvance(words)
            flags = Qt.AlignmentFlag.AlignVCenter
            painter.drawText(round(x + 11), 0, width + 4, self.height(), int(flags), words)
            x += width + 25


class CreateButton(Button):
    """The one brass button of the page, with its key."""

    def __init__(self, theme: Theme, shortcut: str) -> None:
        self.key: Keycap | None = None
        super().__init__(theme, "Create", kind="primary", size="big", icon="sparkles")
        self.key = Keycap(theme, shortcut, self, on_accent=True)
        self.key.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def trailing(self) -> int:
        return self.key.sizeHint().width() + 12 if self.key is not None else 0

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.key is None:
            return
        self.key.adjustSize()
        self.key.setVisible(self.isEnabled())
        content = self.fontMetrics().horizontalAdvance(self.text()) + 26
        right = (self.width() - self.trailing + content) // 2
        self.key.move(right + 10, (self.height() - self.key.height()) // 2)


class CreateView(QFrame):
    """Prompt on top, takes below, in one scrolling column."""

    room_changed = Signal(int)
    """The right margin, in pixels."""

    def __init__(self, theme: Theme, styles: Mapping[str, Style], shortcut: str) -> None:
        super().__init__()
        self.templates = IconButton(theme, "layout-template", "Templates")
        self.history = IconButton(theme, "history", "Earlier prompts")
        header = panel_header(theme, "Prompt", None, self.templates, self.history)
        self.prompt = PromptField(theme)
        self.enhanced = Label(theme, "", "caption", "text_3")
        self.enhanced.setWordWrap(True)
        self.enhanced.hide()
        self.idea_bar = IdeaBar(theme)
        self.chips = BriefChips(theme, styles)
        self.remarks = Label(theme, "", "caption", "text_2")
        self.remarks.setWordWrap(True)
        self.remarks.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.remarks.setAccessibleName("What was adjusted")
        self.remarks.hide()
        self.legend = Legend(theme)
        self.engine = Select(theme, [("composer", "Composer")], name="Engine", icon="cpu")
        counts = [(n, f"{n} take{'s' if n > 1 else ''}") for n in range(1, MOST_TAKES + 1)]
        self.takes = Select(theme, counts, name="How many takes", value=4)
        self.seed = SeedButton(theme)
        options = row(spacing=6)
        options.addWidget(self.engine, 1)
        options.addWidget(self.takes)
        options.addWidget(self.seed)
        self.create_button = CreateButton(theme, shortcut)
        self.note = Label(theme, "", "caption", "text_2")
        self.note.setTextFormat(Qt.TextFormat.RichText)
        self.note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.note.setWordWrap(True)
        self.errors = QVBoxLayout()
        top = QWidget()
        self.top = QVBoxLayout(top)
        self.top.setContentsMargins(16, 4, 16, 12)
        self.top.setSpacing(10)
        for item in (self.prompt, self.enhanced, self.idea_bar, self.chips, self.remarks, self.legend):
            self.top.addWidget(item)
        self.top.addLayout(options)
        self.top.addWidget(self.create_button)
        self.top.addWidget(self.note)
        self.top.addLayout(self.errors)
        body = QWidget()
        body.setProperty("surface", "clear")
        self.body = QVBoxLayout(body)
        self.body.setContentsMargins(0, 0, 0, 12)
        self.body.setSpacing(0)
        self.body.addWidget(top)
        self.body.addWidget(hline())
        self.scroll_area = QScrollArea()
        self.scroll_area.setWidgetResizable(True)
        self.scroll_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroll_area.setWidget(body)
        self.scroll_area.viewport().setAutoFillBackground(False)
        self.scroll_area.verticalScrollBar().rangeChanged.connect(self._make_room)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(header)
        layout.addWidget(self.scroll_area, 1)

    def _make_room(self, _smallest: int, largest: int) -> None:
        """The scroll bar stands in the right margin, so that nothing moves when it comes."""
        right = 16 if largest == 0 else 6
        self.top.setContentsMargins(16, 4, right, 12)
        self.room_changed.emit(right)
