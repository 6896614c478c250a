"""From float samples to the integers that a file holds: rounding, and dither where rounding would be heard.

Only 16 bits are dithered: at 24 bits the rounding lies at -146 dBFS, under the noise of every converter there is.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.audio_noise_shaping import LANE_FRAMES, SHAPED_RATES, round_shaped

DitherMode = Literal["tpdf", "shaped", "none"]
Integers = NDArray[np.int16] | NDArray[np.int32]

CELL_FRAMES = LANE_FRAMES
"""Whether there is anything to dither is decided for cells of this size, counted from the first frame, so that the result
does not depend on how the sound was cut into blocks."""
_SHAPED_SAMPLES = 2**20
"""What is noise-shaped at a time: enough lanes side by side to make a numpy step cheap."""
_SEED = 0
"""The same song gives the same bytes."""


class Requantiser:
    """A stream of float samples into integers of 16, 24 or 32 bits (right-aligned). What exceeds full scale is clipped.

    dither: 'tpdf' adds triangular noise of two least significant bits (Lipshitz, Wannamaker, Vanderkooy, 'Quantization
    and Dither', JAES 40, 1992); 'shaped' moves its noise out of the ear's best range (at 44.1 and 48 kHz; 'tpdf' at other
    rates); 'none' rounds. A cell whose samples already are 16-bit values (a file that is copied, digital silence) passes
    bit for bit: there is no rounding to hide, and silence stays silent.
    """

    def __init__(self, bits: int, channels: int, sample_rate: int, *, dither: DitherMode = "tpdf") -> None:
        self._bits = bits
        self._dithers = bits == 16 and dither != "none"
        self._shapes = dither == "shaped" and sample_rate in SHAPED_RATES
        lanes = max(1, _SHAPED_SAMPLES // (LANE_FRAMES * channels)) if self._shapes else 1
        self._batch = CELL_FRAMES * lanes
        self._random = np.random.default_rng(_SEED)
        self._pending = np.zeros((0, channels), np.float32)

    def process(self, block: Samples) -> Integers:
        """float32 [n, channels] in, int16 or int32 [m, channels] out; some is held back for `finish`."""
        if not self._dithers:
            return _integers(block, self._bits)
        if len(self._pending):
            block = np.concatenate((self._pending, block))
        ready = len(block) - len(block) % self._batch
        self._pending = block[ready:].copy()
        return self._in_batches(block[:ready])

    def finish(self) -> Integers:
        """What was held back."""
        rest, self._pending = self._pending, self._pending[:0]
        return self._in_batches(rest) if len(rest) else _integers(rest, self._bits)

    def _in_batches(self, block: Samples) -> Integers:
        out = np.empty(block.shape, np.int16)
        for start in range(0, len(block), self._batch):
            batch = block[start : start + self._batch] * np.float32(32768)
            out[start : start + self._batch] = _rounded(self._dithered(batch), 16)
        return out

    def _dithered(self, scaled: Samples) -> Samples:
        on_grid = _cells_on_grid(scaled)
        if on_grid.all():
            return scaled
        noise = triangular_noise(self._random, scaled.shape)
        dithered = round_shaped(scaled, noise) if self._shapes else scaled + noise
        for cell in np.flatnonzero(on_grid):
            kept = slice(cell * CELL_FRAMES, (cell + 1) * CELL_FRAMES)
            dithered[kept] = scaled[kept]
        return dithered


def triangular_noise(random: np.random.Generator, shape: tuple[int, ...]) -> Samples:
    """Noise of triangular density between -1 and 1, mean 0, variance 1/6, in steps of 2^-16."""
    pairs = random.integers(0, 2**32, shape, np.uint32).view(np.uint16).reshape(*shape, 2)
    noise: Samples = pairs[..., 0].astype(np.float32)
    noise -= pairs[..., 1]
    noise *= np.float32(2**-16)
    return noise


def _cells_on_grid(scaled: Samples) -> NDArray[np.bool_]:
    whole = (scaled == np.rint(scaled)).all(axis=1)
    return np.logical_and.reduceat(whole, np.arange(0, len(whole), CELL_FRAMES))


def _integers(block: Samples, bits: int) -> Integers:
    # A float32 times a power of two is exact; 2^31 - 1 is no float32, so that 32 bits need the wider type.
    wide = np.float64 if bits == 32 else np.float32
    return _rounded(block * wide(2 ** (bits - 1)), bits)


def _rounded(scaled: NDArray[np.floating], bits: int) -> Integers:
    limit = 2 ** (bits - 1)
    np.rint(scaled, out=scaled)
    np.clip(scaled, -limit, limit - 1, out=scaled)
    return scaled.astype("<i2" if bits == 16 else "<i4")
