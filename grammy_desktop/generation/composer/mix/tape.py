"""What happens to a whole stem: peaks, saturation, tape. Done stem by stem, so that the mix stays their sum."""

from __future__ import annotations

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.generation.composer.mix.blocks import BLOCK, Check, Curve, blocks, peak_of
from grammy_desktop.generation.composer.render.oscillators import RATE

_WOW_HZ, _FLUTTER_HZ = 0.6, 6.1
_WOW_STEP = 32
"""Frames between two delays that are computed; the lines between them are off by less than 1/10,000 of a frame."""


def tame(block: Samples, ceiling: float) -> None:
    """Round off what rises above 60 % of `ceiling` (linear) so that nothing passes it, in place."""
    knee = np.float32(0.6 * ceiling)
    if peak_of(block) <= knee:
        return
    room = np.float32(ceiling) - knee
    size = np.abs(block)
    rounded = knee + room * np.tanh((size - knee) / room)
    block[...] = np.where(size > knee, np.copysign(rounded, block), block)


def crush(samples: Samples, bits: int, check: Check) -> None:
    """Quantise to `bits` about the signal's own peak, in place."""
    peak = peak_of(samples)
    if peak == 0.0:
        return
    step = np.float32(peak / 2 ** (bits - 1))
    for piece in blocks(len(samples), check):
        samples[piece] = np.rint(samples[piece] / step) * step


def wear(samples: Samples, check: Check, *, saturation_db: float = 0.0, cents: float = 0.0, phase: float = 0.0) -> None:
    """Tape, in place: a tanh driven by `saturation_db` at the stem's peak, then slow pitch drift of +-`cents` with flutter.

    Stems that get the same `phase` (turns) drift together.
    """
    peak, drive = np.float32(peak_of(samples)), np.float32(10.0 ** (saturation_db / 20.0))
    if peak == 0.0 or (saturation_db <= 0.0 and cents <= 0.0):
        return
    if saturation_db > 0.0:
        level = peak / np.tanh(drive)
        for piece in blocks(len(samples), check):
            block = samples[piece]
            if block.any():
                block *= drive / peak
                np.tanh(block, out=block)
                block *= level
    if cents > 0.0:
        drift = _Drift(cents, phase)
        for piece in blocks(len(samples), check):
            drift.bend(samples, piece)


class _Drift:
    """A tape that runs ahead and falls behind by turns, on time on the whole: it reads into the block that follows.

    What it needs of the past is kept from block to block, for the samples themselves are already bent.
    """

    def __init__(self, cents: float, phase: float) -> None:
        bend = cents * np.log(2) / 1200.0 * RATE / (2 * np.pi)
        self._wow, self._flutter, self._phase = bend / _WOW_HZ, 0.15 * bend / _FLUTTER_HZ, phase
        self._margin = int(self._wow + self._flutter) + 4
        self._tape = np.zeros((BLOCK + 2 * self._margin, 2), np.float32)

    def bend(self, samples: Samples, piece: slice) -> None:
        """Pieces in order, none left out."""
        block, margin = samples[piece], self._margin
        count = len(block)
        following = samples[piece.stop : piece.stop + margin]
        tape = self._tape[: count + 2 * margin]
        tape[margin : margin + count] = block
        tape[margin + count : margin + count + len(following)] = following
        tape[margin + count + len(following) :] = 0.0
        if tape.any():
            places = np.arange(0, count + _WOW_STEP, _WOW_STEP, dtype=np.float64)
            turns = (piece.start + places) / RATE
            delay = self._wow * np.sin(2 * np.pi * (_WOW_HZ * turns + self._phase))
            delay += self._flutter * np.sin(2 * np.pi * _FLUTTER_HZ * turns)
            # Whole frames and fractions apart: float32 holds a place in a block of 16,384 to 1/1000 frame only.
            position = Curve((margin - delay).astype(np.float32), _WOW_STEP).at(slice(0, count))
            whole = np.floor(position)
            fraction = position - whole
            index = whole.astype(np.intp)
            index += np.arange(count)
            # Left and right in one number each: one look-up for both.
            frames = tape.view(np.complex64)[:, 0]
            before, after = frames.take(index), frames.take(index + 1)
            after -= before
            after *= fraction
            after += before
            block[...] = after.view(np.float32).reshape(-1, 2)
        self._tape[:margin] = self._tape[count : count + margin].copy()
