"""A finished song in words: loudness, score, rights, files, and what took how long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from grammy_desktop.cli.output import level


def song_words(song: Mapping[str, Any], *, remarks: Sequence[str] = ()) -> list[str]:
    """Lines of the JSON of `grammy create`. remarks: sentences that stand before the rights."""
    lines = []
    if song["loudness"]:
        loudness = song["loudness"]
        lines.append(f"{level(loudness['integrated'], 'LUFS')}, {level(loudness['true_peak'], 'dBTP')}")
    if song.get("score") and song["score"]["overall_score"] is not None:
        lines.append(f"Grammy Meter {song['score']['overall_score']:.0f} of 100")
    lines += [*remarks, song["licence_reason"], *file_words(song["files"])]
    lines.append("took " + ", ".join(f"{stage} {seconds:.1f} s" for stage, seconds in song["seconds"].items()))
    return lines


def file_words(files: Mapping[str, Any]) -> list[str]:
    """A line a file, stems under their own names."""
    lines = []
    for role, path in files.items():
        if isinstance(path, dict):
            lines += [f"  {name}: {stem}" for name, stem in path.items()]
        elif path:
            lines.append(f"  {role}: {path}")
    return lines
