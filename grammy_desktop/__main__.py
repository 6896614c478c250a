"""Picks the window or the command line. The only place that knows both faces."""

from __future__ import annotations

import multiprocessing
import os
import sys

from grammy_desktop.core.errors import EnvironmentFailure

WAY_OUT = (
    "Start it from a desktop session, use `ssh -X`, or run the command line: "
    'grammy create "Chill lo-fi hip hop, 90 BPM" (grammy --help lists everything).'
)

_MAKE_SONGS = {"create", "generate"}
"""Commands."""


def main() -> int:
    """Entry point of `grammy` and `python -m grammy_desktop`; returns the exit code."""
    multiprocessing.freeze_support()
    _calm_blas()
    try:
        _give_head_start(sys.argv[1:])
        from grammy_desktop.cli.main import run_command_line

        return run_command_line(sys.argv[1:], open_window=_open_window, make_screenshots=_make_screenshots)
    except KeyboardInterrupt:
        # Before the command began, or a second time while it was ending.
        return 130


def _calm_blas() -> None:
    """Matrices here are small: BLAS threads win nothing and spin on cores that the audio process needs. Workers inherit this."""
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ.setdefault(name, "1")


def _give_head_start(words: list[str]) -> None:
    """A command that makes a song has its worker load beside it: that is most of a second."""
    if words and not {"-h", "--help"}.intersection(words) and not _MAKE_SONGS.isdisjoint(words):
        from grammy_desktop.jobs.head_start import give_head_start
        from grammy_desktop.workflows.first_song import FIRST_SONG

        give_head_start(FIRST_SONG)


def _open_window(data_dir: str | None) -> int:
    from grammy_desktop.ui.display import find_display_problem

    problem = find_display_problem()
    if problem is not None:
        raise EnvironmentFailure(f"{problem} {WAY_OUT}")
    from grammy_desktop.ui.run import run_window

    return run_window(data_dir)


def _make_screenshots(data_dir: str | None, out_dir: str) -> list[str]:
    from grammy_desktop.ui.screenshots import run_screenshots

    return run_screenshots(data_dir, out_dir)


if __name__ == "__main__":
    sys.exit(main())
