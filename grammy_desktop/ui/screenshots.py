"""Pictures of every screen with demonstration content: dark and light, 1x and 2x."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from grammy_desktop.app import App
from grammy_desktop.core.errors import EnvironmentFailure
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.jobs import Lane, Work
from grammy_desktop.ui.demo import PROMPT, fill_library, slow_job
from grammy_desktop.ui.qt_executor import QtExecutor
from grammy_desktop.ui.run import make_application
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.workspace import Workspace

LARGE, SMALL = (1440, 900), (1280, 720)
_CHILD = "from grammy_desktop.ui.screenshots import main; import sys; sys.exit(main(sys.argv[1:]))"


def run_screenshots(data_dir: str | None, out_dir: str) -> list[str]:
    """One process a pixel ratio, because Qt reads its scale once; returns the files. `data_dir` is not touched.

    Raises EnvironmentFailure when a process fails.
    """
    files: list[str] = []
    with tempfile.TemporaryDirectory(prefix="grammy-pictures-") as work:
        for ratio in (1, 2):
            environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": str(ratio)}
            command = [sys.executable, "-c", _CHILD, work, str(Path(out_dir).absolute()), str(ratio)]
            done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                raise EnvironmentFailure(f"The pictures could not be made: {done.stderr.strip().splitlines()[-1:]}")
            files += done.stdout.split()
    return files


def main(arguments: list[str]) -> int:
    """In the child: working folder, output folder, ratio. Prints the files' paths."""
    work, out, ratio = Path(arguments[0]), Path(arguments[1]), int(arguments[2])
    make_application()
    executor = QtExecutor()
    app = App.open(AppPaths(work / f"songs-{ratio}"), executor=executor)
    empty = App.open(AppPaths(work / f"empty-{ratio}"), executor=executor)
    try:
        fill_library(app, work / "audio")
        files = [*make_screenshots(app, out), *_first_run(empty, out)]
    finally:
        empty.close()
        app.close()
        executor.wait()
    sys.stdout.write("\n".join(str(file) for file in files) + "\n")
    return 0


def make_screenshots(app: App, out_dir: Path) -> list[Path]:
    """Every screen of a library with songs, in both themes, at this process's pixel ratio."""
    files: list[Path] = []
    tracks = app.library.tracks("", order="newest")
    song = next((track for track in tracks if track.starred), tracks[0])
    for mode in ("dark", "light"):
        for size in (LARGE, SMALL):
            with _window(app, mode, size) as workspace:
                workspace.songs.open_song(song.id)
                workspace.create.set_prompt(song.prompt or PROMPT)
                workspace.playback.seek(39.0)
                _wait(lambda shown=workspace: len(shown.editor.views) > 0, 10_000)  # type: ignore[misc]
                for name, show in _screens(workspace, song.id, size):
                    show()
                    files.append(_save(workspace, out_dir, name, mode, size))
    return files


def _screens(workspace: Workspace, track_id: str, size: tuple[int, int]) -> Iterator[tuple[str, Callable[[], object]]]:
    window = workspace.window

    def show_page(page: str) -> None:
        window.show_page(page)
        _settle(800)

    yield "create", partial(_settle, 800)
    if size == SMALL:
        return
    yield "master", partial(show_page, "master")
    workspace.library.refresh(choose=track_id)
    yield "library", partial(show_page, "library")
    window.show_page("create")
    yield "palette", partial(workspace.palette.open, "loo")
    workspace.palette.close_palette()
    job_id = workspace.app.jobs.submit(
        Work(kind="score", title="Rooftop Rain", lane=Lane.DATABASE, function=slow_job, request=None)
    )
    _settle(500)
    yield "jobs", workspace.tray.toggle
    workspace.tray.close_popover()
    workspace.app.jobs.cancel(job_id)
    _settle(200)
    workspace.app.jobs.dismiss(job_id)
    show_toast = partial(
        workspace.toast.show_message, "“Wet Asphalt” moved to Trash", icon="trash-2", undo=lambda: None
    )
    yield "toast", show_toast
    workspace.toast.close_toast()
    failure = EnvironmentFailure("No sound output was found. Plug one in, then choose it.")
    yield "notice", partial(workspace.notices.show_error, failure)
    workspace.notices.clear()


def _first_run(app: App, out_dir: Path) -> list[Path]:
    files = []
    for mode in ("dark", "light"):
        for size in (LARGE, SMALL):
            with _window(app, mode, size) as workspace:
                _settle(100)
                files.append(_save(workspace, out_dir, "empty", mode, size))
    return files


@contextmanager
def _window(app: App, mode: str, size: tuple[int, int]) -> Iterator[Workspace]:
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


def _save(workspace: Workspace, out_dir: Path, name: str, mode: str, size: tuple[int, int]) -> Path:
    _settle(150)
    picture = workspace.window.grab()
    ratio = round(picture.devicePixelRatio())
    path = out_dir / f"{name}-{mode}-{size[0]}x{size[1]}@{ratio}x.png"
    out_dir.mkdir(parents=True, exist_ok=True)
    if not picture.save(str(path)):
        raise EnvironmentFailure(f"The picture {path} could not be written.", file=str(path))
    return path


def _settle(milliseconds: int) -> None:
    """Let timers and worker threads of the window come to rest."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _wait(until: Callable[[], bool], milliseconds: int) -> None:
    for _ in range(max(1, milliseconds // 50)):
        if until():
            return
        _settle(50)
