"""The bar at the top: logo, menu, pages, command field, jobs, place, settings."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QWidget

from grammy_desktop.ui.commands import CommandTable
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import Button, IconButton, Keycap, Segmented, row

PAGES = (
    ("create", "Create", "audio-lines"),
    ("master", "Master", "sliders-horizontal"),
    ("library", "Library", "library"),
)


class Logo(QWidget):
    """The mark: a gauge on brass."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedSize(26, 26)
        self.setAccessibleName("Grammy Desktop")
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("accent"))
        painter.drawRoundedRect(QRectF(self.rect()), 7, 7)
        pen = QPen(self._theme.color("on_accent"), 2.6, c=Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawArc(QRectF(6, 7, 14, 14), -25 * 16, 230 * 16)
        painter.drawLine(13, 14, 17, 10)


class CommandField(Button):
    """Looks like a field, opens the palette."""

    def __init__(self, theme: Theme, shortcut: str) -> None:
        self.key: Keycap | None = None
        super().__init__(theme, "Search or run a command", kind="field", icon="search")
        self.setAccessibleName(f"Search or run a command, {shortcut}")
        self.setMinimumWidth(160)
        self.setMaximumWidth(300)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.key = Keycap(theme, shortcut.replace("+", " "), self)
        self.key.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    @property
    def trailing(self) -> int:
        return self.key.sizeHint().width() + 4 if self.key is not None else 0

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.key is not None:
            self.key.adjustSize()
            self.key.move(self.width() - self.key.width() - 6, (self.height() - self.key.height()) // 2)

    def _paint_content(self, painter: QPainter, token: str) -> None:
        super()._paint_content(painter, "text_2" if self.underMouse() else "text_3")


class JobsPill(QPushButton):
    """Running jobs, with ring and percentage of the one nearest to its end. Hidden when there is nothing to tell."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._fraction: float | None = None
        self.setProperty("kind", "pill")
        self.setFont(theme.font("body_medium"))
        self.hide()

    def show_jobs(self, running: int, fraction: float | None, failed: int) -> None:
        self._fraction = fraction
        jobs = f"{running} job{'s' if running != 1 else ''}"
        text = f"{jobs} · {round(100 * fraction)} %" if running and fraction is not None else jobs
        if not running:
            text = f"{failed} failed"
        self.setText("      " + text)
        self.setAccessibleName(f"Jobs: {text}")
        self.show()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ring = QRectF(12, (self.height() - 12) / 2, 12, 12)
        painter.setPen(QPen(self._theme.color("control_hover"), 2.5))
        painter.drawEllipse(ring)
        if self._fraction:
            painter.setPen(QPen(self._theme.color("accent_text"), 2.5, c=Qt.PenCapStyle.FlatCap))
            painter.drawArc(ring, 90 * 16, -round(self._fraction * 360 * 16))


class AppBar(QWidget):
    """48 px high. `page_chosen` carries 'create', 'master' or 'library'."""

    page_chosen = Signal(str)

    def __init__(self, theme: Theme, commands: CommandTable) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("surface", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(theme.row(48))
        self._menu = QMenu(self)
        self.menu_button = IconButton(theme, "menu", "Menu")
        self.menu_button.clicked.connect(lambda: self._open_menu(commands))
        self.pages = Segmented(theme, PAGES, name="Page", role="body_medium")
        self.pages.chosen.connect(self.page_chosen)
        self.command_field = CommandField(theme, commands.shortcut_text("view.palette"))
        self.command_field.clicked.connect(commands.action("view.palette").trigger)
        self.jobs = JobsPill(theme)
        self.jobs.clicked.connect(commands.action("view.jobs").trigger)
        self.place = Button(theme, "On this computer", kind="pill", icon="hard-drive")
        self.place.setToolTip("Songs are kept on this computer. Nothing leaves it.")
        self.settings = IconButton(theme, "settings", "Settings", key=commands.shortcut_text("app.settings"))
        self.settings.clicked.connect(commands.action("app.settings").trigger)
        bar = row(Logo(theme), 0, self.menu_button, 4, self.pages, None, spacing=8, margins=(12, 0, 12, 0))
        bar.addWidget(self.command_field, 6)
        bar.addStretch(1)
        for item in (self.jobs, self.place, self.settings):
            bar.addWidget(item)
        self.setLayout(bar)

    def set_compact(self, compact: bool) -> None:
        """'On this computer' becomes an icon."""
        self.place.setText("" if compact else "On this computer")
        self.place.setAccessibleName("On this computer")

    def _open_menu(self, commands: CommandTable) -> None:
        self._menu.setFont(self._theme.font("body"))
        commands.fill_menu(self._menu)
        self._menu.popup(self.menu_button.mapToGlobal(QPoint(0, self.menu_button.height() + 4)))
