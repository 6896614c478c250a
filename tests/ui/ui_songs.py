"""Small real songs for the window's tests."""

from __future__ import annotations

from pathlib import Path

from grammy_desktop.app import App
from grammy_desktop.core.song import Licence
from grammy_desktop.library import NewTrack, NewVersion

PROMPT = "Chill lo-fi hip hop, 90 BPM, soft sax hook"
FREE = Licence("CC0-1.0", True, "Yours")


def _loudness(integrated: float, peak: float) -> dict[str, float]:
    return {
        "integrated": integrated,
        "momentary_max": integrated + 2,
        "short_term_max": integrated + 1,
        "range": 3.0,
        "true_peak": peak,
        "sample_peak": peak - 0.1,
        "plr": peak - integrated,
    }


def add_song(app: App, folder: Path, *, seed: int = 1, title: str = "Rooftop Rain", seconds: float = 4.0) -> str:
    """A track with a mix, two stems and a master 6 dB louder; returns its id."""
    import numpy as np

    from grammy_desktop.core.audio import AudioClip
    from grammy_desktop.core.audio_file import write_wav

    rate = 48_000
    time = np.arange(int(seconds * rate)) / rate
    parts = {"drums": 0.1 * np.sin(2 * np.pi * 110 * time), "bass": 0.1 * np.sin(2 * np.pi * 55 * time)}
    folder = folder / f"{title}-{seed}"
    folder.mkdir(parents=True)
    files = {}
    for name, mono in {**parts, "mix": parts["drums"] + parts["bass"]}.items():
        role = name if name == "mix" else f"stem:{name}"
        files[role] = folder / f"{name}.wav"
        write_wav(files[role], AudioClip(np.stack([mono, mono], 1).astype(np.float32), rate))
    louder = 2 * (parts["drums"] + parts["bass"])
    write_wav(folder / "master.wav", AudioClip(np.stack([louder, louder], 1).astype(np.float32), rate))
    envelope = {"low": [-0.2, -0.1, -0.3, -0.2], "high": [0.2, 0.1, 0.3, 0.2]}
    details = {"envelope": envelope, "history": {"times": [0.0, 1.0, 2.0], "short_term": [None, -20.5, -18.0]}}
    new = NewTrack(
        title, FREE, genre="lofi", tempo=90.0, key="A minor", metre="4/4", duration=seconds, seed=seed, prompt=PROMPT
    )
    loudness = _loudness(-20.0, -13.0)
    record = app.library.add_import(new, NewVersion("take", "Take", files=files, loudness=loudness, details=details))
    take = app.library.versions(record.id)[0]
    app.library.add_version(
        record.id,
        NewVersion(
            "master",
            "Spotify loud",
            parent_id=take.id,
            files={"master": folder / "master.wav"},
            loudness=_loudness(-14.0, -7.0),
            details=details,
            score={"overall_score": 71.2, "band": 9.0},
        ),
    )
    return record.id
