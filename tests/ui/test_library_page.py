from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from ui_songs import add_song

from grammy_desktop.app import App
from grammy_desktop.ui.covers import CoverSpec, CoverStore, paint_cover
from grammy_desktop.ui.workspace import Workspace


@pytest.fixture
def filled(app: App, tmp_path: Path) -> list[str]:
    return [add_song(app, tmp_path, seed=seed, title=title) for seed, title in ((1, "Rain"), (2, "Snow"), (3, "Hail"))]


@pytest.fixture
def page(filled: list[str], workspace: Workspace) -> Workspace:
    workspace.window.show_page("library")
    return workspace


def test_typed_tokens_filter_and_backspace_takes_them_off(page: Workspace, qtbot: QtBot) -> None:
    field = page.library.search
    qtbot.keyClicks(field.edit, "bpm:80..100 sno")
    qtbot.waitUntil(lambda: page.library.model.rowCount() == 1)
    assert field.tokens == ("bpm:80..100",)
    assert field.result.text().startswith("1 song ·")
    field.edit.clear()
    qtbot.keyClick(field.edit, Qt.Key.Key_Backspace)
    qtbot.waitUntil(lambda: page.library.model.rowCount() == 3)
    assert field.tokens == ()


def test_nothing_found_says_so_and_offers_the_way_out(page: Workspace) -> None:
    page.library.search.set_query("bpm:200..210")
    assert page.library.empty.isVisible()
    assert page.library.empty.words.text() == "Nothing matches bpm:200..210."
    page.library.empty.button.click()
    assert page.library.model.rowCount() == 3


def test_a_token_that_cannot_be_meant_is_explained_and_keeps_the_rows(page: Workspace) -> None:
    page.library.search.set_query("key:H")
    assert "key" in page.library.search.result.text()
    assert page.library.model.rowCount() == 3


def test_rename_star_and_filters(page: Workspace, filled: list[str], qtbot: QtBot) -> None:
    library = page.library
    library.refresh(choose=filled[0])
    page.commands.run("song.rename")
    library.inspector.name_edit.setText("Drizzle")
    qtbot.keyClick(library.inspector.name_edit, Qt.Key.Key_Return)
    assert page.app.library.track(filled[0]).title == "Drizzle"
    page.commands.run("song.star")
    library.sidebar.rows["starred"].click()
    assert library.model.rowCount() == 1


def test_tiles_copy_real_files_under_names_a_producer_reads(page: Workspace, filled: list[str]) -> None:
    page.library.refresh(choose=filled[0])
    page.library.inspector.copy("stems")
    urls = QApplication.clipboard().mimeData().urls()
    names = sorted(Path(url.toLocalFile()).name for url in urls)
    assert names == ["Rain_90bpm_Am_bass.wav", "Rain_90bpm_Am_drums.wav"]
    assert all(Path(url.toLocalFile()).stat().st_size > 1000 for url in urls)
    assert not page.library.inspector.tiles["midi"].isEnabled()


def test_enter_opens_the_song(page: Workspace, filled: list[str], qtbot: QtBot) -> None:
    page.library.grid.choose(filled[2])
    qtbot.keyClick(page.library.grid, Qt.Key.Key_Return)
    assert page.session.track is not None
    assert page.session.track.title == "Hail"
    assert page.window.page_id == "create"


def test_cards_fill_the_width_in_columns_of_190_to_240(page: Workspace) -> None:
    for width in (1440, 1900, 2300):
        page.window.resize(width, 900)
        QApplication.processEvents()
        assert 190 <= page.library.delegate.card_width <= 240, width


def test_list_and_grid(page: Workspace) -> None:
    page.library.layout_switch.chosen.emit("list")
    assert page.library.delegate.as_list
    page.window.grab()
    page.library.layout_switch.chosen.emit("grid")
    assert not page.library.delegate.as_list


def test_a_cover_depends_on_the_song_alone(qapp: object, tmp_path: Path) -> None:
    spec = CoverSpec(4128, "A minor", "lofi", (0.4, 0.9))
    assert paint_cover(spec) == paint_cover(spec)
    assert paint_cover(spec) != paint_cover(CoverSpec(4129, "A minor", "lofi", (0.4, 0.9)))
    store = CoverStore(tmp_path)
    store.image(spec)
    assert [path.name for path in tmp_path.iterdir()] == [f"{spec.name}.png"]
    assert CoverStore(tmp_path).image(spec) == paint_cover(spec).convertToFormat(store.image(spec).format())


@pytest.mark.parametrize("genre", ["lofi", "house", "jazz", "pop", "cinematic", "something new"])
def test_every_family_paints(qapp: object, genre: str) -> None:
    image = paint_cover(CoverSpec(1, "C major", genre))
    colours = {image.pixel(x, y) for x in range(0, 640, 16) for y in range(0, 640, 16)}
    assert len(colours) > 20
