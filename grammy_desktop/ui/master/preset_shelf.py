"""What a user does with presets: save the settings as one of their own, rename, share as a file, import, delete."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from grammy_desktop.app import App
from grammy_desktop.core.errors import GrammyError
from grammy_desktop.mastering import Preset, load_presets
from grammy_desktop.mastering.preset_files import preset_id
from grammy_desktop.mastering.presets import preset_problems
from grammy_desktop.ui.master.preset_list import PresetList
from grammy_desktop.ui.master.preset_popover import PresetPopover
from grammy_desktop.ui.theme import Theme

FILES = "Preset (*.toml)"


class PresetShelf(QObject):
    """`said` carries a sentence and how to undo it (or None). `current_settings` gives the preset that saving would keep."""

    failed = Signal(object)
    said = Signal(str, object)

    def __init__(self, theme: Theme, app: App, view: PresetList, current_settings: Callable[[], Preset | None]) -> None:
        super().__init__(view)
        self._theme, self._app, self._view = theme, app, view
        self._settings = current_settings
        self.popover: PresetPopover | None = None
        view.menu_wanted.connect(self.open_menu)
        view.imported.connect(self.take_in)

    def show_all(self, choose: str) -> None:
        """Read the folder again; `choose` becomes the chosen preset."""
        before = self._view.current
        folder = self._app.paths.user_presets
        self._view.set_presets(load_presets(folder).values(), choose, preset_problems(folder))
        if self._view.current != before and self._view.preset is not None:
            self._view.chosen.emit(self._view.preset)

    def ask_to_save(self, anchor: QWidget) -> None:
        """Name and sentence for what is set now."""
        settings = self._settings()
        if settings is not None:
            self._ask("Save as your own preset", anchor, "", settings.description, self.save)

    def save(self, name: str, sentence: str) -> None:
        settings = self._settings()
        if settings is None:
            return
        kept = self._app.mastering.save_preset(replace(settings, name=name, description=sentence))
        self.show_all(kept.id)
        self.said.emit(f"“{kept.name}” is among your presets", partial(self._remove_again, kept))

    def rename(self, preset: Preset, name: str, sentence: str) -> None:
        changed = replace(preset, id=preset_id(name), name=name, description=sentence)
        kept = self._app.mastering.save_preset(changed, overwrite=changed.id == preset.id)
        if kept.id != preset.id:
            self._app.mastering.delete_preset(preset.id)
        self.show_all(kept.id if self._view.current == preset.id else self._view.current)

    def delete(self, preset: Preset) -> None:
        """At once, with Undo."""
        try:
            self._app.mastering.delete_preset(preset.id)
        except GrammyError as error:
            self.failed.emit(error)
            return
        self.show_all(preset.based_on if self._view.current == preset.id else self._view.current)
        self.said.emit(f"“{preset.name}” was deleted", partial(self._bring_back, preset))

    def export(self, preset: Preset, file: Path) -> None:
        try:
            written = self._app.mastering.export_preset(preset.id, file)
        except GrammyError as error:
            self.failed.emit(error)
            return
        self.said.emit(f"“{preset.name}” was written to {written.name}", None)

    def take_in(self, files: list[Path]) -> None:
        """Import preset files; what is wrong with one is said, the others are taken."""
        taken = []
        for file in files:
            try:
                taken.append(self._app.mastering.import_preset(file))
            except GrammyError as error:
                self.failed.emit(error)
        if taken:
            self.show_all(taken[-1].id)
            names = ", ".join(f"“{preset.name}”" for preset in taken)
            self.said.emit(f"{names} {'is' if len(taken) == 1 else 'are'} among your presets", None)

    def choose_import(self) -> None:
        chosen, _ = QFileDialog.getOpenFileNames(self._view.window(), "Import presets", str(Path.home()), FILES)
        self.take_in([Path(path) for path in chosen])

    def open_menu(self, preset_id: str, at: QPoint) -> None:
        menu = self.menu_of(preset_id)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def menu_of(self, preset_id: str) -> QMenu:
        card = self._view.cards[preset_id]
        preset, menu = card.preset, QMenu(self._view)
        menu.setFont(self._theme.font("body"))
        if preset.own:
            menu.addAction("Rename…", lambda: self._ask_rename(preset, card))
        menu.addAction("Export to a file…", lambda: self._choose_export(preset))
        menu.addAction("Import…", self.choose_import)
        if preset.own:
            menu.addSeparator()
            menu.addAction("Delete", lambda: self.delete(preset))
        return menu

    def _ask_rename(self, preset: Preset, anchor: QWidget) -> None:
        self._ask("Rename", anchor, preset.name, preset.description, partial(self.rename, preset))

    def _ask(self, title: str, anchor: QWidget, name: str, sentence: str, take: Callable[[str, str], None]) -> None:
        popover = PresetPopover(self._theme, self._view.window(), title, name=name, sentence=sentence)

        def accept(new_name: str, new_sentence: str) -> None:
            try:
                take(new_name, new_sentence)
            except GrammyError as error:
                popover.refuse(error.message)
            else:
                popover.close_popover()

        popover.accepted.connect(accept)
        self.popover = popover
        popover.open_for(anchor)

    def _choose_export(self, preset: Preset) -> None:
        start = str(Path.home() / f"{preset.id}.toml")
        chosen, _ = QFileDialog.getSaveFileName(self._view.window(), "Export the preset", start, FILES)
        if chosen:
            self.export(preset, Path(chosen))

    def _bring_back(self, preset: Preset) -> None:
        self._try(lambda: self.show_all(self._app.mastering.save_preset(preset, overwrite=True).id))

    def _remove_again(self, preset: Preset) -> None:
        def remove() -> None:
            self._app.mastering.delete_preset(preset.id)
            self.show_all(preset.based_on)

        self._try(remove)

    def _try(self, run: Callable[[], None]) -> None:
        try:
            run()
        except GrammyError as error:
            self.failed.emit(error)
