"""Which sounds a style sheet may name: sound-font presets, built-in recipes, patches."""

from __future__ import annotations

import re
from pathlib import Path

from grammy_desktop.core.resources import resource
from grammy_desktop.core.styles.style import SYNTH_RECIPES

_PRESET = re.compile(r"sf:(0|128):(\d{1,3})")
_TABLE = re.compile(r"^\[([A-Za-z0-9_]+)\]", re.MULTILINE)


def patch_names(folder: Path) -> frozenset[str]:
    """The patches that the TOML files of a folder hold, a table each; empty where there is no such folder.

    Only headings are read: a patch's own fields are checked when it is loaded to be played.
    """
    if not folder.is_dir():
        return frozenset()
    texts = (path.read_text(encoding="utf-8", errors="replace") for path in sorted(folder.glob("*.toml")))
    return frozenset(name for text in texts for name in _TABLE.findall(text))


def shipped_patches() -> frozenset[str]:
    return patch_names(resource("patches"))


def is_sound(sound: str, patches: frozenset[str] | None = None) -> bool:
    """Whether `sound` names a sound-font preset, a built-in recipe or a patch (of `patches`, else the shipped ones)."""
    match = _PRESET.fullmatch(sound)
    if match is not None:
        return int(match[2]) <= 127
    if not sound.startswith("synth:"):
        return False
    name = sound.removeprefix("synth:")
    return name in SYNTH_RECIPES or name in (shipped_patches() if patches is None else patches)
