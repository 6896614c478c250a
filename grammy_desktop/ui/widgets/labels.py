"""Text in a role and a token."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from grammy_desktop.ui.theme import Theme


class Label(QLabel):
    """A QLabel whose font is a role of the theme and whose colour is a token."""

    def __init__(
        self, theme: Theme, text: str = "", role: str = "body", token: str = "text", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self._theme = theme
        self._role = role
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("token", token)
        self._restyle()
        theme.changed.connect(self._restyle)

    def set_token(self, token: str) -> None:
        if self.property("token") != token:
            self.setProperty("token", token)
            self.style().unpolish(self)
            self.style().polish(self)

    def set_role(self, role: str) -> None:
        self._role = role
        self._restyle()

    def _restyle(self) -> None:
        self.setFont(self._theme.font(self._role))


class ElidedLabel(Label):
    """One line that ends in … when there is no room; the whole text is its tooltip."""

    def __init__(
        self, theme: Theme, text: str = "", role: str = "body", token: str = "text", parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, text, role, token, parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        return QSize(
            metrics.horizontalAdvance(self.text()) + 2, max(metrics.height(), self._theme.line_height(self._role))
        )

    def minimumSizeHint(self) -> QSize:
        return QSize(20, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        metrics = QFontMetrics(self.font())
        text = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        self.setToolTip(self.text() if text != self.text() else "")
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.setFont(self.font())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | self.alignment(), text)


class Keycap(QLabel):
    """A key as printed on a keyboard: 'Ctrl K'."""

    def __init__(self, theme: Theme, text: str, parent: QWidget | None = None, *, on_accent: bool = False) -> None:
        super().__init__(text, parent)
        self._theme = theme
        self.setProperty("kind", "key_on_accent" if on_accent else "key")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._restyle()
        theme.changed.connect(self._restyle)

    def _restyle(self) -> None:
        self.setFont(self._theme.font("caption_medium"))
