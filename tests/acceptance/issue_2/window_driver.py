"""Runs in a process of its own on the test's display: opens the real window and lets xdotool type, click and drag in it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QWidget

from grammy_desktop.app import App
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.ui.qt_executor import QtExecutor
from grammy_desktop.ui.run import make_application
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.workspace import Workspace
from tests.acceptance.issue_2 import drag_partner

PROMPT = "Chill lo-fi hip hop, 90 BPM, 30 seconds"
SECONDS_PLAYED = 12.0


class Hand:
    """xdotool, with the window's event loop turning meanwhile."""

    def __init__(self, application: QApplication) -> None:
        self._application = application

    def wait(self, condition: Callable[[], bool], seconds: float, what: str) -> None:
        until = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > until:
                raise SystemExit(f"waited {seconds:.0f} s in vain for {what}")
            self._application.processEvents()
            time.sleep(0.002)

    def pause(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        self.wait(lambda: time.monotonic() >= until, seconds + 5, "a moment to pass")

    def xdotool(self, *arguments: str) -> None:
        process = subprocess.Popen(["xdotool", *arguments])
        self.wait(lambda: process.poll() is not None, 30, f"xdotool {arguments[0]}")
        if process.returncode:
            raise SystemExit(f"xdotool {' '.join(arguments)} failed")

    def click(self, widget: QWidget) -> None:
        place = self.visible(widget)
        self.xdotool("mousemove", str(place.x()), str(place.y()), "click", "1")
        self.pause(0.15)

    def visible(self, widget: QWidget) -> QPoint:
        """The middle of a widget, once it is on the screen."""
        self.wait(
            lambda: widget.isVisible() and not widget.visibleRegion().isEmpty(), 10, f"{type(widget).__name__} to show"
        )
        self.pause(0.3)
        return widget.mapToGlobal(widget.visibleRegion().boundingRect().center())

    def drag(self, start: QPoint, end: QPoint) -> None:
        """Press, move, release in one go: a drag out of our own window holds its event loop until the release."""
        self.xdotool(*_moves(start, end, press=True), "mouseup", "1")
        self.pause(1.0)

    def carry(self, start: QPoint, end: QPoint, *, press: bool) -> None:
        """To `end` with the button held down; only for drags that another program began."""
        self.xdotool(*_moves(start, end, press=press))

    def drop(self) -> None:
        self.xdotool("mouseup", "1")
        self.pause(1.0)


def _moves(start: QPoint, end: QPoint, *, press: bool) -> list[str]:
    """What a hand does and what X11's drag protocol needs: small moves with pauses."""
    steps = ["mousemove", str(start.x()), str(start.y()), "sleep", "0.2"] + (["mousedown", "1"] if press else [])
    for i in range(1, 16):
        x, y = start.x() + (end.x() - start.x()) * i // 15, start.y() + (end.y() - start.y()) * i // 15
        steps += ["mousemove", str(x), str(y), "sleep", "0.07"]
    return [*steps, "sleep", "0.4"]


class Lateness:
    """How late a 10 ms timer of the window fires."""

    def __init__(self) -> None:
        self._late: list[float] = []
        self._last = time.monotonic()
        self._timer = QTimer()
        self._timer.setInterval(10)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _tick(self) -> None:
        now = time.monotonic()
        self._late.append((now - self._last - 0.010) * 1000)
        self._last = now

    def figures(self) -> dict[str, float]:
        ordered = sorted(self._late)
        return {
            "p50": round(ordered[len(ordered) // 2], 1),
            "p99": round(ordered[int(len(ordered) * 0.99)], 1),
            "max": round(ordered[-1], 1),
        }


def main(data_dir: str, dropped: str) -> None:
    warnings: list[str] = []

    def collect(kind: QtMsgType, _context: object, text: str) -> None:
        if kind is not QtMsgType.QtDebugMsg:
            warnings.append(text)

    application = make_application()
    qInstallMessageHandler(collect)
    executor = QtExecutor()
    app = App.open(AppPaths(Path(data_dir)), executor=executor)
    workspace = Workspace(app, Theme("dark"))
    window = workspace.window
    window.resize(1400, 900)
    window.move(0, 20)
    window.show()
    hand = Hand(application)
    told: dict[str, Any] = {"seconds_played": SECONDS_PLAYED}
    try:
        hand.wait(window.isActiveWindow, 20, "the window to become active")
        hand.pause(1.0)
        told |= create(hand, workspace)
        told |= play(hand, workspace)
        told |= master_again(hand, workspace)
        told |= drags(hand, workspace, dropped)
    finally:
        workspace.close()
        window.close()
        app.close()
        executor.wait()
    print(json.dumps(told | {"qt_warnings": warnings}), flush=True)


def create(hand: Hand, workspace: Workspace) -> dict[str, Any]:
    """Type, Create by its shortcut, watch the stages, wait for the song to open."""
    stages: list[str] = []
    workspace.jobs.happened.connect(lambda event: stages.append(event.snapshot.stage))
    assert workspace.hero is not None
    hand.click(workspace.hero.prompt)
    hand.xdotool("type", "--delay", "15", PROMPT)
    hand.wait(lambda: PROMPT in workspace.hero.prompt.text, 10, "the typed prompt")  # type: ignore[union-attr]
    lateness, started = Lateness(), time.monotonic()
    hand.xdotool("key", "ctrl+Return")
    hand.wait(lambda: workspace.session.track is not None and workspace.session.has_master, 120, "the song")
    return {
        "stages": list(dict.fromkeys(stage for stage in stages if stage)),
        "seconds_to_song": round(time.monotonic() - started, 1),
        "lateness_ms": lateness.figures(),
    }


def play(hand: Hand, workspace: Workspace) -> dict[str, Any]:
    """Space plays the master; Space again stops."""
    session = workspace.session
    hand.pause(1.0)
    workspace.editor.setFocus()
    hand.xdotool("key", "space")
    hand.wait(lambda: workspace.playback.state.playing, 15, "playing to begin")
    hand.wait(lambda: workspace.playback.state.position >= SECONDS_PLAYED + 0.3, 40, "twelve seconds to be played")
    hand.xdotool("key", "space")
    hand.wait(lambda: not workspace.playback.state.playing, 10, "playing to stop")
    assert session.heard == "master" and session.files.master is not None
    return {"master": str(session.files.master)}


def master_again(hand: Hand, workspace: Workspace) -> dict[str, Any]:
    hand.xdotool("key", "ctrl+Page_Down")
    hand.wait(lambda: workspace.window.page_id == "master", 10, "the Master page")
    hand.pause(0.5)
    before = len(workspace.session.versions)
    hand.click(workspace.master.left.cards["vinyl-warm"])
    hand.click(workspace.master.right.targets.again)
    hand.wait(lambda: len(workspace.session.versions) > before, 120, "the second master")
    return {"second_master": str(workspace.session.versions[-1].files["master"])}


def drags(hand: Hand, workspace: Workspace, dropped: str) -> dict[str, Any]:
    """Files out of the header, a selection out of the waveform, a WAV from another process in."""
    hand.xdotool("key", "ctrl+Page_Up")
    hand.wait(lambda: workspace.window.page_id == "create", 10, "the Create page")
    hand.pause(0.5)
    with drag_partner.started(dropped, hand.pause) as partner:
        spot = QPoint(*drag_partner.CENTRE)
        hand.drag(hand.visible(workspace.editor.header.drag), spot)
        hand.wait(lambda: bool(partner.received()), 20, "the dragged files")
        out = partner.received()
        selection = drag_selection(hand, workspace, spot, partner)
        count = workspace.app.library.count()
        drop_on_import(hand, workspace, spot)
        hand.wait(lambda: workspace.app.library.count() > count, 60, "the import")
    newest = workspace.app.library.tracks(limit=1)[0]
    return {"dragged_out": out, "selection_dragged_out": selection, "imported": newest.title}


def drag_selection(hand: Hand, workspace: Workspace, spot: QPoint, partner: Any) -> list[str]:
    workspace.editor.select_seconds(4.0, 8.0)
    hand.pause(0.8)
    before = len(partner.received())
    hand.drag(hand.visible(workspace.editor.strip.drag), spot)
    hand.wait(lambda: len(partner.received()) > before, 20, "the dragged selection")
    return list(partner.received()[before:])


def drop_on_import(hand: Hand, workspace: Workspace, start: QPoint) -> None:
    """Over the window first, where the targets show themselves; then onto Import."""
    window = workspace.window
    middle = window.mapToGlobal(window.rect().center() + QPoint(0, 200))
    hand.carry(start, middle, press=True)
    hand.wait(workspace.drop.isVisible, 10, "the drop targets")
    target = window.mapToGlobal(workspace.drop.targets()["import"].toRect().center())
    hand.carry(middle, target, press=False)
    hand.drop()


if __name__ == "__main__":
    main(*sys.argv[1:])
