"""Demonstration content for the screenshots: real songs, made, mastered and scored by the app in a throw-away library."""

from __future__ import annotations

from collections.abc import Callable

from grammy_desktop.app import App, CreateOptions

PROMPT = "Chill lo-fi hip hop, 90 BPM, rainy evening, mellow electric piano, soft sax hook"
TAKES, SEED, SECONDS = 3, 4127, 84.0
OTHERS = (
    ("Uplifting house, 124 BPM, A minor", "vinyl-warm"),
    ("Epic cinematic trailer in D minor, 90 BPM", "spotify-loud"),
    ("Dark trap beat, 140 BPM, F# minor", "radio-ready"),
    ("Catchy pop song in G major, 108 BPM", "spotify-loud"),
    ("Rock ballad in E minor, 72 BPM", "vinyl-warm"),
    ("Festival EDM, 128 BPM, F minor", "radio-ready"),
    ("Sleepy study beats in Eb major, 76 BPM", "spotify-loud"),
    ("Hopeful cinematic piano and strings in C major, 70 BPM", "spotify-loud"),
)
OTHERS_SECONDS = 24.0


def fill_library(app: App, wait: Callable[[Callable[[], bool]], None]) -> str:
    """Three takes of one prompt, one of them mastered twice, and a song of each style; returns the take to open.

    `wait` turns the event loop until its argument is true.
    """
    jobs = [
        job_id
        for seed, (prompt, preset) in enumerate(OTHERS, start=100)
        for job_id in app.create(CreateOptions(prompt=prompt, duration=OTHERS_SECONDS, seed=seed, preset=preset))
    ]
    jobs += app.create(CreateOptions(prompt=PROMPT, duration=SECONDS, seed=SEED, takes=TAKES))
    wait(lambda: all(app.jobs.snapshot(job_id).state.ended for job_id in jobs))
    takes = app.library.tracks('"rainy evening"', order="score")
    chosen = takes[0]
    app.library.star(chosen.id, True)
    take = app.library.versions(chosen.id)[0]
    again = app.master(chosen.id, take.id, preset="vinyl-warm")
    wait(lambda: app.jobs.snapshot(again).state.ended)
    app.library.set_tags(chosen.id, ["study", "rain", "late night"])
    return chosen.id
