"""One command makes a whole song; the figures are read by ffmpeg, mido and soundfile."""

from __future__ import annotations

from pathlib import Path

import mido
import numpy as np
from PIL import Image

from tests.acceptance.audio_checks import db, ffmpeg_loudness, samples
from tests.acceptance.context import Context

PROMPT = "Chill lo-fi hip hop, 90 BPM"


def run(context: Context, *, duration: int = 60) -> None:
    out = context.folder / "Lieder für Jörg"
    arguments = ("create", PROMPT, "--duration", str(duration), "--seed", "7", "--json")
    first = context.grammy(*arguments, "--out", str(out), bootstrap=True)
    context.check("exit code 0", first.code == 0, first.err[-300:] if first.code else 0)
    song = first.json()
    files = song["files"]
    for role in ("mix", "master", "midi", "report"):
        context.check(f"{role} delivered", Path(files[role]).is_file())
    context.check("at least four stems", len(files["stems"]) >= 4, sorted(files["stems"]))
    context.check("delivered to --out", all(Path(files[role]).parent == out for role in ("mix", "master", "midi")))
    check_sum(context, files)
    check_midi(context, files["midi"], 90)
    check_master(context, files["master"], -14.0)
    with Image.open(files["report"]) as picture:
        context.check("report picture", picture.size[0] >= 1200, picture.size)
    context.check("length", abs(len(samples(Path(files["mix"]))) / 48_000 - duration) <= 0.5)
    listed = context.grammy("library", "list", "--json").json()["items"]
    context.check("in the library after a restart", [row["id"] for row in listed] == [song["track_id"]])
    second = context.grammy(*arguments, "--out", str(context.folder / "second"), bootstrap=True)
    context.check("second run under 15 s", second.code == 0 and second.seconds < 15, round(second.seconds, 2))
    context.check("peak memory under 1.2 GB", second.peak_mb < 1200, round(second.peak_mb))
    context.figure("seconds by stage, second run", second.json()["seconds"])


def check_sum(context: Context, files: dict[str, object]) -> None:
    stems = files["stems"]
    assert isinstance(stems, dict)
    mix = samples(Path(str(files["mix"])))
    residual = mix - np.sum([samples(Path(path)) for path in stems.values()], axis=0)
    level = db(float(np.abs(residual).max()))
    context.check("mix is the sum of the stems within -90 dBFS", level <= -90, round(level, 1))


def check_midi(context: Context, path: str, tempo: float) -> None:
    midi = mido.MidiFile(path)
    tempos = [message.tempo for track in midi.tracks for message in track if message.type == "set_tempo"]
    context.check("set_tempo is round(60e6/tempo)", tempos == [round(60e6 / tempo)], tempos)
    notes = sum(message.type == "note_on" for track in midi.tracks for message in track)
    context.check("MIDI holds the notes", notes > 50, notes)


def check_master(context: Context, path: str, target: float) -> None:
    read = ffmpeg_loudness(Path(path))
    context.check("master loudness ±0.3 LU (ffmpeg)", abs(read["integrated"] - target) <= 0.3, read["integrated"])
    context.check("true peak ≤ -1.0 dBTP (ffmpeg)", read["true_peak"] <= -1.0, read["true_peak"])
