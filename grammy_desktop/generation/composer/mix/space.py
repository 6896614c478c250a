"""Reverb and echo. Every return goes back to the stem that sent it, so that stems stay complete."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples
from grammy_desktop.generation.composer.mix.blocks import blocks, has_sound
from grammy_desktop.generation.composer.mix.filters import RunningFilter, butterworth
from grammy_desktop.generation.composer.render.oscillators import RATE
from grammy_desktop.generation.composer.render.shaping import (
    apply_filter,
    fade_edges,
    falling,
    filtered,
    frames_of,
    sections_of,
)

Spectrum = NDArray[np.complex64]

_RETURN_HIGHPASS = 250.0
_RETURN_LOWPASS = 8500.0
_LATE_WIDTH = 0.75
"""Side of the reverberation against a diffuse field; the rest is what mono keeps."""
_EARLY = 6000
"""Frames in which the early reflections, and their filter, are over."""
_FAR = 0.35
"""Level of an echo on the other side."""
_ECHO_IN_ROOM = 0.2
"""Of the echoes' mid."""
_AT_ONCE = 4
"""Blocks that are transformed together: that halves the price of each, while all of them fit into the processor's cache."""
_PRICES = {14: 3.0, 15: 3.0, 16: 3.0, 17: 3.0, 18: 4.3}
"""Nanoseconds (about) a sample of a transform of so many bits, as `convolve_into` does it."""
_PARTED, _PART_PRICE = 17, 1.0
"""Bits of the transform with which long responses go in parts; nanoseconds of a line of a part's spectrum."""


@lru_cache(maxsize=16)
def room_of(name: str, seconds: float, predelay: float) -> Samples:
    """The response of the room that the stem `name` stands in, read only: a place, the same in every song."""
    response = room_response(seconds, predelay, np.random.default_rng(zlib.crc32(f"room {name}".encode())))
    response.setflags(write=False)
    return response


def room_response(seconds: float, predelay: float, rng: np.random.Generator) -> Samples:
    """Impulse response of a room with reverberation time `seconds` (T60 at 1 kHz), float32 [frames, 2], unit energy.

    Twelve early reflections, then Gaussian noise whose highs die twice as fast as its middle (the diffuse-field model of
    Moorer, "About this reverberation business", 1979); sides independent, which is what makes it wide.
    """
    frames = frames_of(min(seconds * 1.1, 8.0))
    noise = np.ascontiguousarray(rng.standard_normal((frames, 2), dtype=np.float32).T)
    late = _late_part(noise, seconds)
    early = np.zeros((2, min(frames, _EARLY)), np.float32)
    spread = min(0.07, 0.02 + 0.02 * seconds)
    for channel in range(2):
        times = np.sort(rng.uniform(0.004, spread, 12))
        sizes = rng.choice((-1.0, 1.0), 12) * np.exp(-times / (spread * 0.7))
        np.add.at(early[channel], (times * RATE).astype(int) % frames, sizes.astype(np.float32))
    early /= _level(early)
    wet = late
    wet *= np.float32(0.88)
    wet[:, : early.shape[1]] += apply_filter(early, "lowpass", 6000.0, order=1, axis=-1) * np.float32(0.45)
    tone = (sections_of("highpass", _RETURN_HIGHPASS), sections_of("lowpass", _RETURN_LOWPASS))
    wet = filtered(wet, np.concatenate(tone), axis=-1)
    lead = frames_of(max(predelay, 0.0001))
    whole = np.zeros((2, lead + frames), np.float32)
    whole[:, lead:] = fade_edges(wet.T, 0.0002, 0.05).T
    whole /= _level(whole)
    return whole.T


def _late_part(noise: Samples, seconds: float) -> Samples:
    """The reverberation that `noise` [2, frames] becomes when its bands die away, each at its own speed; unit energy."""
    frames = noise.shape[1]
    slow, even, fast = (falling(frames, 6.91 / (seconds * factor * RATE)) for factor in (1.1, 1.0, 0.5))
    late = apply_filter(noise, "lowpass", 500.0, axis=-1)
    late *= slow - even
    high = apply_filter(noise, "highpass", 3500.0, axis=-1)
    high *= fast - even
    late += high
    late += noise * even
    rise = min(frames, frames_of(0.02))
    late[:, :rise] *= np.arange(rise, dtype=np.float32) / np.float32(0.02 * RATE)
    late /= _level(late)
    # Mid and side, the side narrower.
    difference = (late[0] - late[1]) * np.float32(0.5 * (1.0 - _LATE_WIDTH))
    late[0] -= difference
    late[1] += difference
    return late


def _level(lines: Samples) -> np.float32:
    """The root of the energy of a channel on average."""
    return np.float32(np.sqrt(float(np.vdot(lines, lines)) / 2.0) + 1e-9)


def convolve_into(out: Samples, send: Samples, response: Samples, check: Callable[[], None]) -> None:
    """Add mono `send` [frames] through `response` [n, 2] to `out` [frames, 2], by overlap-add; the tail past the end drops.

    Long responses in parts, as long as a block: what a part gives of a block is what the first would give some blocks later.
    """
    import scipy.fft

    size, hop, parts = _division(len(response), len(send))
    transfers = [_parted(response[:, channel], size, hop, parts) for channel in range(2)]
    recent: list[Spectrum | None] = [None] * (parts - 1)
    for start in range(0, len(send), _AT_ONCE * hop):
        check()
        firsts = range(start, min(len(send), start + _AT_ONCE * hop), hop)
        recent += _spectra(send, firsts, hop, size)
        # Of each block with something to be heard, the spectra that it is made of: its own, then those before it.
        made = {first: recent[place : place + parts][::-1] for place, first in enumerate(firsts)}
        heard = [first for first, spectra in made.items() if any(spectrum is not None for spectrum in spectra)]
        for channel, transfer in enumerate(transfers):
            check()
            if heard:
                wet = scipy.fft.irfft(np.stack([_through(transfer, made[first]) for first in heard]), size)
                for row, first in zip(wet, heard, strict=True):
                    length = min(size, len(send) - first)
                    out[first : first + length, channel] += row[:length]
        recent = recent[len(recent) - parts + 1 :]


def _division(length: int, frames: int) -> tuple[int, int, int]:
    """How a response of `length` over `frames` costs least: size of the transform, frames of a block, parts."""
    choices = {}
    for bits, price in _PRICES.items():
        size = 1 << bits
        whole = size > 1.2 * length
        if not whole and bits != _PARTED:
            continue
        hop, parts = (size - length + 1, 1) if whole else (size // 2, -(-length // (size // 2)))
        cost = -(-frames // hop) * size * (3.0 * price + (parts - 1) * _PART_PRICE)
        choices[size, hop, parts] = cost
    return min(choices, key=choices.__getitem__)


def _parted(line: Samples, size: int, hop: int, parts: int) -> Spectrum:
    """The spectrum of every part of one side of a response, [parts, lines]."""
    import scipy.fft

    rows = np.zeros((parts, size), np.float32)
    for part, row in enumerate(rows):
        piece = line if parts == 1 else line[part * hop : (part + 1) * hop]
        row[: len(piece)] = piece
    return np.asarray(scipy.fft.rfft(rows))


def _spectra(send: Samples, firsts: range, hop: int, size: int) -> list[Spectrum | None]:
    """The spectra of some blocks; None for silence."""
    import scipy.fft

    sounding = [first for first in firsts if has_sound(send[first : first + hop])]
    rows = np.zeros((len(sounding), size), np.float32)
    for row, first in zip(rows, sounding, strict=True):
        piece = send[first : first + hop]
        row[: len(piece)] = piece
    found = dict(zip(sounding, scipy.fft.rfft(rows), strict=True)) if sounding else {}
    return [found.get(first) for first in firsts]


def _through(transfer: Spectrum, spectra: list[Spectrum | None]) -> Spectrum:
    """The spectra, each through its part of the response, together."""
    total: Spectrum | None = None
    for part, spectrum in zip(transfer, spectra, strict=True):
        if spectrum is not None:
            one = spectrum * part
            total = one if total is None else np.add(total, one, out=total)
    return np.zeros_like(transfer[0]) if total is None else total


def echo_into(
    out: Samples, send: Samples, check: Callable[[], None], *, seconds: float, feedback: float, reverb: Samples | None
) -> None:
    """Add ping-pong echoes of a mono send [frames] to `out` [frames, 2]: 300 Hz to 4 kHz, first right, then left.

    reverb: gets a little of them, so that they stand in the room too.
    """
    tone = RunningFilter(np.vstack([butterworth(2, 300.0, "highpass"), butterworth(2, 4000.0, "lowpass")]), 1)
    step = max(1, frames_of(seconds))
    # The echoes of odd and of even number, and the send, as long as one echo takes.
    odd, even, past = (np.zeros(step, np.float32) for _ in range(3))
    loud, soft = np.float32(feedback), np.float32(_FAR)
    for piece in blocks(len(send), check):
        fresh = tone(send[None, piece])[0]
        first = piece.start
        while first < piece.stop:
            place = first % step
            last = min(piece.stop, first + step - place)
            ring, now = slice(place, place + last - first), slice(first, last)
            ping = past[ring] + loud * even[ring]
            pong = loud * odd[ring]
            odd[ring], even[ring], past[ring] = ping, pong, fresh[first - piece.start : last - piece.start]
            if ping.any() or pong.any():
                out[now, 1] += ping + soft * pong
                out[now, 0] += pong + soft * ping
                if reverb is not None:
                    reverb[now] += (ping + pong) * np.float32(_ECHO_IN_ROOM * (1.0 + _FAR) / 2.0)
            first = last
