"""What a figure was measured on."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from typing import Any

_PACKAGES = ("numpy", "scipy", "pyebur128", "pyloudnorm", "matchering")


def machine_facts() -> dict[str, Any]:
    """System, cores, Python, the threads that BLAS may use, and the versions of what was compared."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "blas_threads": os.environ.get("OPENBLAS_NUM_THREADS", "all"),
        "versions": {name: version for name in _PACKAGES if (version := package_version(name)) is not None},
    }


def package_version(name: str) -> str | None:
    """None where it is not installed."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def missing(package: str) -> str | None:
    """None where the peer is installed, else what to tell the user."""
    if package_version(package) is not None:
        return None
    return (
        f"{package} is not installed here; install it beside Grammy Desktop (pip install {package}) to compare with it."
    )
