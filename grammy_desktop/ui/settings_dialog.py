"""Settings: look, sound, defaults, where things are kept, keys."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from grammy_desktop.app import App
from grammy_desktop.core.errors import GrammyError
from grammy_desktop.core.settings import Settings
from grammy_desktop.playback.programme import OutputDevice
from grammy_desktop.ui.background import Background
from grammy_desktop.ui.commands import CommandTable
from grammy_desktop.ui.errors import show_error
from grammy_desktop.ui.export_popover import FORMATS
from grammy_desktop.ui.formats import size
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.theme.fonts import TEXT_SIZES
from grammy_desktop.ui.transport.output_menu import NO_DEVICE
from grammy_desktop.ui.widgets import Button, CheckBox, Keycap, Label, Segmented, Select, column, row

PAGES = ("Look", "Sound", "Creating", "Storage", "Keys")


class SettingsDialog(QDialog):
    """Changes act at once; there is nothing to confirm. `output_chosen` carries a device's name or None."""

    output_chosen = Signal(object)

    def __init__(self, theme: Theme, app: App, commands: CommandTable, window: QWidget) -> None:
        super().__init__(window)
        self._theme, self._app = theme, app
        self._background = Background(self)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Settings")
        self.resize(680, 520)
        self._pages = QStackedWidget()
        self._errors = QVBoxLayout()
        self._list = QVBoxLayout()
        self._list.setSpacing(2)
        self._rows: dict[str, Button] = {}
        builders: tuple[Callable[[], QWidget], ...] = (
            self._look,
            self._sound,
            self._creating,
            self._storage,
            lambda: self._keys(commands),
        )
        for index, (name, build) in enumerate(zip(PAGES, builders, strict=True)):
            button = Button(theme, name, kind="row")
            button.setCheckable(True)
            button.setAutoExclusive(True)
            button.clicked.connect(lambda _=False, chosen=index: self._pages.setCurrentIndex(chosen))
            self._rows[name] = button
            self._list.addWidget(button)
            self._pages.addWidget(build())
        self._list.addStretch(1)
        side = QWidget()
        side.setProperty("surface", "panel")
        side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        side.setFixedWidth(168)
        side.setLayout(column(Label(theme, "Settings", "title"), 8, self._list, margins=(12, 16, 12, 16)))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(side)
        right = column(self._errors, margins=(0, 0, 0, 0))
        right.addWidget(self._pages, 1)
        layout.addLayout(right, 1)
        self.show_page("Look")

    def show_page(self, name: str) -> None:
        self._rows[name].setChecked(True)
        self._pages.setCurrentIndex(PAGES.index(name))

    @property
    def _now(self) -> Settings:
        return self._app.settings.current

    def _change(self, **values: object) -> None:
        try:
            self._app.settings.change(**values)
        except GrammyError as error:
            show_error(self._theme, error, self._app.paths, place=self._errors)

    def _form(self, title: str, *lines: tuple[str, QWidget, str]) -> QWidget:
        """Rows of name, control and what it means."""
        page = QWidget()
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        for index, (name, control, help_text) in enumerate(lines):
            grid.addWidget(Label(self._theme, name, "body_medium"), 2 * index, 0)
            grid.addWidget(control, 2 * index, 1, Qt.AlignmentFlag.AlignLeft)
            note = Label(self._theme, help_text, "caption", "text_3")
            note.setWordWrap(True)
            note.setContentsMargins(0, 0, 0, 14)
            grid.addWidget(note, 2 * index + 1, 1)
        page.setLayout(column(Label(self._theme, title, "title_large"), 10, grid, None, margins=(24, 20, 24, 20)))
        return page

    def _look(self) -> QWidget:
        modes = (("dark", "Dark", ""), ("light", "Light", ""), ("system", "System", ""))
        mode = Segmented(self._theme, modes, name="Theme")
        mode.set_value(self._now.theme)
        mode.chosen.connect(lambda value: self._change(theme=value))
        sizes = Segmented(self._theme, [(str(s), f"{s} %", "") for s in TEXT_SIZES], name="Text size")
        sizes.set_value(str(self._now.text_size))
        sizes.chosen.connect(lambda value: self._change(text_size=int(value)))
        motion = CheckBox(self._theme, "Reduce motion")
        motion.setChecked(self._now.reduced_motion)
        motion.toggled.connect(lambda on: self._change(reduced_motion=on))
        return self._form(
            "Look",
            ("Theme", mode, "System follows what the computer is set to."),
            ("Text size", sizes, "Rows and buttons grow with it."),
            ("Motion", motion, "Panels and numbers change at once."),
        )

    def _sound(self) -> QWidget:
        self.output = Select(self._theme, [(None, "System output")], name="Output")
        self.output_note = Label(self._theme, "", "caption", "warn")
        self.output.picked.connect(self._output_picked)
        look = Button(self._theme, "Look for outputs", kind="outline")
        look.clicked.connect(self.look_for_outputs)
        holder = QWidget()
        holder.setLayout(row(self.output, look))
        chosen = self._now.output_device
        if chosen:
            self.output.set_options([(None, "System output"), (chosen, chosen)], chosen)
        page = self._form("Sound", ("Output", holder, "Where songs are heard."), ("", self.output_note, ""))
        return page

    def done(self, result: int) -> None:
        self._background.close()
        super().done(result)

    def look_for_outputs(self) -> None:
        self._background.run(
            self._app.player.devices, self._show_outputs, lambda error: self.output_note.setText(error.message)
        )

    def _show_outputs(self, devices: list[OutputDevice]) -> None:
        self.output_note.setText("" if devices else NO_DEVICE)
        options: list[tuple[object, str]] = [(None, "System output"), *((d.name, d.name) for d in devices)]
        self.output.set_options(options, self._now.output_device or None)

    def _output_picked(self, name: object) -> None:
        self._change(output_device=name or "")
        self.output_chosen.emit(name)

    def _creating(self) -> QWidget:
        takes = Select(self._theme, [(n, str(n)) for n in range(1, 9)], name="Takes", value=self._now.default_takes)
        takes.picked.connect(lambda value: self._change(default_takes=value))
        presets = [(preset.id, preset.name) for preset in self._app.mastering.presets.values()]
        preset = Select(self._theme, presets, name="Mastering preset", value=self._now.default_preset)
        preset.picked.connect(lambda value: self._change(default_preset=value))
        export = Select(self._theme, FORMATS, name="Export format", value=self._now.export_format)
        export.picked.connect(lambda value: self._change(export_format=value))
        return self._form(
            "Creating",
            ("Takes", takes, "How many songs one prompt makes."),
            ("Master with", preset, "The sound every new song is mastered with."),
            ("Export as", export, "WAV is 24-bit with tempo, key and markers."),
        )

    def _storage(self) -> QWidget:
        folder = Button(self._theme, "Open the folder", kind="outline", icon="folder-open")
        url = QUrl.fromLocalFile(str(self._app.paths.data_dir))
        folder.clicked.connect(lambda: QDesktopServices.openUrl(url))
        used = Label(self._theme, size(self._app.library.usage()), "body")
        return self._form(
            "Storage",
            ("Songs", folder, f"Everything is kept in {self._app.paths.data_dir}. Nothing leaves this computer."),
            ("Audio", used, "Files that several versions share are counted once."),
        )

    def _keys(self, commands: CommandTable) -> QWidget:
        body = QWidget()
        grid = QGridLayout(body)
        grid.setContentsMargins(24, 8, 24, 16)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 1)
        category, line = "", 0
        for command in commands.bound():
            keys = commands.action(command.id).shortcuts()
            if not keys:
                continue
            if command.category != category:
                category = command.category
                grid.addWidget(Label(self._theme, category, "body_bold"), line, 0)
                line += 1
            grid.addWidget(Label(self._theme, command.text, "small", "text_2"), line, 0)
            holder = row(None, *(Keycap(self._theme, key.toString().replace("+", " + ")) for key in keys), spacing=4)
            grid.addLayout(holder, line, 1)
            line += 1
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(body)
        scroll.viewport().setAutoFillBackground(False)
        body.setProperty("surface", "clear")
        page = QWidget()
        page.setLayout(
            column(column(Label(self._theme, "Keys", "title_large"), margins=(24, 20, 24, 0)), scroll, spacing=6)
        )
        return page
