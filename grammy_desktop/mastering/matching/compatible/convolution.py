"""matchering's filters, and the convolution with them as blocks of transforms (overlap-save)."""

from __future__ import annotations

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.progress import Progress
from grammy_desktop.mastering.matching.compatible.smoothing import FFT_SIZE, Curve, smooth_matching
from grammy_desktop.mastering.matching.compatible.track import KeptTrack, Track, blocks_of_track

_TRANSFORM = 32_768
_USEFUL = _TRANSFORM - FFT_SIZE
"""Frames that one transform gives: 28 672, half of `BLOCK`."""
_LEAST = 1e-6
_BEFORE = FFT_SIZE // 2
"""Frames of input before the first of output: the even filter cut from the middle of the convolution comes a frame late."""


def matching_filters(target: Curve, reference: Curve) -> Curve:
    """[2, 4096] filters for mid and side from mean spectra [2049, 2]; windowed symmetric impulse responses."""
    ratio = reference / np.maximum(_LEAST, target)
    responses = np.fft.irfft(smooth_matching(ratio), axis=0).T
    return np.asarray(np.fft.ifftshift(responses, axes=1) * np.hanning(FFT_SIZE))


class FilteredTrack:
    """A track through its filters, worked out wherever it is read."""

    def __init__(self, track: Track, filters: Curve) -> None:
        from scipy.fft import rfft

        self._track = track
        self._spectra = rfft(filters.astype(np.float32), n=_TRANSFORM, axis=1)[:, None, :]

    @property
    def frames(self) -> int:
        return self._track.frames

    def read(self, start: int, count: int) -> Samples:
        rows = -(-count // _USEFUL)
        return self.filtered(self._track.read(start - _BEFORE, rows * _USEFUL + FFT_SIZE), rows)[:, :count]

    def filtered(self, segment: Samples, rows: int) -> Samples:
        """[2, rows * 28672 + 4096], beginning `_BEFORE` frames early -> [2, rows * 28672]."""
        from scipy.fft import irfft, rfft

        windows = np.lib.stride_tricks.sliding_window_view(segment, _TRANSFORM, axis=1)[:, ::_USEFUL][:, :rows]
        spectrum = rfft(windows, axis=2)
        spectrum *= self._spectra
        result = irfft(spectrum, n=_TRANSFORM, axis=2, overwrite_x=True)
        # The first 4095 frames of a transform are wrapped around.
        return np.ascontiguousarray(result[:, :, FFT_SIZE - 1 : FFT_SIZE - 1 + _USEFUL]).reshape(2, -1)


def filter_track(track: Track, filters: Curve, progress: Progress) -> Track:
    """The filtered track. One in memory is filtered in place: it holds the result afterwards."""
    lazy = FilteredTrack(track, filters)
    if not isinstance(track, KeptTrack):
        return lazy
    before = np.zeros((2, _BEFORE), np.float32)
    for start, count in blocks_of_track(track, progress, "filter"):
        rows = -(-count // _USEFUL)
        following = track.read(start, rows * _USEFUL + FFT_SIZE - _BEFORE)
        segment = np.concatenate([before, following], axis=1)
        before = following[:, count - _BEFORE : count].copy() if count >= _BEFORE else before
        track.mid_side[:, start : start + count] = lazy.filtered(segment, rows)[:, :count]
    return track
