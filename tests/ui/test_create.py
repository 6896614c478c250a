from pathlib import Path

import pytest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from grammy_desktop.app import App
from grammy_desktop.core.brief import Brief, Origin
from grammy_desktop.ui.commands import CommandTable
from grammy_desktop.ui.create.chip_editors import TempoPopover, style_menu
from grammy_desktop.ui.create.create_panel import CreatePanel
from grammy_desktop.ui.create.estimate import Pace
from grammy_desktop.ui.memory import ShortMemory, WindowMemory
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.workspace import Workspace


@pytest.fixture
def panel(qtbot: QtBot, app: App, theme: Theme) -> CreatePanel:
    made = CreatePanel(theme, app, CommandTable(), ShortMemory())
    qtbot.addWidget(made)
    made.resize(320, 700)
    made.show()
    return made


def test_typing_reads_the_brief_after_a_pause(panel: CreatePanel, qtbot: QtBot) -> None:
    qtbot.keyClicks(panel.prompt, "lo-fi at 82 BPM")
    qtbot.waitUntil(lambda: panel.brief is not None and panel.brief.tempo.value == 82.0)
    texts = [chip.text() for chip in panel.chips.chips()]
    assert "82\u00a0BPM" in texts
    assert next(chip for chip in panel.chips.chips() if chip.field == "tempo").origin is Origin.SAID


def test_an_edited_chip_stays_said_and_goes_back(panel: CreatePanel) -> None:
    panel.set_prompt("Chill lo-fi hip hop")
    assert panel.brief is not None
    inferred = panel.brief.tempo
    panel.chips.wished.emit("tempo", 77.0)
    assert panel.brief.tempo.value == 77.0
    assert panel.brief.tempo.origin is Origin.SAID
    panel.prompt.set_text("Chill lo-fi hip hop, rainy")
    panel.read()
    assert panel.brief.tempo.value == 77.0
    panel.chips.wished.emit("tempo", None)
    assert panel.brief.tempo.origin is inferred.origin


def test_enhance_shows_the_new_words_and_escape_brings_back_the_old(panel: CreatePanel, qtbot: QtBot) -> None:
    panel.set_prompt("sad piano")
    panel.enhance()
    assert panel.prompt.text != "sad piano"
    assert "sad piano" in panel.enhanced.text()
    assert panel.prompt.put_back()
    assert panel.prompt.text == "sad piano"
    assert panel.enhanced.isHidden()


def test_the_field_grows_and_stops(panel: CreatePanel, qtbot: QtBot) -> None:
    assert panel.prompt.height() == 86
    panel.set_prompt("a long sentence about rain on rooftops " * 30)
    qtbot.waitUntil(lambda: panel.prompt.height() == 172)


def test_nothing_is_created_without_a_prompt(panel: CreatePanel) -> None:
    told: list[object] = []
    panel.created.connect(told.append)
    panel.start()
    assert told == []
    assert not panel.create_button.isEnabled()


def test_the_seed_is_locked_or_drawn(panel: CreatePanel) -> None:
    panel.set_prompt("lo-fi")
    assert panel.options.seed is None
    panel.seed.set_seed(4128)
    assert panel.options.seed == 4128
    assert panel.seed.text() == "4128"


def test_an_estimate_needs_past_songs() -> None:
    pace = Pace(ShortMemory())
    assert pace.estimate(120.0, 4, 2) is None
    pace.note(10.0, 100.0)
    assert pace.estimate(120.0, 4, 2) == pytest.approx(24.0)
    assert pace.estimate(120.0, 1, 2) == pytest.approx(12.0)


def test_tapping_measures_the_tempo(qtbot: QtBot, panel: CreatePanel, theme: Theme) -> None:
    picked: list[float] = []
    popover = TempoPopover(theme, panel, 100.0, picked.append)
    for beat in range(5):
        popover.tap(10.0 + beat * 0.5)
    assert picked[-1] == pytest.approx(120.0)


def test_memory_survives_a_restart(app: App, qapp: object, tmp_path: Path) -> None:
    memory = WindowMemory(app.settings, tmp_path / "window.json")
    memory.remember("prompts", ["one"])
    memory.remember("volume", 55)
    memory.remember("panels.create", [300, 310])
    memory.save()
    again = WindowMemory(app.settings, tmp_path / "window.json")
    assert again.recall("prompts") == ["one"]
    assert again.recall("volume") == 55
    assert again.recall("panels.create") == [300, 310]
    assert app.settings.current.volume == 0.55


def test_a_cancelled_take_leaves_nothing(workspace: Workspace, qtbot: QtBot) -> None:
    """A real job in a real worker."""
    assert workspace.hero is not None
    workspace.hero.prompt.set_text("lo-fi, 10 seconds")
    workspace.hero.start()
    qtbot.waitUntil(lambda: len(workspace.takes.items) == 1, timeout=5_000)
    qtbot.waitUntil(workspace.window.app_bar.jobs.isVisible)
    job_id = workspace.takes.items[0].job_id
    assert job_id is not None
    workspace.app.jobs.cancel(job_id)
    qtbot.waitUntil(lambda: workspace.takes.items == [], timeout=10_000)
    assert workspace.app.library.count() == 0


def test_brief_round_trip_through_the_chips(panel: CreatePanel) -> None:
    panel.set_prompt("Jazzy lo-fi in F minor, 3/4, with saxophone, no drums")
    assert isinstance(panel.brief, Brief)
    fields = [chip.field for chip in panel.chips.chips()]
    assert fields[:3] == ["genre", "tempo", "key"]


def test_wishes_for_the_form_and_remarks_are_shown(panel: CreatePanel) -> None:
    panel.set_prompt("90s boom bap, slow... actually fast, no intro, drop at 0:45, swing 62%, calmer, with flumbuses")
    assert panel.brief is not None
    texts = {chip.field: chip.text() for chip in panel.chips.chips() if chip.field != "form"}
    forms = [chip.text() for chip in panel.chips.chips() if chip.field == "form"]
    assert texts["era"] == "90s" and texts["swing"] == "Swing 62\u00a0%" and "energy" in texts["energy"]
    assert forms == ["No intro", "Drop at 0:45"]
    assert "slow" in panel.remarks.text() and "Not understood: flumbuses." in panel.remarks.text()
    panel.chips.wished.emit("form", ("no intro",))
    assert panel.brief.form.value == ("no intro",)
    panel.set_prompt("boom bap")
    assert panel.remarks.isHidden()


def test_styles_are_chosen_by_family(panel: CreatePanel) -> None:
    panel.set_prompt("house")
    chosen: list[object] = []
    menu = style_menu(panel._theme, panel.chips, panel.chips._styles.values(), "house", chosen.append)
    named = {action.text(): action for action in menu.actions()}
    assert len(named) < 40 and "House" in named and "Disco" not in named
    family = named["House"].menu()
    assert isinstance(family, QMenu)
    assert family.actions()[0].text() == "House" and family.actions()[0].isChecked()
    next(action for action in family.actions() if action.text().startswith("Disco")).trigger()
    assert chosen == ["disco"]
