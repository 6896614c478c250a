from __future__ import annotations

import json
import resource
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from grammy_desktop.core import audio_read
from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.audio_file import (
    AUDIO_FORMATS,
    DISCLOSURE,
    AudioFormat,
    AudioMetadata,
    open_source,
    read_clip,
    read_info,
    resample,
    to_stereo,
    write_audio,
    write_wav,
)
from grammy_desktop.core.errors import EnvironmentFailure, UserError

METADATA = AudioMetadata(
    title="Größe eins",
    tempo=92.5,
    key="F# minor",
    licence="CC0-1.0",
    comment="take 3",
    markers=((0.0, "Intro"), (0.5, "Strophe ä")),
    recipe=json.dumps({"seed": 7}),
)
needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")


def music(seconds: float = 1.0, *, channels: int = 2, sample_rate: int = 44_100) -> AudioClip:
    t = np.arange(round(seconds * sample_rate)) / sample_rate
    tones = [0.4 * np.sin(2 * np.pi * 220 * (number + 1) * t) for number in range(channels)]
    return AudioClip(np.stack(tones, axis=1).astype(np.float32), sample_rate)


def wav_bytes(tmp_path: Path) -> bytes:
    rng = np.random.default_rng(0)
    path = tmp_path / "ok.wav"
    soundfile.write(path, rng.standard_normal((44_100, 2)) * 0.1, 44_100, "PCM_16")
    return path.read_bytes()


def chunks_of(data: bytes) -> dict[bytes, bytes]:
    assert data[:4] == b"RIFF"
    assert struct.unpack("<I", data[4:8])[0] == len(data) - 8
    found: dict[bytes, bytes] = {}
    position = 12
    while position < len(data):
        name, size = struct.unpack("<4sI", data[position : position + 8])
        body = data[position + 8 : position + 8 + size]
        found[name + (body[:4] if name == b"LIST" else b"")] = body
        position += 8 + size + size % 2
    assert position == len(data)
    return found


@pytest.mark.parametrize(
    ("subtype", "step"), [("PCM_16", 2**-14), ("PCM_24", 2**-23), ("PCM_32", 2**-24), ("FLOAT", 0.0)]
)
@pytest.mark.parametrize("channels", [1, 2, 3, 6, 8])
def test_wav_round_trip(tmp_path: Path, subtype: str, step: float, channels: int) -> None:
    clip = music(0.5, channels=channels)
    write_wav(tmp_path / "a b ü.wav", clip, metadata=METADATA, subtype=subtype)  # type: ignore[arg-type]
    back = read_clip(tmp_path / "a b ü.wav")
    assert back.sample_rate == 44_100
    assert back.samples.shape == clip.samples.shape
    assert np.abs(back.samples - clip.samples).max() <= step
    assert read_info(tmp_path / "a b ü.wav").subtype == subtype


def test_the_chunks_say_what_they_should_in_an_odd_sized_file(tmp_path: Path) -> None:
    clip = AudioClip(music(1.0, channels=1).samples[:44_099], 44_100)  # 3 * 44,099 bytes is odd
    path = tmp_path / "x.wav"
    write_wav(path, clip, metadata=METADATA)
    chunks = chunks_of(path.read_bytes())
    assert len(chunks[b"data"]) == 3 * 44_099
    assert b"Grosse" not in chunks[b"bext"]
    assert chunks[b"bext"][:256].rstrip(b"\0") == b"Groe eins; made with AI; CC0-1.0"
    count, _, first = struct.unpack("<III", chunks[b"cue "][:12])
    assert (count, first) == (2, 0)
    assert struct.unpack("<I", chunks[b"cue "][-4:])[0] == 22_050
    assert "Strophe ä".encode() in chunks[b"LISTadtl"]
    flags, root, _, _, beats, low, high, tempo = struct.unpack("<IHHfIHHf", chunks[b"acid"])
    assert (flags & 2, root, beats, low, high, tempo) == (2, 66, 2, 4, 4, 92.5)
    info = chunks[b"LISTINFO"].decode()
    assert "Größe eins" in info
    assert DISCLOSURE in info
    assert '{"seed": 7}' in info


def test_no_metadata_means_no_disclosure(tmp_path: Path) -> None:
    write_wav(tmp_path / "x.wav", music(0.1))
    assert set(chunks_of((tmp_path / "x.wav").read_bytes())) == {b"JUNK", b"fmt ", b"data"}
    own = AudioMetadata(title="mine", disclosure="")
    write_wav(tmp_path / "y.wav", music(0.1), metadata=own)
    assert DISCLOSURE.encode() not in (tmp_path / "y.wav").read_bytes()


def test_the_same_song_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("1.wav", "2.wav"):
        write_wav(tmp_path / name, music(0.2), metadata=METADATA, subtype="PCM_16")
    assert (tmp_path / "1.wav").read_bytes() == (tmp_path / "2.wav").read_bytes()


def test_16_bit_is_dithered_only_when_it_needs_to_be(tmp_path: Path) -> None:
    quiet = AudioClip(np.full((20_000, 1), 0.3 / 32768, np.float32), 44_100)
    write_wav(tmp_path / "quiet.wav", quiet, subtype="PCM_16")
    assert read_clip(tmp_path / "quiet.wav").samples.mean() * 32768 == pytest.approx(0.3, abs=0.03)
    write_wav(tmp_path / "silence.wav", AudioClip(np.zeros((1000, 1), np.float32), 44_100), subtype="PCM_16")
    assert not read_clip(tmp_path / "silence.wav").samples.any()


def test_beyond_full_scale_is_clipped_not_wrapped(tmp_path: Path) -> None:
    clip = AudioClip(music(0.2).samples * 10, 44_100)
    for format in ("wav", "flac", "aiff"):
        write_audio(tmp_path / f"x.{format}", clip, format)
        assert np.abs(read_clip(tmp_path / f"x.{format}").samples - np.clip(clip.samples, -1, 1)).max() < 1e-6


def need_program(format: str) -> None:
    if format == "m4a" and shutil.which("ffmpeg") is None:
        pytest.skip("ffmpeg is not installed")


@pytest.mark.parametrize("format", AUDIO_FORMATS)
def test_every_format_holds_sound_and_metadata(tmp_path: Path, format: AudioFormat) -> None:
    need_program(format)
    clip = music(2.0, sample_rate=48_000)
    path = tmp_path / f"Lied Nº1.{format}"
    write_audio(path, clip, format, metadata=METADATA)
    assert list(tmp_path.iterdir()) == [path]
    back = read_clip(path)
    assert back.sample_rate == 48_000
    # AAC comes in packets of 1,024 frames; ffmpeg does not cut the last one.
    assert 0 <= back.frames - clip.frames < (1024 if format == "m4a" else 1)
    error = back.samples[: clip.frames] - clip.samples
    assert np.sqrt(np.mean(error**2)) < (1e-6 if format in ("wav", "flac", "aiff") else 0.01)
    data = path.read_bytes()
    for text in ("Größe eins", DISCLOSURE, '{"seed": 7}', "CC0-1.0"):
        assert text.encode() in data or text.encode("utf-16-le") in data
    if format != "wav":
        assert b"F#m" in data or "F#m".encode("utf-16-le") in data


@needs_ffmpeg
@pytest.mark.parametrize("format", AUDIO_FORMATS)
def test_ffprobe_finds_the_markers(tmp_path: Path, format: AudioFormat) -> None:
    path = tmp_path / f"x.{format}"
    write_audio(path, music(2.0), format, metadata=METADATA)
    command = ["ffprobe", "-v", "error", "-show_chapters", "-of", "json", str(path)]
    chapters = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=20).stdout)["chapters"]
    assert [(float(c["start_time"]), c["tags"]["title"]) for c in chapters] == [(0.0, "Intro"), (0.5, "Strophe ä")]


def test_a_minute_of_vorbis_does_not_crash(tmp_path: Path) -> None:
    write_audio(tmp_path / "x.ogg", music(60, channels=1, sample_rate=22_050), "ogg")
    assert read_info(tmp_path / "x.ogg").duration == pytest.approx(60, abs=0.1)


def test_mp3_takes_what_it_can_hold(tmp_path: Path) -> None:
    write_audio(tmp_path / "x.mp3", music(1.0, channels=6, sample_rate=96_000), "mp3")
    info = read_info(tmp_path / "x.mp3")
    assert (info.channels, info.sample_rate) == (2, 48_000)


def test_unknown_format() -> None:
    with pytest.raises(UserError, match="“wma” is not an audio format"):
        write_audio(Path("x.wma"), music(0.1), "wma")  # type: ignore[arg-type]


def test_writing_what_is_not_a_number_is_our_bug(tmp_path: Path) -> None:
    samples = music(0.1).samples.copy()
    samples[5] = np.nan
    with pytest.raises(ValueError, match="finite"):
        write_wav(tmp_path / "x.wav", AudioClip(samples, 44_100))
    assert list(tmp_path.iterdir()) == []


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
import numpy as np
from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.audio_file import write_audio
from grammy_desktop.core.errors import EnvironmentFailure
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
clip = AudioClip(np.random.default_rng(0).standard_normal((400_000, 2)).astype(np.float32) * 0.1, 44_100)
for format in ("wav", "flac", "aiff", "ogg", "mp3"):
    try:
        write_audio(Path(sys.argv[1]) / f"x.{format}", clip, format)
    except EnvironmentFailure as error:
        print(format, error.file is not None, "could not be written" in str(error))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs RLIMIT_FSIZE")
def test_a_disk_that_takes_no_more_leaves_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.splitlines() == [f"{format} True True" for format in ("wav", "flac", "aiff", "ogg", "mp3")]
    assert list(tmp_path.iterdir()) == []


BAD_FILES = {
    "empty.wav": (lambda wav: b"", "“empty.wav” is empty."),
    "notes.wav": (lambda wav: "Hällo, these are notes. ".encode() * 400, "“notes.wav” is not audio: it holds text."),
    "half.wav": (
        lambda wav: wav[: len(wav) // 2],
        "“half.wav” is cut short: it holds 0.5 s of the 1.0 s its header names.",
    ),
    "head.wav": (lambda wav: wav[:20], "“head.wav” is cut short: its header is not complete."),
    "header.wav": (lambda wav: wav[:44], "“header.wav” holds a header but no sound."),
    "channels.wav": (
        lambda wav: wav[:22] + b"\0\0" + wav[24:],
        "“channels.wav” is damaged: its header names 0 channels.",
    ),
    "rate.wav": (lambda wav: wav[:24] + bytes(4) + wav[28:], "its header names a sample rate of 0 Hz."),
    "bits.wav": (lambda wav: wav[:34] + b"\x4d\0" + wav[36:], "its header names samples of 77 bits."),
    "long.wav": (
        lambda wav: wav[:40] + struct.pack("<I", 0xFFFFFFF0) + wav[44:],
        "is cut short: it holds 1.0 s of the",
    ),
    "short.wav": (
        lambda wav: wav[:40] + struct.pack("<I", 1000) + wav[44:],
        "its header names 0.0 s, the file holds 1.0 s.",
    ),
    "noise.wav": (lambda wav: np.random.default_rng(1).bytes(200_000), "is damaged or not audio"),
    "picture.mp3": (lambda wav: b"\x89PNG\r\n\x1a\n" + bytes(100), "is not audio: it holds an image."),
    "zeros.flac": (lambda wav: bytes(5000), "is damaged or not audio"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_one_sentence_for_a_bad_file(tmp_path: Path, name: str) -> None:
    spoil, sentence = BAD_FILES[name]
    path = tmp_path / name
    path.write_bytes(spoil(wav_bytes(tmp_path)))
    with pytest.raises(UserError) as caught:
        read_clip(path)
    message = str(caught.value)
    assert sentence in message
    assert message.startswith(f"“{name}” ")
    assert message.endswith(".")
    assert "\n" not in message
    assert caught.value.file == str(path)


@pytest.mark.parametrize(
    ("value", "words"), [(np.nan, "not numbers"), (np.inf, "not numbers"), (1e20, "above full scale")]
)
def test_samples_that_cannot_be(tmp_path: Path, value: float, words: str) -> None:
    samples = music(3.0).samples.copy()
    samples[100_000] = value
    soundfile.write(tmp_path / "x.wav", samples, 44_100, "FLOAT")
    with pytest.raises(UserError, match=rf"near 2\.27 s .*{words}"):
        read_clip(tmp_path / "x.wav")


def test_missing_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"“nix\.wav” does not exist\."):
        read_clip(tmp_path / "nix.wav")
    with pytest.raises(UserError, match="is a folder, not an audio file"):
        read_clip(tmp_path)


@pytest.mark.parametrize(("format", "subtype"), [("FLAC", "PCM_16"), ("MP3", "MPEG_LAYER_III")])
def test_a_truncated_compressed_file(tmp_path: Path, format: str, subtype: str) -> None:
    path = tmp_path / f"x.{format.lower()}"
    noise = np.random.default_rng(0).standard_normal((44_100 * 4, 2)) * 0.1
    soundfile.write(path, noise, 44_100, subtype, format=format)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(UserError, match=r"is cut short|is damaged near"):
        read_clip(path)


def test_channels_and_rates_have_limits(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "9.wav", np.zeros((100, 9)), 44_100)
    with pytest.raises(UserError, match="has 9 channels; 1 to 8 can be used"):
        read_clip(tmp_path / "9.wav")
    soundfile.write(tmp_path / "slow.wav", np.zeros((100, 1)), 4_000)
    with pytest.raises(UserError, match="sample rate of 4000 Hz"):
        read_clip(tmp_path / "slow.wav")
    for rate in (8_000, 384_000):
        soundfile.write(tmp_path / "ok.wav", music(0.1, sample_rate=rate).samples, rate, "PCM_24")
        assert read_clip(tmp_path / "ok.wav").sample_rate == rate


def test_too_long(tmp_path: Path) -> None:
    write_wav(tmp_path / "x.wav", music(3.0))
    with pytest.raises(UserError, match=r"“x\.wav” is longer than 2 s, the longest that can be opened\."):
        read_clip(tmp_path / "x.wav", max_seconds=2)


@pytest.mark.skipif(sys.platform == "win32", reason="needs getrusage")
def test_a_lying_flac_header_takes_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "liar.flac"
    soundfile.write(path, music(1.0).samples, 44_100, "PCM_16", format="FLAC")
    data = bytearray(path.read_bytes())
    claimed = 44_100 * 3000  # 50 minutes: a gigabyte of float32 stereo
    data[21] = (data[21] & 0xF0) | (claimed >> 32)
    data[22:26] = struct.pack(">I", claimed & 0xFFFFFFFF)
    path.write_bytes(bytes(data))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(UserError, match=r"is cut short|is damaged near"):
        read_clip(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000


def test_streamed_wavs_with_unknown_length_are_read(tmp_path: Path) -> None:
    data = wav_bytes(tmp_path)
    path = tmp_path / "pipe.wav"
    path.write_bytes(data[:4] + b"\xff\xff\xff\xff" + data[8:40] + b"\xff\xff\xff\xff" + data[44:])
    assert read_clip(path).frames == 44_100


@pytest.mark.parametrize("padding", [b"", b"\0"])
def test_odd_chunks_before_the_sound(tmp_path: Path, padding: bytes) -> None:
    data = wav_bytes(tmp_path)
    path = tmp_path / "odd.wav"
    path.write_bytes(data[:12] + b"junk" + struct.pack("<I", 7) + b"1234567" + padding + data[12:])
    if padding:
        assert read_clip(path).frames == 44_100
    else:
        # libsndfile may or may not forgive the missing byte; a sentence is the least.
        try:
            assert read_clip(path).frames == 44_100
        except UserError as error:
            assert "odd.wav" in str(error)


def test_mono_stays_mono_and_a_source_reads_anywhere(tmp_path: Path) -> None:
    clip = music(1.0, channels=1)
    write_wav(tmp_path / "m.wav", clip)
    whole = read_clip(tmp_path / "m.wav")
    assert whole.channels == 1
    with open_source(tmp_path / "m.wav") as source:
        assert (source.frames, source.channels, source.sample_rate) == (44_100, 1, 44_100)
        for start, count in ((40_000, 10_000), (0, 10), (44_100, 5), (10, 44_090)):
            np.testing.assert_array_equal(source.read(start, count), whole.samples[start : start + count])


@needs_ffmpeg
def test_m4a_through_ffmpeg(tmp_path: Path) -> None:
    write_wav(tmp_path / "x.wav", music(2.0))
    path = tmp_path / "Lied ä.m4a"
    command = ["ffmpeg", "-nostdin", "-v", "error", "-i", str(tmp_path / "x.wav"), "-c:a", "aac", str(path)]
    subprocess.run(command, check=True, timeout=30)
    back = read_clip(path)
    assert back.duration == pytest.approx(2.0, abs=0.05)
    assert back.samples[22_050:66_150].std() == pytest.approx(0.4 / np.sqrt(2), rel=0.02)
    path.write_bytes(path.read_bytes()[:300])
    with pytest.raises(UserError, match=r"“Lied ä\.m4a” is damaged or not audio"):
        read_clip(path)


def test_without_ffmpeg_the_sentence_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.m4a").write_bytes(b"\0\0\0\x20ftypM4A " + bytes(100))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError, match=r"“x\.m4a” needs ffmpeg to be opened"):
        read_clip(tmp_path / "x.m4a")


def test_to_stereo_and_resample() -> None:
    mono = music(0.5, channels=1)
    doubled = to_stereo(mono)
    np.testing.assert_array_equal(doubled.samples[:, 0], doubled.samples[:, 1])
    surround = AudioClip(np.eye(6, dtype=np.float32), 48_000)
    np.testing.assert_allclose(to_stereo(surround).samples[:, 0], [1, 0, 0.7071, 0, 0.7071, 0], atol=1e-4)
    t = np.arange(24_000) / 48_000
    converted = resample(music(0.5), 48_000)
    assert converted.frames == 24_000
    middle = slice(2_000, 22_000)
    np.testing.assert_allclose(converted.samples[middle, 0], 0.4 * np.sin(2 * np.pi * 220 * t)[middle], atol=1e-4)


def test_nothing_of_a_failed_decode_stays_open(tmp_path: Path) -> None:
    path = tmp_path / "x.wav"
    write_wav(path, AudioClip(np.zeros((10, 2), np.float32), 44_100))
    with pytest.raises(UserError):
        audio_read.read_clip(path, max_seconds=0)
    path.unlink()


def test_environment_failure_names_the_folder(tmp_path: Path) -> None:
    # A name that no file system takes.
    with pytest.raises(EnvironmentFailure, match="the name is too long"):
        write_wav(tmp_path / ("x" * 300 + ".wav"), music(0.1))
