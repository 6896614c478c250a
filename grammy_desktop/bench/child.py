"""A function in a fresh process of its own: cold times, CPU of everything from the interpreter's start, peak memory."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Generic, TypeVar

from grammy_desktop.core.errors import BugError, EnvironmentFailure

T = TypeVar("T")

ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}
"""Idle BLAS threads spin and would be counted as CPU."""


@dataclass(frozen=True)
class ChildRun(Generic[T]):
    """What a child gave and what it took, from the start of its interpreter to the answer."""

    value: T
    wall: float
    """Seconds, start of the process included."""

    cpu: float
    """Seconds of the process, its threads and the children that it waited for."""

    peak_mb: float | None
    """Highest resident memory in MB (10^6 bytes) of the process itself; None where the system does not tell."""


def in_child(
    function: Callable[..., T], *arguments: Any, environment: Mapping[str, str] = ONE_THREAD, timeout: float = 600
) -> ChildRun[T]:
    """Call a module-level function in a fresh process. Arguments and the answer are pickled.

    Raises EnvironmentFailure when the child dies or takes longer than `timeout` seconds, BugError when it raises.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_answer, args=(theirs, function, arguments), daemon=False)
    started = time.perf_counter()
    with _environment(environment):
        child.start()
    theirs.close()
    try:
        if not ours.poll(timeout):
            raise EnvironmentFailure(f"A benchmark's process took longer than {timeout:.0f} s and was stopped.")
        error, value, cpu, peak_mb = ours.recv()
    except EOFError as gone:
        child.join()
        raise EnvironmentFailure(f"A benchmark's process died (exit code {child.exitcode}).") from gone
    finally:
        wall = time.perf_counter() - started
        ours.close()
        if child.is_alive():
            child.join(2)
        if child.is_alive():
            child.kill()
        child.join()
    if error is not None:
        raise BugError(f"A benchmark's process failed: {error}")
    return ChildRun(value, wall, cpu, peak_mb)


def _answer(to_parent: Connection, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    error = value = None
    try:
        value = function(*arguments)
    except Exception as raised:  # noqa: BLE001  (goes to the parent, which raises it)
        error = f"{type(raised).__name__}: {raised}"
    to_parent.send((error, value, _cpu_seconds(), peak_memory_mb()))
    to_parent.close()


def _cpu_seconds() -> float:
    times = os.times()
    return time.process_time() + times.children_user + times.children_system


def peak_memory_mb() -> float | None:
    """Highest resident memory of this process in MB.

    Not `ru_maxrss` on Linux: it starts with what the parent had when it started this process.
    """
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text(encoding="ascii", errors="replace").splitlines()
        found = [int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith("VmHWM:")]
        return found[0] if found else None
    import psutil

    memory = psutil.Process().memory_info()
    if hasattr(memory, "peak_wset"):
        return float(memory.peak_wset) / 1e6
    import resource

    # macOS counts in bytes.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    """The variables set while a child starts, and as they were afterwards."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
