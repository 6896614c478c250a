"""The RIFF chunks of a WAV file that carry what a producer wants to know: `bext`, `cue `, labels, `acid`, LIST/INFO.

Sources: Microsoft RIFF (1991) for cue, adtl and INFO; EBU Tech 3285 for bext; EBU Tech 3306 for RF64; the acid layout
is the one that DAWs read (flags, root note, beats, metre, tempo).
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Sequence
from datetime import datetime

from grammy_desktop.core.music import Key

_ACID_ROOT_SET = 0x02
_ACID_STRETCH = 0x04
_RIFF_LIMIT = 0xFFFFFFFF
_IN_DS64 = 0xFFFFFFFF
"""In a 32-bit size field: the true size is in `ds64`."""
RESERVED_BYTES = 28
"""The body of a `ds64` without a table."""
_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
# Default speaker positions for 1 to 8 channels (WAVEFORMATEXTENSIBLE): front pair, centre, LFE, back pair, sides.
_SPEAKERS = {1: 0x4, 2: 0x3, 3: 0x7, 4: 0x33, 5: 0x37, 6: 0x3F, 7: 0x13F, 8: 0x63F}


def chunk(name: bytes, body: bytes) -> bytes:
    """One chunk; an odd body is padded to even length, the size field keeps the true length."""
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def format_chunk(channels: int, sample_rate: int, bits: int, *, is_float: bool) -> bytes:
    """`fmt `; the extensible form only where the plain one is undefined (more than two channels)."""
    frame = channels * bits // 8
    code = _FLOAT if is_float else _PCM
    tag = code if channels <= 2 else _EXTENSIBLE
    body = struct.pack("<HHIIHH", tag, channels, sample_rate, sample_rate * frame, frame, bits)
    if tag == _EXTENSIBLE:
        guid = struct.pack("<H", code) + b"\0\0\0\0\x10\0\x80\0\0\xaa\0\x38\x9b\x71"
        body += struct.pack("<HHI", 22, bits, _SPEAKERS[channels]) + guid
    elif is_float:
        body += struct.pack("<H", 0)
    return chunk(b"fmt ", body)


def bext_chunk(
    *,
    description: str,
    originator: str,
    coding_history: str,
    created: datetime | None = None,
    reference: str = "",
    start_frame: int = 0,
) -> bytes:
    """Broadcast extension, version 1 (no UMID). `start_frame`: frames since midnight."""
    date = created.strftime("%Y-%m-%d") if created else ""
    time = created.strftime("%H:%M:%S") if created else ""
    body = _ascii(description, 256) + _ascii(originator, 32) + _ascii(reference, 32) + _ascii(date, 10)
    body += _ascii(time, 8) + struct.pack("<QH", start_frame, 1) + bytes(64 + 190)
    body += _plain(coding_history).encode("ascii") + b"\r\n\0"
    # libsndfile loses its way in an RF64 whose `bext` is of odd size.
    return chunk(b"bext", body + b"\0" * (len(body) % 2))


def cue_chunks(markers: Sequence[tuple[int, str]]) -> bytes:
    """`cue ` points and their names (`LIST adtl labl`) from (frame, name); nothing for no markers."""
    if not markers:
        return b""
    points = struct.pack("<I", len(markers))
    labels = b"adtl"
    for identity, (frame, name) in enumerate(markers, start=1):
        points += struct.pack("<II4sIII", identity, frame, b"data", 0, 0, frame)
        labels += chunk(b"labl", struct.pack("<I", identity) + name.encode() + b"\0")
    return chunk(b"cue ", points) + chunk(b"LIST", labels)


def acid_chunk(*, tempo: float | None, key: str, duration: float, metre: tuple[int, int] = (4, 4)) -> bytes:
    """Tempo in BPM and root note (MIDI, octave of middle C); nothing when neither is known. `duration` in seconds."""
    root = Key.parse(key).tonic + 60 if key else None
    if tempo is None and root is None:
        return b""
    flags = (_ACID_ROOT_SET if root is not None else 0) | (_ACID_STRETCH if tempo else 0)
    beats = round(duration * tempo / 60) if tempo else 0
    return chunk(
        b"acid",
        struct.pack("<IHHfIHHf", flags, root or 60, 0x8000, 0.0, beats, metre[1], metre[0], tempo or 0.0),
    )


def info_chunk(entries: Sequence[tuple[bytes, str]]) -> bytes:
    """LIST/INFO of (four-letter id, text) in UTF-8; empty texts are left out."""
    body = b"".join(chunk(name, text.encode() + b"\0") for name, text in entries if text)
    return chunk(b"LIST", b"INFO" + body) if body else b""


def opening(before_data: bytes, data_bytes: int, after_bytes: int, frames: int) -> bytes:
    """Everything up to the first sample, of the same length whatever the sizes are, so that it can be written anew.

    RIFF with a JUNK chunk, or RF64 with `ds64` in its place where 32-bit sizes do not suffice (EBU Tech 3306, 3.4).
    """
    padded = data_bytes + data_bytes % 2
    riff_bytes = 4 + 8 + RESERVED_BYTES + len(before_data) + 8 + padded + after_bytes
    if riff_bytes <= _RIFF_LIMIT:
        head = b"RIFF" + struct.pack("<I", riff_bytes) + b"WAVE" + chunk(b"JUNK", bytes(RESERVED_BYTES))
        return head + before_data + b"data" + struct.pack("<I", data_bytes)
    sizes = chunk(b"ds64", struct.pack("<QQQI", riff_bytes, data_bytes, frames, 0))
    head = b"RF64" + struct.pack("<I", _IN_DS64) + b"WAVE" + sizes
    return head + before_data + b"data" + struct.pack("<I", _IN_DS64)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def _ascii(text: str, size: int) -> bytes:
    return _plain(text).encode("ascii")[:size].ljust(size, b"\0")
