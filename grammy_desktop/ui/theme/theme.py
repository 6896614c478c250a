"""One theme object: what a colour, a font, an icon and a duration are right now."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QIcon, QPalette, QPixmap

from grammy_desktop.ui.theme.fonts import ROLES, load_fonts, make_font
from grammy_desktop.ui.theme.icons import IconStore
from grammy_desktop.ui.theme.stylesheet import build_stylesheet
from grammy_desktop.ui.theme.tokens import DARK, LIGHT


class ThemeMode(StrEnum):
    DARK = "dark"
    LIGHT = "light"
    SYSTEM = "system"


class Theme(QObject):
    """Passed to every widget's constructor; `changed` fires after the mode, the text size or motion changed."""

    changed = Signal()

    def __init__(
        self,
        mode: ThemeMode | str = ThemeMode.DARK,
        *,
        text_scale: float = 1.0,
        reduced_motion: bool = False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        load_fonts()
        self._mode = ThemeMode(mode)
        self._text_scale = text_scale
        self._reduced_motion = reduced_motion
        self._icons = IconStore()
        self._colours = self._table()
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_changed)

    @property
    def mode(self) -> ThemeMode:
        return self._mode

    @property
    def is_dark(self) -> bool:
        if self._mode is ThemeMode.SYSTEM:
            return QGuiApplication.styleHints().colorScheme() != Qt.ColorScheme.Light
        return self._mode is ThemeMode.DARK

    @property
    def text_scale(self) -> float:
        return self._text_scale

    def set_mode(self, mode: ThemeMode | str) -> None:
        self._mode = ThemeMode(mode)
        self._refresh()

    def set_text_scale(self, scale: float) -> None:
        """1.0 is 100 %."""
        self._text_scale = scale
        self._refresh()

    def set_reduced_motion(self, reduced: bool) -> None:
        self._reduced_motion = reduced
        self._refresh()

    def color(self, token: str, alpha: float = 1.0) -> QColor:
        """The colour of `token`; `alpha` 0 to 1. Raises KeyError for an unknown token."""
        colour = QColor(self._colours[token])
        if alpha < 1.0:
            colour.setAlphaF(alpha)
        return colour

    def hex(self, token: str) -> str:
        return self._colours[token]

    def font(self, role: str = "body") -> QFont:
        return make_font(role, self._text_scale, on_dark=self.is_dark)

    def line_height(self, role: str) -> int:
        return round(ROLES[role].line * self._text_scale)

    def row(self, pixels: int) -> int:
        """A control's height at the current text size; never below its size at 100 %."""
        return max(pixels, round(pixels * self._text_scale))

    def duration(self, milliseconds: int) -> int:
        """An animation's length: 0 under reduced motion."""
        return 0 if self._reduced_motion else milliseconds

    def icon(self, name: str, size: int = 16, token: str = "text_2", *, filled: bool = False) -> QIcon:
        return self._icons.icon(name, size, self.color(token), self.color("text_disabled"), filled=filled)

    def pixmap(
        self, name: str, size: int = 16, token: str = "text_2", *, ratio: float = 1.0, filled: bool = False
    ) -> QPixmap:
        return self._icons.pixmap(name, size, self.color(token), ratio=ratio, filled=filled)

    def stylesheet(self) -> str:
        return build_stylesheet(self._colours, self._text_scale)

    def palette(self) -> QPalette:
        roles = QPalette.ColorRole
        table = {
            roles.Window: "window",
            roles.WindowText: "text",
            roles.Base: "well",
            roles.AlternateBase: "panel",
            roles.Text: "text",
            roles.PlaceholderText: "text_3",
            roles.Button: "control",
            roles.ButtonText: "text",
            roles.ToolTipBase: "raised",
            roles.ToolTipText: "text",
            roles.Link: "accent_text",
            roles.Highlight: "focus",
            roles.HighlightedText: "window",
        }
        palette = QPalette()
        for role, token in table.items():
            palette.setColor(role, self.color(token))
        palette.setColor(QPalette.ColorGroup.Disabled, roles.Text, self.color("text_disabled"))
        palette.setColor(QPalette.ColorGroup.Disabled, roles.WindowText, self.color("text_disabled"))
        return palette

    def _table(self) -> dict[str, str]:
        return DARK if self.is_dark else LIGHT

    def _system_changed(self) -> None:
        if self._mode is ThemeMode.SYSTEM:
            self._refresh()

    def _refresh(self) -> None:
        self._colours = self._table()
        self.changed.emit()
