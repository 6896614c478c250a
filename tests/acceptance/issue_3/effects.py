"""Effects: nothing depends on the blocks, memory stays level for an hour, and a plug-in may crash without harm."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np

from grammy_desktop.core.audio import AudioClip, Samples
from grammy_desktop.core.audio_file import write_wav
from grammy_desktop.core.effects import Effect, apply_effects, chain_processor, make_processor
from grammy_desktop.core.effects.named_chains import load_chains
from grammy_desktop.core.effects.specs import EFFECTS
from grammy_desktop.core.plugins import PluginChoice, find_plugins, read_plugin
from grammy_desktop.core.plugins.process import PluginFailed, PluginProcess
from grammy_desktop.core.progress import NoProgress
from grammy_desktop.core.stream import BLOCK_FRAMES
from tests.acceptance.context import Context
from tests.core.test_effect_streaming import audible, in_blocks
from tests.core.test_plugin_process import dies, gives_too_little, hangs, writes_garbage

RATE = 48_000
INAUDIBLE_DB = -120.0


def run(context: Context, *, minutes: int = 60, plugin: Path | None = None) -> None:
    """minutes: how long a stream is tried. plugin: a real VST3; else the first one installed."""
    _blocks(context)
    _speed(context)
    _memory(context, minutes)
    _failures(context)
    _command_line(context)
    _real_plugin(context, plugin)


def music(seconds: float) -> Samples:
    rng = np.random.default_rng(9)
    t = np.arange(round(seconds * RATE)) / RATE
    beat = np.exp(-(t % 0.5) * 8)[:, None]
    return (0.3 * beat * rng.standard_normal((len(t), 2)) + 0.25 * np.sin(2 * np.pi * 98 * t)[:, None]).astype(
        np.float32
    )


def _blocks(context: Context) -> None:
    samples = music(3.0)
    worst: dict[str, float] = {}
    for kind in EFFECTS:
        effect = audible(kind)
        whole = apply_effects(AudioClip(samples, RATE), [effect], progress=NoProgress()).samples
        gap = max(
            float(np.abs(in_blocks(samples, make_processor(effect, RATE, 2), seed) - whole).max()) for seed in range(4)
        )
        worst[kind] = 20 * float(np.log10(gap + 1e-10))
    context.check(
        f"{len(EFFECTS)} effects: random blocks equal the whole within {INAUDIBLE_DB:g} dBFS",
        max(worst.values()) <= INAUDIBLE_DB,
        max(worst, key=lambda kind: worst[kind]) + f" {max(worst.values()):.0f} dBFS",
    )


def _speed(context: Context) -> None:
    clip = AudioClip(music(60.0), RATE)
    for chain in load_chains().values():
        begin = time.process_time()
        apply_effects(clip, chain.chain, progress=NoProgress())
        context.figure(f"CPU of a minute, {chain.id}", f"{time.process_time() - begin:.2f} s")


def _memory(context: Context, minutes: int) -> None:
    import psutil

    processor = chain_processor([Effect(kind) for kind in ("highpass", "multiband", "glue", "tape", "width")], RATE, 2)
    block = music(BLOCK_FRAMES / RATE)
    blocks = round(minutes * 60 * RATE / BLOCK_FRAMES)
    taken = given = 0
    start = 0
    for number in range(blocks):
        if number == min(40, blocks // 2):
            start = psutil.Process().memory_info().rss
        given += len(processor.process(block))
        taken += len(block)
    growth = (psutil.Process().memory_info().rss - start) / 1e6
    given += len(processor.finish())
    context.check(f"memory after {minutes} minutes is that after one", growth < 10, f"{growth:+.1f} MB")
    context.check("as many frames out as in", given == taken, given)


def _failures(context: Context) -> None:
    for entry in (dies, hangs, writes_garbage, gives_too_little):
        begin = time.monotonic()
        said = ""
        with PluginProcess("Fuzz", entry=entry, answer_seconds=8.0) as process:
            try:
                process.process(np.zeros((2, 4_096), np.float32))
            except PluginFailed as failure:
                said = str(failure)
        seconds = time.monotonic() - begin
        held = "“Fuzz”" in said and seconds < 12
        context.check(
            f"a plug-in that {entry.__name__.replace('_', ' ')}: one sentence", held, f"{said} ({seconds:.1f} s)"
        )


def _command_line(context: Context) -> None:
    song, out = context.folder / "song.wav", context.folder / "out.wav"
    write_wav(song, AudioClip(music(2.0), RATE))
    (context.folder / "broken.vst3").write_bytes(b"no plug-in")
    chain = context.folder / "mine.toml"
    chain.write_text(f"[[chain]]\nkind = 'vst3'\nplugin = '{context.folder / 'broken.vst3'}'\n", encoding="utf-8")
    ran = context.grammy("effects", str(song), "--chain", str(chain), "--out", str(out))
    clear = ran.code != 0 and "“broken”" in ran.out + ran.err and "Traceback" not in ran.err
    context.check("a broken plug-in in a chain fails with one sentence", clear, (ran.out + ran.err).strip()[-200:])
    context.check("and leaves no file", not out.exists())


def _real_plugin(context: Context, plugin: Path | None) -> None:
    installed = find_plugins()
    path = plugin or (installed[0].path if installed else None)
    if path is None:
        context.figure("a real plug-in", "none is installed here: not tried")
        return
    info = read_plugin(str(path))
    clip = AudioClip(music(20.0), RATE)
    begin = time.monotonic()
    done = apply_effects(clip, [Effect("vst3", {}, PluginChoice(str(path)))], progress=NoProgress())
    seconds = time.monotonic() - begin
    sound = done.frames == clip.frames and bool(np.isfinite(done.samples).all())
    context.check(
        f"the plug-in “{info.name}” runs", sound, f"{len(info.parameters)} parameters, {20 / seconds:.0f}x real time"
    )
