"""The window's tests run offscreen on real parts: library, queue, player. A Qt warning fails the test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from grammy_desktop.app import App
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.workspace import Workspace

_HARMLESS = ("This plugin does not support propagateSizeHints", "This plugin does not support raise")


@pytest.fixture(autouse=True)
def no_qt_warnings() -> Iterator[list[str]]:
    """Qt's warnings of the test; any left at its end fails it."""
    messages: list[str] = []

    def keep(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        if kind != QtMsgType.QtDebugMsg and kind != QtMsgType.QtInfoMsg and not message.startswith(_HARMLESS):
            messages.append(message)

    before = qInstallMessageHandler(keep)
    yield messages
    qInstallMessageHandler(before)
    assert messages == []


@pytest.fixture
def theme(qapp: object) -> Theme:
    return Theme("dark", reduced_motion=True)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    opened = App.open(AppPaths(tmp_path / "data"))
    yield opened
    opened.close()


@pytest.fixture
def workspace(qtbot: object, app: App, theme: Theme) -> Iterator[Workspace]:
    """The whole window over an empty library."""
    made = Workspace(app, theme)
    made.window.resize(1440, 900)
    made.window.show()
    yield made
    made.close()
    made.window.close()
    made.window.deleteLater()
