"""What is not audio at all, what bears the wrong name, and places that are no files."""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import soundfile

from tests.acceptance.issue_3.bad_files_base import BadFile, by_libsndfile, encoded


def foreign_files() -> Iterator[BadFile]:
    """Not audio, or another kind of audio than the name says."""
    rng = np.random.default_rng(8)
    contents = {
        "zeros": bytes(100_000), "ones": b"\xff" * 100_000, "random": rng.bytes(200_000), "ten bytes": rng.bytes(10),
        "umlauts": "Hällo, dies ist Text. ".encode() * 200, "utf-16": "These are notes. ".encode("utf-16") * 200,
        "html": b"<!DOCTYPE html><html><body>404</body></html>" * 20, "json": b'{"error": "not found"}',
        "png": b"\x89PNG\r\n\x1a\n" + bytes(400), "jpeg": b"\xff\xd8\xff\xe0" + rng.bytes(400), "pdf": b"%PDF-1.7\n" + bytes(400),
        "zip": b"PK\x03\x04" + rng.bytes(400), "gzip": b"\x1f\x8b\x08" + rng.bytes(400), "program": b"\x7fELF" + rng.bytes(400),
        "midi": b"MThd\0\0\0\x06\0\1\0\1\1\xe0MTrk" + bytes(50), "playlist": b"#EXTM3U\n/etc/passwd\nhttp://example.invalid/x.mp3\n",
    }  # fmt: skip
    for number, (name, data) in enumerate(contents.items()):
        yield BadFile(f"{name}.{('wav', 'mp3', 'flac', 'ogg', 'aiff', 'm4a', 'opus')[number % 7]}", data)
    for suffix, format in (
        ("mp3", "wav"), ("wav", "mp3"), ("ogg", "flac"), ("flac", "aiff"), ("wav", "ogg"), ("wav", "m4a"), ("aiff", "opus"),
    ):  # fmt: skip
        yield BadFile(f"{format} called.{suffix}", encoded(format))
    yield BadFile("no suffix", encoded("wav"))
    yield BadFile("two.wav.txt", encoded("wav"))
    yield BadFile("a playlist for ffmpeg.m4a", b"ffconcat version 1.0\nfile /etc/passwd\n")
    yield BadFile("a stream list.aac", b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://example.invalid/a.ts\n")
    for container in sorted(soundfile.available_formats()):
        if container in ("WAV", "WAVEX", "RF64", "W64", "AIFF", "FLAC", "OGG", "MP3", "RAW", "CAF"):
            continue
        for subtype in soundfile.available_subtypes(container):
            with suppress(soundfile.SoundFileError, ValueError):
                data = by_libsndfile(container, subtype, channels=1)
                yield BadFile(f"{container} of {subtype}.{container.lower()}", data)
                yield BadFile(f"{container} of {subtype} cut.{container.lower()}", data[: len(data) // 2])
                break


def odd_places(folder: Path) -> Iterator[Path]:
    """Makes names that are trouble in `folder`; what this system cannot make is left out."""
    good = encoded("wav")
    names: list[str | bytes] = [
        "Größe ÄÖÜ ß.wav", "two\nlines.wav", "tab\tand\x07bell.wav", "x" * 246 + ".wav", b"un\xff\xfedecodable.wav",
        "-rf.wav", "  spaces  .wav", "emoji \N{MUSICAL NOTE}.wav", "\N{HEBREW LETTER ALEF}\N{RIGHT-TO-LEFT OVERRIDE}.wav",
        "quote\"'`$(ls).wav", "100% %s {0}.wav", "dots...wav",
    ]  # fmt: skip
    for spelt in names:
        with suppress(OSError, ValueError):
            path = folder / (spelt if isinstance(spelt, str) else os.fsdecode(spelt))
            path.write_bytes(good)
            yield path
    with suppress(OSError):
        path = folder / os.fsdecode(b"bad and un\xffdecodable.wav")
        path.write_bytes(good[:30])
        yield path
    folder_itself = folder / "a folder.wav"
    folder_itself.mkdir()
    yield folder_itself
    (folder / "a file").write_bytes(good)
    yield folder / "a file" / "x.wav"
    yield folder / "not there.wav"
    yield folder / "no folder" / "x.wav"
    yield folder / ("y" * 300 + ".wav")
    yield from _links_and_devices(folder)


def _links_and_devices(folder: Path) -> Iterator[Path]:
    if os.name == "nt":
        return
    loop = folder / "loop.wav"
    loop.symlink_to(loop)
    yield loop
    for name, target in (
        ("dangling", "gone.wav"),
        ("zeros", "/dev/zero"),
        ("nothing", "/dev/null"),
        ("terminal", "/dev/tty"),
    ):
        link = folder / f"{name}.wav"
        link.symlink_to(target)
        yield link
    for suffix in ("wav", "m4a"):
        pipe = folder / f"pipe.{suffix}"
        os.mkfifo(pipe)
        yield pipe
    with suppress(OSError), socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / "socket.wav"))
        yield folder / "socket.wav"
    locked = folder / "unreadable.wav"
    locked.write_bytes(encoded("wav"))
    locked.chmod(0)
    yield locked
    sparse = folder / "sparse zeros of 6 GB.wav"
    sparse.touch()
    os.truncate(sparse, 6 * 10**9)
    yield sparse
    huge = folder / "header of 3 GB over a hole.wav"
    frames = 3 * 10**9 // 4
    head = struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        b"RIFF",
        36 + frames * 4,
        b"WAVE",
        b"fmt ",
        16,
        1,
        2,
        44_100,
        176_400,
        4,
        16,
        b"data",
        frames * 4,
    )
    huge.write_bytes(head)
    yield huge
