"""Tools, undo and redo, snap at the left; overlays and zoom at the right."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from grammy_desktop.ui.editor.beat_grid import SNAP_DIVISIONS
from grammy_desktop.ui.editor.editor_commands import EditorCommands
from grammy_desktop.ui.editor.scene import OVERLAYS
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import Button, IconButton, Segmented, vline

TOOLS = (
    ("select", "mouse-pointer-2", "Select", "Drag in a lane to select; click places the playhead."),
    ("cut", "scissors", "Cut", "Click to split at that place."),
    ("gain", "activity", "Gain", "Drag up or down over the selection."),
)

SONG_VIEWS = (
    ("waveform", "Waveform", "audio-lines", "The sound of the mix and of every stem."),
    ("notes", "Notes", "music", "Every part with its notes, to be played anew in places."),
)
WORDS_FROM, OVERLAYS_FROM, DIVISION_FROM = 640, 740, 500
"""Widths at which the views, the overlays and the snap's division are named; below, their icons stay."""


class ToolRow(QWidget):
    snap_changed = Signal()

    def __init__(self, commands: EditorCommands, theme: Theme) -> None:
        super().__init__()
        self._do, self._scene, self._theme = commands, commands.scene, theme
        self.setFixedHeight(36)
        self.setAccessibleName("Tools")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 0, 12, 0)
        layout.setSpacing(4)
        self.tools: dict[str, IconButton] = {}
        for tool, icon, name, tip in TOOLS:
            button = IconButton(theme, icon, name, tip=tip, checked_token="text")
            button.setChecked(tool == self._scene.tool)
            button.clicked.connect(lambda _=False, chosen=tool: self._scene.set_tool(chosen))
            self.tools[tool] = button
            layout.addWidget(button)
        self.undo = self._button(layout, "undo-2", "Undo", "Ctrl+Z", commands.undo, line=True)
        self.redo = self._button(layout, "redo-2", "Redo", "Ctrl+Shift+Z", commands.redo)
        layout.addWidget(_gap(vline(20)))
        self.snap = IconButton(
            theme,
            "magnet",
            "Snap",
            key="Ctrl+4",
            tip="Edges go to the grid.",
            checked_token="accent_text",
            kind="accent",
        )
        self.snap.clicked.connect(self._scene.snap.set_on)
        self.division = Button(theme, "1/4", kind="ghost", size="card", name="Snap to")
        self.division.clicked.connect(self._open_divisions)
        layout.addWidget(self.snap)
        layout.addWidget(self.division)
        layout.addStretch(1)
        self.view = Segmented(
            theme, [(view, text, icon) for view, text, icon, _ in SONG_VIEWS], name="View", role="small_medium"
        )
        self.view.chosen.connect(self._scene.set_view)
        for view, text, _, tip in SONG_VIEWS:
            self.view.button(view).setToolTip(f"{text}  N\n{tip}")
        layout.addWidget(self.view)
        layout.addSpacing(6)
        self.overlays = Button(theme, "", kind="outline", size="card", icon="eye", name="Overlays")
        self.overlays.clicked.connect(self.open_overlays)
        layout.addWidget(self.overlays)
        self.zoom_out = self._button(layout, "zoom-out", "Zoom out", "Ctrl+3", commands.zoom_out, line=True)
        self.zoom_in = self._button(layout, "zoom-in", "Zoom in", "Ctrl+1", commands.zoom_in)
        self.fit = self._button(layout, "maximize", "Show the whole song", "Ctrl+F", commands.zoom_fit)
        self._scene.view_changed.connect(self.refresh)
        self._scene.tool_changed.connect(self.refresh)
        self._scene.snap.changed.connect(self.refresh)
        self._scene.content_changed.connect(self.refresh)
        commands.desk.edited.connect(self.refresh)
        commands.desk.song_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        for tool, button in self.tools.items():
            button.setChecked(tool == self._scene.tool)
        self.view.set_value(self._scene.view)
        desk = self._do.desk
        self.undo.setEnabled(desk.can_undo)
        self.redo.setEnabled(desk.can_redo)
        for button, verb, name in ((self.undo, "Undo", desk.undo_name), (self.redo, "Redo", desk.redo_name)):
            button.setToolTip(f"{verb} {name[:1].lower()}{name[1:]}".strip())
        snap = self._scene.snap
        has_grid = snap.grid is not None
        self.snap.setChecked(snap.on and has_grid)
        self.snap.setEnabled(has_grid)
        self.division.setEnabled(has_grid)
        self.division.setText(snap.division)
        shown = len(self._scene.overlays)
        self.overlays.setText(f"Overlays {shown}" if self.width() >= self._theme.row(OVERLAYS_FROM) else str(shown))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        row = self._theme.row
        for view, text, _, _ in SONG_VIEWS:
            self.view.button(view).setText(f" {text}" if self.width() >= row(WORDS_FROM) else "")
            self.view.button(view).setMinimumWidth(30)
        self.division.setVisible(self.width() >= row(DIVISION_FROM))
        self.refresh()

    def overlay_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setFont(self._theme.font("body"))
        for name, text in OVERLAYS.items():
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setChecked(name in self._scene.overlays)
            action.toggled.connect(lambda on, chosen=name: self._scene.set_overlay(chosen, on))
        return menu

    def open_overlays(self) -> None:
        self.overlay_menu().popup(self.overlays.mapToGlobal(QPoint(0, self.overlays.height() + 4)))

    def _open_divisions(self) -> None:
        menu = QMenu(self)
        menu.setFont(self._theme.font("body"))
        for division in SNAP_DIVISIONS:
            action = menu.addAction(division)
            action.setCheckable(True)
            action.setChecked(division == self._scene.snap.division)
            action.triggered.connect(lambda _=False, chosen=division: self._scene.snap.set_division(chosen))
        menu.popup(self.division.mapToGlobal(QPoint(0, self.division.height() + 4)))

    def _button(
        self, layout: QHBoxLayout, icon: str, name: str, key: str, run: object, *, line: bool = False
    ) -> IconButton:
        if line:
            layout.addWidget(_gap(vline(20)))
        button = IconButton(self._theme, icon, name, key=key)
        button.clicked.connect(run)
        layout.addWidget(button)
        return button


def _gap(line: QWidget) -> QWidget:
    """A parting line with room around it."""
    holder = QWidget()
    layout = QHBoxLayout(holder)
    layout.setContentsMargins(4, 0, 4, 0)
    layout.addWidget(line)
    return holder
