"""What a benchmark found: a list of items, each our side beside one peer's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

_DIGITS = 4
"""Significant digits in JSON: no run is repeatable to more."""


@dataclass(frozen=True)
class BenchItem:
    """One comparison. `note` says why `theirs` is missing, or what the reader should know.

    what: what was measured, as 'with true peak, 48 kHz'. ours, theirs: in `unit`. ratio: how many times better we are.
    ours_cpu_s, theirs_cpu_s: CPU seconds of all threads. goal: the ratio, or the figure of ours, that is asked for.
    """

    peer: str
    what: str
    ours: float | None
    theirs: float | None
    ratio: float | None
    unit: str
    ours_cpu_s: float | None = None
    theirs_cpu_s: float | None = None
    goal: str = ""
    passed: bool | None = None
    note: str = ""

    def to_json(self) -> dict[str, Any]:
        numbers = ("ours", "theirs", "ratio", "ours_cpu_s", "theirs_cpu_s")
        return {name: rounded(value) if name in numbers else value for name, value in vars(self).items()}


@dataclass(frozen=True)
class BenchResult:
    """A benchmark's items; the one of `main` is what the top-level figures show."""

    name: str
    items: tuple[BenchItem, ...]
    main: BenchItem
    peak_rss_mb: dict[str, float | None] = field(default_factory=dict)
    """Of each side in a process of its own, by name; 'ours' is ours."""

    machine: dict[str, Any] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        return all(item.passed is not False for item in self.items)

    def to_json(self) -> dict[str, Any]:
        """name, peer, ours, theirs, ratio, unit, peak_rss_mb, items, machine, passed; strict JSON."""
        return {
            "name": self.name,
            "peer": self.main.peer,
            "ours": rounded(self.main.ours),
            "theirs": rounded(self.main.theirs),
            "ratio": rounded(self.main.ratio),
            "unit": self.main.unit,
            "passed": self.passed,
            "peak_rss_mb": {side: rounded(value) for side, value in self.peak_rss_mb.items()},
            "items": [item.to_json() for item in self.items],
            "machine": self.machine,
        }


def rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.{_DIGITS}g}")


def bench_result(
    name: str, items: Sequence[BenchItem], *, peak_rss_mb: dict[str, float | None] | None = None
) -> BenchResult:
    """The first item is the main one."""
    from grammy_desktop.bench.machine import machine_facts

    return BenchResult(name, tuple(items), items[0], dict(peak_rss_mb or {}), machine_facts())
