"""Presets of one's own: saved, renamed, shared, imported, deleted and brought back."""

from __future__ import annotations

from pathlib import Path

import pytest
from editor_kit import listen
from pytestqt.qtbot import QtBot

from grammy_desktop.app import App
from grammy_desktop.ui.workspace import Workspace


@pytest.fixture
def page(workspace: Workspace) -> Workspace:
    workspace.window.show_page("master")
    return workspace


def test_the_settings_become_a_preset_of_ones_own(page: Workspace, qtbot: QtBot) -> None:
    master = page.master
    assert len(master.left.cards) >= 10
    master.right.targets.loudness.set_value(-12.5)
    page.commands.run("master.save_preset")
    popover = master.shelf.popover
    assert popover is not None
    popover.save.click()
    assert popover.problem.text() == "A preset needs a name."
    popover.name.setText("Spotify loud")
    popover.save.click()
    assert "stays as it is" in popover.problem.text(), "a name of the app's own is refused in place"
    popover.name.setText("Late night")
    popover.sentence.setText("For headphones: quiet and dark.")
    popover.save.click()
    assert not popover.isVisible()
    assert master.left.presets.current == "late-night"
    preset = master.left.preset
    assert preset is not None
    assert (preset.name, preset.target_lufs, preset.own) == ("Late night", -12.5, True)
    assert page.app.mastering.presets["late-night"].based_on == "spotify-loud"
    assert page.toast.undoable
    page.toast.run_undo()
    assert "late-night" not in master.left.cards


def test_rename_share_import_and_delete_with_undo(page: Workspace, tmp_path: Path) -> None:
    shelf, cards = page.master.shelf, lambda: page.master.left.cards
    shelf.save("Late night", "Dark.")
    shelf.rename(cards()["late-night"].preset, "Later night", "Darker.")
    assert "late-night" not in cards()
    preset = cards()["later-night"].preset
    shelf.export(preset, tmp_path / "shared.toml")
    shelf.delete(preset)
    assert "later-night" not in cards()
    page.toast.run_undo()
    assert cards()["later-night"].preset.description == "Darker."
    shelf.delete(cards()["later-night"].preset)
    shelf.take_in([tmp_path / "shared.toml"])
    assert page.master.left.presets.current == "later-night"
    own = [action.text() for action in shelf.menu_of("later-night").actions() if action.text()]
    assert own == ["Rename…", "Export to a file…", "Import…", "Delete"]
    assert "Delete" not in [action.text() for action in shelf.menu_of("club").actions()]


def test_broken_preset_files_are_a_quiet_notice(page: Workspace, app: App, tmp_path: Path) -> None:
    app.paths.user_presets.mkdir(parents=True, exist_ok=True)
    (app.paths.user_presets / "broken.toml").write_text("name = [", encoding="utf-8")
    page.master.shelf.show_all("club")
    presets = page.master.left.presets
    assert presets.trouble.isVisible()
    assert presets.trouble.text() == "1 preset file cannot be used"
    assert "broken.toml" in presets._notice.toolTip()
    failed = listen(page.master.failed)
    page.master.shelf.take_in([app.paths.user_presets / "broken.toml"])
    assert len(failed.calls) == 1
