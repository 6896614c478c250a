"""Entry point of the frozen build: numba's cache and the working directory are fixed before librosa is imported."""

import multiprocessing
import os
import sys

from grammy_desktop.core.paths import AppPaths


def _fix_numba_cache() -> None:
    """numba keys its cache by the path of the source, which a frozen app does not have."""
    os.environ.setdefault("NUMBA_CACHE_DIR", str(AppPaths.for_user().cache / "numba"))


if __name__ == "__main__":
    multiprocessing.freeze_support()
    _fix_numba_cache()
    from grammy_desktop.__main__ import main

    sys.exit(main())
