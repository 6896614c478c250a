"""Demonstration content for the screenshots: songs from plain synthesis, with made-up scores. Never put into a user's library."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.app import App
from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.audio_file import write_wav
from grammy_desktop.core.loudness import measure
from grammy_desktop.core.progress import Progress
from grammy_desktop.core.song import Licence
from grammy_desktop.library import NewTrack, NewVersion
from grammy_desktop.workflows.pictures import envelope, loudness_history, mastering_pictures

RATE = 48_000
PROMPT = "Chill lo-fi hip hop, 90 BPM, rainy evening, mellow electric piano, soft sax hook"
_FREE = Licence("CC0-1.0", True, "Composer, MIT sounds")
_SONGS = (
    ("Slow Ferry", "cinematic", 82.0, "D minor", 144.0),
    ("Paper Lanterns", "pop", 86.0, "F minor", 112.0),
    ("Night Bus Home", "house", 118.0, "C minor", 190.0),
    ("Kettle On", "lofi", 78.0, "G major", 128.0),
    ("Low Tide", "cinematic", 70.0, "E minor", 242.0),
    ("Copper Wire", "trap", 92.0, "B minor", 160.0),
    ("Window Seat", "rock_ballad", 88.0, "A minor", 136.0),
    ("Second Sunday", "lofi", 94.0, "Bb major", 152.0),
    ("Static Garden", "edm", 84.0, "C minor", 118.0),
    ("Tea at Four", "pop", 90.0, "Eb major", 140.0),
)
_SECTIONS = (
    ("Intro", 0, 4, 0.4),
    ("Verse", 4, 12, 0.6),
    ("Hook", 12, 20, 0.95),
    ("Break", 20, 24, 0.35),
    ("Verse 2", 24, 32, 0.7),
)
_CHORDS = ("A:min9", "D:9", "F:maj7", "E:7")


def fill_library(app: App, folder: Path) -> str:
    """Three takes of one prompt with masters, and ten other songs; returns the track to open."""
    folder.mkdir(parents=True, exist_ok=True)
    opened = ""
    for seed, overall in ((4127, 66), (4128, 71), (4129, 63)):
        track_id = _take(app, folder, seed, overall)
        opened = track_id if seed == 4128 else opened
    quiet = AudioClip(np.zeros((RATE // 4, 2), np.float32) + 1e-4, RATE)
    write_wav(folder / "short.wav", quiet)
    for index, (title, genre, tempo, key, seconds) in enumerate(_SONGS):
        licence = _FREE if index != 4 else Licence("LicenseRef-nc", False, "Made with non-commercial weights")
        track = NewTrack(
            title, licence, genre=genre, tempo=tempo, key=key, metre="4/4", duration=seconds, seed=100 + index
        )
        score = {"overall_score": 59 + index * 5 % 18, "band": 9.0}
        app.library.add_import(track, NewVersion("take", "Take", files={"mix": folder / "short.wav"}, score=score))
    app.library.star(opened, True)
    app.library.set_tags(opened, ["study", "rain", "late night"])
    app.library.add_marker(opened, 20 * 4 * 60 / 90, "Sax rest")
    return opened


def slow_job(request: Any, staging: Path, progress: Progress) -> None:
    """Stands still at 62 % until it is cancelled, for a picture of the tray."""
    progress.report(0.62, "score")
    while True:
        time.sleep(0.02)
        progress.check_cancelled()


def _take(app: App, folder: Path, seed: int, overall: int) -> str:
    rng = np.random.default_rng(seed)
    stems = _stems(rng)
    mix = AudioClip(np.sum([clip.samples for clip in stems.values()], axis=0).astype(np.float32), RATE)
    master = AudioClip(np.tanh(mix.samples * 1.7).astype(np.float32) * np.float32(0.88), RATE)
    files = {"mix": folder / "mix.wav", **{f"stem:{name}": folder / f"{name}.wav" for name in stems}}
    for name, clip in stems.items():
        write_wav(folder / f"{name}.wav", clip)
    write_wav(folder / "mix.wav", mix)
    write_wav(folder / "master.wav", master)
    loudness = {"mix": measure(mix).to_json(), "master": measure(master).to_json()}
    arrangement = _arrangement()
    track = NewTrack(
        "Rooftop Rain",
        _FREE,
        genre="lofi",
        tempo=90.0,
        key="A minor",
        metre="4/4",
        duration=mix.frames / RATE,
        engine="composer",
        seed=seed,
        prompt=PROMPT,
    )
    details = {"history": loudness_history(mix), "envelope": envelope(mix, 240)}
    record = app.library.add_import(
        track,
        NewVersion("take", "Take", files=files, loudness=loudness["mix"], arrangement=arrangement, details=details),
    )
    take = app.library.versions(record.id)[0]
    pictures = mastering_pictures(mix, master, {"times": [], "db": []})
    kept = {**pictures, "envelope": envelope(master, 240), "preset": "spotify-loud"}
    app.library.add_version(
        record.id,
        NewVersion(
            "master",
            "Master 1",
            parent_id=take.id,
            files={"master": folder / "master.wav"},
            loudness=loudness["master"],
            arrangement=arrangement,
            details=kept,
            score=_score(overall),
        ),
    )
    return record.id


def _stems(rng: np.random.Generator) -> dict[str, AudioClip]:
    """32 bars at 90 BPM: decaying notes on a grid, silent where a section has none."""
    beat = 60 / 90
    frames = int(32 * 4 * beat * RATE)
    voices = {
        "drums": (0.5, (180.0, 4200.0), 0.07, (0, 20), 0.30),
        "bass": (1.0, (55.0,), 0.45, (0, 20), 0.26),
        "keys": (1.0, (220.0, 277.0, 330.0), 0.6, (0, 32), 0.12),
        "sax": (0.5, (440.0,), 0.25, (12, 20), 0.16),
    }
    stems = {}
    for name, (step, pitches, decay, (first, last), level) in voices.items():
        sound = np.zeros(frames, np.float32)
        for place in np.arange(first * 4, last * 4, step):
            if name == "drums" and 20 <= place / 4 < 24:
                continue
            start = int(place * beat * RATE)
            note = _note(rng, pitches, decay, noisy=name == "drums")[: frames - start]
            sound[start : start + len(note)] += note * rng.uniform(0.6, 1.0)
        stems[name] = AudioClip(np.stack([sound, sound], axis=1) * np.float32(level), RATE)
    return stems


def _note(rng: np.random.Generator, pitches: tuple[float, ...], decay: float, *, noisy: bool) -> NDArray[np.float32]:
    time = np.arange(int(decay * 4 * RATE)) / RATE
    tone = sum(np.sin(2 * np.pi * pitch * 2 ** (int(rng.integers(-2, 3)) / 12) * time) for pitch in pitches) / len(
        pitches
    )
    if noisy:
        tone = 0.5 * tone + 0.5 * rng.uniform(-1, 1, len(time))
    return np.asarray(tone * np.exp(-time / decay), np.float32)


def _arrangement() -> dict[str, Any]:
    bar = 4 * 60 / 90
    return {
        "tempo": 90.0,
        "key": "A minor",
        "metre": "4/4",
        "bars": 32,
        "sections": [{"name": n, "start": a * bar, "end": b * bar, "energy": e} for n, a, b, e in _SECTIONS],
        "chords": [{"symbol": _CHORDS[i % 4], "start": i * bar, "end": (i + 1) * bar} for i in range(32)],
        "parts": [],
    }


def _score(overall: int) -> dict[str, Any]:
    values = {
        "production_quality": (overall + 7, 6.0, "measured"),
        "radio_readiness": (overall + 12, 4.0, "measured"),
        "emotional_impact": (overall - 7, 16.0, "low confidence"),
        "commercial_appeal": (overall - 16, 14.0, "low confidence"),
        "innovation": (overall - 19, 12.0, "estimate"),
    }
    bar = 4 * 60 / 90

    def insight(identity: str, text: str, detail: str, label: str) -> dict[str, Any]:
        return {
            "id": identity,
            "text": text,
            "detail": detail,
            "measured": {"value": 2.1, "unit": "dB", "reference": 0.0, "against": "released lo-fi"},
            "severity": "moderate",
            "start": 12 * bar,
            "end": 20 * bar,
            "fix": {"id": identity, "label": label, "chain": []},
            "source": "demonstration",
        }

    return {
        "overall_score": float(overall),
        **{name: float(value) for name, (value, _, _) in values.items()},
        "band": 9.0,
        "categories": {
            name: {"kind": kind, "band": band, "evidence": "demonstration", "reasons": []}
            for name, (_, band, kind) in values.items()
        },
        "mood": {"arousal": 0.4},
        "confidence": 0.7,
        "insights": [
            insight("low-end", "Low end 2.1 dB heavy", "Bass in the hook, 60–120 Hz", "Apply −2 dB at 85 Hz"),
            insight("hook-lift", "Hook lifts only 1.3 LU", "Lo-fi hooks lift by 2–3 LU", "Lift hook +1.2 dB"),
        ],
        "timeline": [
            {"start": i * bar, "end": (i + 1) * bar, "score": overall + 4 * float(np.sin(i / 2)), "short_term": -14.0}
            for i in range(32)
        ],
        "model": {"name": "demonstration", "version": "0"},
        "verdict": "music",
        "reason": "",
        "style": "lofi",
        "compared_with": "released lo-fi",
        "figures": {},
    }
