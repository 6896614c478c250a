"""What is matched of one or several references, as a file that can be kept and shared."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from grammy_desktop.core.progress import PartOfProgress, Progress


@dataclass(frozen=True)
class ProfileRequest:
    """paths: audio files and `.gmref` profiles. weights: their shares of the blend."""

    paths: tuple[str, ...]
    weights: tuple[float, ...]


def make_profile(request: ProfileRequest, staging: Path, progress: Progress) -> Path:
    """Runs in a worker. Raises UserError naming the file that cannot serve as a reference."""
    from grammy_desktop.mastering.matching import save_profile
    from grammy_desktop.mastering.reference import load_references

    paths = [Path(path) for path in request.paths]
    profile = load_references(paths, weights=request.weights, progress=PartOfProgress(progress, 0.0, 0.95))
    made = staging / "profile.gmref"
    save_profile(made, profile)
    return made
