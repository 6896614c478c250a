"""FLAC, MP3, Ogg, AIFF and MP4 files that are cut, that lie, or that are merely odd."""

from __future__ import annotations

import struct
from collections.abc import Iterator

import numpy as np

from tests.acceptance.issue_3.bad_files_base import BadFile, by_libsndfile, encoded, patched


def coded_files() -> Iterator[BadFile]:
    yield from _flac()
    yield from _mp3()
    yield from _ogg()
    yield from _aiff()
    yield from _mp4()


def _cuts(name: str, suffix: str, data: bytes, sizes: tuple[int, ...]) -> Iterator[BadFile]:
    for size in sorted(set(sizes)):
        yield BadFile(f"{name} cut at {size}.{suffix}", data[:size])
    for share in (0.3, 0.7, 0.97):
        yield BadFile(f"{name} cut at {share:.0%}.{suffix}", data[: int(len(data) * share)])


def _flac() -> Iterator[BadFile]:
    good, rng = encoded("flac"), np.random.default_rng(4)
    yield from _cuts("flac", "flac", good, (4, 8, 20, 42))
    # STREAMINFO: block sizes at 8 and 10, frame sizes at 12 and 15, rate/channels/bits/length from 18, MD5 at 26.
    lies = {
        "block size 0": (8, bytes(4)), "block size 65535": (8, b"\xff\xff\xff\xff"), "rate 0": (18, b"\0\0\x02"),
        "rate 655350": (18, b"\xff\xff\xf2"), "length 0": (22, bytes(4)), "length huge": (21, b"\xff\xff\xff\xff\xff"),
        "one bit": (20, b"\x02\x00"), "32 bits": (20, b"\x03\xf0"), "eight channels": (20, b"\x0e"),
        "another MD5": (26, bytes(range(16))), "a block that never ends": (5, b"\xff\xff\xff"),
        "a reserved block": (42, b"\x7f"),
    }  # fmt: skip
    for name, (offset, new) in lies.items():
        yield BadFile(f"flac {name}.flac", patched(good, offset, new))
    for share in (0.2, 0.4, 0.6, 0.8):
        place = int(len(good) * share)
        yield BadFile(f"flac garbage at {share:.0%}.flac", patched(good, place, rng.bytes(300)))
    comments = b"fLaC\x84" + struct.pack(">I", 200)[1:] + struct.pack("<I", 2**31) + bytes(196)
    yield BadFile("flac with comments first.flac", comments + good[4:])
    yield BadFile("flac behind ID3.flac", b"ID3\x04\0\0\0\0\0\x0a" + bytes(10) + good)
    yield BadFile("flac twice.flac", good + good)


def _mp3() -> Iterator[BadFile]:
    good, rng = encoded("mp3"), np.random.default_rng(5)
    sound = good.index(b"\xff\xfb")
    yield from _cuts("mp3", "mp3", good, (3, 10, 20, sound, sound + 4, sound + 100))
    yield BadFile("mp3 with an ID3 that never ends.mp3", b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + good)
    yield BadFile("mp3 with an ID3 of garbage.mp3", b"ID3\x04\0\xff\0\0\x02\x00" + rng.bytes(256) + good[sound:])
    yield BadFile("mp3 of version 9.mp3", b"ID3\x09\x09\0\0\0\0\x10" + rng.bytes(16) + good[sound:])
    yield BadFile("mp3 of nothing but ID3.mp3", good[:sound])
    for tag in (b"Xing", b"Info", b"LAME"):
        if tag in good:
            yield BadFile(f"mp3 whose {tag.decode()} lies.mp3", patched(good, good.index(tag) + 8, b"\x7f\xff\xff\xff"))
    yield BadFile("mp3 of sync words.mp3", b"\xff\xfb" * 20_000)
    yield BadFile("mp3 of free bit rate.mp3", b"\xff\xfb\x00\x00" * 10_000)
    yield BadFile("mp3 with garbage inside.mp3", patched(good, len(good) // 2, rng.bytes(5_000)))
    yield BadFile("mp3 with garbage before.mp3", rng.bytes(3_000) + good[sound:])
    yield BadFile("mp3 with a mono frame.mp3", patched(good, sound + 3, b"\xc0"))
    yield BadFile("mp3 of two rates.mp3", good + by_libsndfile("MP3", "MPEG_LAYER_III", rate=22_050, channels=1))
    yield BadFile("mp3 with an APE tag that lies.mp3", good + b"APETAGEX\xd0\x07\0\0" + b"\xff" * 20)
    yield BadFile("mp3 with ID3v1 of garbage.mp3", good + b"TAG" + rng.bytes(125))


def _pages(data: bytes) -> list[bytes]:
    starts = [place for place in range(len(data)) if data[place : place + 4] == b"OggS"]
    return [data[start:end] for start, end in zip(starts, [*starts[1:], len(data)], strict=True)]


def _ogg() -> Iterator[BadFile]:
    rng = np.random.default_rng(6)
    for name in ("ogg", "opus"):
        good = encoded(name)
        pages = _pages(good)
        yield from _cuts(name, name, good, (4, 27, 28, 58, len(pages[0]), len(pages[0]) + len(pages[1])))
        yield BadFile(f"{name} without its first page.{name}", b"".join(pages[1:]))
        yield BadFile(f"{name} without its second page.{name}", b"".join(pages[:1] + pages[2:]))
        yield BadFile(f"{name} without a page in the middle.{name}", b"".join(pages[:3] + pages[4:]))
        yield BadFile(f"{name} without its last page.{name}", b"".join(pages[:-1]))
        yield BadFile(f"{name} in another order.{name}", b"".join(pages[:2] + pages[2:][::-1]))
        yield BadFile(f"{name} twice.{name}", good + good)
        yield BadFile(f"{name} with a wrong checksum.{name}", patched(good, len(pages[0]) + 22, b"\0\1\2\3"))
        last = len(good) - len(pages[-1])
        yield BadFile(f"{name} of endless length.{name}", patched(good, last + 6, b"\xff" * 7 + b"\x7f"))
        yield BadFile(f"{name} of negative length.{name}", patched(good, last + 6, b"\xff" * 8))
        yield BadFile(f"{name} with 0 channels.{name}", patched(good, 39 if name == "ogg" else 37, b"\0"))
        yield BadFile(f"{name} with 255 channels.{name}", patched(good, 39 if name == "ogg" else 37, b"\xff"))
        yield BadFile(f"{name} with garbage inside.{name}", patched(good, len(good) // 2, rng.bytes(600)))
    yield BadFile("ogg with both.ogg", encoded("ogg") + encoded("opus"))


def _aiff() -> Iterator[BadFile]:
    good = encoded("aiff")
    common, sound = good.index(b"COMM"), good.index(b"SSND")
    yield from _cuts("aiff", "aiff", good, (4, 8, 12, common + 8, common + 20, sound + 8, sound + 16))
    # The rate is an 80-bit float at COMM + 16.
    lies = {
        "0 channels": (common + 8, b"\0\0"), "96 channels": (common + 8, b"\0\x60"), "65535 channels": (common + 8, b"\xff\xff"),
        "0 frames": (common + 10, bytes(4)), "4 billion frames": (common + 10, b"\xff" * 4), "0 bits": (common + 14, b"\0\0"),
        "7 bits": (common + 14, b"\0\7"), "33 bits": (common + 14, b"\0\x21"), "rate 0": (common + 16, bytes(10)),
        "rate not a number": (common + 16, b"\x7f\xff" + b"\xff" * 8), "rate infinite": (common + 16, b"\x7f\xff\x80" + bytes(7)),
        "rate negative": (common + 16, b"\xc0\x0e\xac\x44" + bytes(6)), "rate 1e300": (common + 16, b"\x43\xe4\xbf" + bytes(7)),
        "COMM of size 0": (common + 4, bytes(4)), "COMM of size huge": (common + 4, b"\xff" * 4),
        "SSND of size 0": (sound + 4, bytes(4)), "SSND of size huge": (sound + 4, b"\xff" * 4),
        "SSND with an offset": (sound + 8, b"\x7f\xff\xff\xff"), "FORM of size 0": (4, bytes(4)),
    }  # fmt: skip
    for name, (offset, new) in lies.items():
        yield BadFile(f"aiff {name}.aiff", patched(good, offset, new))
    packed = by_libsndfile("AIFF", "ALAW")
    yield BadFile("aifc.aif", packed)
    kind = packed.find(b"alaw") if b"alaw" in packed else packed.find(b"ALAW")
    yield BadFile("aifc of no known kind.aif", patched(packed, kind, b"zzzz"))
    yield BadFile("aiff without COMM.aiff", patched(good, common, b"XXXX"))
    yield BadFile("aiff without SSND.aiff", patched(good, sound, b"XXXX"))
    yield BadFile("aiff that is 8SVX.aiff", patched(good, 8, b"8SVX"))


def _mp4() -> Iterator[BadFile]:
    good, rng = encoded("m4a"), np.random.default_rng(7)
    if good:
        yield from _cuts("m4a", "m4a", good, (8, 40, 300))
        yield BadFile("m4a of its head.m4a", good[:32])
        for box in (b"mdhd", b"stsz", b"stco", b"esds", b"stts", b"mp4a"):
            place = good.index(box)
            yield BadFile(f"m4a whose {box.decode()} lies.m4a", patched(good, place + 12, rng.bytes(16)))
    yield BadFile("m4a of boxes in boxes.m4a", b"\0\0\0\x20ftypM4A " + bytes(20) + b"\0\0\xff\xffmoov" * 500)
    yield BadFile("webm of garbage.webm", b"\x1a\x45\xdf\xa3" + rng.bytes(5_000))
    yield BadFile("aac of garbage.aac", b"\xff\xf1\x50\x80" + rng.bytes(5_000))
    yield BadFile("wma of garbage.wma", b"\x30\x26\xb2\x75\x8e\x66\xcf\x11" + rng.bytes(5_000))
    yield BadFile("caf of garbage.caf", b"caff\0\1\0\0desc" + rng.bytes(5_000))
    yield BadFile("amr of garbage.amr", b"#!AMR\n" + rng.bytes(500))
