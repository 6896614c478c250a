"""The middle of the Master page: header, A over B, and the three plots."""

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
        side = QSplitter(Qt.Orientation.Vertical)
        side.addWidget(self.reduction)
        side.addWidget(self.stereo)
        side.setSizes([270, 150])
        plots = QSplitter(Qt.Orientation.Horizontal)
        plots.addWidget(self.tonal)
        plots.addWidget(side)
        plots.setSizes([460, 370])
        for splitter in (side, plots):
            splitter.setHandleWidth(1)
            splitter.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(hline())
        layout.addWidget(self.compare, 45)
        layout.addWidget(hline())
        layout.addWidget(plots, 55)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._scene.set_header_width(self._theme.row(104 if self.width() < 760 else 92))
