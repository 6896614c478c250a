"""What a section called this or that does in a song."""

from __future__ import annotations

import re

_KINDS = {
    "intro": "intro", "turn": "intro", "riff": "intro",
    "verse": "verse", "a": "verse", "act1": "verse", "rap": "verse",
    "pre": "pre", "prechorus": "pre",
    "chorus": "chorus", "hook": "chorus", "drop": "chorus", "b": "chorus", "c": "chorus", "act3": "chorus", "peak": "chorus",
    "climax": "chorus", "vamp": "chorus", "head": "chorus", "shout": "chorus", "refrain": "chorus",
    "solo": "solo", "instrumental": "solo", "act2": "solo",
    "bridge": "break", "break": "break", "dub": "break",
    "build": "build", "riser": "build", "stop": "stop",
    "outro": "outro", "coda": "outro", "tag": "outro", "d": "outro",
}  # fmt: skip
_STRONG = 0.6
"""Energy from which a breakdown is a heavy one (metal) and no rest (dance music)."""


def stem_of(name: str) -> str:
    """The name without its number: 'verse2' -> 'verse', 'drop-b' -> 'drop'."""
    lower = name.lower()
    return lower if lower in ("act1", "act2", "act3") else re.sub(r"(-\w+|\d+)$", "", lower)


def kind_of(name: str, energy: float = 0.5) -> str:
    """What a section called `name` does: intro, verse, pre, chorus, solo, break, build, stop, outro; verse when in doubt."""
    stem = stem_of(name)
    if stem == "breakdown":
        return "verse" if energy >= _STRONG else "break"
    return _KINDS.get(stem, "verse")
