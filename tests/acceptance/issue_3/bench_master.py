"""Compatibility mode beside matchering: the same samples, a tenth of the work, and little memory whatever the length."""

from __future__ import annotations

from grammy_desktop.bench.child import in_child
from grammy_desktop.bench.master import PEER, differences, make_pair, match_ours
from grammy_desktop.bench.master import run as run_bench
from grammy_desktop.core.progress import NoProgress
from tests.acceptance.context import Context

LONG_MB = 600.0


def run(context: Context, *, seconds: float = 180.0, long_minutes: float = 60.0) -> None:
    result = run_bench(peers=True, progress=NoProgress(), seconds=seconds)
    context.figure("machine", result.machine)
    for item in result.items:
        seen = f"{item.ours:.4g} {item.unit}"
        if item.theirs is not None:
            seen += f", {PEER} {item.theirs:.4g} {item.unit}, {item.ratio:.1f} times better"
        context.check(f"{item.what}: {item.goal}", item.passed is True, seen)
    # Another song, whose limiter is busy in other places.
    other = make_pair(context.folder / "other", 44_100, seconds / 3)
    for name, decibels in in_child(differences, other, timeout=1800).value.items():
        context.check(f"a third of the length, {name}: <= -105 dBFS", decibels <= -105, f"{decibels:.1f} dBFS")
    long = make_pair(context.folder / "long", 44_100, long_minutes * 60)
    taken = in_child(match_ours, long, timeout=3600)
    context.check(
        f"peak memory for {long_minutes:g} minutes: <= {LONG_MB:.0f} MB",
        taken.peak_mb is not None and taken.peak_mb <= LONG_MB,
        f"{taken.peak_mb or 0:.0f} MB, {taken.cpu:.1f} s CPU",
    )
