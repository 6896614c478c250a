"""Runs in a process of its own on the test's display: the real window, driven by xdotool's keys alone."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QMenu

from grammy_desktop.app import App, CreateOptions
from grammy_desktop.core.journal import JobState
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.ui.master.preset_card import PresetCard
from grammy_desktop.ui.qt_executor import QtExecutor
from grammy_desktop.ui.run import make_application
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.workspace import Workspace
from tests.acceptance.issue_2.window_driver import Hand

PROMPT = "Chill lo-fi hip hop, 90 BPM, mellow electric piano"
SECONDS, SEED = 45.0, 4127
PRESET = "vinyl-warm"
STRETCH = 1.2
"""Seconds that each choice is listened to."""
SETTLE = 0.35


class Story:
    """What was heard when: (what was done, version's file, its gain, from and to in seconds of the song)."""

    def __init__(self, hand: Hand, workspace: Workspace) -> None:
        self._hand, self._workspace = hand, workspace
        self.heard: list[dict[str, Any]] = []

    def key(self, *keys: str) -> None:
        for key in keys:
            self._hand.xdotool("key", key)

    def listen(self, done: str, slot: str) -> None:
        """Let it play, and note which file must be in the sink meanwhile."""
        workspace, hand = self._workspace, self._hand
        hand.pause(SETTLE)
        start = workspace.playback.state.position
        hand.pause(STRETCH)
        candidate = workspace.master.comparison.slots[slot]
        assert candidate is not None
        sounding = {name: gain for name, gain in workspace.session.gains().items() if gain}
        self.heard.append(
            {
                "done": done,
                "file": str(candidate.path),
                "gain": max(sounding.values()),
                "start": start,
                "end": workspace.playback.state.position,
            }
        )


def main(data_dir: str) -> None:
    warnings: list[str] = []

    def collect(kind: QtMsgType, _context: object, text: str) -> None:
        if kind is not QtMsgType.QtDebugMsg:
            warnings.append(text)

    application = make_application()
    qInstallMessageHandler(collect)
    executor = QtExecutor()
    app = App.open(AppPaths(Path(data_dir)), executor=executor)
    told: dict[str, Any] = {}
    workspace = Workspace(app, Theme("dark"))
    hand = Hand(application)
    try:
        window = workspace.window
        window.resize(1400, 900)
        window.move(0, 20)
        window.show()
        hand.wait(window.isActiveWindow, 20, "the window to become active")
        make_song(hand, workspace)
        told |= master_by_keys(hand, workspace)
        story = Story(hand, workspace)
        told |= listen_by_keys(hand, workspace, story)
        told |= save_preset(hand, workspace)
        told["heard"] = story.heard
    finally:
        workspace.close()
        workspace.window.close()
        app.close()
        executor.wait()
    print(json.dumps(told | {"qt_warnings": warnings}), flush=True)


def make_song(hand: Hand, workspace: Workspace) -> None:
    (job,) = workspace.app.create(CreateOptions(prompt=PROMPT, duration=SECONDS, seed=SEED))
    hand.wait(lambda: workspace.app.jobs.snapshot(job).state.ended, 240, "the song")
    assert workspace.app.jobs.snapshot(job).state is JobState.DONE, workspace.app.jobs.snapshot(job).message
    workspace.songs.open_song(workspace.app.library.tracks()[0].id)
    hand.pause(0.5)


def master_by_keys(hand: Hand, workspace: Workspace) -> dict[str, Any]:
    """The page, the preset's card and the button, by keys."""
    hand.xdotool("key", "ctrl+Page_Down")
    hand.wait(lambda: workspace.window.page_id == "master", 10, "the Master page")
    press_until(hand, "F6", lambda: workspace.master.left.isAncestorOf(focused()), "the left panel", 8)
    press_until(hand, "Tab", lambda: isinstance(focused(), PresetCard), "a preset's card", 8)
    order = list(workspace.master.left.cards)
    key = "Up" if order.index(PRESET) < order.index(workspace.master.left.presets.current) else "Down"
    press_until(hand, key, lambda: workspace.master.left.presets.current == PRESET, PRESET, len(order))
    before = len(workspace.session.versions)
    hand.xdotool("key", "ctrl+shift+m")
    hand.wait(lambda: len(workspace.session.versions) > before, 180, "the second master")
    hand.wait(lambda: len(workspace.master.views) == 2, 30, "the waveforms")
    names = {slot: each.name if each else "" for slot, each in workspace.master.comparison.slots.items()}
    return {"pair": names, "presets": order, "master": workspace.session.versions[-1].loudness}


def listen_by_keys(hand: Hand, workspace: Workspace, story: Story) -> dict[str, Any]:
    box = workspace.master.right.listen
    story.key("space")
    hand.wait(lambda: workspace.playback.state.position > 0.5, 20, "playing to begin")
    story.listen("played", "b")
    for key, slot in (("a", "a"), ("b", "b"), ("y", "a"), ("y", "b"), ("y", "a"), ("y", "b")):
        story.key(key)
        story.listen(f"key {key.upper()}", slot)
    answers = []
    for number, answer in enumerate(("a", "b", "a"), start=1):
        lit = workspace.master.centre.compare.lanes.heard
        story.key("x")
        hand.wait(lambda: box.is_hidden, 10, "X")
        hidden = str(box.test.hidden)
        story.listen(f"blind X, trial {number}", hidden)
        shown = (box.key_a.isChecked(), box.key_b.isChecked(), workspace.master.centre.compare.lanes.heard)
        story.key(f"shift+{answer}")
        hand.wait(lambda: box.test.hidden is None, 10, "the answer to be counted")
        answers.append({"hidden": hidden, "answer": answer, "shown": shown, "lit_before": lit})
    count = box.count.text()
    pair = choose_pair(hand, workspace, story)
    story.key("space")
    hand.wait(lambda: not workspace.playback.state.playing, 10, "playing to stop")
    return {"answers": answers, "count": count, "new_pair": pair, "underruns": workspace.playback.state.underruns}


def choose_pair(hand: Hand, workspace: Workspace, story: Story) -> dict[str, str]:
    """A becomes the first master, from the menu of versions."""
    story.key("alt+a")
    hand.wait(lambda: isinstance(QApplication.activePopupWidget(), QMenu), 10, "the menu of versions")
    hand.pause(0.3)
    story.key("Down", "Return")
    hand.wait(lambda: QApplication.activePopupWidget() is None, 10, "the menu to close")
    story.listen("another pair", workspace.master.comparison.heard)
    for key in ("a", "b"):
        story.key(key)
        story.listen(f"another pair, key {key.upper()}", key)
    return {slot: each.name if each else "" for slot, each in workspace.master.comparison.slots.items()}


def save_preset(hand: Hand, workspace: Workspace) -> dict[str, Any]:
    """Through the command palette, as anyone would who does not know the button."""
    hand.xdotool("key", "ctrl+k")
    hand.wait(workspace.palette.isVisible, 10, "the command palette")
    hand.xdotool("type", "--delay", "15", "save the settings")
    hand.pause(0.4)
    hand.xdotool("key", "Return")
    shelf = workspace.master.shelf
    hand.wait(lambda: shelf.popover is not None and shelf.popover.isVisible(), 10, "the name field")
    hand.xdotool("type", "--delay", "15", "Proof warm")
    hand.pause(0.3)
    hand.xdotool("key", "Return")
    folder = workspace.app.paths.user_presets
    hand.wait(lambda: folder.is_dir() and any(folder.glob("*.toml")), 10, "the preset's file")
    hand.pause(0.3)
    files = sorted(path.name for path in folder.glob("*.toml"))
    return {"saved": files, "chosen": workspace.master.left.presets.current, "toast": workspace.toast.words.text()}


def focused() -> Any:
    return QApplication.focusWidget()


def press_until(hand: Hand, key: str, done: Callable[[], bool], what: str, most: int) -> None:
    for _ in range(most):
        if done():
            return
        hand.xdotool("key", key)
        hand.pause(0.12)
    if not done():
        raise SystemExit(f"{most} times {key} did not reach {what}; focus: {type(focused()).__name__}")


if __name__ == "__main__":
    main(*sys.argv[1:])
