"""Timing, child processes and results: short real runs, no figures asked of the machine."""

from __future__ import annotations

import json
import os
import time

import numpy as np
import pytest

from grammy_desktop.bench import loudness, machine
from grammy_desktop.bench.child import in_child
from grammy_desktop.bench.registry import BENCHMARKS, run_benchmark
from grammy_desktop.bench.result import BenchItem, bench_result
from grammy_desktop.bench.signals import brickwalled, dense_music
from grammy_desktop.bench.timing import alternate
from grammy_desktop.core.errors import BugError, EnvironmentFailure, UserError
from grammy_desktop.core.progress import NoProgress


def hold_memory(megabytes: int) -> str | None:
    np.ones(megabytes * 125_000)
    return os.environ.get("OPENBLAS_NUM_THREADS")


def fail() -> None:
    raise ValueError("on purpose")


def die() -> None:
    os._exit(3)


def burn(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def test_sides_are_run_in_turn() -> None:
    order: list[str] = []
    sides = {"a": lambda: order.append("a"), "b": lambda: order.append("b")}
    times = alternate(sides, runs=2, warm_runs=1, each={"b": 2})
    assert order == ["a", "b", "b"] * 3
    assert (times["a"].runs, times["b"].runs) == (2, 4)


def test_cpu_and_wall_are_told_apart() -> None:
    # A thread that waits costs wall time only.
    times = alternate({"busy": lambda: burn(0.02), "waiting": lambda: time.sleep(0.02)}, runs=2)
    assert times["busy"].best_cpu >= 0.02
    assert times["waiting"].wall >= 0.02
    assert times["waiting"].best_cpu < 0.01


def test_a_child_tells_its_own_memory_not_its_parents() -> None:
    held = np.ones(40_000_000)  # 320 MB in this process
    small, large = in_child(hold_memory, 1), in_child(hold_memory, 200)
    assert held[0] == 1
    assert small.value == "1"
    assert small.peak_mb is not None and large.peak_mb is not None
    assert small.peak_mb < 200
    assert 150 < large.peak_mb - small.peak_mb < 260
    assert small.cpu > 0 and small.wall > 0


def test_the_environment_is_as_before_after_a_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NUMBA_NUM_THREADS", raising=False)
    in_child(hold_memory, 1)
    assert "NUMBA_NUM_THREADS" not in os.environ


def test_what_goes_wrong_in_a_child_has_a_name() -> None:
    with pytest.raises(BugError, match="on purpose"):
        in_child(fail)
    with pytest.raises(EnvironmentFailure, match="exit code 3"):
        in_child(die)
    with pytest.raises(EnvironmentFailure, match="longer than"):
        in_child(burn, 30.0, timeout=0.5)


def test_an_unknown_name_is_the_users() -> None:
    with pytest.raises(UserError, match="loudness"):
        run_benchmark("loudnes", peers=False, progress=NoProgress())
    assert {benchmark.name for benchmark in BENCHMARKS} == {"loudness", "master", "composer"}


def test_the_loudness_benchmark_beside_its_peers() -> None:
    result = loudness.run(peers=True, progress=NoProgress(), seconds=1.0, signals=loudness.SIGNALS[:1]).to_json()
    assert json.loads(json.dumps(result, allow_nan=False)) == result
    assert {"name", "ours", "theirs", "ratio", "peer", "peak_rss_mb", "items"} <= set(result)
    assert result["peer"] == "pyebur128"
    assert {item["peer"] for item in result["items"] if item["ratio"]} == {"pyebur128", "pyloudnorm"}
    for item in result["items"]:
        assert item["ours"] > 0 and item["ours_cpu_s"] > 0
        if item["peer"]:
            assert item["ratio"] == pytest.approx(item["ours"] / item["theirs"], rel=1e-2)
    assert result["peak_rss_mb"]["ours"] > 10


def test_a_missing_peer_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    # The registry of installed packages is the border: it cannot be emptied for real in a test.
    monkeypatch.setattr(machine, "package_version", lambda name: None)
    result = loudness.run(peers=True, progress=NoProgress(), seconds=1.0, signals=loudness.SIGNALS[:1]).to_json()
    absent = [item for item in result["items"] if item["peer"]]
    assert {item["peer"] for item in absent} == {"pyebur128", "pyloudnorm"}
    assert all("pip install" in item["note"] and item["ratio"] is None and item["passed"] is None for item in absent)


def test_a_goal_that_is_missed_shows() -> None:
    reached = BenchItem("", "speed", 2.0, None, None, "x", passed=True)
    missed = BenchItem("p", "speed", 2.0, 1.0, 2.0, "x", passed=False)
    assert bench_result("b", [reached]).passed
    assert not bench_result("b", [reached, missed]).passed


def test_test_music_is_seeded_dense_and_bright() -> None:
    one, again, other = (dense_music(6, 48_000, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert not np.array_equal(one, other)
    assert one.dtype == np.float32 and one.shape == (288_000, 2)
    assert np.abs(one).max() == pytest.approx(0.7, abs=1e-5)
    hot = brickwalled(one)
    assert np.abs(hot).max() == pytest.approx(0.98, abs=1e-6)
    assert np.mean(np.abs(hot) > 0.97) > 0.05
