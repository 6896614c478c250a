from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from grammy_desktop.core.paths import AppPaths
from grammy_desktop.library import Library


@pytest.fixture
def paths(tmp_path: Path) -> AppPaths:
    return AppPaths(tmp_path / "data")


@pytest.fixture
def library(paths: AppPaths) -> Iterator[Library]:
    opened = Library.open(paths)
    yield opened
    assert opened.verify().problems == ()
    opened.close()
