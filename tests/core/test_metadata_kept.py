"""Everything a file says about itself survives every format: read back by the app, by mutagen and by ffprobe."""

from __future__ import annotations

import io
import json
import shutil
import struct
import subprocess
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.audio_file import AUDIO_FORMATS, AudioFormat, AudioMetadata, Broadcast, write_audio, write_wav
from grammy_desktop.core.metadata_read import read_metadata

CLIP = AudioClip(np.zeros((48_000, 2), np.float32), 48_000)
CREDITS = (
    ("artist", "Björk Ødegård"),
    ("album", "Übergänge"),
    ("album_artist", "Various"),
    ("track", "3/12"),
    ("disc", "1/2"),
    ("date", "2024"),
    ("genre", "Électro"),
    ("composer", "Ærø"),
    ("isrc", "DEA123456789"),
)


def picture() -> bytes:
    from PIL import Image

    target = io.BytesIO()
    Image.new("RGB", (16, 16), (200, 30, 60)).save(target, "JPEG")
    return target.getvalue()


def metadata() -> AudioMetadata:
    return AudioMetadata(
        title="Größe, Teil 2",
        tempo=92.5,
        key="F# minor",
        comment="aufgenommen in Köln",
        licence="CC-BY-4.0",
        markers=((0.0, "Intro"), (0.5, "Strophe ä")),
        recipe=json.dumps({"seed": 7}),
        software="Grammy Desktop",
        disclosure="",
        credits=CREDITS,
        cover=picture(),
    )


def need(format: str) -> None:
    if format == "m4a" and shutil.which("ffmpeg") is None:
        pytest.skip("ffmpeg is not installed")


@pytest.mark.parametrize("format", AUDIO_FORMATS)
def test_everything_comes_back(tmp_path: Path, format: AudioFormat) -> None:
    need(format)
    path = tmp_path / f"Lied ü.{format}"
    write_audio(path, CLIP, format, metadata=metadata())
    assert read_metadata(path) == metadata()


@pytest.mark.parametrize("target", AUDIO_FORMATS)
@pytest.mark.parametrize("source", ["wav", "mp3", "ogg"])
def test_conversion_keeps_it(tmp_path: Path, source: AudioFormat, target: AudioFormat) -> None:
    need(target)
    write_audio(tmp_path / f"a.{source}", CLIP, source, metadata=metadata())
    write_audio(tmp_path / f"b.{target}", CLIP, target, metadata=read_metadata(tmp_path / f"a.{source}"))
    assert read_metadata(tmp_path / f"b.{target}") == metadata()


@pytest.mark.skipif(shutil.which("ffprobe") is None, reason="ffprobe is not installed")
@pytest.mark.parametrize("format", AUDIO_FORMATS)
def test_ffprobe_reads_it(tmp_path: Path, format: AudioFormat) -> None:
    path = tmp_path / f"x.{format}"
    write_audio(path, CLIP, format, metadata=metadata())
    command = ["ffprobe", "-v", "error", "-show_format", "-show_streams", "-show_chapters", "-of", "json", str(path)]
    found = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=20).stdout)
    tags = {name.lower(): text for name, text in found["format"].get("tags", {}).items()}
    for stream in found["streams"]:
        tags |= {name.lower(): text for name, text in stream.get("tags", {}).items()}
    assert tags["title"] == "Größe, Teil 2"
    assert tags["artist"] == "Björk Ødegård"
    assert tags["album"] == "Übergänge"
    assert tags["track"] in ("3/12", "3")
    assert [chapter["tags"]["title"] for chapter in found["chapters"]] == ["Intro", "Strophe ä"]
    kinds = {stream["codec_type"] for stream in found["streams"]}
    assert "audio" in kinds
    if format in ("flac", "mp3", "ogg", "opus", "aiff", "m4a"):
        assert "video" in kinds  # how ffprobe shows a cover


def test_mutagen_reads_the_tag_inside_a_wav(tmp_path: Path) -> None:
    from mutagen.wave import WAVE

    write_wav(tmp_path / "x.wav", CLIP, metadata=metadata())
    tags: Any = WAVE(tmp_path / "x.wav").tags
    assert str(tags["TPE1"]) == "Björk Ødegård"
    assert tags.getall("APIC")[0].data == picture()


def test_a_broadcast_wav_stays_one(tmp_path: Path) -> None:
    kept = Broadcast("Szene 7", "Recorder", "REF0042", 36_000.5, "A=PCM,F=48000,W=24,M=stereo,T=Recorder")
    whole = replace(
        metadata(), broadcast=kept, created=datetime(2024, 5, 17, 9, 30, 1), ixml=b"<BWFXML><SCENE>7</SCENE></BWFXML>"
    )
    write_wav(tmp_path / "a.wav", CLIP, metadata=whole)
    data = (tmp_path / "a.wav").read_bytes()
    place = data.index(b"bext")
    assert struct.unpack_from("<Q", data, place + 8 + 338)[0] == round(36_000.5 * 48_000)
    assert data[place + 8 + 320 : place + 8 + 338] == b"2024-05-1709:30:01"
    back = read_metadata(tmp_path / "a.wav")
    assert back.broadcast is not None
    assert back.broadcast.description == "Szene 7; CC-BY-4.0"
    assert (back.broadcast.originator, back.broadcast.reference) == ("Recorder", "REF0042")
    assert back.broadcast.start_time == 36_000.5
    assert back.broadcast.history.splitlines()[0] == kept.history
    assert back.broadcast.history.splitlines()[1].endswith("T=Grammy Desktop")
    assert (back.created, back.ixml) == (whole.created, whole.ixml)
    # At another rate the sound still starts at the same time of day.
    write_wav(tmp_path / "b.wav", AudioClip(np.zeros((44_100, 2), np.float32), 44_100), metadata=back)
    again = read_metadata(tmp_path / "b.wav")
    assert again.broadcast is not None
    assert again.broadcast.start_time == 36_000.5
    assert again.broadcast.description == "Szene 7; CC-BY-4.0"


@pytest.mark.parametrize("cover", [b"GIF89a" + bytes(50), b"no picture", b""])
@pytest.mark.parametrize("format", ["wav", "flac", "mp3", "ogg"])
def test_what_is_no_cover_is_left_out(tmp_path: Path, format: AudioFormat, cover: bytes) -> None:
    write_audio(tmp_path / "x", CLIP, format, metadata=replace(metadata(), cover=cover))
    assert read_metadata(tmp_path / "x").cover == b""


def test_a_pipe_has_no_metadata(tmp_path: Path) -> None:
    assert read_metadata(tmp_path) == AudioMetadata(software="", disclosure="")
