"""A missing display is told in a sentence before Qt is asked."""

from __future__ import annotations

import pytest

from grammy_desktop.ui.display import find_display_problem


@pytest.mark.parametrize(("display", "words"), [(None, "no display"), (":4999", ":4999 does not answer")])
def test_no_display_is_told(monkeypatch: pytest.MonkeyPatch, display: str | None, words: str) -> None:
    for name in ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    if display is not None:
        monkeypatch.setenv("DISPLAY", display)
    assert words in (find_display_problem() or "")


def test_an_offscreen_window_needs_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert find_display_problem() is None
