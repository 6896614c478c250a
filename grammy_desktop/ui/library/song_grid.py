"""The grid (or list) of songs."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyleOptionViewItem

from grammy_desktop.library import TrackRecord
from grammy_desktop.ui.library.card_delegate import GAP, CardDelegate
from grammy_desktop.ui.library.tracks_model import TracksModel
from grammy_desktop.ui.theme import Theme

NARROWEST, WIDEST = 190, 240
INSET = 16


class SongGrid(QListView):
    """`chosen` carries the current TrackRecord or None; `opened` on Enter or double-click."""

    chosen = Signal(object)
    opened = Signal(str)
    delete_wanted = Signal()
    """The Delete key."""

    def __init__(self, theme: Theme, model: TracksModel, delegate: CardDelegate) -> None:
        super().__init__()
        self._theme, self._model, self._delegate = theme, model, delegate
        self.setModel(model)
        self.setItemDelegate(delegate)
        self.setAccessibleName("Songs")
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setViewportMargins(INSET, INSET, 0, 0)
        self.selectionModel().currentChanged.connect(self._current_changed)
        self.doubleClicked.connect(self._open)
        theme.changed.connect(self._relayout)
        self.set_list(False)

    def set_list(self, as_list: bool) -> None:
        self._delegate.as_list = as_list
        self.setViewMode(QListView.ViewMode.ListMode if as_list else QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setFlow(QListView.Flow.TopToBottom if as_list else QListView.Flow.LeftToRight)
        self.setWrapping(not as_list)
        self._relayout()

    @property
    def current(self) -> TrackRecord | None:
        return self._model.track_at(self.currentIndex())

    def choose(self, track_id: str) -> None:
        row = self._model.row_of(track_id)
        if row >= 0:
            self.selectionModel().setCurrentIndex(
                self._model.index(row), QItemSelectionModel.SelectionFlag.ClearAndSelect
            )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._relayout()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._open(self.currentIndex())
        elif event.key() == Qt.Key.Key_Delete and self.currentIndex().isValid():
            self.delete_wanted.emit()
        else:
            super().keyPressEvent(event)

    def _relayout(self) -> None:
        if self._delegate.as_list:
            self.setGridSize(QSize())
        else:
            # The scroll bar's 10 px stay free, so that cards do not jump when it appears.
            available = self.width() - INSET - 12
            columns = max(1, available // (NARROWEST + GAP))
            self._delegate.card_width = min(WIDEST, available // columns - GAP)
            card = self._delegate.sizeHint(QStyleOptionViewItem(), QModelIndex())
            self.setGridSize(card)
        self.scheduleDelayedItemsLayout()

    def _current_changed(self, current: QModelIndex) -> None:
        self.chosen.emit(self._model.track_at(current))

    def _open(self, index: QModelIndex) -> None:
        track = self._model.track_at(index)
        if track is not None and track.status == "completed":
            self.opened.emit(track.id)
