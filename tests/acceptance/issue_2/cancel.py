"""Cancel in every stage: over within 500 ms, nothing stays, the next job runs."""

from __future__ import annotations

import queue
import time

from grammy_desktop.app import App, CreateOptions
from grammy_desktop.core.journal import JobState
from grammy_desktop.core.paths import AppPaths
from tests.acceptance.context import Context

STAGES = ("compose", "render", "mix", "master", "score")
PROMPT = "Chill lo-fi hip hop, 90 BPM"


def run(context: Context, *, stages: tuple[str, ...] = STAGES, duration: float = 60.0) -> None:
    app = App.open(AppPaths(context.folder / "data"))
    slowest = 0.0
    try:
        for stage in stages:
            slowest = max(slowest, _cancel_in(context, app, stage, duration))
    finally:
        app.close()
    context.figure("slowest cancel in ms", round(slowest * 1000))
    verified = context.grammy("library", "verify", "--json").json()
    context.check("the library is whole", verified["ok"], verified["problems"])


def _cancel_in(context: Context, app: App, stage: str, duration: float) -> float:
    stages: queue.SimpleQueue[tuple[str, str]] = queue.SimpleQueue()
    unsubscribe = app.jobs.subscribe(lambda event: stages.put((event.job_id, event.snapshot.stage)))
    before = {path for path in app.paths.audio.rglob("*") if path.is_file()}
    (first,) = app.create(CreateOptions(prompt=PROMPT, duration=duration, seed=7))
    (second,) = app.create(CreateOptions(prompt=PROMPT, duration=5.0, seed=9))
    (third,) = app.create(CreateOptions(prompt=PROMPT, duration=5.0, seed=11))
    try:
        while stages.get(timeout=120) != (first, stage):
            continue
        started = time.monotonic()
        app.jobs.cancel(first)
        outcome = app.jobs.wait(first, timeout=10)
        took = time.monotonic() - started
    finally:
        unsubscribe()
    context.check(
        f"{stage}: cancelled within 500 ms", outcome.state is JobState.CANCELLED and took < 0.5, round(took * 1000)
    )
    for job_id, name in ((second, "other"), (third, "queued")):
        after = app.jobs.wait(job_id, timeout=120)
        context.check(
            f"{stage}: the {name} job ran", after.state is JobState.DONE, str(after.error or after.state.value)
        )
    rows = app.library.tracks(limit=1000)
    context.check(f"{stage}: no row is left", all(row.status == "completed" for row in rows))
    kept = {path for row in rows for version in app.library.versions(row.id) for path in version.files.values()}
    files = {path for path in app.paths.audio.rglob("*") if path.is_file()}
    context.check(f"{stage}: no file is left", files - before <= kept and not any(app.paths.staging.glob(first)))
    for row in rows:
        app.library.delete(row.id)
        app.library.purge(row.id)
    return took
