"""What AIFF files of other programs say about themselves: their text chunks, written by libsndfile or by hand."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile

from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.audio_file import AudioMetadata, read_clip, write_audio
from grammy_desktop.core.metadata_read import read_metadata

SILENCE = np.zeros((441, 2), np.float32)


def with_chunks(path: Path, *chunks: tuple[bytes, bytes]) -> Path:
    """An AIFF with more chunks behind its sound, odd ones padded."""
    soundfile.write(path, SILENCE, 44_100, format="AIFF", subtype="PCM_16")
    content = path.read_bytes()
    for name, body in chunks:
        content += struct.pack(">4sI", name, len(body)) + body + b"\0" * (len(body) % 2)
    path.write_bytes(b"FORM" + struct.pack(">I", len(content) - 8) + content[8:])
    return path


def test_libsndfiles_texts_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.aiff"
    with soundfile.SoundFile(path, "w", 44_100, 2, "PCM_24", format="AIFF") as file:
        file.title, file.artist, file.comment, file.copyright = "Grüße", "Töne & Co", "take 3", "CC-BY-4.0"
        file.write(SILENCE)
    found = read_metadata(path)
    assert (found.title, found.comment, found.licence) == ("Grüße", "take 3", "CC-BY-4.0")
    assert dict(found.credits)["artist"] == "Töne & Co"
    assert (found.disclosure, found.software) == ("", "")


def test_chunks_behind_the_sound_and_of_their_time(tmp_path: Path) -> None:
    chunks = [(b"NAME", b"Caf\x8e\0"), (b"APPL", b"odd"), (b"ANNO", b"one\rtwo"), (b"ANNO", b"three"), (b"AUTH", b"Me")]
    path = with_chunks(tmp_path / "a.aif", *chunks)
    found = read_metadata(path)
    assert (found.title, found.comment, found.credits) == ("Café", "one\ntwo\nthree", (("artist", "Me"),))
    assert read_clip(path).frames == len(SILENCE)


def test_tags_come_first(tmp_path: Path) -> None:
    path = tmp_path / "a.aiff"
    tags = AudioMetadata(title="Tagged", credits=(("artist", "Somebody"),), disclosure="", software="")
    write_audio(path, AudioClip(SILENCE, 44_100), "aiff", metadata=tags)
    content = path.read_bytes() + b"NAME\0\0\0\x04Namesake"[:12] + b"AUTH\0\0\0\x02Me" + b"ANNO\0\0\0\x04live"
    path.write_bytes(b"FORM" + struct.pack(">I", len(content) - 8) + content[8:])
    found = read_metadata(path)
    assert (found.title, dict(found.credits), found.comment) == ("Tagged", {"artist": "Somebody"}, "live")


@pytest.mark.parametrize(
    "chunk", [b"NAME\xff\xff\xff\xffx", b"NAME\0\0\0\x09half", b"NAME", b"NAME\0\0\0\0", b"\0" * 99]
)
def test_damaged_chunks_do_no_harm(tmp_path: Path, chunk: bytes) -> None:
    path = with_chunks(tmp_path / "a.aiff")
    path.write_bytes(path.read_bytes() + chunk)
    assert read_metadata(path).title in ("", "half")


def test_a_master_keeps_the_title(tmp_path: Path) -> None:
    path = with_chunks(tmp_path / "a.aiff", (b"NAME", b"Evening"), (b"AUTH", b"Me"))
    write_audio(tmp_path / "b.flac", read_clip(path), "flac", metadata=read_metadata(path))
    kept = read_metadata(tmp_path / "b.flac")
    assert (kept.title, dict(kept.credits)) == ("Evening", {"artist": "Me"})
