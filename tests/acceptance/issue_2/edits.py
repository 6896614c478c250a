"""100 random trims, fades, gains and undos on a real song against a naive sample array; the edited song plays and masters."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from grammy_desktop.app import App
from grammy_desktop.core.audio_file import open_source, read_clip
from grammy_desktop.core.edits import EditHistory, EditList
from grammy_desktop.core.paths import AppPaths
from tests.acceptance.audio_checks import ffmpeg_loudness
from tests.acceptance.context import Context
from tests.playback.pulse import PulseServer, wait_until

PROMPT = "Catchy pop song, 100 BPM"


def run(context: Context, *, rounds: int = 3, operations: int = 100, duration: int = 30) -> None:
    made = context.grammy("create", PROMPT, "--duration", str(duration), "--seed", "5", "--json").json()
    app_paths = AppPaths(context.folder / "data")
    worst, loudest, edited = 0.0, 0.0, EditList.whole(1)
    for seed in range(rounds):
        edited, difference, peak = _edit_randomly(Path(made["files"]["mix"]), seed, operations)
        worst, loudest = max(worst, difference), max(loudest, peak)
    seen = f"largest difference {worst:.2e} where the loudest sample is {loudest:.2f}, {rounds} rounds"
    context.check(f"{operations} random edits equal the naive array", worst < 1e-6 < loudest, seen)
    with tempfile.TemporaryDirectory(prefix="ga") as short, PulseServer(Path(short)) as server:
        os.environ.update(server.env)
        app = App.open(app_paths)
        try:
            _use(context, app, made["track_id"], edited, server)
        finally:
            app.close()


def _edit_randomly(path: Path, seed: int, operations: int) -> tuple[EditList, float, float]:
    """The edit list after the operations, its largest difference to the array that had the same done to it, and the array's peak.

    The difference is relative to full scale, or to the peak where gains went above it.
    """
    rng = np.random.default_rng(seed)
    clip = read_clip(path)
    history = EditHistory(EditList.whole(clip.frames))
    states, place = [clip.samples.astype(np.float64)], 0
    for _ in range(operations):
        edits, now = history.current, states[place]
        start, end = sorted(int(value) for value in rng.integers(0, edits.frames + 1, 2))
        match str(rng.choice(["trim", "fade in", "fade out", "gain", "gain", "undo", "redo"])):
            case "trim":
                start, end = edits.frames // 60, edits.frames - edits.frames // 80
                edits, now = edits.trim(start, end), now[start:end]
            case "fade in":
                end = min(end, start + edits.frames // 50)  # short ones: a hundred long fades leave silence
                now = now.copy()
                now[start:end] *= np.linspace(0, 1, end - start)[:, None]
                edits = edits.fade_in(start, end)
            case "fade out":
                end = min(end, start + edits.frames // 50)
                now = now.copy()
                now[start:end] *= np.linspace(1, 0, end - start)[:, None]
                edits = edits.fade_out(start, end)
            case "gain":
                level = float(rng.uniform(-4, 4))
                now = now.copy()
                now[start:end] *= 10 ** (level / 20)
                edits = edits.gain(start, end, level)
            case "undo":
                if history.can_undo:
                    history.undo()
                    place -= 1
                continue
            case "redo":
                if history.can_redo:
                    history.redo()
                    place += 1
                continue
        if edits == history.current:
            continue
        history.apply("edit", edits)
        del states[place + 1 :]
        states.append(now)
        place += 1
    with open_source(path) as source:
        rendered = history.current.render(source).samples
    assert len(rendered) == len(states[place]), "the edited lengths differ"
    peak = float(np.abs(states[place]).max())
    return history.current, float(np.abs(rendered - states[place]).max()) / max(1.0, peak), peak


def _use(context: Context, app: App, track_id: str, edits: EditList, server: PulseServer) -> None:
    take = next(version for version in app.library.versions(track_id) if version.kind == "take")
    outcome = app.jobs.wait(app.render_edit(take.id, edits.to_json()), timeout=120)
    context.check("the edit becomes a version", outcome.error is None, str(outcome.error or outcome.result.name))
    version = outcome.result
    mastered = app.jobs.wait(app.master(track_id, version.id, preset="spotify-loud"), timeout=120)
    context.check("the edited song masters", mastered.error is None, str(mastered.error or mastered.result.name))
    read = ffmpeg_loudness(mastered.result.files["master"])
    good = abs(read["integrated"] + 14) <= 0.3 and read["true_peak"] <= -1.0
    context.check("its master is at the preset's loudness", good, read)
    _play(context, app, version.files["mix"], server)


def _play(context: Context, app: App, path: Path, server: PulseServer) -> None:
    from grammy_desktop.playback import Programme, Source

    clip = read_clip(path)
    seconds = min(6.0, clip.duration)
    with server.record() as recording:
        app.player.load(Programme((Source("mix", path),), sample_rate=clip.sample_rate))
        app.player.play_range(0.0, seconds)
        wait_until(lambda: app.player.state().ended, seconds + 10, "for the end of the song")
        recorded = np.array(recording.samples)
    context.check(
        "the edited song plays without a gap", *compare(recorded, clip.samples[: int(seconds * clip.sample_rate)])
    )


def compare(recorded: Any, played: Any) -> tuple[bool, str]:
    """Whether the recording holds `played` in one piece, sample for sample; the largest difference in words."""
    size = 1 << (len(recorded) + len(played)).bit_length()
    spectrum = np.fft.rfft(recorded[:, 0], size) * np.conj(np.fft.rfft(played[:, 0], size))
    offset = int(np.argmax(np.fft.irfft(spectrum, size)))
    piece = recorded[offset : offset + len(played)]
    if len(piece) < len(played) * 0.99:
        return False, f"only {len(piece)} of {len(played)} frames were recorded"
    # Starting and stopping are ramped; the middle must be the same.
    middle = slice(2_400, len(piece) - 4_800)
    difference = float(np.abs(piece[middle] - played[: len(piece)][middle]).max())
    return difference < 2e-4, f"largest difference {difference:.1e}"
