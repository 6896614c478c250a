"""Files that are written block by block: whole or not at all, any format, any length."""

from __future__ import annotations

import shutil
import struct
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from grammy_desktop.core import audio_encoder, wav_chunks
from grammy_desktop.core.audio import AudioClip, Samples
from grammy_desktop.core.audio_file import (
    AUDIO_FORMATS,
    SUBTYPES,
    AudioFormat,
    AudioMetadata,
    DitherMode,
    open_writer,
    read_clip,
    read_info,
    resample,
    to_stereo,
    write_audio,
    write_wav,
)
from grammy_desktop.core.audio_fit import Fitter
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.progress import Cancelled

RATE = 48_000
METADATA = AudioMetadata(title="Größe", tempo=90.0, markers=((0.0, "A"), (0.4, "B ü")))
needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")


def tones(seconds: float = 0.8, channels: int = 2) -> Samples:
    t = np.arange(round(seconds * RATE)) / RATE
    return np.stack([0.3 * np.sin(2 * np.pi * 110 * (n + 1) * t) for n in range(channels)], axis=1).astype(np.float32)


def write_in_blocks(path: Path, samples: Samples, sizes: tuple[int, ...], format: AudioFormat, subtype: str) -> None:
    with open_writer(
        path, sample_rate=RATE, channels=samples.shape[1], format=format, subtype=subtype, metadata=METADATA
    ) as writer:
        start, number = 0, 0
        while start < len(samples):
            writer.write(samples[start : start + sizes[number % len(sizes)]])
            start += sizes[number % len(sizes)]
            number += 1
        writer.write(samples[:0])
        assert writer.frames == len(samples)


@pytest.mark.parametrize(
    ("format", "subtype"), [(format, subtype) for format in AUDIO_FORMATS for subtype in SUBTYPES[format]]
)
def test_blocks_of_any_size_give_the_same_sound(tmp_path: Path, format: AudioFormat, subtype: str) -> None:
    if format == "m4a" and shutil.which("ffmpeg") is None:
        pytest.skip("ffmpeg is not installed")
    samples = tones()
    write_in_blocks(tmp_path / "blocks", samples, (1, 7_000, 513), format, subtype)
    write_audio(tmp_path / "whole", AudioClip(samples, RATE), format, subtype=subtype, metadata=METADATA)
    blocks, whole = read_clip(tmp_path / "blocks"), read_clip(tmp_path / "whole")
    np.testing.assert_array_equal(blocks.samples, whole.samples)
    assert whole.samples.shape == samples.shape
    assert sorted(path.name for path in tmp_path.iterdir()) == ["blocks", "whole"]


@pytest.mark.parametrize("format", AUDIO_FORMATS)
@pytest.mark.parametrize("reason", [Cancelled, UserError, KeyboardInterrupt])
def test_nothing_is_left_when_it_ends_badly(tmp_path: Path, format: AudioFormat, reason: type[BaseException]) -> None:
    if format == "m4a" and shutil.which("ffmpeg") is None:
        pytest.skip("ffmpeg is not installed")
    old = tmp_path / f"x.{format}"
    old.write_bytes(b"old")
    with (
        pytest.raises(reason),
        open_writer(old, sample_rate=RATE, channels=2, format=format, metadata=METADATA) as writer,
    ):
        writer.write(tones())
        raise reason("stop")
    assert old.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [old]


def test_wrong_blocks_are_our_bug(tmp_path: Path) -> None:
    for block in (np.zeros((5, 3), np.float32), np.zeros(5, np.float32), np.zeros((5, 2)), np.full((5, 2), np.inf)):
        with (
            pytest.raises(ValueError, match=r"a block must be|finite"),
            open_writer(tmp_path / "x.wav", sample_rate=RATE, channels=2) as writer,
        ):
            writer.write(block)
    spoilt = tones()
    spoilt[100, 1] = np.nan
    with (
        pytest.raises(ValueError, match="finite"),
        open_writer(tmp_path / "x.wav", sample_rate=RATE, channels=2) as writer,
    ):
        writer.write(spoilt)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_subtype_is_said(tmp_path: Path) -> None:
    with (
        pytest.raises(UserError, match="“FLOAT” is not a kind of flac that can be written; use PCM_24, PCM_16"),
        open_writer(tmp_path / "x.flac", sample_rate=RATE, channels=2, format="flac", subtype="FLOAT"),
    ):
        pass


@pytest.mark.parametrize("subtype", ["PCM_24", "FLOAT"])
def test_beyond_the_limit_it_is_an_rf64(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, subtype: str) -> None:
    monkeypatch.setattr(wav_chunks, "_RIFF_LIMIT", 50_000)
    samples = tones(channels=1)[:38_399]  # odd bytes in 24 bits
    path = tmp_path / "long.wav"
    with open_writer(path, sample_rate=RATE, channels=1, subtype=subtype, metadata=METADATA) as writer:
        for start in range(0, len(samples), 5_000):
            writer.write(samples[start : start + 5_000])
    data = path.read_bytes()
    assert data[:8] == b"RF64\xff\xff\xff\xff"
    assert data[12:20] == b"ds64\x1c\0\0\0"
    riff_bytes, data_bytes, frames, table = struct.unpack("<QQQI", data[20:48])
    width = 3 if subtype == "PCM_24" else 4
    assert (riff_bytes, data_bytes, frames, table) == (len(data) - 8, 38_399 * width, 38_399, 0)
    assert read_info(path).format == "RF64"
    np.testing.assert_allclose(read_clip(path).samples, samples, atol=2**-23)


@needs_ffmpeg
def test_ffmpeg_reads_the_rf64_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wav_chunks, "_RIFF_LIMIT", 50_000)
    write_wav(tmp_path / "x.wav", AudioClip(tones(), RATE), metadata=METADATA)
    command = ["ffmpeg", "-nostdin", "-v", "error", "-i", str(tmp_path / "x.wav"), str(tmp_path / "y.flac")]
    subprocess.run(command, check=True, timeout=30)
    np.testing.assert_array_equal(soundfile.read(tmp_path / "y.flac")[0].shape, (38_400, 2))


@pytest.mark.parametrize("dither", ["tpdf", "shaped", "none"])
def test_dither_reaches_every_16_bit_format(tmp_path: Path, dither: DitherMode) -> None:
    quiet = AudioClip(np.full((20_000, 1), 0.3 / 32_768, np.float32), RATE)
    heard = {}
    for format in ("wav", "flac", "aiff"):
        path = tmp_path / f"x.{format}"
        write_audio(path, quiet, format, subtype="PCM_16", dither=dither)
        heard[format] = read_clip(path).samples
    np.testing.assert_array_equal(heard["wav"], heard["flac"])
    np.testing.assert_array_equal(heard["wav"], heard["aiff"])
    assert heard["wav"].mean() * 32_768 == pytest.approx(0.0 if dither == "none" else 0.3, abs=0.03)


@pytest.mark.parametrize(("format", "rate", "channels"), [("opus", 48_000, 6), ("mp3", 48_000, 2), ("ogg", 96_000, 6)])
def test_what_a_format_cannot_hold_is_converted(tmp_path: Path, format: AudioFormat, rate: int, channels: int) -> None:
    t = np.arange(96_000) / 96_000
    six = np.stack([0.2 * np.sin(2 * np.pi * 200 * t)] * 6, axis=1).astype(np.float32)
    with open_writer(tmp_path / "x", sample_rate=96_000, channels=6, format=format) as writer:
        for start in range(0, len(six), 7_777):
            writer.write(six[start : start + 7_777])
    info = read_info(tmp_path / "x")
    assert (info.sample_rate, info.channels, info.frames) == (rate, channels, rate)


def test_conversion_in_blocks_is_the_conversion_of_the_whole() -> None:
    samples = tones(1.0, channels=6)
    fitter = Fitter(RATE, 6, target_rate=44_100, max_channels=2)
    assert (fitter.sample_rate, fitter.channels) == (44_100, 2)
    parts = [fitter.process(samples[start : start + 3_333]) for start in range(0, len(samples), 3_333)]
    out = np.concatenate([*parts, fitter.finish()])
    whole = resample(to_stereo(AudioClip(samples, RATE)), 44_100).samples
    assert out.shape == whole.shape == (44_100, 2)
    np.testing.assert_allclose(out, whole, atol=1e-5)


def test_an_aiff_beyond_its_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    short = replace(audio_encoder.ENCODINGS["aiff", "PCM_24"], max_bytes=500_000)
    monkeypatch.setitem(audio_encoder.ENCODINGS, ("aiff", "PCM_24"), short)
    with pytest.raises(UserError, match=r"“x\.aiff” would grow beyond 4 GiB, which AIFF cannot hold; choose WAV\."):
        write_audio(tmp_path / "x.aiff", AudioClip(tones(4.0), RATE), "aiff")
    assert list(tmp_path.iterdir()) == []


def test_m4a_without_ffmpeg_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    sentence = "“x.m4a” needs ffmpeg to be written, which is not installed; install it or choose another format."
    with pytest.raises(UserError) as caught:
        write_audio(tmp_path / "x.m4a", AudioClip(tones(), RATE), "m4a")
    assert str(caught.value) == sentence
    assert list(tmp_path.iterdir()) == []


KILLED = """
import os, signal, sys
from pathlib import Path
import numpy as np
from grammy_desktop.core.audio_file import open_writer
with open_writer(Path(sys.argv[1]), sample_rate=48_000, channels=2) as writer:
    for _ in range(20):
        writer.write(np.zeros((10_000, 2), np.float32))
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_kill_leaves_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "x.wav").write_bytes(b"old")
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / "x.wav")], timeout=60, check=False)
    assert (tmp_path / "x.wav").read_bytes() == b"old"
