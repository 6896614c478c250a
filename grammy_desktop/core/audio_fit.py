"""What a format cannot hold is converted on the way: fewer channels, another sample rate, in blocks of any size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from grammy_desktop.core.audio import AudioClip, Samples
from grammy_desktop.core.audio_convert import to_stereo

if TYPE_CHECKING:
    import soxr


class Fitter:
    """A stream of `channels` at `sample_rate` Hz into at most `max_channels` (2 where it is less) at `target_rate` Hz.

    What comes out is round(frames * ratio) frames long, as `resample` makes it.
    """

    def __init__(self, sample_rate: int, channels: int, *, target_rate: int, max_channels: int = 8) -> None:
        self.sample_rate = target_rate
        self.channels = channels if channels <= max_channels else 2
        self._source_rate = sample_rate
        self._mixes_down = channels > max_channels
        self._frames_in = 0
        self._frames_out = 0
        self._stream: soxr.ResampleStream | None = None
        if target_rate != sample_rate:
            import soxr

            self._stream = soxr.ResampleStream(sample_rate, target_rate, self.channels, dtype="float32", quality="VHQ")

    def process(self, block: Samples) -> Samples:
        """float32 [n, channels] in, float32 [m, fewer channels] out."""
        if self._mixes_down:
            block = to_stereo(AudioClip(block, self._source_rate)).samples
        if self._stream is None:
            return block
        self._frames_in += len(block)
        return self._out(self._stream.resample_chunk(np.ascontiguousarray(block)))

    def finish(self) -> Samples:
        """What the resampler held back."""
        if self._stream is None:
            return np.zeros((0, self.channels), np.float32)
        empty = np.zeros((0, self.channels), np.float32)
        rest = self._out(self._stream.resample_chunk(empty, last=True))
        missing = round(self._frames_in * self.sample_rate / self._source_rate) - self._frames_out
        if missing >= 0:
            return np.concatenate((rest, np.zeros((missing, self.channels), np.float32)))
        return rest[: max(0, len(rest) + missing)]

    def _out(self, converted: Samples) -> Samples:
        converted = np.asarray(converted, np.float32).reshape(-1, self.channels)
        self._frames_out += len(converted)
        return converted
