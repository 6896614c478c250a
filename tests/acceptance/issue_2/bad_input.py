"""Bad input: one sentence, the right exit code, nothing half-written."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import soundfile

from tests.acceptance.context import Context

RATE = 48_000


def run(context: Context, *, mounts: bool = True) -> None:
    bad = _make_files(context.folder / "bad")
    before = _snapshot(context.folder / "bad")
    out = str(context.folder / "never")
    prompt_cases = {
        "empty prompt": ("create", "", "--out", out),
        "blank prompt": ("create", "   ", "--out", out),
        "100,000-character prompt": ("create", "lofi " * 20_000, "--out", out),
        "duration 0": ("create", "lofi", "--duration", "0", "--out", out),
        "duration -5": ("create", "lofi", "--duration", "-5", "--out", out),
        "duration 10,000": ("create", "lofi", "--duration", "10000", "--out", out),
        "unknown preset": ("create", "lofi", "--preset", "no-such", "--out", out),
        "unknown style": ("create", "lofi", "--style", "no-such", "--out", out),
        "missing reference": ("create", "lofi", "--reference", str(context.folder / "none.wav"), "--out", out),
        "unknown command": ("frobnicate",),
        "unknown song": ("export", "no-such-id", "--out", out),
    }
    for name, arguments in prompt_cases.items():
        _expect(context, name, arguments, 2)
    for name, path in bad.items():
        for command in ("master", "loudness", "score", "import"):
            code = 0 if name == "silence" and command in ("loudness", "score", "import") else 2
            _expect(context, f"{command}: {name}", (command, str(path)), code)
    context.check("no file was made beside the bad ones", _snapshot(context.folder / "bad") == before)
    context.check("no output folder was made", not Path(out).exists() or not any(Path(out).iterdir()))
    rows = context.grammy("library", "list", "--json").json()["items"]
    context.check("only the silent file was imported", [row["title"] for row in rows] == ["silence"], len(rows))
    if mounts:
        _expect_on_mounts(context)
    verified = context.grammy("library", "verify", "--json").json()
    context.check("the library is whole", verified["ok"], verified["problems"])


def _expect(context: Context, name: str, arguments: tuple[str, ...], code: int, data: Path | None = None) -> None:
    result = context.grammy(*arguments, "--json", "--quiet", data=data)
    lines = [line for line in result.err.splitlines() if line.strip()]
    if code == 0:
        context.check(name, result.code == 0, result.code)
        return
    error = result.json().get("error", {})
    kind = {2: "user", 3: "environment"}[code]
    one_sentence = len(lines) == 1 and "Traceback" not in result.err and 10 < len(lines[0]) < 400
    good = result.code == code and error.get("kind") == kind and one_sentence
    context.check(name, good, f"{result.code}: {error.get('message') or result.err[-200:]}")


def _make_files(folder: Path) -> dict[str, Path]:
    folder.mkdir()
    rng = np.random.default_rng(0)
    noise = (rng.standard_normal((RATE * 8, 2)) * 0.1).astype(np.float32)
    files = {
        name: folder / f"{name}.wav" for name in ("text", "header only", "nan", "silence", "empty", "truncated header")
    }
    files["text"].write_text("These are my notes. " * 200)
    soundfile.write(folder / "good", noise, RATE, "PCM_16", format="WAV")
    whole = (folder / "good").read_bytes()
    files["header only"].write_bytes(whole[:44])
    files["truncated header"].write_bytes(whole[:20])
    files["empty"].write_bytes(b"")
    (folder / "good").unlink()
    noise[1000:1010] = np.nan
    soundfile.write(files["nan"], noise, RATE, "FLOAT")
    soundfile.write(files["silence"], np.zeros((RATE * 8, 2), np.float32), RATE, "PCM_16")
    files["missing"] = folder / "missing.wav"
    return files


def _snapshot(folder: Path) -> list[tuple[str, int]]:
    return sorted((str(path), path.stat().st_size) for path in folder.rglob("*"))


def _expect_on_mounts(context: Context) -> None:
    if os.geteuid() != 0:
        context.check("read-only mount and full disk (need root to mount)", False)
        return
    song = ("create", "Chill lo-fi hip hop, 90 BPM", "--duration", "20", "--seed", "7")
    with _mounted(context.folder / "read only", "ro,size=8m") as folder:
        _expect(context, "read-only mount as --out", (*song, "--out", str(folder / "songs")), 3)
        _expect(context, "read-only mount as data folder", song, 3, data=folder / "data")
    with _mounted(context.folder / "full disk", "size=9m") as folder:
        _expect(context, "full disk as --out", (*song, "--out", str(folder / "songs")), 3)
        left = [path.name for path in folder.rglob("*") if path.is_file()]
        context.check("full disk: nothing half-written in --out", not left, left)
    with _mounted(context.folder / "small disk", "size=9m") as folder:
        data = folder / "data"
        _expect(context, "full disk as data folder", song, 3, data=data)
        left = [path.name for path in data.rglob("*.wav")] if data.exists() else []
        context.check("full disk: no audio left in the library", not left, left)
        listing = context.grammy("library", "list", "--json", data=data)
        rows = listing.json()["items"] if listing.code == 0 else listing.err
        context.check("full disk: no row left in the library", rows == [], rows)


@contextmanager
def _mounted(folder: Path, options: str) -> Iterator[Path]:
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
