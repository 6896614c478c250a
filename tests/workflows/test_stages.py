"""Seconds by stage."""

from __future__ import annotations

import pytest

from grammy_desktop.core.progress import NoProgress
from grammy_desktop.workflows import stages


def test_seconds_are_added_up_by_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter([0.0, 0.0, 2.0, 5.0, 6.0])
    monkeypatch.setattr(stages.time, "monotonic", lambda: next(ticks))
    clock = stages.StageClock(NoProgress())
    clock.report(0.1, "compose")
    clock.report(0.5, "render")
    clock.report(0.6, "compose")
    clock.report(0.7, "compose")
    assert clock.seconds() == {"compose": 3.0, "render": 3.0}
