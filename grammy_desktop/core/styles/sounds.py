"""Which sounds a style sheet may name: sound-font presets, built-in recipes, patches, and the user's own instruments."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from grammy_desktop.core.resources import resource
from grammy_desktop.core.styles.style import SYNTH_RECIPES

_PRESET = re.compile(r"sf:(0|128):(\d{1,3})")
_TABLE = re.compile(r"^\[([A-Za-z0-9_]+)\]", re.MULTILINE)
_FONT = re.compile(r"font:(.+):(\d{1,5}):(\d{1,3})")
_VST3 = re.compile(r"vst3:([^:]+?)(?::([^:]+))?")
_STAND_IN = " else "
OWN_SOUNDS = (
    "'font:NAME:BANK:PROGRAM' of your sound fonts or 'vst3:NAME' of your VST3 instruments, "
    "with ' else sf:0:4' behind it for where they are missing"
)
"""How the user's own instruments are written, for messages."""


@dataclass(frozen=True)
class FontSound:
    """A preset of a sound font in the user's folder `soundfonts` (or of one named by its path)."""

    font: str
    bank: int
    program: int


@dataclass(frozen=True)
class Vst3Sound:
    """A VST3 instrument by name (or path), with the name of a `.vstpreset` or ''."""

    plugin: str
    preset: str = ""


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
    """Whether `sound` names a sound-font preset, a built-in recipe, a patch (of `patches`, else the shipped ones) or an
    instrument of the user's own.

    Of the user's own only the form is checked: where one is missing when a song is made, its stand-in plays.
    """
    sound, stand_in = split_sound(sound)
    if own_sound(sound) is not None:
        return not stand_in or (own_sound(stand_in) is None and is_sound(stand_in, patches))
    if stand_in:
        return False
    match = _PRESET.fullmatch(sound)
    if match is not None:
        return int(match[2]) <= 127
    if not sound.startswith("synth:"):
        return False
    name = sound.removeprefix("synth:")
    return name in SYNTH_RECIPES or name in (shipped_patches() if patches is None else patches)


def split_sound(sound: str) -> tuple[str, str]:
    """('vst3:Surge XT', 'sf:0:33') of 'vst3:Surge XT else sf:0:33'; the stand-in is '' where none is named."""
    first, _, second = sound.partition(_STAND_IN)
    return first.strip(), second.strip()


def own_sound(sound: str) -> FontSound | Vst3Sound | None:
    """The user's own instrument that a sound (with or without its stand-in) names; None for shipped sounds."""
    sound, _ = split_sound(sound)
    match = _FONT.fullmatch(sound)
    if match is not None and int(match[2]) <= 16_383 and int(match[3]) <= 127:
        return FontSound(match[1].strip(), int(match[2]), int(match[3]))
    if not sound.startswith("vst3:"):
        return None
    rest = sound.removeprefix("vst3:").strip()
    if rest.lower().endswith(".vst3") and rest:
        return Vst3Sound(rest)
    match = _VST3.fullmatch(sound)
    return Vst3Sound(match[1].strip(), (match[2] or "").strip()) if match is not None else None
