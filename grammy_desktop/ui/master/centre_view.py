"""The middle of the Master page: header, A over B with their loudness, and the three plots."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from grammy_desktop.ui.editor.scene import Scene
from grammy_desktop.ui.editor.song_header import SongHeader
from grammy_desktop.ui.master.compare_view import CompareView
from grammy_desktop.ui.master.goniometer import Goniometer
from grammy_desktop.ui.master.reduction_plot import ReductionPlot
from grammy_desktop.ui.master.tonal_plot import TonalPlot
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import hline

LOW = 660
"""Below this height the plots get the larger share, and the loudness lane is narrow."""


class MasterCentre(QWidget):
    shown = Signal()
    """The page came into view: what is only drawn while visible is drawn now."""

    def __init__(self, scene: Scene, theme: Theme) -> None:
        super().__init__()
        self.header = SongHeader(theme)
        self.compare = CompareView(scene, theme)
        self.tonal = TonalPlot(theme)
        self.reduction = ReductionPlot(theme)
        self.stereo = Goniometer(theme)
        self._scene, self._theme = scene, theme
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addWidget(self.header)
        self._layout.addWidget(hline())
        self._layout.addWidget(self.compare)
        self._layout.addWidget(hline())
        self._layout.addWidget(self._plots())

    def _plots(self) -> QSplitter:
        self._side = QSplitter(Qt.Orientation.Vertical)
        self._side.addWidget(self.reduction)
        self._side.addWidget(self.stereo)
        self._side.setSizes([200, 200])
        plots = QSplitter(Qt.Orientation.Horizontal)
        plots.addWidget(self.tonal)
        plots.addWidget(self._side)
        plots.setSizes([460, 370])
        for splitter in (self._side, plots):
            splitter.setHandleWidth(1)
            splitter.setChildrenCollapsible(False)
        return plots

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._scene.set_header_width(self._theme.row(112))
        low = self.height() < LOW
        self.compare.loudness.set_low(low)
        self._layout.setStretch(2, 48 if low else 50)
        self._layout.setStretch(4, 52 if low else 50)
