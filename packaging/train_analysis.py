"""Trains the small networks of grammy_desktop/analysis on songs of the built-in composer and on pieces of random harmony.

    python packaging/train_analysis.py songs FOLDER      make the songs (an hour on one core; goes on where it stopped)
    python packaging/train_analysis.py train FOLDER OUT  train all four and write OUT/{metre,chords,melody,sections}.npz

Seeds are fixed: the same songs give the same networks. Everything heard in training is made here: the composer's output is
the project's own, the sound font is MIT-licensed (resources/soundfonts), so the networks carry no one else's rights.
Seeds from 7000 on belong to the proofs (tests/acceptance/issue_4) and are never trained on.
"""

from __future__ import annotations

import pickle
import sys
from pathlib import Path

import numpy as np
from analysis_examples import chord_rows, heard, melody_rows, metre_rows, section_rows
from analysis_pieces import random_piece
from small_net_training import Trainer, cross_entropy_of_groups, cross_entropy_of_joined, logistic

from grammy_desktop.analysis.chord_classes import COUNT
from grammy_desktop.assistant import read_prompt
from grammy_desktop.core.progress import NoProgress
from grammy_desktop.core.styles import load_styles
from grammy_desktop.generation.composer.composer import ComposerEngine

SHORT_SEEDS, LONG_SEEDS, RANDOM_PIECES = (11, 12), (501,), 90
METRES = ("3/4", "6/8", "3/4", "6/8", "12/8", "5/4", "7/8")
MELODY_FRAMES = 160
"""Frames taken from each song: neighbours teach the same."""


def make_songs(folder: Path) -> None:
    styles = load_styles()
    wishes = [(f"short_{name}_{seed}", "a song", name, seed, 30.0) for seed in SHORT_SEEDS for name in sorted(styles)]
    wishes += [(f"long_{name}_{seed}", "a song", name, seed, 75.0) for seed in LONG_SEEDS for name in sorted(styles)]
    pairs = [(metre, name) for metre in METRES for name in sorted(styles) if metre in styles[name].metres]
    wishes += [
        (f"metre_{name}_{100 + number}", f"a song in {metre}", name, 100 + number, 28.0)
        for number, (metre, name) in enumerate(pairs)
    ]
    folder.mkdir(parents=True, exist_ok=True)
    for file, prompt, style, seed, seconds in wishes:
        if not (folder / f"{file}.pkl").exists():
            brief = read_prompt(prompt, styles, style=style, duration=seconds)
            song = ComposerEngine().generate(brief, seed, NoProgress(), styles=styles)
            _keep(folder / f"{file}.pkl", song.mix.samples, song.arrangement, style)
    for seed in range(RANDOM_PIECES):
        if not (folder / f"random_{seed:03d}.pkl").exists():
            _keep(folder / f"random_{seed:03d}.pkl", *random_piece(seed), "random")


def _keep(path: Path, samples: np.ndarray, arrangement: object, style: str) -> None:
    """What is heard in it, not the audio: 3 MB a song."""
    partial = path.with_suffix(".part")
    partial.write_bytes(pickle.dumps(heard(samples, arrangement, style)))
    partial.rename(path)


def train(folder: Path, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    songs = [pickle.loads(path.read_bytes()) for path in sorted(folder.glob("*.pkl"))]
    if not songs:
        raise SystemExit(f"{folder} holds no songs; make them first.")
    for name, teach in (("metre", _metre), ("chords", _chords), ("melody", _melody), ("sections", _sections)):
        net, loss = teach(songs)
        net.save(out / f"{name}.npz")
        print(f"{name}: {net.version}, loss {loss:.3f}", flush=True)


def _metre(songs):
    rng = np.random.default_rng(2)
    known = [rows for rows in map(metre_rows, songs) if rows[1].any()]
    trainer = Trainer(np.concatenate([rows for rows, _ in known])[::11], [32, 12, 1], 3, dropout=0.15, decay=3e-4)
    losses = []
    for step in range(3600):
        picked = [known[index] for index in rng.integers(0, len(known), 6)]
        rows = _disguised(np.concatenate([rows for rows, _ in picked]), rng)
        losses.append(trainer.step(rows, cross_entropy_of_groups([right for _, right in picked]), step / 3600))
    return trainer.net(f"metre 1; {len(known)} songs"), float(np.mean(losses[-200:]))


def _disguised(rows, rng):
    """Songs without this or that drum, with weaker accents, a little faster or slower."""
    rows, flat = rows.copy(), np.float32(np.log(1.05))
    profile = rows[:, :84].reshape(-1, 12, 7)
    for channel in range(7):
        strength = 0.0 if rng.random() < 0.18 else np.float32(rng.uniform(0.6, 1.15))
        profile[:, :, channel] = flat + (profile[:, :, channel] - flat) * strength
    rows[:, :84] = profile.reshape(-1, 84)
    rows[:, 84:92] *= np.float32(rng.uniform(0.7, 1.2))
    rows[:, [92, 94]] += np.float32(rng.normal(0, 0.08))
    return rows + 0.1 * rng.standard_normal(rows.shape, dtype=np.float32)


def _chords(songs):
    rng = np.random.default_rng(1)
    pairs = [chord_rows(song, moved) for song in songs for moved in (None, rng)]
    rows, labels = np.concatenate([pair[0] for pair in pairs]), np.concatenate([pair[1] for pair in pairs])
    width = rows.shape[2]
    trainer = Trainer(rows[::7].reshape(-1, width), [96, 48, COUNT + 1], 5, rate=2e-3, dropout=0.15)
    losses = []
    for step in range(3000):
        index = rng.integers(0, len(rows), 192)
        noisy = np.maximum(0, rows[index] + 0.04 * rng.standard_normal(rows[index].shape, dtype=np.float32))
        noisy *= 0.9 + 0.2 * rng.random((len(index), 1, 1), dtype=np.float32)
        losses.append(
            trainer.step(noisy.reshape(-1, width), cross_entropy_of_joined(labels[index], 12, COUNT, 0.03), step / 3000)
        )
    return trainer.net(f"chords 1; {len(rows)} beats"), float(np.mean(losses[-200:]))


def _melody(songs):
    rng = np.random.default_rng(7)
    pairs = [pair for pair in (melody_rows(song, MELODY_FRAMES, rng) for song in songs) if pair is not None]
    rows, labels = np.concatenate([pair[0] for pair in pairs]), np.concatenate([pair[1] for pair in pairs])
    count, width = rows.shape[1:]
    trainer = Trainer(rows[::9].reshape(-1, width).astype(np.float32), [40, 20, 2], 9, dropout=0.05)
    losses = []
    for step in range(4000):
        index = rng.integers(0, len(rows), 64)
        part = rows[index].astype(np.float32).reshape(-1, width)
        losses.append(trainer.step(part, cross_entropy_of_joined(labels[index], count, 1, 0.0), step / 4000))
    return trainer.net(f"melody 1; {len(rows)} frames"), float(np.mean(losses[-200:]))


def _sections(songs):
    rng = np.random.default_rng(3)
    pairs = [section_rows(song) for song in songs if song.style != "random"]
    rows = np.concatenate([pair[0][1:] for pair in pairs])
    labels = np.concatenate([pair[1][1:] for pair in pairs])
    trainer = Trainer(rows, [14, 1], 11, rate=2e-3, dropout=0.4, decay=6e-3)
    losses = []
    for step in range(1400):
        index = rng.integers(0, len(rows), 256)
        noisy = rows[index] + 0.1 * rng.standard_normal(rows[index].shape).astype(np.float32)
        losses.append(trainer.step(noisy, logistic(labels[index]), step / 1400))
    # Of twelve bar lines one begins a section; this makes missed ones and invented ones about as many.
    trainer.values[-1] += 2.0
    return trainer.net(f"sections 1; {len(pairs)} songs"), float(np.mean(losses[-200:]))


if __name__ == "__main__":
    if sys.argv[1:2] == ["songs"] and len(sys.argv) == 3:
        make_songs(Path(sys.argv[2]))
    elif sys.argv[1:2] == ["train"] and len(sys.argv) == 4:
        train(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        raise SystemExit(__doc__)
