"""The same seed gives the same song to the byte; another seed gives another."""

from __future__ import annotations

from pathlib import Path

from tests.acceptance.audio_checks import sample_hash
from tests.acceptance.context import Context

PROMPTS = ("Chill lo-fi hip hop, 90 BPM", "Epic cinematic trailer in D minor, 3/4", "House, 124 BPM")


def run(context: Context, *, prompts: tuple[str, ...] = PROMPTS, duration: int = 20) -> None:
    for prompt in prompts:
        seen = {}
        for name, seed in (("first", 7), ("again", 7), ("other", 8)):
            arguments = ("create", prompt, "--duration", str(duration), "--seed", str(seed), "--json")
            files = context.grammy(*arguments, data=context.folder / name).json()["files"]
            midi = Path(files["midi"]).read_bytes()
            seen[name] = (midi, sample_hash(Path(files["mix"])), sample_hash(Path(files["master"])))
        context.check(f"same MIDI bytes: {prompt}", seen["first"][0] == seen["again"][0], len(seen["first"][0]))
        context.check(
            f"same samples of mix and master: {prompt}", seen["first"][1:] == seen["again"][1:], seen["first"][2][:16]
        )
        different = all(a != b for a, b in zip(seen["first"], seen["other"], strict=True))
        context.check(f"another seed, another song: {prompt}", different)
