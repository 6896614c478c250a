"""WAV, RF64 and W64 files that are cut, that lie, or that are merely odd."""

from __future__ import annotations

import struct
from collections.abc import Iterator

import numpy as np

from tests.acceptance.issue_3.bad_files_base import RATE, BadFile, by_libsndfile, encoded, music, patched, samples_as

_U16, _U32 = struct.Struct("<H"), struct.Struct("<I")


def wav_files() -> Iterator[BadFile]:
    plain = by_libsndfile("WAV", "PCM_16")
    yield from _cut(plain)
    yield from _lying_headers(plain)
    yield from _odd_chunks(plain)
    yield from _contents()
    yield from _kinds()
    yield from _wide()


def _cut(plain: bytes) -> Iterator[BadFile]:
    for size in (0, 1, 4, 8, 11, 12, 16, 20, 24, 35, 36, 40, 43, 44, 45, 46, 48, 100, len(plain) // 2, len(plain) - 1):
        yield BadFile(f"cut at {size}.wav", plain[:size])
    whole = encoded("wav")
    yield BadFile("cut in the metadata behind.wav", whole[:-40])
    yield BadFile("something behind the end.wav", plain + np.random.default_rng(1).bytes(5_001))


def _lying_headers(plain: bytes) -> Iterator[BadFile]:
    # name, offset in a plain 44-byte header, field, values
    fields = (
        ("format", 20, _U16, (0, 2, 6, 7, 0x11, 0x31, 0x50, 0x55, 0x2000, 0xFFFE, 0xFFFF)),
        ("channels", 22, _U16, (0, 1, 3, 8, 9, 96, 255, 65_535)),
        ("rate", 24, _U32, (0, 1, 7_999, 8_000, 384_001, 1_000_000, 2**31, 2**32 - 1)),
        ("byte rate", 28, _U32, (0, 1, 2**32 - 1)),
        ("frame bytes", 32, _U16, (0, 1, 3, 65_535)),
        ("bits", 34, _U16, (0, 1, 7, 8, 12, 17, 24, 32, 33, 64, 77, 65_535)),
        ("data size", 40, _U32, (0, 1, 3, 1_000, 2**31 - 1, 2**31, 0xFFFFFFF0, 2**32 - 1)),
        ("fmt size", 16, _U32, (0, 1, 14, 15, 17, 18, 40, 2**31, 2**32 - 1)),
        ("riff size", 4, _U32, (0, 4, 100, 2**31, 2**32 - 1)),
    )
    for name, offset, field, values in fields:
        for value in values:
            yield BadFile(f"{name} {value}.wav", patched(plain, offset, field.pack(value)))


def _odd_chunks(plain: bytes) -> Iterator[BadFile]:
    head, form, sound = plain[:12], plain[12:36], plain[36:]
    rng = np.random.default_rng(2)

    def with_chunk(name: bytes, body: bytes, size: int | None = None) -> bytes:
        return head + name + _U32.pack(len(body) if size is None else size) + body + form + sound

    yield BadFile("odd chunk without padding.wav", with_chunk(b"junk", b"1234567"))
    yield BadFile("odd chunk with padding.wav", with_chunk(b"junk", b"1234567\0", 7))
    yield BadFile("a megabyte of junk first.wav", with_chunk(b"junk", bytes(2**20)))
    yield BadFile("a list that lies.wav", with_chunk(b"LIST", b"INFOINAM\xff\xff\xff\xff" + b"x" * 40))
    yield BadFile("a chunk as long as the file claims 4 GB.wav", with_chunk(b"junk", b"12345678", 2**32 - 1))
    yield BadFile("names of zeros.wav", with_chunk(bytes(4), bytes(16)))
    yield BadFile("bext of garbage.wav", with_chunk(b"bext", rng.bytes(700)))
    yield BadFile("bext cut.wav", with_chunk(b"bext", b"short"))
    yield BadFile("four billion cue points.wav", with_chunk(b"cue ", b"\xff\xff\xff\xff" + bytes(48)))
    yield BadFile("a sampler chunk that lies.wav", with_chunk(b"smpl", bytes(28) + b"\xff" * 8 + bytes(24)))
    yield BadFile("iXML without end.wav", with_chunk(b"iXML", b"<BWFXML>" * 1_000))
    yield BadFile("ID3 garbage inside.wav", with_chunk(b"id3 ", b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + rng.bytes(90)))
    yield BadFile("acid of garbage.wav", with_chunk(b"acid", rng.bytes(24)))
    yield BadFile("a peak chunk that lies.wav", with_chunk(b"PEAK", rng.bytes(24)))
    yield BadFile("a thousand chunks.wav", head + (b"note" + _U32.pack(4) + b"abcd") * 1_000 + form + sound)
    yield BadFile("format behind the sound.wav", head + sound + form)
    yield BadFile("no format.wav", head + sound)
    yield BadFile("two formats.wav", head + form + form + sound)
    yield BadFile("sound twice.wav", plain + sound)
    yield BadFile("no sound.wav", head + form + b"junk" + _U32.pack(8) + bytes(8))
    yield BadFile("big endian.wav", by_libsndfile("WAV", "PCM_16").replace(b"RIFF", b"RIFX", 1))


def _contents() -> Iterator[BadFile]:
    good = music()
    spoilt: dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float32]]] = {}
    for name, value in (
        ("NaN", np.nan), ("infinity", np.inf), ("minus infinity", -np.inf), ("1e20", 1e20), ("3e38", 3e38),
    ):  # fmt: skip
        samples = good.copy()
        samples[5_000:5_010] = value
        spoilt[name] = samples
    samples = good.copy()
    samples[-1, -1] = np.nan
    spoilt["NaN at the very end"] = samples
    spoilt["nothing but NaN"] = np.full_like(good, np.nan)
    spoilt["denormals"] = np.full_like(good, 1e-42)
    spoilt["20 dB too hot"] = good * 20
    spoilt["silence"] = good * 0
    spoilt["direct current"] = good * 0 + 0.5
    spoilt["one frame"] = good[:1]
    spoilt["ten frames"] = good[:10]
    spoilt["4,000 frames"] = good[:4_000]
    spoilt["left only"] = good * np.array([1, 0], np.float32)
    spoilt["side only"] = good * np.array([1, -1], np.float32)
    spoilt["full scale at half the rate"] = np.tile(np.array([[1], [-1]], np.float32), (20_000, 2))
    for name, content in spoilt.items():
        yield BadFile(f"{name}.wav", samples_as("WAV", "FLOAT", content))
    yield BadFile("NaN in doubles.wav", samples_as("WAV", "DOUBLE", spoilt["NaN"]))
    yield BadFile("no frames.wav", samples_as("WAV", "PCM_16", good[:0]))


def _kinds() -> Iterator[BadFile]:
    for subtype in ("PCM_U8", "PCM_24", "PCM_32", "DOUBLE", "ALAW", "ULAW", "IMA_ADPCM", "MS_ADPCM", "G721_32"):
        channels = 1 if subtype == "G721_32" else 2
        yield BadFile(f"{subtype}.wav", by_libsndfile("WAV", subtype, channels=channels))
    for subtype in ("IMA_ADPCM", "MS_ADPCM"):
        data = by_libsndfile("WAV", subtype)
        yield BadFile(f"{subtype} cut.wav", data[: len(data) // 3])
        yield BadFile(f"{subtype} with a block of 0.wav", patched(data, 32, b"\0\0"))
        yield BadFile(f"{subtype} with a block of 65535.wav", patched(data, 32, b"\xff\xff"))
        yield BadFile(f"{subtype} without frames in a block.wav", patched(data, 38, b"\0\0"))
    for channels in (3, 6, 8, 9, 96):
        yield BadFile(f"{channels} channels.wav", by_libsndfile("WAV", "PCM_16", channels=channels))
    for rate in (8_000, 11_025, 384_000):
        yield BadFile(f"{rate} Hz.wav", by_libsndfile("WAV", "PCM_24", rate=rate))
    short = music(0.05)
    for rate in (1, 100, 7_999, 384_001, 1_000_000):
        yield BadFile(f"truly {rate} Hz.wav", samples_as("WAV", "PCM_16", short, rate=rate))


def _wide() -> Iterator[BadFile]:
    """64-bit sizes that lie."""
    rf64 = by_libsndfile("RF64", "PCM_16")
    place = rf64.index(b"ds64") + 8
    for name, offset, value in (
        ("riff size 0", 0, 0), ("sound 0", 8, 0), ("sound of an exabyte", 8, 2**60), ("sound negative", 8, 2**64 - 1),
        ("sound small", 8, 400), ("frames of an exabyte", 16, 2**60), ("frames 0", 16, 0),
    ):  # fmt: skip
        yield BadFile(f"RF64 {name}.wav", patched(rf64, place + offset, struct.pack("<Q", value)))
    yield BadFile("RF64 with a table that lies.wav", patched(rf64, place + 24, b"\xff\xff\xff\xff"))
    yield BadFile("RF64 without ds64.wav", patched(rf64, place - 8, b"JUNK"))
    yield BadFile("RF64 cut.wav", rf64[: len(rf64) // 2])
    yield BadFile("RF64 in name only.wav", by_libsndfile("WAV", "PCM_16").replace(b"RIFF", b"RF64", 1))
    yield BadFile("RF64.wav", rf64)
    w64 = by_libsndfile("W64", "PCM_16")
    fmt, sound = w64.index(b"fmt "), w64.index(b"data")
    for name, offset, new in (
        ("another GUID", 8, bytes(8)), ("riff size 0", 16, bytes(8)), ("riff size huge", 16, b"\xff" * 8),
        ("format size 0", fmt + 16, bytes(8)), ("format size huge", fmt + 16, b"\xff" * 7 + b"\x7f"),
        ("sound size 0", sound + 16, bytes(8)), ("sound size huge", sound + 16, b"\xff" * 7 + b"\x7f"),
        ("sound size 1", sound + 16, b"\1" + bytes(7)), ("a GUID of sound that lies", sound + 4, b"\xff" * 12),
    ):  # fmt: skip
        yield BadFile(f"W64 {name}.w64", patched(w64, offset, new))
    yield BadFile("W64 cut.w64", w64[: len(w64) // 2])
    yield BadFile(f"W64 at {RATE}.w64", w64)
