"""Tags of FLAC, Ogg, MP3, AIFF and MP4 files: the inverse of `audio_metadata.write_tags`, and what other programs write."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from grammy_desktop.core.audio_metadata import DISCLOSURE, AudioMetadata
from grammy_desktop.core.music import Key

ACCEPTED_TEMPI = (20.0, 400.0)
"""BPM; anything else in a tag is a mistake or 'not known'."""

_NAMES: dict[str, tuple[str, ...]] = {
    "title": ("title", "TIT2", "\xa9nam"),
    "tempo": ("bpm", "tempo", "TXXX:BPM", "TBPM", "tmpo"),
    "key": ("key", "initialkey", "TXXX:KEY", "TKEY", "----:com.apple.iTunes:initialkey"),
    "comment": ("comment", "description", "COMM::eng", "COMM", "\xa9cmt"),
    "licence": ("license", "copyright", "TXXX:LICENSE", "TCOP", "cprt"),
    "software": ("encoded-by", "TSSE", "TENC", "\xa9too"),
    "recipe": ("recipe", "TXXX:RECIPE"),
    "disclosure": ("disclosure", "TXXX:DISCLOSURE"),
}
"""For each field the names it goes by, best first: Vorbis comment, ID3v2 frame, MP4 atom."""


def read_tags(path: Path) -> AudioMetadata:
    """Metadata of a tagged file; empty fields where it says nothing. Never fails."""
    import mutagen

    try:
        audio: Any = mutagen.File(path)
    except (mutagen.MutagenError, OSError, struct.error, ValueError, LookupError, AssertionError):
        audio = None
    tags = getattr(audio, "tags", None)
    if not tags:
        return AudioMetadata(software="", disclosure="")
    fields = {name: _first(tags, names) for name, names in _NAMES.items()}
    comment, recipe = own_words(fields["comment"])
    disclosed = DISCLOSURE in fields["comment"] or DISCLOSURE in fields["disclosure"]
    return AudioMetadata(
        title=fields["title"],
        tempo=_tempo(fields["tempo"]),
        key=key_of(fields["key"]),
        comment=comment,
        licence=fields["licence"],
        markers=_id3_chapters(tags) if hasattr(tags, "getall") else _vorbis_chapters(tags),
        recipe=fields["recipe"] or recipe,
        software=fields["software"],
        disclosure=DISCLOSURE if disclosed else "",
    )


def own_words(comment: str) -> tuple[str, str]:
    """(comment, recipe) of `AudioMetadata.full_comment`: a person's own words without the disclosure, and the JSON at the end."""
    found = re.search(r"(?:^|; )(\{.*\})$", comment, re.DOTALL)
    words = comment[: found.start()] if found else comment
    if words.endswith(DISCLOSURE):
        words = words[: -len(DISCLOSURE)].removesuffix("; ")
    return words, found[1] if found else ""


def key_of(text: str) -> str:
    """The key as the app writes it; '' for what is not one."""
    try:
        return str(Key.parse(text))
    except ValueError:
        return ""


def _tempo(text: str) -> float | None:
    try:
        tempo = float(text)
    except ValueError:
        return None
    return tempo if ACCEPTED_TEMPI[0] <= tempo <= ACCEPTED_TEMPI[1] else None


def _first(tags: Mapping[str, Any], names: tuple[str, ...]) -> str:
    for name in names:
        value = _value(tags, name)
        if value:
            return value
    return ""


def _value(tags: Mapping[str, Any], name: str) -> str:
    # ID3 keys carry language and description ('COMM::deu'); Vorbis comments refuse names that are not theirs.
    frames: Callable[[str], list[Any]] | None = getattr(tags, "getall", None)
    try:
        found = frames(name) if frames else tags.get(name)
    except (KeyError, ValueError):
        return ""
    if not found:
        return ""
    value = found[0] if isinstance(found, list | tuple) else found
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _id3_chapters(tags: Any) -> tuple[tuple[float, str], ...]:
    chapters = [(chapter.start_time / 1000, chapter.sub_frames.getall("TIT2")) for chapter in tags.getall("CHAP")]
    return tuple(sorted((start, str(titles[0]) if titles else "") for start, titles in chapters))


def _vorbis_chapters(tags: Mapping[str, Any]) -> tuple[tuple[float, str], ...]:
    found = []
    for number in range(1, 1000):
        time = re.fullmatch(r"(\d+):(\d+):(\d+(?:\.\d+)?)", _value(tags, f"chapter{number:03}"))
        if time is None:
            break
        hours, minutes, seconds = (float(part) for part in time.groups())
        found.append((3600 * hours + 60 * minutes + seconds, _value(tags, f"chapter{number:03}name")))
    return tuple(found)
