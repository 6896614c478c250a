"""A/B/X at work: keys and clicks to the comparison, and what is heard back to the keys and the lanes."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QMenu, QWidget

from grammy_desktop.ui.command_list import Needs
from grammy_desktop.ui.commands import CommandTable
from grammy_desktop.ui.formats import with_unit
from grammy_desktop.ui.master.comparison import Comparison
from grammy_desktop.ui.master.listen_box import ListenBox
from grammy_desktop.ui.session import SongSession
from grammy_desktop.ui.theme import Theme


class Listening(QObject):
    """`shown` tells which lane is lit: 'a', 'b', or '' while a blind trial is open."""

    shown = Signal(str)

    def __init__(self, theme: Theme, session: SongSession, comparison: Comparison, box: ListenBox) -> None:
        super().__init__(comparison)
        self._theme, self._comparison, self._box = theme, comparison, box
        self._commands: CommandTable | None = None
        box.hear.connect(comparison.hear)
        box.hear_hidden.connect(comparison.hear_hidden)
        box.choose.connect(self.open_menu)
        box.trial_changed.connect(self._trial_changed)
        comparison.changed.connect(self.show_state)
        session.heard_changed.connect(lambda _side: self.show_state())
        session.gains_changed.connect(self.show_state)
        self._session = session

    def bind(self, commands: CommandTable) -> None:
        self._commands, box = commands, self._box
        commands.bind("master.a", lambda: box.press("a"))
        commands.bind("master.b", lambda: box.press("b"))
        commands.bind("master.switch", box.switch)
        commands.bind("master.x", box.press_x)
        commands.bind("master.is_a", lambda: box.answer("a"))
        commands.bind("master.is_b", lambda: box.answer("b"))
        commands.bind("master.start_over", box.start_over)
        commands.bind("master.choose_a", lambda: self.open_menu("a"))
        commands.bind("master.choose_b", lambda: self.open_menu("b"))
        self.show_state()

    def show_state(self) -> None:
        comparison, box = self._comparison, self._box
        slots = comparison.slots
        names = {slot: (each.short, each.name) if each is not None else None for slot, each in slots.items()}
        box.set_pair(names["a"] or ("Mix", "Mix"), names["b"] or ("Master", "No master yet"))
        box.set_state(
            comparison.heard,
            match_db=comparison.match_db,
            can_compare=comparison.is_pair,
            hidden=self._session.is_hidden,
        )
        self.shown.emit("" if box.is_hidden else comparison.heard)
        if self._commands is not None:
            self._commands.set_available(Needs.PAIR, comparison.is_pair)

    def open_menu(self, slot: str) -> None:
        """The versions A or B can be."""
        menu = self.menu_of(slot)
        menu.aboutToHide.connect(menu.deleteLater)
        key: QWidget = self._box.key_a if slot == "a" else self._box.key_b
        menu.popup(key.mapToGlobal(QPoint(0, key.height() + 2)))

    def menu_of(self, slot: str) -> QMenu:
        menu = QMenu(self._box)
        menu.setFont(self._theme.font("body"))
        menu.setAccessibleName(f"What {slot.upper()} is")
        menu.setToolTipsVisible(True)
        current = self._comparison.slots[slot]
        for candidate in self._comparison.candidates.values():
            note = with_unit(candidate.lufs, "LUFS") if candidate.lufs is not None else ""
            action = menu.addAction(f"{candidate.name}   {note}".rstrip())
            action.setCheckable(True)
            action.setChecked(current is not None and candidate.version.id == current.version.id)
            action.setEnabled(not candidate.problem)
            action.setToolTip(candidate.problem)
            chosen = candidate.version.id
            action.triggered.connect(lambda _=False, version=chosen: self._comparison.choose(slot, version))
            if action.isChecked():
                menu.setActiveAction(action)
        return menu

    def _trial_changed(self, is_open: bool) -> None:
        if self._commands is not None:
            self._commands.set_available(Needs.TRIAL, is_open)
        self.shown.emit("" if self._box.is_hidden else self._comparison.heard)
