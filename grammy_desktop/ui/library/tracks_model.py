"""Songs of one search as a Qt model; more are read as the view scrolls."""

from __future__ import annotations

import time
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from grammy_desktop.jobs import JobSnapshot
from grammy_desktop.library import Library, TrackRecord
from grammy_desktop.ui.formats import key_name, length, tempo_text

TRACK_ROLE = int(Qt.ItemDataRole.UserRole) + 1
JOB_ROLE = TRACK_ROLE + 1
_PAGE = 200

Index = QModelIndex | QPersistentModelIndex


class TracksModel(QAbstractListModel):
    """`search` raises UserError for a token that cannot be meant; the old rows stay then."""

    def __init__(self, library: Library, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._query, self._filter, self._order = "", "all", "newest"
        self._tracks: list[TrackRecord] = []
        self._jobs: dict[str, JobSnapshot] = {}
        self.total = 0
        self.seconds = 0.0

    def search(self, query: str, *, filter: str, order: str) -> None:
        started = time.perf_counter()
        total = self._library.count(query, filter=filter)
        tracks = self._library.tracks(query, filter=filter, order=order, limit=max(_PAGE, len(self._tracks)))
        self.seconds = time.perf_counter() - started
        self.beginResetModel()
        self._query, self._filter, self._order = query, filter, order
        self._tracks, self.total = tracks, total
        self.endResetModel()

    def refresh(self) -> None:
        """The same search again."""
        self.search(self._query, filter=self._filter, order=self._order)

    def show_jobs(self, jobs: dict[str, JobSnapshot]) -> None:
        """Running job by track id."""
        touched = set(jobs) | set(self._jobs)
        self._jobs = jobs
        for row, track in enumerate(self._tracks):
            if track.id in touched:
                self.dataChanged.emit(self.index(row), self.index(row), [JOB_ROLE])

    def track_at(self, index: Index) -> TrackRecord | None:
        return self._tracks[index.row()] if index.isValid() and index.row() < len(self._tracks) else None

    def row_of(self, track_id: str) -> int:
        """-1 when it is not among the rows."""
        return next((row for row, track in enumerate(self._tracks) if track.id == track_id), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._tracks)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        track = self.track_at(index)
        if track is None:
            return None
        if role == TRACK_ROLE:
            return track
        if role == JOB_ROLE:
            return self._jobs.get(track.id)
        if role == int(Qt.ItemDataRole.DisplayRole):
            return track.title
        if role == int(Qt.ItemDataRole.AccessibleTextRole):
            return ", ".join(
                (track.title, track.genre, tempo_text(track.tempo), key_name(track.key), length(track.duration))
            )
        return None

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and len(self._tracks) < self.total

    def fetchMore(self, parent: Index) -> None:
        more = self._library.tracks(
            self._query, filter=self._filter, order=self._order, limit=_PAGE, offset=len(self._tracks)
        )
        if not more:
            self.total = len(self._tracks)
            return
        self.beginInsertRows(QModelIndex(), len(self._tracks), len(self._tracks) + len(more) - 1)
        self._tracks += more
        self.endInsertRows()
