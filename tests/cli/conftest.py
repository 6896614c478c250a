"""The fixture that every test of the command line uses."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_helpers import Shell


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(tmp_path / "Daten für mich", capsys)
