"""Looks at a file before a decoder is let near it, and says in one sentence what is wrong with it."""

from __future__ import annotations

import errno
import stat
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from grammy_desktop.core.audio_lengths import check_aiff, check_w64
from grammy_desktop.core.audio_sentences import bad, cut_short, one_line
from grammy_desktop.core.errors import EnvironmentFailure

FFMPEG_SUFFIXES = frozenset({".m4a", ".aac", ".mp4", ".m4b", ".mka", ".webm", ".wma", ".caf", ".mov", ".ac3", ".amr"})
"""What soundfile cannot read (or aborts on: CAF), and ffmpeg can."""

_FOREIGN = {
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF8": "an image",
    b"%PDF": "a PDF document",
    b"PK\x03\x04": "a ZIP archive",
    b"MThd": "MIDI notes, not sound",
    b"SQLite f": "a database",
    b"\x7fELF": "a program",
}
_EXTENSIBLE = 0xFFFE
# What writers that cannot seek back put in the size field: 'until the end of the file'.
_STREAMED_SIZES = frozenset({0xFFFFFFFF, 0x7FFFFFFF, 0x7FFFF000, 0x7FFFFFDA})


@dataclass(frozen=True)
class WaveLayout:
    """Plain samples in a WAV: `bits` 8 to 64 of `frames` * `channels` numbers from byte `start` on."""

    start: int
    frames: int
    channels: int
    sample_rate: int
    bits: int
    is_float: bool
    order: str


@dataclass(frozen=True)
class _Form:
    code: int
    channels: int
    rate: int
    frame_bytes: int
    bits: int


@dataclass(frozen=True)
class Probe:
    """What the first look says. `needs_ffmpeg`: soundfile is not to be asked. `is_mp4`: the container knows its length.
    `wave`: where the plain samples of a WAV lie."""

    needs_ffmpeg: bool
    is_mp4: bool = False
    wave: WaveLayout | None = None


def probe(path: Path) -> Probe:
    """Check that `path` can be audio at all. Raises UserError (one sentence naming the file) or EnvironmentFailure."""
    try:
        _check_kind(path, path.stat().st_mode)
        with path.open("rb") as handle:
            head = handle.read(4096)
            _check_head(path, head)
            size = path.stat().st_size
            wave = None
            if head[:4] in (b"RIFF", b"RF64", b"RIFX") and head[8:12] == b"WAVE":
                wave = _check_wave(path, handle, size, "<" if head[:4] != b"RIFX" else ">")
            elif head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
                check_aiff(path, handle, size)
            elif head[:4] == b"riff" and head[24:28] == b"wave":
                check_w64(path, handle, size)
    except FileNotFoundError as error:
        raise bad(path, "does not exist") from error
    except PermissionError as error:
        raise bad(path, "may not be read: check its permissions") from error
    except NotADirectoryError as error:
        raise bad(path, "does not exist: what should be its folder is a file") from error
    except ValueError as error:
        raise bad(path, "is not a name that a file can have") from error
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise bad(path, "is a link that leads back to itself") from error
        raise EnvironmentFailure(
            f"“{one_line(path.name)}” could not be read: {error.strerror or error}.", file=str(path)
        ) from error
    is_aac = head[:1] == b"\xff" and len(head) > 1 and head[1] & 0xF6 == 0xF0
    foreign = head[4:8] == b"ftyp" or head[:4] in (b"caff", b"\x1a\x45\xdf\xa3") or is_aac
    known = head[:4] in (b"RIFF", b"RF64", b"fLaC", b"OggS", b"FORM")
    return Probe(foreign or (path.suffix.lower() in FFMPEG_SUFFIXES and not known), head[4:8] == b"ftyp", wave)


def _check_kind(path: Path, mode: int) -> None:
    """Only files and folders are opened at all: a pipe would wait for ever, a device may give without end."""
    if stat.S_ISDIR(mode):
        raise bad(path, "is a folder, not an audio file")
    if not stat.S_ISREG(mode):
        raise bad(path, "is a device or a pipe, not an audio file")


def _check_head(path: Path, head: bytes) -> None:
    if not head:
        raise bad(path, "is empty")
    for magic, what in _FOREIGN.items():
        if head.startswith(magic):
            raise bad(path, f"is not audio: it holds {what}")
    if _is_text(head):
        raise bad(path, "is not audio: it holds text")


def _is_text(head: bytes) -> bool:
    if b"\0" in head or head[:4] in (b"RIFF", b"FORM", b"OggS", b"fLaC"):
        return False
    # A multi-byte character may be cut at the end of what was read.
    text = head.decode("utf-8", errors="ignore")
    if len(text.encode()) < len(head) - 3:
        return False
    printable = sum(character.isprintable() or character in "\r\n\t\f" for character in text)
    return printable >= 0.99 * len(text)


def _check_wave(path: Path, handle: BinaryIO, size: int, order: str) -> WaveLayout | None:
    """Walk the chunks of a WAV: a header that lies is told here, before a decoder believes it."""
    position, form, huge = 12, _Form(0, 0, 0, 0, 0), 0
    while position + 8 <= size:
        handle.seek(position)
        name, length = struct.unpack(order + "4sI", handle.read(8))
        if name == b"ds64" and position + 32 <= size:
            huge = struct.unpack("<Q", handle.read(24)[8:16])[0]
        elif name == b"fmt ":
            form = _check_format(path, handle.read(min(length, 40)), order)
        elif name == b"data":
            # RF64 keeps the true size in ds64.
            length = huge if length == 0xFFFFFFFF and huge else length
            _check_data(path, handle, size, position + 8, length, form.frame_bytes, form.rate)
            return _layout(form, position + 8, min(length, size - position - 8), order)
        position = _next_chunk(handle, position + 8 + length, length)
    raise bad(path, "is cut short: its header is there, its sound is not")


def _layout(form: _Form, start: int, length: int, order: str) -> WaveLayout | None:
    """Where the samples lie; None for codes that need a decoder, and for samples that do not fill their bytes."""
    known = (form.code == 1 and form.bits in (8, 16, 24, 32)) or (form.code == 3 and form.bits in (32, 64))
    if not known or form.frame_bytes * 8 != form.channels * form.bits:
        return None
    frames = length // form.frame_bytes
    return WaveLayout(start, frames, form.channels, form.rate, form.bits, form.code == 3, order)


def _next_chunk(handle: BinaryIO, end: int, length: int) -> int:
    """Chunks start at even places, but some writers forget the padding of an odd one."""
    if length % 2 == 0:
        return end
    handle.seek(end)
    names = handle.read(5)
    padded = names[:1] == b"\0" or not names[:4].isascii()
    return end + 1 if padded else end


def _check_format(path: Path, body: bytes, order: str) -> _Form:
    if len(body) < 16:
        raise bad(path, "is cut short: its header is not complete")
    code, channels, rate, _, frame_bytes, bits = struct.unpack(order + "HHIIHH", body[:16])
    if channels == 0:
        raise bad(path, "is damaged: its header names 0 channels")
    if rate == 0:
        raise bad(path, "is damaged: its header names a sample rate of 0 Hz")
    if frame_bytes == 0:
        raise bad(path, "is damaged: its header names frames of 0 bytes")
    if code in (1, 3, _EXTENSIBLE) and bits not in (8, 12, 16, 20, 24, 32, 64):
        raise bad(path, f"is damaged: its header names samples of {bits} bits")
    if code == _EXTENSIBLE and len(body) >= 26:
        # The true code opens the GUID.
        code = struct.unpack_from(order + "H", body, 24)[0]
    return _Form(code, channels, rate, frame_bytes, bits)


def _check_data(path: Path, handle: BinaryIO, size: int, start: int, length: int, frame_bytes: int, rate: int) -> None:
    there = size - start
    if there <= 0 or (length == 0 and there == 0):
        raise bad(path, "holds a header but no sound")
    if not frame_bytes:
        raise bad(path, "is damaged: its header does not say what the sound is")
    seconds = frame_bytes * rate
    # A frame or two of slack: some writers count the padding byte.
    if length > there + 2 * frame_bytes and length not in _STREAMED_SIZES:
        raise bad(path, cut_short(there / seconds, length / seconds))
    end = start + length + length % 2
    if size - end > max(length, 65536):
        handle.seek(end)
        name = handle.read(4)
        if not all(32 <= byte < 127 for byte in name):
            raise bad(
                path, f"is damaged: its header names {length / seconds:.1f} s, the file holds {there / seconds:.1f} s"
            )
