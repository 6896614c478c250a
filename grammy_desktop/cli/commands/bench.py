"""`grammy bench`: our figures beside a peer's, measured in one run on this machine."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from grammy_desktop.cli.options import Command
from grammy_desktop.cli.output import table
from grammy_desktop.cli.progress_line import ProgressLine
from grammy_desktop.cli.session import Session

_HOW_TO_READ = """
Both sides work on the same signal in the same run, in turn and warm; the best
of several runs counts, because whatever else this machine does only makes runs
slower. Ratios say how many times better Grammy is; they travel between
machines, the absolute figures do not. CPU seconds count every thread. Peak
memory is read in a fresh process for each side, the signal included. A peer
that is not installed is named with how to install it.
"""


def _declare(parser: argparse.ArgumentParser) -> None:
    from grammy_desktop.bench.registry import BENCHMARKS

    names = "; ".join(f"{benchmark.name}: {benchmark.summary} (peers: {benchmark.peers})" for benchmark in BENCHMARKS)
    parser.add_argument("name", metavar="NAME", help=names)
    parser.add_argument("--peer", action="store_true", help="measure the peers too")
    parser.description = f"{parser.description}\n{_HOW_TO_READ}"


def _run(session: Session, arguments: argparse.Namespace) -> dict[str, Any]:
    from grammy_desktop.bench.registry import run_benchmark

    line = ProgressLine(quiet=session.quiet)
    try:
        return run_benchmark(arguments.name, peers=arguments.peer, progress=_Shown(line)).to_json()
    finally:
        line.end()


class _Shown:
    """Progress on the terminal's line; Ctrl-C ends the run."""

    def __init__(self, line: ProgressLine) -> None:
        self._line = line

    def report(self, fraction: float, stage: str) -> None:
        self._line.show(fraction, stage)

    def check_cancelled(self) -> None:
        return None

    def publish(self, kind: str, path: Path) -> None:
        return None


def _show(result: dict[str, Any]) -> str:
    rows = [["what", "peer", "Grammy", "peer's", "ratio", "CPU s", "peer's", "asked for", ""]]
    for item in result["items"]:
        rows.append(
            [
                item["what"],
                item["peer"],
                _number(item["ours"], item["unit"]),
                _number(item["theirs"], item["unit"]),
                _number(item["ratio"], "×"),
                _number(item["ours_cpu_s"]),
                _number(item["theirs_cpu_s"]),
                item["goal"],
                {True: "reached", False: "NOT reached", None: ""}[item["passed"]],
            ]
        )
    lines = [table(rows)]
    memory = [f"{side} {value:.0f} MB" for side, value in result["peak_rss_mb"].items() if value is not None]
    if memory:
        lines.append("peak memory: " + ", ".join(memory))
    lines += sorted({f"{item['what']}: {item['note']}" for item in result["items"] if item["note"]})
    machine = result["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    lines.append(f"{machine['system']}, {machine['cores']} cores, Python {machine['python']}, {versions}")
    return "\n".join(lines)


def _number(value: float | None, unit: str = "") -> str:
    if value is None:
        return "—"
    text = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return f"{text} {unit}".strip().replace("-", "−")


COMMANDS = [
    Command(
        name="bench",
        summary="Measure speed and memory beside a peer, in one run.",
        example="grammy bench loudness --peer",
        declare=_declare,
        run=_run,
        show=_show,
    ),
]
