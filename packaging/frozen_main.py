"""Entry point of the frozen build: the environment is set right before anything starts a process or imports numba."""

import multiprocessing
import os
import sys

from grammy_desktop.core.paths import AppPaths


def _give_back_library_path() -> None:
    """The bootloader points the loader at our own libraries; ffmpeg and the desktop's programs need theirs.

    Our own workers are told to start afresh, because they would otherwise count on finding it set.
    """
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    if before is not None:
        os.environ["LD_LIBRARY_PATH"] = before
    else:
        os.environ.pop("LD_LIBRARY_PATH", None)
    os.environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"


def _fix_numba_cache() -> None:
    """numba keeps its cache beside the sources, which a frozen app does not have."""
    os.environ.setdefault("NUMBA_CACHE_DIR", str(AppPaths.for_user().cache / "numba"))


def _main() -> int:
    from grammy_desktop.__main__ import main

    try:
        return main()
    except ImportError as error:
        library, _, reason = str(error).partition(": ")
        if "shared object file" not in reason:
            raise
        # The graphics driver's libraries are the only ones that cannot be shipped.
        install = "sudo apt-get install libgl1 libegl1"
        sys.stderr.write(f"This computer lacks {library}, which the window needs. On Debian and Ubuntu: {install}\n")
        return 3


if __name__ == "__main__":
    _give_back_library_path()
    multiprocessing.freeze_support()  # a worker ends in here
    _fix_numba_cache()
    sys.exit(_main())
