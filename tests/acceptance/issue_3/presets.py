"""Presets: on 20 different songs each lands on its target or says why not, and passes on the platforms it names.

The songs are made by the app's own composer (seven styles, three seeds); four more are difficult on purpose.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.audio_file import read_clip, write_wav
from grammy_desktop.core.progress import NoProgress
from grammy_desktop.mastering.presets import load_presets
from tests.acceptance.context import Context

SECONDS = 20.0
SEEDS = (3, 14, 159)
SONGS = 20
TARGETS = {
    "spotify-loud": -14,
    "apple-music": -16,
    "youtube": -14,
    "radio-ready": -8,
    "club": -7,
    "vinyl-warm": -16,
    "broadcast-r128": -23,
    "podcast": -16,
    "cinematic": -18,
}
NEAR = 0.2
"""LU."""
LOUD = -10.0
"""LUFS: masters above it are clipped; what codecs make of them goes over any usual limit, and is reported."""


@dataclass(frozen=True)
class Verdict:
    """One song through one preset. passed: platform to verdict after codecs; in_file: from the file alone."""

    song: str
    preset: str
    error: float
    note: str
    over_ceiling: float
    in_file: dict[str, bool]
    passed: dict[str, bool]
    codec_peaks: dict[str, float]
    told: bool
    unchecked: tuple[str, ...]


def run(context: Context, *, seconds: float = SECONDS, songs: int = SONGS, codecs: bool = True) -> None:
    presets = load_presets()
    _check_table(context)
    folder = context.folder / "songs"
    folder.mkdir()
    wishes = [(style, seed) for seed in SEEDS for style in _styles()][:songs]
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as workers:
        made = list(workers.map(make_song, [(style, seed, seconds, folder) for style, seed in wishes]))
        ordinary = {path.stem for path in made}
        made += make_difficult(read_clip(made[0]), folder)
        # The difficult ones are about level; codecs are tried on the 20 songs.
        jobs = [(path, name, context.folder, codecs and path.stem in ordinary) for path in made for name in presets]
        verdicts = list(workers.map(judge, jobs, chunksize=2))
    _check_levels(context, verdicts, ordinary)
    _check_files(context, verdicts, ordinary)
    if codecs:
        _check_codecs(context, verdicts, ordinary)


def _styles() -> list[str]:
    from grammy_desktop.core.styles import load_styles

    return sorted(load_styles())


def make_song(wish: tuple[str, int, float, Path]) -> Path:
    """Runs in a worker."""
    from grammy_desktop.assistant import read_prompt
    from grammy_desktop.core.styles import load_styles
    from grammy_desktop.generation.composer.composer import ComposerEngine

    style, seed, seconds, folder = wish
    styles = load_styles()
    brief = read_prompt(style.replace("_", " "), styles, style=style, duration=seconds)
    path = folder / f"{style}-{seed}.wav"
    write_wav(path, ComposerEngine().generate(brief, seed, NoProgress(), styles=styles).mix, subtype="FLOAT")
    return path


def make_difficult(clip: AudioClip, folder: Path) -> list[Path]:
    """Very dynamic, crushed, mono, and sparse with single loud hits."""
    rate, samples = clip.sample_rate, clip.samples
    t = np.arange(clip.frames) / rate
    swell = (10 ** (-30 * (1 - np.clip(t / t[-1], 0, 1)) / 20))[:, None]
    hits = np.zeros_like(samples)
    rng = np.random.default_rng(9)
    for start in range(rate, clip.frames - rate, 3 * rate):
        decay = np.exp(-np.arange(rate // 2) / (0.02 * rate))[:, None]
        hits[start : start + rate // 2] += (0.8 * decay * rng.standard_normal((rate // 2, 2))).astype(np.float32)
    difficult: dict[str, Callable[[], np.ndarray]] = {
        "very dynamic": lambda: samples * swell,
        "crushed": lambda: np.tanh(samples * 14) * 0.8,
        "mono": lambda: samples.mean(axis=1, keepdims=True),
        "sparse": lambda: 0.02 * samples + hits,
    }
    paths = []
    for name, make in difficult.items():
        paths.append(folder / f"{name}.wav")
        write_wav(paths[-1], AudioClip(np.ascontiguousarray(make(), np.float32), rate), subtype="FLOAT")
    return paths


def judge(job: tuple[Path, str, Path, bool]) -> Verdict:
    """Runs in a worker: master, write, read the written file back, send it through the codecs."""
    from grammy_desktop.mastering.master import master
    from grammy_desktop.mastering.platforms import PEAK_SLACK, judge_platforms, load_platforms
    from grammy_desktop.mastering.proof import prove

    path, name, folder, codecs = job
    preset = load_presets()[name]
    mastered = master(read_clip(path), preset, progress=NoProgress())
    written = folder / f"{path.stem} {name}.wav"
    write_wav(written, mastered.clip)
    proof = prove(written, ceiling_dbtp=preset.ceiling_dbtp, codecs=codecs, work_dir=folder, progress=NoProgress())
    written.unlink()
    platforms = {platform.id: platform for platform in load_platforms()}
    named = {result.id: result for result in proof.platforms if result.id in preset.platforms}
    alone = {result.id: result for result in judge_platforms(proof.loudness) if result.id in preset.platforms}
    peaks = {result.codec.id: result.true_peak for result in proof.codecs if result.true_peak is not None}
    told = all(
        (codec in result.overs) == (peak > platforms[which].ceiling_dbtp + PEAK_SLACK)
        for which, result in named.items()
        for codec, peak in peaks.items()
    )
    integrated, peak = proof.loudness.integrated, proof.loudness.true_peak
    assert integrated is not None and peak is not None
    return Verdict(
        song=path.stem,
        preset=name,
        error=integrated - preset.target_lufs,
        note=mastered.report.note,
        over_ceiling=peak - preset.ceiling_dbtp,
        in_file={which: alone[which].passed for which in preset.platforms},
        passed={which: named[which].passed for which in preset.platforms},
        codec_peaks=peaks,
        told=told,
        unchecked=tuple(result.codec.id for result in proof.codecs if not result.checked),
    )


def _check_table(context: Context) -> None:
    from grammy_desktop.mastering.platforms import load_platforms

    presets = load_presets()
    wrong = {name: target for name, target in TARGETS.items() if presets[name].target_lufs != target}
    context.check(
        "the presets and their targets", not wrong and "lo-fi" in presets and len(presets) >= 10, len(presets)
    )
    limits = {platform.id: platform.ceiling_dbtp for platform in load_platforms()}
    high = [
        f"{name}: {which}"
        for name, preset in presets.items()
        for which in preset.platforms
        if preset.ceiling_dbtp > limits[which]
    ]
    context.check("no ceiling above that of a named platform (-2 dBTP for a -2 dBTP platform)", not high, high)
    unnamed = [name for name, preset in presets.items() if not preset.platforms or not preset.description]
    context.check("each names its platforms and for whom it is", not unnamed, unnamed)


def _check_levels(context: Context, verdicts: list[Verdict], ordinary: set[str]) -> None:
    off = [v for v in verdicts if abs(v.error) > NEAR]
    silent = [f"{v.song}, {v.preset}: {v.error:+.2f} LU" for v in off if not v.note]
    context.check(
        f"{len(verdicts)} files within ±{NEAR} LU of the target, or the report says why not", not silent, silent
    )
    plain = [v for v in verdicts if v.song in ordinary]
    worst = max(plain, key=lambda v: abs(v.error))
    within = sum(abs(v.error) <= NEAR for v in plain)
    context.figure("ordinary songs within 0.2 LU", f"{within} of {len(plain)}; worst {worst.error:+.3f} LU")
    context.figure("ordinary songs within 0.1 LU", f"{sum(abs(v.error) <= 0.1 for v in plain)} of {len(plain)}")
    for verdict in off:
        context.figure(f"missed: {verdict.song}, {verdict.preset}", f"{verdict.error:+.2f} LU: {verdict.note}")
    context.check("each ordinary song within ±0.2 LU in nine cases of ten", within >= 0.9 * len(plain), within)
    highest = max(verdicts, key=lambda v: v.over_ceiling)
    context.check("no written file above its ceiling +0.02 dB", highest.over_ceiling <= 0.02, highest.over_ceiling)


def _check_files(context: Context, verdicts: list[Verdict], ordinary: set[str]) -> None:
    failed = [f"{v.song}, {v.preset}: {which}" for v in verdicts for which, good in v.in_file.items() if not good]
    failed = [line for line in failed if line.split(", ")[0] in ordinary]
    context.check("each named platform passes on the written file", not failed, failed[:6])


def _check_codecs(context: Context, verdicts: list[Verdict], ordinary: set[str]) -> None:
    from grammy_desktop.mastering.platforms import PEAK_SLACK, load_platforms

    presets = load_presets()
    context.check("every over after a codec is reported for each named platform", all(v.told for v in verdicts))
    unchecked = sorted({codec for v in verdicts for codec in v.unchecked})
    context.check("Opus, MP3 and AAC were all tried", not unchecked, unchecked)
    # ffmpeg's AAC encoder is erratic: one master came out of it between -2.7 and +1.3 dBTP, as its options were set.
    steady_failures: list[str] = []
    aac_failures: list[str] = []
    tried = 0
    for name, preset in presets.items():
        mine = [v for v in verdicts if v.preset == name and v.song in ordinary]
        passed = sum(all(v.passed.values()) for v in mine)
        worst = {codec: max(v.codec_peaks[codec] for v in mine) for codec in mine[0].codec_peaks}
        peaks = ", ".join(f"{codec} {peak:+.1f}" for codec, peak in worst.items())
        context.figure(
            f"{name}: passes everywhere after codecs", f"{passed} of {len(mine)}; highest peaks dBTP: {peaks}"
        )
        if preset.target_lufs < LOUD:
            limits = {platform.id: platform.ceiling_dbtp + PEAK_SLACK for platform in load_platforms()}
            lowest = min(limits[which] for which in preset.platforms)
            steady_failures += [
                f"{v.song}, {name}: {codec}"
                for v in mine
                for codec, peak in v.codec_peaks.items()
                if peak > lowest and not codec.startswith("aac")
            ]
            aac_failures += [f"{v.song}, {name}" for v in mine if not all(v.passed.values())]
            tried += len(mine)
    context.check("presets up to -14 LUFS pass on each named platform after Opus and MP3", not steady_failures,
                  steady_failures)  # fmt: skip
    context.check("and after AAC too in 97 cases of 100", len(aac_failures) <= 0.03 * tried,
                  f"{tried - len(aac_failures)} of {tried} {aac_failures}")  # fmt: skip
