"""What is written into a file is read back; what says nothing gives empty fields."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.audio_file import AudioMetadata, write_audio, write_wav
from grammy_desktop.core.metadata_read import read_metadata

CLIP = AudioClip(np.zeros((48_000, 2), np.float32), 48_000)
METADATA = AudioMetadata(
    title="Grüße, Teil 2",
    tempo=92.5,
    key="F# minor",
    markers=((0.0, "Verse"), (0.5, "Hook")),
    recipe=json.dumps({"brief": {"key": "F# minor"}, "seed": 7}),
)


def test_wav_round_trip(tmp_path: Path) -> None:
    path = tmp_path / "with ü.wav"
    write_wav(path, CLIP, metadata=METADATA)
    found = read_metadata(path)
    assert (found.title, found.tempo, found.key) == ("Grüße, Teil 2", 92.5, "F# minor")
    assert found.markers == METADATA.markers
    assert json.loads(found.recipe)["seed"] == 7
    assert found.disclosure


@pytest.mark.parametrize("format", ["flac", "mp3", "ogg"])
def test_tags_round_trip(tmp_path: Path, format: str) -> None:
    path = tmp_path / f"song.{format}"
    write_audio(path, CLIP, format, metadata=METADATA)
    assert read_metadata(path).title == "Grüße, Teil 2"


@pytest.mark.parametrize("content", [b"", b"RIFF", b"RIFF\0\0\0\0WAVELIST\xff\xff\xff\xff", b"hello" * 100])
def test_nothing_is_found_in_rubbish(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "rubbish.wav"
    path.write_bytes(content)
    assert read_metadata(path) == AudioMetadata(software="", disclosure="")
