"""What the inspector does: shows one song, renames it, hands out its files."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QLayout

from grammy_desktop.app import App
from grammy_desktop.core.errors import EnvironmentFailure, GrammyError
from grammy_desktop.library import TrackRecord, VersionRecord
from grammy_desktop.ui.changes.heard_words import heard_of
from grammy_desktop.ui.covers import CoverStore, spec_of
from grammy_desktop.ui.editor.drag_out import copy_files, start_drag
from grammy_desktop.ui.formats import day, key_name, length, signed, tempo_text
from grammy_desktop.ui.library.inspector_view import COVER_SHARE, InspectorView
from grammy_desktop.ui.library.sidebar import FilterRow
from grammy_desktop.ui.song_exports import prepare, roles_of
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import ElidedLabel, Label


class Inspector(InspectorView):
    """Signals ask the page to act; `failed` carries an error, `said` a sentence."""

    opened = Signal(str, str)
    starred = Signal(bool)
    renamed = Signal(str)
    deleted = Signal()
    restored = Signal()
    left = Signal()
    """The field of the name was left by key."""

    failed = Signal(object)
    said = Signal(str)

    def __init__(self, theme: Theme, app: App, covers: CoverStore) -> None:
        super().__init__(theme)
        self._theme, self._app, self._covers = theme, app, covers
        self.track: TrackRecord | None = None
        self._files: dict[str, Path] = {}
        for kind, tile in self.tiles.items():
            tile.dragged.connect(partial(self._drag, kind))
            tile.copied.connect(partial(self.copy, kind))
        self.star.clicked.connect(self._star)
        self.open_button.clicked.connect(self._open)
        self.delete_button.clicked.connect(self._delete_or_restore)
        self.name_edit.editingFinished.connect(self._rename_done)
        self.name_edit.installEventFilter(self)
        theme.changed.connect(lambda: self.show_track(self.track))
        self._measure = QTimer(self)
        self._measure.setSingleShot(True)
        self._measure.setInterval(0)
        self._measure.timeout.connect(self._lay_out_again)
        self.show_track(None)

    def show_track(self, track: TrackRecord | None) -> None:
        self.track = track
        self.scroll_area.setVisible(track is not None)
        self.empty.setVisible(track is None)
        if track is None:
            return
        versions = self._app.library.versions(track.id)
        self._files = self._app.files_of(track.id)
        self._end_rename()
        self.name_label.setText(track.title)
        self.name_label.setAccessibleName(track.title)
        self.star.set_icon("star", "accent_text" if track.starred else "text_2", filled=track.starred)
        genre = self._genre(track)
        parts = (genre, tempo_text(track.tempo), key_name(track.key), length(track.duration))
        self.facts.setText(" · ".join(part for part in parts if part))
        newest = next((v for v in reversed(versions) if v.details.get("envelope")), None)
        self.wave.show_details(newest.details if newest is not None else None)
        self._show_licence(track)
        self._show_tiles(track)
        self._show_versions(versions)
        self._show_made_with(track, versions)
        self._show_cover()

    def rename(self) -> None:
        """F2: the title becomes a field."""
        if self.track is not None:
            self.name_edit.setFont(self._theme.font("title_large"))
            self.name_edit.setText(self.track.title)
            self.name_label.hide()
            self.name_edit.show()
            self.name_edit.setFocus()
            self.name_edit.selectAll()

    def copy(self, kind: str) -> None:
        """Copy the files of one tile."""
        if paths := self._prepare(kind):
            copy_files(paths)
            self.said.emit(f"Copied {paths[0].name if len(paths) == 1 else f'{len(paths)} files'}.")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._measure.start()

    def _lay_out_again(self) -> None:
        """The rows were placed while the page was hidden, when the cover had no height yet."""
        for layout in self.body.findChildren(QLayout):
            layout.invalidate()
        self.body.updateGeometry()
        QCoreApplication.postEvent(self.body, QEvent(QEvent.Type.LayoutRequest))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.track is not None:
            self._show_cover()

    def _genre(self, track: TrackRecord) -> str:
        style = self._app.styles.get(track.genre)
        return style.name if style is not None else track.genre.replace("_", " ").capitalize()

    def _show_cover(self) -> None:
        if self.track is None:
            return
        width = max(120, self.width() - 32)
        ratio = self.devicePixelRatioF()
        self.cover.setFixedHeight(round(width * COVER_SHARE))
        self.cover.setPixmap(
            self._covers.pixmap(spec_of(self.track), width, round(width * COVER_SHARE), ratio=ratio, radius=10)
        )

    def _show_licence(self, track: TrackRecord) -> None:
        token = "ok" if track.sellable else "warn"
        self.licence.setText("Yours to sell" if track.sellable else "Not for sale")
        self.licence.set_token(token)
        self.reason.setText(track.licence_reason)
        icon = "shield-check" if track.sellable else "shield-alert"
        self.licence_icon.setPixmap(self._theme.pixmap(icon, 16, token, ratio=self.devicePixelRatioF()))
        in_trash = track.deleted_at is not None
        self.delete_button.setText("Put back" if in_trash else "Move to Trash")
        self.delete_button.set_icon("undo-2" if in_trash else "trash-2")

    def _show_tiles(self, track: TrackRecord) -> None:
        for kind, tile in self.tiles.items():
            tile.setEnabled(bool(roles_of(kind, self._files)))
        stems = len(roles_of("stems", self._files))
        self.tiles["stems"].set_text(f"{stems} stems" if stems else "Stems")

    def _show_versions(self, versions: list[VersionRecord]) -> None:
        while (item := self.versions.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for version in reversed(versions):
            icon = {"master": "disc-3", "import": "file-audio", "edit": "scissors"}.get(version.kind, "git-branch")
            row = FilterRow(self._theme, version.name or version.kind.capitalize(), icon)
            row.setCheckable(False)
            row.set_note(_figure(version))
            row.setToolTip(f"{version.kind.capitalize()}, {day(version.created_at)}")
            row.clicked.connect(partial(self._open_version, version))
            self.versions.addWidget(row)

    def _open_version(self, version: VersionRecord) -> None:
        self.opened.emit(version.track_id, version.id)

    def _show_made_with(self, track: TrackRecord, versions: list[VersionRecord]) -> None:
        _clear(self.made_with)
        recipe = self._app.library.recipe(track.id) or {}
        engine = " ".join(str(recipe.get(k)) for k in ("engine", "engine_version") if recipe.get(k)) or track.engine
        heard = heard_of(reversed(versions))
        rows = [
            ("Engine", engine[:1].upper() + engine[1:]),
            ("Seed", str(track.seed) if track.seed is not None else ""),
            ("Prompt", track.prompt),
            ("Restyled from", heard.source if heard is not None else ""),
            ("Heard", heard.line if heard is not None else ""),
            ("Made", day(track.created_at)),
            ("Versions", str(len(versions))),
        ]
        for index, (name, value) in enumerate((n, v) for n, v in rows if v):
            self.made_with.addWidget(Label(self._theme, name, "small", "text_2"), index, 0)
            text = ElidedLabel(self._theme, value, "small_medium")
            text.setAlignment(Qt.AlignmentFlag.AlignRight)
            self.made_with.addWidget(text, index, 1)

    def _prepare(self, kind: str) -> list[Path]:
        if self.track is None:
            return []
        try:
            return prepare(self._app.paths, self.track, self._files, kind)
        except OSError as error:
            self.failed.emit(EnvironmentFailure(f"The files could not be prepared: {error.strerror}."))
        except GrammyError as error:
            self.failed.emit(error)
        return []

    def _drag(self, kind: str) -> None:
        if paths := self._prepare(kind):
            start_drag(self.tiles[kind], self._theme, paths)

    def _star(self) -> None:
        if self.track is not None:
            self.starred.emit(not self.track.starred)

    def _open(self) -> None:
        if self.track is not None:
            self.opened.emit(self.track.id, "")

    def _delete_or_restore(self) -> None:
        in_trash = self.track is not None and self.track.deleted_at is not None
        (self.restored if in_trash else self.deleted).emit()

    def _rename_done(self) -> None:
        if self.name_edit.isVisible():
            title = self.name_edit.text().strip()
            self._leave_field()
            self._end_rename()
            if self.track is not None and title and title != self.track.title:
                self.renamed.emit(title)

    def _leave_field(self) -> None:
        """Back to the songs, unless the user has gone elsewhere; a hidden field would hand its focus to the star."""
        if self.name_edit.hasFocus():
            self.left.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.name_edit and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() == QEvent.Type.KeyPress and self.track is not None:
                self.name_edit.setText(self.track.title)
                self._rename_done()
            return True
        return super().eventFilter(watched, event)

    def _end_rename(self) -> None:
        self.name_edit.hide()
        self.name_label.show()


def _figure(version: VersionRecord) -> str:
    score = version.score or {}
    if score.get("overall_score") is not None:
        band = score.get("band")
        return f"{round(score['overall_score'])}" + (f" ±{round(band)}" if band is not None else "")
    integrated = version.loudness.get("integrated")
    return f"{signed(integrated)} LUFS" if integrated is not None else ""


def _clear(layout: QGridLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
