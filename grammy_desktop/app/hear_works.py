"""The jobs behind 'Hear it on', 'Listen first' and 'Save as profile'."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from grammy_desktop.core.atomic import atomic_file
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.jobs import Lane, Work
from grammy_desktop.workflows import hear_on, listen_first, save_profile
from grammy_desktop.workflows.delivery import put_file


def hear_work(paths: AppPaths, source: Path, device: str, title: str) -> Work:
    """The result is {"file": path}, a file of the cache."""
    target = hear_on.heard_path(paths, source, device)

    def finish(made: Path) -> dict[str, str]:
        target.parent.mkdir(parents=True, exist_ok=True)
        with atomic_file(target) as temporary:
            shutil.move(made, temporary)
        hear_on.prune_heard(target.parent)
        return {"file": str(target)}

    return Work(
        kind="hear",
        title=title,
        lane=Lane.SCORING,
        function=hear_on.make_heard,
        request=hear_on.HearRequest(str(paths.data_dir), str(source), device),
        finish=finish,
    )


def listen_work(source: Path, genre: str | None, title: str, track_id: str | None = None) -> Work:
    """The result is the JSON of the assistant's proposal."""
    return Work(
        kind="listen",
        title=title,
        lane=Lane.SCORING,
        function=listen_first.hear_mix,
        request=listen_first.ListenRequest(str(source), genre, title),
        track_id=track_id,
    )


def profile_work(references: Sequence[tuple[Path, float]], out: Path) -> Work:
    """The blend of `references` (files and weights) to the profile `out`; the result is its path."""
    request = save_profile.ProfileRequest(
        tuple(str(path) for path, _ in references), tuple(weight for _, weight in references)
    )
    return Work(
        kind="profile",
        title=out.name,
        lane=Lane.SCORING,
        function=save_profile.make_profile,
        request=request,
        finish=lambda made: put_file(made, out),
    )
