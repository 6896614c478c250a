"""Starts the window."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication

from grammy_desktop.app import App
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.ui.qt_executor import QtExecutor
from grammy_desktop.ui.quit_dialog import QuitDialog
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.workspace import Workspace

log = logging.getLogger(__name__)

AFTER_PAINT_MS = 300


def make_application() -> QApplication:
    """The QApplication with the style our QSS is written for."""
    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    application.setApplicationName("Grammy Desktop")
    application.setDesktopFileName("grammy-desktop")
    application.setStyle("Fusion")
    return application


def run_window(data_dir: str | None = None) -> int:
    """Open the app and its window; returns the exit code. Raises what `App.open` raises."""
    application = make_application()
    executor = QtExecutor()
    paths = AppPaths(Path(data_dir).expanduser().absolute()) if data_dir else AppPaths.for_user()
    app = App.open(paths, executor=executor)
    try:
        settings = app.settings.current
        theme = Theme(settings.theme, text_scale=settings.text_size / 100, reduced_motion=settings.reduced_motion)
        workspace = Workspace(app, theme)
        workspace.window.closing.connect(lambda event: _ask_about_jobs(workspace, event))
        workspace.window.show()
        QTimer.singleShot(AFTER_PAINT_MS, lambda: _after_first_paint(workspace))
        code = application.exec()
        workspace.close()
        workspace.window.deleteLater()
        return code
    finally:
        app.close()
        executor.wait()


def _after_first_paint(workspace: Workspace) -> None:
    """What the first frame must not wait for."""
    app = workspace.app
    app.player.set_volume((app.settings.current.volume) ** 2)
    app.player.set_device(app.settings.current.output_device or None)
    if workspace.hero is not None:
        workspace.hero.look_for_outputs()
    else:
        workspace.songs.open_last()
    app.prewarm()
    waiting = app.library.journal.interrupted()
    if waiting:
        jobs = f"{len(waiting)} jobs were" if len(waiting) > 1 else "1 job was"
        workspace.notices.show_message(
            f"{jobs} not finished last time. All your songs are here.",
            actions=(("Start again", lambda: _start_again(workspace)),),
        )
    if app.settings.message:
        workspace.notices.show_message(app.settings.message)
    if os.environ.get("GRAMMY_SMOKE"):  # what is shipped is started once by its packager
        workspace.window.close()


def _start_again(workspace: Workspace) -> None:
    workspace.notices.clear()
    workspace.app.resume_interrupted()


def _ask_about_jobs(workspace: Workspace, event: QCloseEvent) -> None:
    running = [s for s in workspace.jobs.snapshots() if not s.state.ended]
    if running and not QuitDialog(workspace.theme, len(running), workspace.window).exec():
        event.ignore()
