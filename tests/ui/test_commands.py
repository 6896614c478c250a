from collections import Counter

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from grammy_desktop.ui.command_list import COMMANDS, WHY, Needs
from grammy_desktop.ui.commands import CommandTable


def test_ids_and_window_wide_keys_are_unique() -> None:
    assert max(Counter(command.id for command in COMMANDS).values()) == 1
    keys = Counter(QKeySequence(key).toString() for c in COMMANDS if c.scope == "window" for key in c.keys)
    assert [key for key, count in keys.items() if count > 1] == []


def test_every_key_can_be_read() -> None:
    for command in COMMANDS:
        for key in command.keys:
            assert QKeySequence(key).toString(), (command.id, key)


def test_unbound_commands_are_hidden_everywhere(qapp: object) -> None:
    table = CommandTable()
    menu = QMenu()
    table.fill_menu(menu)
    assert menu.actions() == []
    table.bind("play.toggle", lambda: None)
    table.fill_menu(menu)
    assert [action.text() for action in menu.actions()] == ["Play"]
    assert not table.action("view.zoom_in").isVisible()


def test_a_command_runs_only_when_it_can(qapp: object) -> None:
    table, ran = CommandTable(), []
    table.bind("play.toggle", lambda: ran.append("play"))
    table.run("play.toggle")
    assert ran == []
    assert table.why_disabled("play.toggle") == WHY[Needs.SONG]
    table.set_available(Needs.SONG, True)
    table.run("play.toggle")
    assert ran == ["play"]
    assert table.why_disabled("play.toggle") == ""


def test_a_later_binding_takes_over(qapp: object) -> None:
    table, ran = CommandTable(), []
    table.bind("view.create", lambda: ran.append(1))
    table.bind("view.create", lambda: ran.append(2))
    table.run("view.create")
    assert ran == [2]


def test_attach_adds_every_window_wide_action(qapp: object) -> None:
    table, window = CommandTable(), QWidget()
    table.attach(window)
    names = {action.objectName() for action in window.actions()}
    assert names == {command.id for command in COMMANDS if command.scope == "window"}
