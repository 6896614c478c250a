"""Finds shipped data in every form of install: editable, wheel, frozen."""

from __future__ import annotations

import sys
from pathlib import Path


def resources_dir() -> Path:
    """The folder with styles, presets, icons, fonts and sound fonts. Raises FileNotFoundError."""
    frozen = getattr(sys, "_MEIPASS", None)
    package = Path(__file__).resolve().parents[1]
    candidates = [package / "resources", package.parent / "resources"]
    if frozen is not None:
        candidates.insert(0, Path(frozen) / "grammy_desktop" / "resources")
    for candidate in candidates:
        if (candidate / "styles").is_dir():
            return candidate
    raise FileNotFoundError(f"the app's resources are missing; looked in {', '.join(map(str, candidates))}")


def resource(*parts: str) -> Path:
    return resources_dir().joinpath(*parts)
