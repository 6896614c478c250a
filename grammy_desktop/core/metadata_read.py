"""What a file already says about itself: title, tempo, key, markers. Never fails: unreadable metadata is no metadata."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from grammy_desktop.core.audio_metadata import DISCLOSURE, AudioMetadata
from grammy_desktop.core.music import Key

_LARGEST_CHUNK = 1 << 20
"""Bytes; a metadata chunk larger than this is not one of ours and is passed over."""

_ACID_ROOT_SET = 0x02


def read_metadata(path: Path) -> AudioMetadata:
    """Metadata of an audio file; empty fields where it says nothing (also for a file that cannot be read)."""
    try:
        with path.open("rb") as handle:
            head = handle.read(12)
            if head[:4] in (b"RIFF", b"RF64") and head[8:] == b"WAVE":
                return _from_chunks(dict(_chunks(handle)))
    except (OSError, struct.error, UnicodeDecodeError):
        return AudioMetadata(disclosure="")
    return _from_tags(path)


def _chunks(handle: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    """(name, body) of every small chunk; the sound itself is skipped. A LIST is named by its type."""
    while len(head := handle.read(8)) == 8:
        name, size = struct.unpack("<4sI", head)
        if name == b"data" or size > _LARGEST_CHUNK:
            handle.seek(size + size % 2, 1)
            continue
        body = handle.read(size)
        handle.seek(size % 2, 1)
        yield (body[:4], body[4:]) if name == b"LIST" else (name, body)


def _from_chunks(chunks: dict[bytes, bytes]) -> AudioMetadata:
    info = dict(_list_entries(chunks.get(b"INFO", b"")))
    comment = info.get(b"ICMT", "")
    start = comment.find("{")
    recipe = comment[start:] if start >= 0 and comment.endswith("}") else ""
    metadata = AudioMetadata(
        title=info.get(b"INAM", ""),
        licence=info.get(b"ICOP", ""),
        software=info.get(b"ISFT", ""),
        key=_key(info.get(b"IKEY", "")),
        markers=_markers(chunks),
        recipe=recipe,
        disclosure=DISCLOSURE if DISCLOSURE in comment else "",
    )
    acid = chunks.get(b"acid", b"")
    if len(acid) >= 24:
        flags, root = struct.unpack_from("<IH", acid)
        tempo = struct.unpack_from("<f", acid, 20)[0]
        metadata = replace(metadata, tempo=round(tempo, 3) if 20 <= tempo <= 400 else None)
        if not metadata.key and flags & _ACID_ROOT_SET and not recipe:
            metadata = replace(metadata, comment=f"root note {Key(root % 12, 'major').tonic_name}")
    key_in_recipe = re.search(r'"key": "([^"]+)"', recipe)
    if key_in_recipe and not metadata.key:
        metadata = replace(metadata, key=_key(key_in_recipe[1]))
    return metadata


def _list_entries(body: bytes) -> Iterator[tuple[bytes, str]]:
    position = 0
    while position + 8 <= len(body):
        name, size = struct.unpack_from("<4sI", body, position)
        text = body[position + 8 : position + 8 + size].rstrip(b"\0").decode("utf-8", "replace")
        yield name, text
        position += 8 + size + size % 2


def _markers(chunks: dict[bytes, bytes]) -> tuple[tuple[float, str], ...]:
    cue, labels, form = chunks.get(b"cue ", b""), chunks.get(b"adtl", b""), chunks.get(b"fmt ", b"")
    if len(cue) < 4 or len(form) < 8:
        return ()
    rate = struct.unpack_from("<I", form, 4)[0]
    names: dict[int, str] = {}
    position = 0
    while position + 12 <= len(labels):
        name, size, identity = struct.unpack_from("<4sII", labels, position)
        if name == b"labl":
            names[identity] = labels[position + 12 : position + 8 + size].rstrip(b"\0").decode("utf-8", "replace")
        position += 8 + size + size % 2
    found = []
    for offset in range(4, len(cue) - 23, 24):
        identity, frame = struct.unpack_from("<II", cue, offset)
        found.append((frame / max(1, rate), names.get(identity, "")))
    return tuple(found)


def _from_tags(path: Path) -> AudioMetadata:
    import mutagen

    try:
        audio = mutagen.File(path, easy=True)
    except (mutagen.MutagenError, OSError):
        audio = None
    tags = getattr(audio, "tags", None) or {}

    def first(*names: str) -> str:
        for name in names:
            if values := tags.get(name):
                return str(values[0])
        return ""

    comment = first("comment", "disclosure")
    return AudioMetadata(
        title=first("title"),
        tempo=_tempo(first("bpm")),
        key=_key(first("key", "initialkey")),
        licence=first("license", "copyright"),
        software=first("encoded-by", "encodedby"),
        recipe=first("recipe"),
        disclosure=DISCLOSURE if DISCLOSURE in comment else "",
    )


def _key(text: str) -> str:
    try:
        return str(Key.parse(text))
    except ValueError:
        return ""


def _tempo(text: str) -> float | None:
    try:
        tempo = float(text)
    except ValueError:
        return None
    return tempo if 20 <= tempo <= 400 else None
