"""kill -9 of the app and of a worker in the middle of each stage, 20 times."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time

import psutil

from tests.acceptance.context import ROOT, Context

PROMPT = "Chill lo-fi hip hop, 90 BPM"
WORDS = {
    "compose": "Composing",
    "render": "Playing",
    "mix": "Mixing",
    "master": "Mastering",
    "score": "Listening",
    "store": "Saving",
}


def run(context: Context, *, times: int = 20) -> None:
    rng = random.Random(2)
    cases = [(victim, stage) for victim in ("app", "worker") for stage in WORDS] * 2
    broken, shown, orphans = [], 0, 0
    for number, (victim, stage) in enumerate(cases[:times]):
        left = _kill_once(context, victim, stage, rng.uniform(0.0, 0.3))
        orphans += left
        verified = context.grammy("library", "verify", "--json")
        report = verified.json()
        if verified.code != 0 or not report["ok"]:
            broken.append((victim, stage, report))
        expected = {"interrupted" if victim == "app" else "failed"} | ({"done"} if stage == "store" else set())
        jobs = context.grammy("jobs", "--json").json()["items"]
        newest = jobs[0]["state"] if jobs else "none"
        shown += newest in expected
        print(
            f"   {number + 1:2} kill -9 {victim} while {stage}: job {newest}, library ok {report.get('ok')}", flush=True
        )
    context.check("the library opens and nothing is broken", not broken, broken or f"{times} kills")
    context.check("the interrupted job is shown", shown == min(times, len(cases)), f"{shown} of {times}")
    context.check("no worker outlives the app", orphans == 0, orphans)
    pending = context.grammy("library", "list", "--json").json()["items"]
    context.check(
        "no half-made song in the library", all(row["status"] == "completed" for row in pending), len(pending)
    )
    resumed = context.grammy("resume", "--json")
    context.check("interrupted songs are made again", resumed.code == 0, len(resumed.json().get("items", [])))


def _kill_once(context: Context, victim: str, stage: str, delay: float) -> int:
    """Returns how many processes of the killed app were still there two seconds later."""
    arguments = ["create", PROMPT, "--duration", "12", "--seed", "7", "--data-dir", str(context.folder / "data")]
    app = subprocess.Popen(
        [sys.executable, "-m", "grammy_desktop", *arguments],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert app.stderr is not None
    for line in app.stderr:
        if line.startswith(WORDS[stage]):
            break
    time.sleep(delay)
    family = _workers(app.pid)
    target = app.pid if victim == "app" else _busiest(family)
    if target:
        os.kill(target, signal.SIGKILL)
    app.stderr.close()
    app.wait(60)
    _, alive = psutil.wait_procs(family, timeout=2)
    return len(alive)


def _workers(pid: int) -> list[psutil.Process]:
    return psutil.Process(pid).children(recursive=True) if psutil.pid_exists(pid) else []


def _busiest(family: list[psutil.Process]) -> int | None:
    """The worker: the resource tracker of multiprocessing is a child too."""
    workers = [member for member in family if "resource_tracker" not in " ".join(member.cmdline())]
    return max(workers, key=lambda member: sum(member.cpu_times()[:2])).pid if workers else None
