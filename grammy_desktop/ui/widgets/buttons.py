"""Buttons: filled, control, outline, ghost; icon buttons; selects."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QIcon, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QToolButton, QWidget

from grammy_desktop.ui.theme import Theme

_TOKENS = {
    "primary": ("on_accent", "on_accent"),
    "control": ("text", "text"),
    "outline": ("text", "text"),
    "field": ("text", "text"),
    "pill": ("text_2", "text"),
    "ghost": ("text_2", "text"),
    "row": ("text_2", "text"),
    "link": ("accent_text", "accent_text"),
    "sellable": ("ok", "ok"),
    "unsellable": ("warn", "warn"),
}
"""Colour of text by kind: at rest and under the pointer."""

_ROLES = {"big": "input_strong", "card": "small_medium"}
_LEFT = ("field", "row")
"""Kinds whose text starts at the left."""

_GAP, _INSET = 8, 10


class Button(QPushButton):
    """`kind`: primary, control, outline, ghost, link, pill, field, row, sellable, unsellable; `size`: '', card, big.

    The style paints the surface; icon and text are painted here, so that gaps are the same in every kind.
    """

    def __init__(
        self,
        theme: Theme,
        text: str,
        *,
        kind: str = "control",
        size: str = "",
        icon: str | None = None,
        icon_token: str | None = None,
        name: str | None = None,
        tip: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._theme = theme
        self._icon_name = icon
        self._icon_token = icon_token
        self._kind, self._bulk = kind, size
        self.setProperty("kind", kind)
        self.setProperty("bulk", size)
        self.setAccessibleName(name or text)
        self.setToolTip(tip)
        self.setAutoDefault(False)
        self._restyle()
        theme.changed.connect(self._restyle)

    def set_kind(self, kind: str) -> None:
        if self._kind != kind:
            self._kind = kind
            self.setProperty("kind", kind)
            self.style().unpolish(self)
            self.style().polish(self)
            self.update()

    def set_icon(self, name: str | None, token: str | None = None) -> None:
        self._icon_name, self._icon_token = name, token
        self.updateGeometry()
        self.update()

    @property
    def trailing(self) -> int:
        """Pixels kept free at the right, for a chevron or a keycap."""
        return 0

    @property
    def _icon_side(self) -> int:
        if self._icon_name is None:
            return 0
        return 18 if self._bulk == "big" else 14 if self._bulk == "card" else 16

    @property
    def _inset(self) -> int:
        if self._kind in ("link", "field"):
            return 4 if self._kind == "link" else 10
        return {"card": 9, "big": 16}.get(self._bulk, 12)

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        gap = _GAP if self.text() and self._icon_name else 0
        width = metrics.horizontalAdvance(self.text()) + self._icon_side + gap + self.trailing + 2 * self._inset + 4
        height = self._theme.row({"card": 26, "big": 40}.get(self._bulk, 30))
        return QSize(width, height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        option.icon = QIcon()
        option.features &= ~QStyleOptionButton.ButtonFeature.HasMenu
        painter = QPainter(self)
        self.style().drawControl(QStyle.ControlElement.CE_PushButton, option, painter, self)
        rest, hovered = _TOKENS.get(self._kind, ("text", "text"))
        token = hovered if self.underMouse() else rest
        if self.isChecked() and self._kind == "row":
            token = "accent_text"
        if not self.isEnabled():
            token = "text_disabled"
        self._paint_content(painter, token)

    def _paint_content(self, painter: QPainter, token: str) -> None:
        metrics = QFontMetrics(self.font())
        side = self._icon_side
        gap = _GAP if self.text() and side else 0
        room = self.width() - 2 * (self._inset - 2) - self.trailing - side - gap
        text = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, max(0, room)) if self.text() else ""
        width = side + gap + metrics.horizontalAdvance(text)
        left = _INSET if self._kind in _LEFT and text else (self.width() - self.trailing - width) // 2
        if self._icon_name is not None:
            icon_token = self._icon_token if self._icon_token and self.isEnabled() else token
            pixmap = self._theme.pixmap(self._icon_name, side, icon_token, ratio=self.devicePixelRatioF())
            painter.drawPixmap(left, (self.height() - side) // 2, pixmap)
        painter.setFont(self.font())
        painter.setPen(self._theme.color(token))
        box = QRect(left + side + gap, 0, self.width(), self.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)

    def _restyle(self) -> None:
        self.setFont(self._theme.font(_ROLES.get(self._bulk, "body_medium")))
        self.updateGeometry()


class IconButton(QToolButton):
    """A 28 px square with an icon; its tooltip holds the name and the key."""

    def __init__(
        self,
        theme: Theme,
        icon: str,
        name: str,
        *,
        key: str = "",
        tip: str = "",
        side: int = 28,
        icon_size: int = 16,
        token: str = "text_2",
        checked_token: str | None = None,
        filled: bool = False,
        kind: str = "tool",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon_name, self._icon_size, self._token, self._filled = icon, icon_size, token, filled
        self._checked_token = checked_token
        self.setProperty("kind", kind)
        self.setFixedSize(theme.row(side), theme.row(side))
        self.setIconSize(QSize(icon_size, icon_size))
        self.setAccessibleName(f"{name}, {key}" if key else name)
        self.setToolTip("\n".join(part for part in (f"{name}  {key}".strip(), tip) if part))
        self._restyle()
        theme.changed.connect(self._restyle)
        if checked_token is not None:
            self.setCheckable(True)
            self.toggled.connect(self._restyle)

    def set_icon(self, icon: str, token: str | None = None, *, filled: bool | None = None) -> None:
        self._icon_name = icon
        self._token = token or self._token
        self._filled = self._filled if filled is None else filled
        self._restyle()

    def _restyle(self) -> None:
        token = self._checked_token if self._checked_token and self.isChecked() else self._token
        self.setIcon(self._theme.icon(self._icon_name, self._icon_size, token, filled=self._filled))


class Select(Button):
    """A field that opens a menu of (value, text); `picked` carries the value."""

    picked = Signal(object)

    def __init__(
        self,
        theme: Theme,
        options: Iterable[tuple[object, str]],
        *,
        name: str,
        value: object = None,
        icon: str | None = None,
        tip: str = "",
        suffix: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, "", kind="field", icon=icon, name=name, tip=tip, parent=parent)
        self._name, self._suffix = name, suffix
        # Gives way before anything beside it does.
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._options: list[tuple[object, str]] = []
        self._value: object = None
        self.setMenu(QMenu(self))
        self.set_options(options, value)

    @property
    def value(self) -> object:
        return self._value

    def set_options(self, options: Iterable[tuple[object, str]], value: object = None) -> None:
        self._options = list(options)
        menu = self.menu()
        menu.clear()
        menu.setFont(self._theme.font("body"))
        for option, text in self._options:
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setData(option)
            action.triggered.connect(lambda _=False, chosen=option: self._choose(chosen))
        if self._options:
            self.set_value(value if value is not None else self._options[0][0])

    def set_value(self, value: object) -> None:
        """Show `value` without a signal; an unknown value is shown as its own text."""
        self._value = value
        text = next((text for option, text in self._options if option == value), str(value))
        self.setText(text + self._suffix)
        self.setAccessibleName(f"{self._name}: {text}")
        for action in self.menu().actions():
            action.setChecked(action.data() == value)

    def _choose(self, value: object) -> None:
        self.set_value(value)
        self.picked.emit(value)

    @property
    def trailing(self) -> int:
        return 17

    def minimumSizeHint(self) -> QSize:
        return QSize(48, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        token = "text_2" if self.isEnabled() else "text_disabled"
        chevron = self._theme.pixmap("chevron-down", 14, token, ratio=self.devicePixelRatioF())
        painter.drawPixmap(self.width() - 23, (self.height() - 14) // 2, chevron)
