"""Filters that shift nothing in time: symmetric impulse responses, carried out by fast convolution (overlap-save).

A symmetric response has a real spectrum, so that several bands cost one forward transform and one multiplication each.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.chunked_stage import ChunkedStage

_LEAST_TRANSFORM = 16_384
"""Points: two rows of it and their spectra stay in the processor's cache."""
_LEAST_YIELD = 4
"""Transform lengths per length of the impulse response, at least: bounds what overlaps and is computed twice."""
_ROWS_AT_ONCE = 4
"""Transforms of several rows share the processor's vector units: half the time a row."""
_LONG_TRANSFORM = 65_536
"""Points from which on one at a time is memory enough."""
_NEGLIGIBLE = 1e-6

Response = NDArray[np.float64]


class LinearPhaseBank:
    """Several symmetric filters over the same signal, chunk by chunk, every output `reach` frames late.

    responses: [bands, reach + 1], each the right half of a symmetric impulse response, its middle first.
    step: `chunk` and `reach` are made multiples of it.
    """

    def __init__(self, responses: Response, *, channels: int, step: int = 1) -> None:
        from scipy.fft import next_fast_len

        self.reach = -(-(responses.shape[1] - 1) // step) * step
        self._size = next_fast_len(max(_LEAST_TRANSFORM, _LEAST_YIELD * (2 * self.reach + 1)), real=True)
        self._stride = (self._size - 2 * self.reach) // step * step
        self._windows = -(-_ROWS_AT_ONCE // channels) if self._size <= _LONG_TRANSFORM else 1
        self.chunk = self._windows * self._stride
        self._spectra = _spectra(responses, self._size)
        self._line = np.zeros((channels, self._size - self._stride + self.chunk), np.float32)

    def push(self, chunk: Samples) -> tuple[Samples, list[Samples]]:
        """[channels, chunk] in; the signal itself and every band, [channels, chunk] each, `reach` frames late."""
        from scipy.fft import irfft, rfft

        line, size, stride = self._line, self._size, self._stride
        line[:, : -self.chunk] = line[:, self.chunk :]
        line[:, -self.chunk :] = chunk
        windows = np.lib.stride_tricks.sliding_window_view(line, size, axis=1)[:, ::stride]
        spectrum = rfft(windows, axis=2)
        last = size - self.reach
        bands = [
            irfft(spectrum * real, n=size, axis=2)[:, :, last - stride : last].reshape(len(line), self.chunk)
            for real in self._spectra
        ]
        return line[:, line.shape[1] - self.reach - self.chunk : line.shape[1] - self.reach], bands


class LinearPhaseStage(ChunkedStage):
    """One symmetric filter as a `Processor`."""

    def __init__(self, response: Response, channels: int) -> None:
        """response: [reach + 1], the right half of the impulse response, its middle first."""
        self._bank = LinearPhaseBank(response[None, :], channels=channels)
        super().__init__(channels=channels, chunk=self._bank.chunk, latency=self._bank.reach)

    def _work(self, chunk: Samples) -> Samples:
        return self._bank.push(chunk)[1][0]


def _spectra(responses: Response, size: int) -> Samples:
    from scipy.fft import rfft

    whole = np.zeros((len(responses), size))
    reach = responses.shape[1] - 1
    whole[:, : reach + 1] = responses
    if reach:
        whole[:, -reach:] = responses[:, :0:-1]
    return np.asarray(rfft(whole, axis=1).real, np.float32)


def zero_phase_lowpass(order: int, frequency: float, sample_rate: int) -> Response:
    """The right half of the impulse response of a Butterworth low-pass run forwards and backwards.

    -6 dB at `frequency` Hz, 12 dB an octave times `order`; 1 minus it is the high-pass of the same kind. Cut off where
    its slowest pole has died away by 120 dB.
    """
    damping = math.sin(math.pi / (2 * order))
    reach = math.ceil(math.log(_NEGLIGIBLE) / (-2 * math.pi * damping) * sample_rate / frequency)
    size = 1 << (4 * reach - 1).bit_length()
    with np.errstate(divide="ignore"):
        warped = np.tan(np.pi * np.arange(size // 2 + 1) / size) / math.tan(math.pi * frequency / sample_rate)
        spectrum = 1 / (1 + warped ** (2 * order))
    response: Response = np.fft.irfft(spectrum)[: reach + 1]
    return response
