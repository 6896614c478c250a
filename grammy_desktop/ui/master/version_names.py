"""What the versions of a song are called where two of them are compared: 'Mix', 'Master 1', 'Master 2'."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from grammy_desktop.library import VersionRecord

_WORDS = {"take": "Mix", "import": "Mix", "edit": "Edit"}


def is_master(version: VersionRecord) -> bool:
    return "master" in version.files


def short_names(versions: Sequence[VersionRecord]) -> dict[str, str]:
    """By version id. A word that stands for several gets a number in the order they were made; masters always have one."""
    words = {v.id: "Master" if is_master(v) else _WORDS.get(v.kind, v.kind.capitalize()) for v in versions}
    count = Counter(words.values())
    seen: Counter[str] = Counter()
    names = {}
    for version_id, word in words.items():
        seen[word] += 1
        names[version_id] = f"{word} {seen[word]}" if word == "Master" or count[word] > 1 else word
    return names


def long_names(versions: Sequence[VersionRecord]) -> dict[str, str]:
    """'Master 2 · Club', 'Mix'."""
    short = short_names(versions)
    return {v.id: f"{short[v.id]} · {v.name}" if is_master(v) and v.name else short[v.id] for v in versions}
