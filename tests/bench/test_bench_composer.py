"""The composer's benchmark: one short round for real; its figures are asked of an idle machine elsewhere."""

from __future__ import annotations

from grammy_desktop.bench import composer
from grammy_desktop.bench.registry import BENCHMARKS
from grammy_desktop.core.progress import NoProgress


def test_a_short_round_gives_speed_first_audio_and_memory() -> None:
    result = composer.run(peers=False, progress=NoProgress(), seconds=6.0, long_seconds=6.0, styles=("trap",))
    whole, first, memory = result.items
    assert whole.ours is not None and whole.ours > 1.0
    assert whole.ours_cpu_s is not None and abs(whole.ours - 6.0 / whole.ours_cpu_s) < 1e-6
    assert first.ours is not None and first.ours > 0.0
    assert memory.ours is None or 50.0 < memory.ours < 2000.0
    assert result.name == "composer"


def test_it_is_among_the_benchmarks() -> None:
    assert "composer" in [benchmark.name for benchmark in BENCHMARKS]
