"""One page: left panel, centre, right panel, with widths that are remembered."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QWidget

from grammy_desktop.ui.memory import Memory

CENTRE_MINIMUM = 520
NARROW = 1360
"""Below this window width the panels start at their smaller width."""


@dataclass(frozen=True)
class PageWidths:
    """Left and right panel: wide, narrow and smallest, in pixels."""

    left: tuple[int, int, int]
    right: tuple[int, int, int]


WIDTHS: dict[str, PageWidths] = {
    "create": PageWidths((320, 288, 240), (320, 288, 264)),
    "master": PageWidths((272, 248, 232), (344, 312, 264)),
    "library": PageWidths((216, 200, 180), (304, 268, 264)),
}


class Page(QSplitter):
    """Panels keep their width while the window grows; the centre takes the rest and never collapses."""

    panels_changed = Signal()

    def __init__(self, page_id: str, left: QWidget, centre: QWidget, right: QWidget, memory: Memory) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.page_id = page_id
        self.left, self.centre, self.right = left, centre, right
        self._memory = memory
        self._widths = WIDTHS[page_id]
        self._moved = memory.recall(f"panels.{page_id}") is not None
        for surface, widget in (("panel", left), ("window", centre), ("panel", right)):
            widget.setProperty("surface", surface)
            widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
            self.addWidget(widget)
        left.setMinimumWidth(self._widths.left[2])
        right.setMinimumWidth(self._widths.right[2])
        centre.setMinimumWidth(CENTRE_MINIMUM)
        self.setHandleWidth(1)
        self.setChildrenCollapsible(False)
        for index, stretch in enumerate((0, 1, 0)):
            self.setStretchFactor(index, stretch)
        self.splitterMoved.connect(self._remember)

    def apply_widths(self, window_width: int, text_scale: float = 1.0) -> None:
        """Start widths for this window, unless the user has chosen their own. Larger text gets wider panels, as far as the
        centre keeps its minimum."""
        narrow = 1 if window_width < NARROW else 0
        left, right = self._widths.left[narrow], self._widths.right[narrow]
        room = (window_width - CENTRE_MINIMUM) / (left + right)
        grown = max(1.0, min(text_scale, room))
        left, right = round(left * grown), round(right * grown)
        remembered = self._memory.recall(f"panels.{self.page_id}")
        if self._moved and isinstance(remembered, list) and len(remembered) == 2:
            left, right = int(remembered[0]), int(remembered[1])
        self.setSizes([left, max(CENTRE_MINIMUM, window_width - left - right), right])

    def toggle_left(self) -> None:
        self.left.setVisible(not self.left.isVisible())
        self.panels_changed.emit()

    def toggle_right(self) -> None:
        self.right.setVisible(not self.right.isVisible())
        self.panels_changed.emit()

    def _remember(self) -> None:
        sizes = self.sizes()
        self._moved = True
        self._memory.remember(f"panels.{self.page_id}", [sizes[0], sizes[2]])
