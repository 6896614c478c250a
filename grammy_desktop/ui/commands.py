"""The command table at work: QActions made once, bound by whoever can do them.

A command nobody has bound is hidden everywhere: menu, palette and keys show only what works.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from grammy_desktop.ui.command_list import COMMANDS, WHY, Command, Needs


class CommandTable(QObject):
    """`action(id)` for menus and buttons, `bind(id, run)` for panels, `set_available(needs, yes)` for the session."""

    bound_changed = Signal()

    def __init__(self, window: QWidget | None = None) -> None:
        super().__init__(window)
        self._commands = {command.id: command for command in COMMANDS}
        self._available: dict[Needs, bool] = {Needs.NOTHING: True}
        self._bound: dict[str, Callable[[], object]] = {}
        self._actions = {command.id: self._make(command) for command in COMMANDS}

    def attach(self, window: QWidget) -> None:
        """Make the window-wide keys work in `window`."""
        for command in COMMANDS:
            if command.scope == "window":
                window.addAction(self._actions[command.id])

    def attach_scope(self, scope: str, widget: QWidget) -> None:
        """Make the keys of `scope` work while `widget` or a child of it has focus."""
        for command in COMMANDS:
            if command.scope == scope:
                widget.addAction(self._actions[command.id])

    def bind(self, command_id: str, run: Callable[[], object]) -> None:
        """What the command does; a later call takes over. Raises KeyError for an unknown id."""
        action = self._actions[command_id]
        self._bound[command_id] = run
        action.setVisible(True)
        self._refresh(command_id)
        self.bound_changed.emit()

    def binding(self, command_id: str) -> Callable[[], object] | None:
        """What it does now, for whoever takes over in some cases."""
        return self._bound.get(command_id)

    def action(self, command_id: str) -> QAction:
        return self._actions[command_id]

    def command(self, command_id: str) -> Command:
        return self._commands[command_id]

    def run(self, command_id: str) -> None:
        """Run it as its key would: not at all when it is disabled."""
        self._actions[command_id].trigger()

    def bound(self) -> list[Command]:
        """Commands that do something, in the table's order."""
        return [command for command in COMMANDS if command.id in self._bound]

    def set_available(self, needs: Needs, available: bool) -> None:
        if self._available.get(needs) == available:
            return
        self._available[needs] = available
        for command in COMMANDS:
            if command.needs is needs:
                self._refresh(command.id)

    def why_disabled(self, command_id: str) -> str:
        """A short reason, or '' when the command can run."""
        return "" if self._actions[command_id].isEnabled() else WHY[self._commands[command_id].needs]

    def shortcut_text(self, command_id: str) -> str:
        """The first key as this platform writes it, e.g. 'Ctrl+K'."""
        keys = self._actions[command_id].shortcuts()
        return keys[0].toString(QKeySequence.SequenceFormat.NativeText) if keys else ""

    def fill_menu(self, menu: QMenu) -> None:
        """One submenu a category, with every bound command."""
        menu.clear()
        submenus: dict[str, QMenu] = {}
        for command in self.bound():
            if command.category not in submenus:
                submenus[command.category] = menu.addMenu(command.category)
                submenus[command.category].setFont(menu.font())
            submenus[command.category].addAction(self._actions[command.id])

    def _make(self, command: Command) -> QAction:
        action = QAction(command.text, self)
        action.setObjectName(command.id)
        action.setShortcuts([QKeySequence(key) for key in command.keys])
        window_wide = command.scope == "window"
        context = Qt.ShortcutContext.WindowShortcut if window_wide else Qt.ShortcutContext.WidgetWithChildrenShortcut
        action.setShortcutContext(context)
        action.setAutoRepeat(command.repeat)
        action.setVisible(False)
        action.setEnabled(False)
        action.triggered.connect(lambda _=False, chosen=command.id: self._run(chosen))
        return action

    def _run(self, command_id: str) -> None:
        if command_id in self._bound:
            self._bound[command_id]()

    def _refresh(self, command_id: str) -> None:
        needs = self._commands[command_id].needs
        self._actions[command_id].setEnabled(command_id in self._bound and self._available.get(needs, False))
