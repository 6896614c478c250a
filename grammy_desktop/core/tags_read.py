"""Tags of FLAC, Ogg, MP3, AIFF and MP4 files: the inverse of `audio_tags_write`, and what other programs write."""

from __future__ import annotations

import base64
import binascii
import io
import re
import struct
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from grammy_desktop.core.audio_metadata import DISCLOSURE, AudioMetadata
from grammy_desktop.core.audio_tag_names import CREDITS, FREE_ATOM, LARGEST_COVER, image_type
from grammy_desktop.core.music import Key

ACCEPTED_TEMPI = (20.0, 400.0)
"""BPM; anything else in a tag is a mistake or 'not known'."""
_LONGEST_CREDIT = 1_000
"""Letters."""

_NAMES: dict[str, tuple[str, ...]] = {
    "title": ("title", "TIT2", "\xa9nam"),
    "tempo": ("bpm", "tempo", "TXXX:BPM", "TBPM", f"{FREE_ATOM}BPM", "tmpo"),
    "key": ("key", "initialkey", "TXXX:KEY", "TKEY", f"{FREE_ATOM}KEY", f"{FREE_ATOM}initialkey"),
    "comment": ("comment", "description", "COMM::eng", "COMM", "\xa9cmt"),
    "licence": ("license", "copyright", "TXXX:LICENSE", "TCOP", f"{FREE_ATOM}LICENSE", "cprt"),
    "software": ("encoded-by", "TSSE", "TENC", "\xa9too"),
    "recipe": ("recipe", "TXXX:RECIPE", f"{FREE_ATOM}RECIPE"),
    "disclosure": ("disclosure", "TXXX:DISCLOSURE", f"{FREE_ATOM}DISCLOSURE"),
}
"""For each field the names it goes by, best first: Vorbis comment, ID3v2 frame, MP4 atom."""


def read_tags(path: Path) -> AudioMetadata:
    """Metadata of a tagged file; empty fields where it says nothing. Never fails."""
    import mutagen

    try:
        audio: Any = mutagen.File(path)
    except _unreadable():
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
        markers=_chapters(audio, tags),
        recipe=fields["recipe"] or recipe,
        software=fields["software"],
        disclosure=DISCLOSURE if disclosed else "",
        credits=_credits(tags),
        cover=_cover(audio, tags),
    )


def read_id3_bytes(data: bytes) -> tuple[tuple[tuple[str, str], ...], bytes]:
    """(credits, cover) of an ID3 tag that lies in a WAV; empty where it cannot be read."""
    from mutagen import id3

    try:
        tags = id3.ID3(io.BytesIO(data))
    except _unreadable():
        return (), b""
    return _credits(tags), _cover(None, tags)


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


def _unreadable() -> tuple[type[Exception], ...]:
    """All that mutagen is known to raise for damaged files."""
    import mutagen

    return (
        mutagen.MutagenError, OSError, struct.error, ValueError, LookupError, AssertionError, RecursionError,
        TypeError, AttributeError, ArithmeticError, MemoryError,
    )  # fmt: skip


def _tempo(text: str) -> float | None:
    try:
        tempo = float(text)
    except ValueError:
        return None
    return tempo if ACCEPTED_TEMPI[0] <= tempo <= ACCEPTED_TEMPI[1] else None


def _credits(tags: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    found = ((name, _first(tags, (names.vorbis, names.id3, names.mp4))) for name, names in CREDITS.items())
    return tuple((name, text[:_LONGEST_CREDIT]) for name, text in found if text)


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
    if isinstance(value, tuple):
        # MP4: (3, 12) is track 3 of 12.
        return "/".join(str(number) for number in value if number)
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _cover(audio: Any, tags: Any) -> bytes:
    """The first picture that is a JPEG or PNG of sensible size."""
    found: list[bytes] = [picture.data for picture in getattr(audio, "pictures", ())]
    if hasattr(tags, "getall"):
        found += [frame.data for frame in tags.getall("APIC")]
    else:
        found += [bytes(picture) for picture in _listed(tags, "covr")]
        found += [_packed_picture(text) for text in _listed(tags, "metadata_block_picture")]
    return next((cover for cover in found if image_type(cover) and len(cover) < LARGEST_COVER), b"")


def _listed(tags: Any, name: str) -> list[Any]:
    try:
        return list(tags.get(name) or ())
    except (KeyError, ValueError, TypeError):
        return []


def _packed_picture(text: str) -> bytes:
    from mutagen.flac import Picture, error

    try:
        return bytes(Picture(base64.b64decode(text)).data)
    except (error, binascii.Error, ValueError, struct.error):
        return b""


def _chapters(audio: Any, tags: Any) -> tuple[tuple[float, str], ...]:
    listed = getattr(audio, "chapters", None)
    if listed:
        return tuple((float(chapter.start), str(chapter.title)) for chapter in listed)
    return _id3_chapters(tags) if hasattr(tags, "getall") else _vorbis_chapters(tags)


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
