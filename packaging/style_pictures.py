"""Pictures of what each style sounds like: one song of a minute a style, its score over its spectrum.

python packaging/style_pictures.py [STYLE ...] [--out docs/styles] [--seconds 60] [--seed 1]
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from style_picture_drawing import COLUMNS, HIGHEST, LOWEST, ROWS, Floats, Page, draw

from grammy_desktop.assistant import read_prompt
from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.loudness import history, measure
from grammy_desktop.core.progress import NoProgress
from grammy_desktop.core.song import Song
from grammy_desktop.core.styles import load_styles
from grammy_desktop.core.styles.style import Style
from grammy_desktop.generation.composer.composer import ComposerEngine

SECONDS, SEED = 60.0, 1
LONG_WINDOW, SHORT_WINDOW = 8192, 2048
"""Frames: tones low down need the long one, strokes high up the short one."""
CROSSING = 350.0
"""Hz, where one gives way to the other."""
_DARKEST = 1e-14


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="One picture a style: score, spectrum and loudness of a song.")
    parser.add_argument("styles", nargs="*", metavar="STYLE", help="ids of styles; all of them where none is named")
    parser.add_argument("--out", type=Path, default=Path("docs/styles"), help="folder of the pictures")
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args(arguments)
    styles = load_styles()
    unknown = sorted(set(options.styles) - set(styles))
    if unknown:
        print(f"No style is called {', '.join(unknown)}.", file=sys.stderr)
        return 2
    options.out.mkdir(parents=True, exist_ok=True)
    for name in options.styles or sorted(styles):
        song = make_song(styles[name], styles, seconds=options.seconds, seed=options.seed)
        path = write_picture(song, styles[name], options.out / f"{name}.png")
        print(f"{path}: {path.stat().st_size / 1000:.0f} kB")
    return 0


def make_song(style: Style, styles: Mapping[str, Style], *, seconds: float, seed: int) -> Song:
    """What the style's own name gives as a prompt."""
    brief = read_prompt(style.words[0], styles, style=style.id, duration=seconds)
    return ComposerEngine().generate(brief, seed, NoProgress(), styles=styles)


def write_picture(song: Song, style: Style, path: Path) -> Path:
    """The file is whole or not there."""
    unfinished = path.with_suffix(".part")
    draw(page_of(song, style)).save(unfinished, format="PNG", optimize=True)
    os.replace(unfinished, path)
    return path


def page_of(song: Song, style: Style) -> Page:
    score = song.arrangement
    if score is None:
        raise ValueError("a song without a score has no picture")
    loudness, curve = measure(song.mix), history(song.mix, hop=0.05)
    integrated = -120.0 if loudness.integrated is None else loudness.integrated
    facts = (
        f"{score.tempo:.0f} BPM",
        str(score.key),
        f"{score.metre[0]}/{score.metre[1]}",
        f"seed {song.recipe.seed}",
        f"{song.mix.duration:.0f} s",
        f"ending: {score.ending}",
        f"mix {integrated:.1f} LUFS".replace("-", "−"),
        f"crest {crest_db(song.mix):.1f} dB",
    )
    return Page(
        title=style.name,
        facts=" · ".join(facts),
        seconds=song.mix.duration,
        score=score,
        roles={part.name: part.role for part in style.parts},
        levels=band_levels(song.mix),
        times=curve.times,
        momentary=curve.momentary,
        integrated=integrated,
    )


def crest_db(clip: AudioClip) -> float:
    """Sample peak over RMS of the whole song."""
    rms = float(np.sqrt(np.mean(np.square(clip.samples, dtype=np.float64))))
    return float(20 * np.log10(np.abs(clip.samples).max() / rms)) if rms else 0.0


def band_levels(clip: AudioClip, columns: int = COLUMNS, rows: int = ROWS) -> Floats:
    """dBFS [rows, columns] in bands of equal ratio (pink noise is one colour), the mean power of both channels."""
    edges = np.geomspace(LOWEST, HIGHEST, rows + 1)
    long, short = (_band_power(clip, edges, columns, window) for window in (LONG_WINDOW, SHORT_WINDOW))
    middles = np.sqrt(edges[1:] * edges[:-1])
    # Over an octave one gives way to the other, that no line is drawn where they meet.
    share = np.clip(np.log2(middles / CROSSING) + 0.5, 0.0, 1.0)[:, None]
    mixed = (1 - share) * long + share * short
    return np.asarray(10 * np.log10(mixed + _DARKEST), np.float64)


def _band_power(clip: AudioClip, edges: Floats, columns: int, window: int) -> Floats:
    """Power [bands, columns]; a column is the mean of its frames, which overlap by half a window or more."""
    from scipy.fft import rfft

    padded = np.pad(clip.samples, ((window // 2, window), (0, 0)))
    frames = max(1, int(np.ceil(clip.frames / columns / (window / 2))))
    starts = (np.arange(columns * frames) * (clip.frames / (columns * frames))).astype(int)
    shape = np.hanning(window).astype(np.float32)
    view = np.lib.stride_tricks.sliding_window_view(padded, window, axis=0)
    power = np.empty((len(starts), len(edges) - 1))
    scale = 2 / (window * float(np.sum(np.square(shape, dtype=np.float64))))
    at = edges * window / clip.sample_rate
    for first in range(0, len(starts), 128):
        spectrum = np.abs(rfft(view[starts[first : first + 128]] * shape, axis=-1)) ** 2
        summed = np.pad(np.cumsum(spectrum.mean(axis=1, dtype=np.float64), axis=1), ((0, 0), (1, 0)))
        power[first : first + 128] = np.diff(_between(summed, at + 0.5), axis=1) * scale
    return np.asarray(power.reshape(columns, frames, -1).mean(axis=1).T, np.float64)


def _between(values: Floats, at: Floats) -> Floats:
    """[rows, places]: each row read between its points."""
    low = np.clip(at.astype(int), 0, values.shape[1] - 2)
    share = at - low
    return np.asarray(values[:, low] * (1 - share) + values[:, low + 1] * share, np.float64)


if __name__ == "__main__":
    raise SystemExit(main())
