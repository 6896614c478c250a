"""Pictures of every screen with demonstration content: dark and light, 1x and 2x."""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from grammy_desktop.app import App, CreateOptions
from grammy_desktop.core.errors import EnvironmentFailure
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.ui.changes.ask_popover import AskPopover
from grammy_desktop.ui.demo import PROMPT, fill_library
from grammy_desktop.ui.qt_executor import QtExecutor
from grammy_desktop.ui.run import make_application
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.workspace import Workspace

LARGE, SMALL = (1440, 900), (1280, 720)


def run_screenshots(data_dir: str | None, out_dir: str) -> list[str]:
    """One process a pixel ratio, because Qt reads its scale once; returns the files. `data_dir` is not touched."""
    files: list[str] = []
    spawn = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory(prefix="grammy-pictures-") as work:
        for ratio in (1, 2):
            with ProcessPoolExecutor(1, mp_context=spawn) as pool:
                files += pool.submit(_make_in_child, Path(work), Path(out_dir).absolute(), ratio).result()
    return files


def _make_in_child(work: Path, out: Path, ratio: int) -> list[str]:
    os.environ.update(QT_QPA_PLATFORM="offscreen", QT_SCALE_FACTOR=str(ratio))
    make_application()
    executor = QtExecutor()
    app = App.open(AppPaths(work / "songs"), executor=executor)
    empty = App.open(AppPaths(work / f"empty-{ratio}"), executor=executor)
    try:
        if app.library.count() == 0:
            fill_library(app, partial(wait_for, milliseconds=600_000))
        files = [*make_screenshots(app, out), *_first_run(empty, out)]
    finally:
        empty.close()
        app.close()
        executor.wait()
    return [str(file) for file in files]


def make_screenshots(app: App, out_dir: Path) -> list[Path]:
    """Every screen of a library with songs, in both themes, at this process's pixel ratio."""
    files: list[Path] = []
    tracks = app.library.tracks("", order="newest")
    song = next((track for track in tracks if track.starred), tracks[0])
    for mode in ("dark", "light"):
        for size in (LARGE, SMALL):
            with window_of(app, mode, size) as workspace:
                workspace.songs.open_song(song.id)
                workspace.create.set_prompt(song.prompt or PROMPT)
                workspace.playback.seek(39.0)
                wait_for(partial(_all_drawn, workspace), 20_000)
                for name, show in _screens(workspace, song.id, size):
                    show()
                    files.append(save_picture(workspace, out_dir, name, mode, size))
    return files


def _all_drawn(workspace: Workspace) -> bool:
    """Whether the waveform of the mix and of every stem is there."""
    return len(workspace.editor.views) > len(workspace.session.stems)


def _screens(workspace: Workspace, track_id: str, size: tuple[int, int]) -> Iterator[tuple[str, Callable[[], object]]]:
    window = workspace.window

    def show_page(page: str) -> None:
        window.show_page(page)
        settle(800)

    yield "create", partial(settle, 800)
    yield "notes", partial(_show_notes, workspace)
    if size == LARGE:
        yield "chord", partial(_ask_chord, workspace)
        _close_questions(workspace)
    workspace.editor.scene.set_view("waveform")
    yield "master", partial(show_page, "master")
    if size == SMALL:
        return
    window.show_page("create")
    workspace.library.refresh(choose=track_id)
    yield "library", partial(show_page, "library")
    window.show_page("create")
    yield "palette", partial(workspace.palette.open, "loo")
    workspace.palette.close_palette()
    jobs = workspace.app.jobs
    (job_id,) = workspace.app.create(CreateOptions(prompt="House, 124 BPM", duration=120.0, seed=1))
    wait_for(lambda: jobs.snapshot(job_id).fraction > 0.2, 60_000)
    yield "jobs", workspace.tray.toggle
    workspace.tray.close_popover()
    jobs.cancel(job_id)
    wait_for(lambda: jobs.snapshot(job_id).state.ended, 10_000)
    jobs.dismiss(job_id)
    other = next(track for track in workspace.app.library.tracks() if track.id != track_id)
    text = f"“{other.title}” moved to Trash"
    show_toast = partial(workspace.toast.show_message, text, icon="trash-2", undo=lambda: None)
    yield "toast", show_toast
    workspace.toast.close_toast()
    failure = EnvironmentFailure("No sound output was found. Plug one in, then choose it.")
    yield "notice", partial(workspace.notices.show_error, failure)
    workspace.notices.clear()


def _show_notes(workspace: Workspace) -> None:
    """The song's parts."""
    workspace.editor.scene.set_view("notes")
    wait_for(lambda: workspace.editor.notes.score is not None, 20_000)
    settle(400)


def _ask_chord(workspace: Workspace) -> None:
    workspace.change_desk.ask_chord(workspace.editor.scene.content.chords[-3].index)
    settle(100)


def _close_questions(workspace: Workspace) -> None:
    for question in workspace.window.findChildren(AskPopover):
        question.close_popover()


def _first_run(app: App, out_dir: Path) -> list[Path]:
    files = []
    for mode in ("dark", "light"):
        for size in (LARGE, SMALL):
            with window_of(app, mode, size) as workspace:
                settle(100)
                files.append(save_picture(workspace, out_dir, "empty", mode, size))
    return files


@contextmanager
def window_of(app: App, mode: str, size: tuple[int, int]) -> Iterator[Workspace]:
    """The whole window in a theme and a size, closed at the end."""
    app.settings.change(theme=mode)
    workspace = Workspace(app, Theme(mode, reduced_motion=True))
    workspace.window.resize(*size)
    workspace.window.show()
    try:
        yield workspace
    finally:
        workspace.close()
        workspace.window.close()
        workspace.window.deleteLater()
        QApplication.processEvents()


def save_picture(workspace: Workspace, out_dir: Path, name: str, mode: str, size: tuple[int, int]) -> Path:
    """A picture of the window as it stands, named after what it shows. Raises EnvironmentFailure."""
    settle(150)
    picture = workspace.window.grab()
    ratio = round(picture.devicePixelRatio())
    path = out_dir / f"{name}-{mode}-{size[0]}x{size[1]}@{ratio}x.png"
    out_dir.mkdir(parents=True, exist_ok=True)
    if not picture.save(str(path)):
        raise EnvironmentFailure(f"The picture {path} could not be written.", file=str(path))
    return path


def settle(milliseconds: int) -> None:
    """Let timers and worker threads of the window come to rest."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def wait_for(until: Callable[[], bool], milliseconds: int) -> None:
    """Turn the event loop until it is so, or the time is up."""
    for _ in range(max(1, milliseconds // 50)):
        if until():
            return
        settle(50)
