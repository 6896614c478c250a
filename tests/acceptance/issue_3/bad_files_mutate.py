"""A seeded mutation fuzzer: what disks, downloads and other programs do to good files."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from tests.acceptance.issue_3.bad_files_base import BadFile, by_libsndfile, encoded

_Mutation = Callable[[bytearray, np.random.Generator], bytes]
_EXTREMES = (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\xff\xff\xff\x7f", b"\x80\0\0\0", b"\1\0\0\0")
_HEADER_BYTES = 200


def mutations(count: int, *, seed: int = 20) -> Iterator[BadFile]:
    """`count` files, the five formats in turn; the same for the same seed."""
    bases = {
        "wav": (by_libsndfile("WAV", "PCM_16"), encoded("wav")), "flac": (encoded("flac"),), "mp3": (encoded("mp3"),),
        "ogg": (encoded("ogg"), encoded("opus")), "aiff": (encoded("aiff"),),
    }  # fmt: skip
    formats = list(bases)
    for number in range(count):
        rng = np.random.default_rng((seed, number))
        suffix = formats[number % len(formats)]
        whole = bases[suffix][int(rng.integers(len(bases[suffix])))]
        mutation = MUTATIONS[number // len(formats) % len(MUTATIONS)]
        data = mutation(bytearray(whole), rng)
        yield BadFile(f"mutation {number} {mutation.__name__.strip('_')}.{suffix}", data)


def _place(data: bytearray, rng: np.random.Generator) -> int:
    """Half of all harm is done to the header, where it matters."""
    end = min(_HEADER_BYTES, len(data)) if rng.random() < 0.5 else len(data)
    return int(rng.integers(end))


def _flip_bits(data: bytearray, rng: np.random.Generator) -> bytes:
    for _ in range(int(rng.integers(1, 40))):
        data[_place(data, rng)] ^= 1 << int(rng.integers(8))
    return bytes(data)


def _random_bytes(data: bytearray, rng: np.random.Generator) -> bytes:
    for _ in range(int(rng.integers(1, 12))):
        data[_place(data, rng)] = int(rng.integers(256))
    return bytes(data)


def _extreme_numbers(data: bytearray, rng: np.random.Generator) -> bytes:
    for _ in range(int(rng.integers(1, 4))):
        start = _place(data, rng)
        data[start : start + 4] = _EXTREMES[int(rng.integers(len(_EXTREMES)))]
    return bytes(data)


def _cut_off(data: bytearray, rng: np.random.Generator) -> bytes:
    return bytes(data[: _place(data, rng)])


def _cut_out(data: bytearray, rng: np.random.Generator) -> bytes:
    start = _place(data, rng)
    del data[start : start + int(rng.integers(1, 5_000))]
    return bytes(data)


def _duplicate(data: bytearray, rng: np.random.Generator) -> bytes:
    start = _place(data, rng)
    piece = data[start : start + int(rng.integers(1, 5_000))]
    at = _place(data, rng)
    return bytes(data[:at] + piece + data[at:])


def _zero_out(data: bytearray, rng: np.random.Generator) -> bytes:
    start = _place(data, rng)
    size = min(len(data) - start, int(rng.integers(1, 5_000)))
    data[start : start + size] = bytes(size)
    return bytes(data)


def _insert_noise(data: bytearray, rng: np.random.Generator) -> bytes:
    at = _place(data, rng)
    return bytes(data[:at]) + rng.bytes(int(rng.integers(1, 3_000))) + bytes(data[at:])


def _splice(data: bytearray, rng: np.random.Generator) -> bytes:
    other = encoded(("wav", "flac", "mp3", "ogg", "aiff", "opus")[int(rng.integers(6))])
    return bytes(data[: _place(data, rng)]) + other[_place(bytearray(other), rng) :]


def _swap(data: bytearray, rng: np.random.Generator) -> bytes:
    first, second, size = _place(data, rng), int(rng.integers(len(data))), int(rng.integers(1, 2_000))
    one, two = bytes(data[first : first + size]), bytes(data[second : second + size])
    data[first : first + len(two)] = two
    data[second : second + len(one)] = one
    return bytes(data)


MUTATIONS: tuple[_Mutation, ...] = (
    _flip_bits, _random_bytes, _extreme_numbers, _cut_off, _cut_out, _duplicate, _zero_out, _insert_noise, _splice, _swap,
)  # fmt: skip
