"""Listening to a track once, from its beginning to its end: spectra of mid and side in its loudest pieces, loudness."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from grammy_desktop.core.audio import AudioSource, Samples
from grammy_desktop.core.loudness import LoudnessMeter
from grammy_desktop.core.progress import Progress
from grammy_desktop.mastering.hearable import TARGET, Hearable, Role
from grammy_desktop.mastering.matching.grid import Curve
from grammy_desktop.mastering.matching.mid_side import mid_and_side
from grammy_desktop.mastering.matching.pieces import Pieces, loudest_pieces

_WINDOW_SECONDS = 0.0929
"""matchering's 4096 samples at 44.1 kHz."""
_BATCH = 16
"""Windows' lengths that are read at a time."""


@dataclass(frozen=True, eq=False)
class Heard:
    """rms: linear, of mid and side together. mid, side: mean magnitudes per FFT bin. All in the loudest pieces.

    loudness: integrated, LUFS, of the whole.
    """

    rms: float
    mid: Curve
    side: Curve
    loudness: float


def listen(source: AudioSource, name: str, progress: Progress, *, role: Role = TARGET) -> Heard:
    """Raises UserError, naming `name` and saying what the track is of no use for: silence, a constant, samples that are not

    numbers, less than half a second. role: what it was to be used for.
    """
    return _Listener(source, Hearable(name, role), progress).run()


def window_size(sample_rate: int) -> int:
    """Frames: the power of two nearest to 93 ms."""
    return int(2 ** round(math.log2(_WINDOW_SECONDS * sample_rate)))


class _Listener:
    def __init__(self, source: AudioSource, hearable: Hearable, progress: Progress) -> None:
        self._source = source
        self._hearable = hearable
        self._progress = progress
        self._size = window_size(source.sample_rate)
        # Unlike matchering's rectangular window a Hann window does not smear the bass over an empty treble.
        self._window = np.hanning(self._size + 1)[:-1].astype(np.float32) * np.float32(2 / self._size)

    def run(self) -> Heard:
        source = self._source
        self._hearable.check_length(source.frames / source.sample_rate)
        meter = LoudnessMeter(source.sample_rate, source.channels, true_peak=False)
        pieces = Pieces.of(source.frames, source.sample_rate)
        rms = np.zeros(pieces.count)
        spectra = np.zeros((pieces.count, 2, self._size // 2 + 1))
        for number in range(pieces.count):
            start = number * pieces.frames
            # The frames that belong to no piece are heard with the last.
            end = start + pieces.frames if number < pieces.count - 1 else source.frames
            rms[number] = self._hear_piece(start, end, spectra[number], meter)
        self._progress.report(1.0, "analyse")
        self._hearable.check()
        loudness = meter.result().integrated
        if loudness is None or not rms.any():
            raise self._hearable.too_quiet()
        loudest = loudest_pieces(rms)
        mid, side = spectra[loudest.indices].mean(axis=0)
        return Heard(loudest.rms, mid, side, loudness)

    def _hear_piece(self, start: int, end: int, spectra: Curve, meter: LoudnessMeter) -> float:
        """The piece's rms; its mean spectra are put into `spectra` [2, bins]."""
        size, step = self._size, self._size // 2
        windows, energy = 0, 0.0
        for first in range(start, end, _BATCH * size):
            self._progress.report(first / self._source.frames, "analyse")
            self._progress.check_cancelled()
            count = min(_BATCH * size, end - first)
            # Half a window more, so that windows also overlap from one batch to the next.
            block = self._source.read(first, min(count + step, end - first))
            # Infinity less infinity: what it comes to is looked at next.
            with np.errstate(invalid="ignore"):
                mid_side = mid_and_side(block)
            energy += self._energy(mid_side[:, :count])
            self._hearable.push(block[:count])
            meter.push(block[:count])
            if mid_side.shape[1] >= size:
                windows += self._add_spectra(mid_side, step, spectra)
        spectra /= max(1, windows)
        return math.sqrt(energy / (end - start))

    def _energy(self, mid_side: Samples) -> float:
        energy = float(np.vdot(mid_side, mid_side))
        if not math.isfinite(energy):
            raise self._hearable.no_numbers()
        return energy

    def _add_spectra(self, mid_side: Samples, step: int, spectra: Curve) -> int:
        from scipy.fft import rfft

        windows = np.lib.stride_tricks.sliding_window_view(mid_side, self._size, axis=1)[:, ::step]
        spectrum = rfft(windows * self._window, axis=2, overwrite_x=True)
        magnitude = np.sqrt(spectrum.real**2 + spectrum.imag**2)
        spectra += magnitude.sum(axis=1, dtype=np.float64)
        return int(windows.shape[1])
