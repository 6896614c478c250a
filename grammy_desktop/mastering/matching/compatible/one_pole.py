"""Recursive filters of first order as products of matrices: a loop over samples becomes one over rows of rows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples

_ROW = 32
"""Samples of a row: fewer cost more passes, more cost more multiplications."""
_ROWS = 64
UNIT = _ROW * _ROWS
"""Samples; blocks are multiples of it."""

Curve = NDArray[np.float64]


class OnePole:
    """y[n] = gain * (x[n] + zero * x[n - 1]) + pole * y[n - 1], over blocks of a fixed length.

    state: what the samples before leave behind in the next: y[0] = gain * x[0] + state.
    """

    def __init__(self, gain: float, pole: float, block: int, *, zero: float = 0.0) -> None:
        """block: samples, a multiple of `UNIT`."""
        self.state = 0.0
        response = gain * np.concatenate([[1.0], (pole + zero) * pole ** np.arange(_ROW - 1)])
        # The last row is what the state at the beginning of a row adds to it.
        matrix = np.vstack([_toeplitz(response), pole ** np.arange(_ROW)])
        self._matrix = matrix.astype(np.float32)
        # What a row that begins at rest leaves to the next: in single precision, but the sums over rows are in double.
        self._left = pole * matrix[:-1, -1].astype(np.float32)
        self._left[-1] += np.float32(gain * zero)
        self._input = np.empty((block // _ROW, _ROW + 1), np.float32)
        self._row_pole = pole**_ROW
        powers = self._row_pole ** np.arange(_ROWS)
        self._across = _toeplitz(np.concatenate([[0.0], powers[:-1]]))
        self._last = powers[::-1].copy()
        self._decay = powers

    def run(self, samples: Samples, out: Samples) -> Samples:
        """samples, out: contiguous [block]; `out` may be `samples`."""
        self._input[:, :_ROW] = samples.reshape(-1, _ROW)
        left = (self._input[:, :_ROW] @ self._left).astype(np.float64).reshape(-1, _ROWS)
        self._input[:, _ROW] = self._states(left)
        np.matmul(self._input, self._matrix, out=out.reshape(-1, _ROW))
        return out

    def _states(self, left: Curve) -> Curve:
        """The state at the beginning of every row, from what the rows [groups, 64] leave behind."""
        group_pole = self._row_pole**_ROWS
        state = self.state
        starts = []
        for added in (left @ self._last).tolist():
            starts.append(state)
            state = state * group_pole + added
        self.state = state
        return np.asarray(left @ self._across + np.array(starts)[:, None] * self._decay).ravel()


def _toeplitz(response: Curve) -> Curve:
    """[i, j]: the response to sample i at sample j."""
    lag = np.arange(len(response))[None, :] - np.arange(len(response))[:, None]
    return np.where(lag >= 0, response[np.maximum(lag, 0)], 0.0)
