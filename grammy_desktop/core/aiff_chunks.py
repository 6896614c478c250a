"""The text chunks of an AIFF file: title, author, licence, remarks (Audio Interchange File Format 1.3, Apple 1989)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from grammy_desktop.core.audio_metadata import DISCLOSURE, AudioMetadata
from grammy_desktop.core.tags_read import own_words

_LONGEST = 1 << 16
"""Bytes; more is no text of a person's."""
_MOST_CHUNKS = 1_000
_TEXTS = (b"NAME", b"AUTH", b"(c) ", b"ANNO")


def with_text_chunks(metadata: AudioMetadata, path: Path) -> AudioMetadata:
    """What the tags leave open, from the chunks `NAME`, `AUTH`, `(c) ` and `ANNO`. Raises OSError, struct.error."""
    with path.open("rb") as handle:
        handle.seek(12)
        texts: dict[bytes, list[str]] = {}
        for name, text in _texts(handle):
            texts.setdefault(name, []).append(text)
    first = {name: found[0] for name, found in texts.items()}
    comment, recipe = own_words("\n".join(texts.get(b"ANNO", ())))
    author, credits = first.get(b"AUTH", ""), metadata.credits
    if author and not any(name == "artist" for name, _ in credits):
        credits = (("artist", author), *credits)
    disclosed = any(DISCLOSURE in text for text in texts.get(b"ANNO", ()))
    return replace(
        metadata,
        title=metadata.title or first.get(b"NAME", ""),
        licence=metadata.licence or first.get(b"(c) ", ""),
        comment=metadata.comment or comment,
        recipe=metadata.recipe or recipe,
        disclosure=metadata.disclosure or (DISCLOSURE if disclosed else ""),
        credits=credits,
    )


def _texts(handle: BinaryIO) -> Iterator[tuple[bytes, str]]:
    for _ in range(_MOST_CHUNKS):
        head = handle.read(8)
        if len(head) < 8:
            return
        name, size = struct.unpack(">4sI", head)
        if name not in _TEXTS or size > _LONGEST:
            handle.seek(size + size % 2, 1)
            continue
        text = _text(handle.read(size))
        handle.seek(size % 2, 1)
        if text:
            yield name, text


def _text(raw: bytes) -> str:
    """The format means ASCII; programs write UTF-8, and those of its time what the Macintosh had."""
    raw = raw.rstrip(b"\0")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("mac_roman")
    return text.replace("\0", " ").replace("\r\n", "\n").replace("\r", "\n").strip()
