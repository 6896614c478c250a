"""What is read: every container, sizes beyond 4 GiB, surround in its right order, streams that can be entered anywhere."""

from __future__ import annotations

import shutil
import struct
import subprocess
from pathlib import Path

import numpy as np
import pytest
import soundfile

from grammy_desktop.core.audio import AudioClip, Samples
from grammy_desktop.core.audio_file import AudioFormat, open_source, read_clip, read_info, write_audio, write_wav
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.wav_chunks import format_chunk, opening

RATE = 48_000
needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")


def tones(channels: int, seconds: float = 2.0) -> Samples:
    """Channel n holds a tone of 40 * (n + 1) Hz: low enough for an LFE."""
    t = np.arange(round(seconds * RATE)) / RATE
    return np.stack([0.3 * np.sin(2 * np.pi * 40 * (n + 1) * t) for n in range(channels)], axis=1).astype(np.float32)


def order(samples: Samples) -> list[int]:
    window = np.hanning(RATE)[:, np.newaxis]
    spectrum = np.abs(np.fft.rfft(samples[RATE // 2 : RATE // 2 + RATE] * window, axis=0))
    return [round(bin_number / 40) - 1 for bin_number in spectrum.argmax(axis=0)]


def ffmpeg(*arguments: str | Path) -> None:
    command = ["ffmpeg", "-nostdin", "-v", "error", *(str(argument) for argument in arguments)]
    subprocess.run(command, check=True, timeout=60)


@pytest.mark.parametrize(
    ("container", "subtype"),
    [
        *(("WAV", kind) for kind in ("PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE")),
        *(("RF64", kind) for kind in ("PCM_16", "PCM_24", "FLOAT")),
        *(("W64", kind) for kind in ("PCM_16", "PCM_24", "FLOAT", "DOUBLE")),
        *(("AIFF", kind) for kind in ("PCM_S8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ALAW")),
        ("FLAC", "PCM_16"),
        ("FLAC", "PCM_24"),
        ("OGG", "VORBIS"),
        ("OGG", "OPUS"),
        ("MP3", "MPEG_LAYER_III"),
    ],
)
def test_every_container_is_read(tmp_path: Path, container: str, subtype: str) -> None:
    samples = tones(2, 0.5)
    soundfile.write(tmp_path / "x", samples, RATE, subtype, format=container)
    info = read_info(tmp_path / "x")
    assert (info.frames, info.channels, info.sample_rate, info.subtype) == (24_000, 2, RATE, subtype)
    lossy = {"PCM_U8": 0.01, "PCM_S8": 0.01, "ALAW": 0.02, "VORBIS": 0.02, "OPUS": 0.05, "MPEG_LAYER_III": 0.05}
    error = read_clip(tmp_path / "x").samples - samples
    assert np.abs(error[2_000:-2_000]).max() < lossy.get(subtype, 1e-4)


@pytest.mark.parametrize("channels", [3, 4, 5, 6, 7, 8])
@pytest.mark.parametrize("format", ["wav", "flac", "aiff", "ogg", "opus"])
def test_surround_keeps_its_order(tmp_path: Path, format: AudioFormat, channels: int) -> None:
    path = tmp_path / f"x.{format}"
    write_audio(path, AudioClip(tones(channels), RATE), format)
    assert order(read_clip(path).samples) == list(range(channels))


@needs_ffmpeg
@pytest.mark.parametrize("channels", [3, 5, 6, 8])
@pytest.mark.parametrize(("format", "codec"), [("ogg", "libvorbis"), ("opus", "libopus"), ("flac", "flac")])
def test_ffmpeg_agrees_about_the_order(tmp_path: Path, format: AudioFormat, codec: str, channels: int) -> None:
    clip = AudioClip(tones(channels), RATE)
    write_audio(tmp_path / f"ours.{format}", clip, format)
    ffmpeg("-i", tmp_path / f"ours.{format}", tmp_path / "back.wav")
    assert order(soundfile.read(tmp_path / "back.wav", dtype="float32")[0]) == list(range(channels))
    write_wav(tmp_path / "x.wav", clip)
    family = ("-mapping_family", "1") if codec == "libopus" else ()
    ffmpeg("-i", tmp_path / "x.wav", "-c:a", codec, *family, tmp_path / f"theirs.{format}")
    assert order(read_clip(tmp_path / f"theirs.{format}").samples) == list(range(channels))


FRAMES = 600_000_000  # float stereo: 4.8 GB


def sparse_rf64(path: Path) -> int:
    head = opening(format_chunk(2, RATE, 32, is_float=True), FRAMES * 8, 0, FRAMES)
    path.write_bytes(head)
    return len(head)


def sparse_w64(path: Path) -> int:
    # Sony Wave64: 16-byte GUIDs, 64-bit sizes that count their own 24 bytes.
    tail = b"\xf3\xac\xd3\x11\x8c\xd1\x00\xc0\x4f\x8e\xdb\x8a"
    form = struct.pack("<HHIIHH", 3, 2, RATE, RATE * 8, 8, 32)
    inner = b"fmt " + tail + struct.pack("<Q", 24 + 16) + form + b"data" + tail + struct.pack("<Q", 24 + FRAMES * 8)
    riff = b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\x00\x00"
    head = riff + struct.pack("<Q", 40 + len(inner) + FRAMES * 8) + b"wave" + tail + inner
    path.write_bytes(head)
    return len(head)


@pytest.mark.parametrize("make", [sparse_rf64, sparse_w64])
def test_beyond_4_gib(tmp_path: Path, make: object) -> None:
    path = tmp_path / "long.wav"
    start = make(path)  # type: ignore[operator]
    end = np.arange(1, 9, dtype="<f4") / 16
    with path.open("r+b") as handle:
        handle.truncate(start + FRAMES * 8)
        handle.seek(start + (FRAMES - 4) * 8)
        handle.write(end.tobytes())
    if path.stat().st_blocks * 512 > 10**8:
        pytest.skip("this disk keeps no holes")
    info = read_info(path)
    assert (info.frames, info.channels, info.sample_rate) == (FRAMES, 2, RATE)
    with open_source(path) as source:
        np.testing.assert_array_equal(source.read(FRAMES - 4, 100), end.reshape(4, 2))
        assert not source.read(0, 10).any()
        assert not source.read(2**29 + 5, 10).any()
    with pytest.raises(UserError, match="is longer than 60 min"):
        read_clip(path)


@needs_ffmpeg
@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_m4a_is_streamed_and_entered_anywhere(tmp_path: Path, rate: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    noise = (rng.standard_normal((rate * 20, 2)) * 0.1).astype(np.float32)
    path = tmp_path / "x ü.m4a"
    write_audio(path, AudioClip(noise, rate), "m4a")
    monkeypatch.setattr("grammy_desktop.core.audio_read.decode_to_wav", None)
    info = read_info(path)
    assert (info.frames, info.channels, info.sample_rate, info.subtype) == (rate * 20, 2, rate, "AAC")
    whole = read_clip(path).samples
    with open_source(path) as source:
        for start, count in (
            (0, 1_000),
            (rate * 15 + 7, 5_000),
            (rate * 3 + 1, 2_000),
            (rate * 3 + 5_000, 10),
            (1, 50),
        ):
            np.testing.assert_allclose(source.read(start, count), whole[start : start + count], atol=1e-6)
        assert len(source.read(rate * 20 - 5, 100)) == 5


@needs_ffmpeg
def test_the_length_of_a_cut_stream_is_told_while_reading(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    clip = AudioClip((rng.standard_normal((RATE * 10, 2)) * 0.1).astype(np.float32), RATE)
    for format in ("m4a", "mp3"):
        path = tmp_path / f"x.{format}"
        write_audio(path, clip, format)  # type: ignore[arg-type]
        data = path.read_bytes()
        path.write_bytes(data[: len(data) // 2])
        if format == "m4a":
            with pytest.raises(UserError, match=r"is cut short|is damaged"):
                read_clip(path)
        with pytest.raises(UserError, match=r"is cut short|is damaged"), open_source(path) as source:
            for start in range(0, source.frames, 65_536):
                source.read(start, 65_536)


@pytest.mark.parametrize("extensible", [False, True])
@pytest.mark.parametrize("kind", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"])
def test_a_bad_chunk_beside_the_sound_does_no_harm(tmp_path: Path, kind: str, extensible: bool) -> None:
    samples = tones(2, 0.5)
    good = tmp_path / "good.wav"
    soundfile.write(good, samples, RATE, kind, format="WAVEX" if extensible else "WAV")
    data = good.read_bytes()
    path = tmp_path / "x.wav"
    # An odd chunk whose writer forgot the padding.
    path.write_bytes(data[:12] + b"bext\5\0\0\0short" + data[12:])
    with pytest.raises(soundfile.SoundFileError):
        soundfile.info(path)
    np.testing.assert_array_equal(read_clip(path).samples, read_clip(good).samples)
    assert read_info(path).subtype == kind
    with open_source(path) as source:
        np.testing.assert_array_equal(source.read(20_000, 10_000), read_clip(good).samples[20_000:])


@pytest.mark.parametrize(("container", "suffix"), [("AIFF", "aiff"), ("W64", "w64"), ("WAV", "wav")])
def test_half_a_file_is_not_taken_for_the_whole(tmp_path: Path, container: str, suffix: str) -> None:
    path = tmp_path / f"x.{suffix}"
    soundfile.write(path, tones(2), RATE, "PCM_16", format=container)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(UserError, match=r"is cut short: it holds 1\.0 s of the 2\.0 s its header names\."):
        read_info(path)
