"""What a file already says about itself: title, tempo, key, markers. Never fails: unreadable metadata is no metadata."""

from __future__ import annotations

import re
import stat
import struct
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from grammy_desktop.core.aiff_chunks import with_text_chunks
from grammy_desktop.core.audio_metadata import DISCLOSURE, AudioMetadata, Broadcast
from grammy_desktop.core.audio_tag_names import CREDITS, LARGEST_COVER
from grammy_desktop.core.music import Key
from grammy_desktop.core.tags_read import ACCEPTED_TEMPI, key_of, own_words, read_id3_bytes, read_tags

_LARGEST_CHUNK = 1 << 20
"""Bytes; a metadata chunk larger than this is not one of ours and is passed over."""

_ACID_ROOT_SET = 0x02
_LONGEST_DAY = 7 * 24 * 3600.0
"""Seconds; some recorders count on over midnight."""


def read_metadata(path: Path) -> AudioMetadata:
    """Metadata of an audio file; empty fields where it says nothing (also for a file that cannot be read)."""
    try:
        # A pipe or a device would be waited for, or read, without end.
        if not stat.S_ISREG(path.stat().st_mode):
            return AudioMetadata(software="", disclosure="")
        with path.open("rb") as handle:
            head = handle.read(12)
            if head[:4] in (b"RIFF", b"RF64") and head[8:] == b"WAVE":
                return _from_chunks(dict(_chunks(handle)))
        if head[:4] == b"FORM" and head[8:] in (b"AIFF", b"AIFC"):
            return with_text_chunks(read_tags(path), path)
    except (OSError, struct.error, ValueError):
        return AudioMetadata(software="", disclosure="")
    return read_tags(path)


def _chunks(handle: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    """(name, body) of every small chunk; the sound itself is skipped. A LIST is named by its type."""
    true_size = 0
    while len(head := handle.read(8)) == 8:
        name, size = struct.unpack("<4sI", head)
        if name == b"ds64" and size >= 16:
            body = handle.read(size)
            true_size = struct.unpack_from("<Q", body, 8)[0]
            continue
        if name == b"data" and size == 0xFFFFFFFF:
            size = true_size
        if name == b"data" or size > (LARGEST_COVER if name.lower() == b"id3 " else _LARGEST_CHUNK):
            handle.seek(size + size % 2, 1)
            continue
        body = handle.read(size)
        handle.seek(size % 2, 1)
        yield (body[:4], body[4:]) if name == b"LIST" else (name, body)


def _from_chunks(chunks: dict[bytes, bytes]) -> AudioMetadata:
    info = dict(_list_entries(chunks.get(b"INFO", b"")))
    comment = info.get(b"ICMT", "")
    own, recipe = own_words(comment)
    metadata = AudioMetadata(
        title=info.get(b"INAM", ""),
        licence=info.get(b"ICOP", ""),
        software=info.get(b"ISFT", ""),
        key=key_of(info.get(b"IKEY", "")),
        markers=_markers(chunks),
        comment=own,
        recipe=recipe,
        disclosure=DISCLOSURE if DISCLOSURE in comment else "",
        ixml=chunks.get(b"iXML", b""),
    )
    metadata = _with_credits(metadata, info, chunks.get(b"id3 ", b"") or chunks.get(b"ID3 ", b""))
    metadata = _with_broadcast(metadata, chunks)
    acid = chunks.get(b"acid", b"")
    if len(acid) >= 24:
        flags, root = struct.unpack_from("<IH", acid)
        tempo = struct.unpack_from("<f", acid, 20)[0]
        metadata = replace(metadata, tempo=round(tempo, 3) if ACCEPTED_TEMPI[0] <= tempo <= ACCEPTED_TEMPI[1] else None)
        if not (metadata.key or recipe or own) and flags & _ACID_ROOT_SET:
            metadata = replace(metadata, comment=f"root note {Key(root % 12, 'major').tonic_name}")
    key_in_recipe = re.search(r'"key": "([^"]+)"', recipe)
    if key_in_recipe and not metadata.key:
        metadata = replace(metadata, key=key_of(key_in_recipe[1]))
    return metadata


def _with_credits(metadata: AudioMetadata, info: dict[bytes, str], id3: bytes) -> AudioMetadata:
    """Credits from an ID3 tag where there is one, else from LIST/INFO."""
    listed, cover = read_id3_bytes(id3) if id3 else ((), b"")
    found = dict(listed)
    for name, names in CREDITS.items():
        if name not in found and names.info and info.get(names.info):
            found[name] = info[names.info]
    return replace(metadata, credits=tuple((name, found[name]) for name in CREDITS if name in found), cover=cover)


def _with_broadcast(metadata: AudioMetadata, chunks: dict[bytes, bytes]) -> AudioMetadata:
    """What `bext` says beyond what the app itself puts there (EBU Tech 3285, 2.3)."""
    body, form = chunks.get(b"bext", b""), chunks.get(b"fmt ", b"")
    if len(body) < 346 or len(form) < 8:
        return metadata
    description, originator, reference = (_text(body[start:end]) for start, end in ((0, 256), (256, 288), (288, 320)))
    rate = max(1, struct.unpack_from("<I", form, 4)[0])
    start_time = struct.unpack_from("<Q", body, 338)[0] / rate
    if originator == metadata.software or not start_time < _LONGEST_DAY:
        # Our own words are written anew; a time beyond any day is garbage.
        return metadata
    kept = Broadcast(description, originator, reference, start_time, "\n".join(_text(body[602:]).splitlines()))
    return replace(metadata, broadcast=kept, created=_created(_text(body[320:330]), _text(body[330:338])))


def _created(date: str, time: str) -> datetime | None:
    """`bext` allows any separator between the numbers."""
    numbers = re.findall(r"\d+", f"{date} {time}")
    try:
        return datetime(*(int(number) for number in numbers[:6])) if len(numbers) >= 3 else None  # type: ignore[arg-type]
    except (ValueError, OverflowError):
        return None


def _list_entries(body: bytes) -> Iterator[tuple[bytes, str]]:
    position = 0
    while position + 8 <= len(body):
        name, size = struct.unpack_from("<4sI", body, position)
        yield name, _text(body[position + 8 : position + 8 + size])
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
            names[identity] = _text(labels[position + 12 : position + 8 + size])
        position += 8 + size + size % 2
    found = []
    for offset in range(4, len(cue) - 23, 24):
        identity, frame = struct.unpack_from("<II", cue, offset)
        found.append((frame / max(1, rate), names.get(identity, "")))
    return tuple(found)


def _text(raw: bytes) -> str:
    """RIFF names no encoding: UTF-8 where it is that, else what Windows programs write."""
    raw = raw.split(b"\0", 1)[0]
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")
