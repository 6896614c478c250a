"""Pictures of the Master page of a library's newest song: dark and light, 1440 x 900 and 1280 x 720, at this process's ratio."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QtMsgType, qInstallMessageHandler

from grammy_desktop.app import App
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.ui.qt_executor import QtExecutor
from grammy_desktop.ui.run import make_application
from grammy_desktop.ui.screenshots import LARGE, SMALL, save_picture, settle, wait_for, window_of

SECONDS_IN = 20.0


def main(data_dir: str, out_dir: str) -> int:
    warnings: list[str] = []

    def collect(kind: QtMsgType, _context: object, text: str) -> None:
        if kind is not QtMsgType.QtDebugMsg:
            warnings.append(text)

    make_application()
    qInstallMessageHandler(collect)
    executor = QtExecutor()
    app = App.open(AppPaths(Path(data_dir)), executor=executor)
    song = app.library.tracks()[0]
    for mode in ("dark", "light"):
        for size in (LARGE, SMALL):
            with window_of(app, mode, size) as workspace:
                workspace.songs.open_song(song.id)
                workspace.window.show_page("master")
                workspace.playback.seek(SECONDS_IN)
                wait_for(lambda shown=workspace: len(shown.master.views) == 2, 20_000)
                settle(800)
                save_picture(workspace, Path(out_dir), "master", mode, size)
    app.close()
    executor.wait()
    print("\n".join(warnings), file=sys.stderr)
    return 1 if warnings else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
