"""What can be done to two channels by adding them up, and a widener that a mono loudspeaker does not hear."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.chunked_stage import ChunkedStage
from grammy_desktop.core.filter_cascade import FilterCascade, first_order_highpass

_CHUNK = 16_384
_MUTED_DB = -60.0


class MatrixStage:
    """Each channel out is a mixture of the channels in; nothing is delayed."""

    def __init__(self, matrix: NDArray[np.float64]) -> None:
        """matrix: [out, in]."""
        self._matrix = matrix.T.astype(np.float32)

    def process(self, block: Samples) -> Samples:
        # Not a matrix product: its rounding depends on the number of frames.
        left, right = block[:, :1], block[:, 1:]
        mixed: Samples = left * self._matrix[0] + right * self._matrix[1]
        return mixed

    def finish(self) -> Samples:
        return np.zeros((0, 2), np.float32)


class WidenerStage(ChunkedStage):
    """Adds the delayed, high-passed middle to the side: left and right become complementary combs.

    The sum of both channels stays what it was, whatever `amount` is.
    """

    def __init__(self, sample_rate: int, *, amount: float, delay_ms: float, low_cut: float) -> None:
        super().__init__(channels=2, chunk=_CHUNK)
        cut = first_order_highpass(min(low_cut, 0.4 * sample_rate), sample_rate)
        self._high = FilterCascade([cut, cut], 1, settled=True)
        self._amount = np.float32(amount)
        self._delay = max(1, round(delay_ms * sample_rate / 1000))
        self._line = np.zeros(self._delay + _CHUNK, np.float32)

    def _work(self, chunk: Samples) -> Samples:
        middle = (chunk[0] + chunk[1]) * (np.float32(0.5) * self._amount)
        self._line[: self._delay] = self._line[_CHUNK:]
        self._line[self._delay :] = self._high.process(middle[:, None])[:, 0]
        side = self._line[:_CHUNK]
        return np.stack([chunk[0] + side, chunk[1] - side])


def stereo_matrix(values: Mapping[str, float]) -> NDArray[np.float64]:
    """[2, 2] of swap and polarity, then middle and side, then mono, pan and balance."""
    matrix = np.diag([-1.0 if values["invert_left"] >= 0.5 else 1.0, -1.0 if values["invert_right"] >= 0.5 else 1.0])
    if values["swap"] >= 0.5:
        matrix = np.array([[0.0, 1.0], [1.0, 0.0]]) @ matrix
    mid, side = (_gain(values[name]) for name in ("mid_db", "side_db"))
    mono = values["mono"]
    matrix = np.array([[mid + side, mid - side], [mid - side, mid + side]]) / 2 @ matrix
    matrix = np.array([[1 - mono / 2, mono / 2], [mono / 2, 1 - mono / 2]]) @ matrix
    matrix = _panned(values["pan"]) @ matrix
    balance = values["balance"]
    return np.asarray(np.diag([min(1.0, 1 - balance), min(1.0, 1 + balance)]) @ matrix)


def _gain(db: float) -> float:
    return 0.0 if db <= _MUTED_DB else float(10 ** (db / 20))


def _panned(pan: float) -> NDArray[np.float64]:
    """One channel moves over to the other, at equal power; neither is lost."""
    angle = abs(pan) * math.pi / 2
    stays, goes = math.cos(angle), math.sin(angle)
    return np.array([[stays, 0.0], [goes, 1.0]] if pan > 0 else [[1.0, goes], [0.0, stays]])
