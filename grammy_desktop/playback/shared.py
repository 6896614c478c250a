"""The block of shared memory through which the audio process tells what is heard: position, meters, counters.

All numbers are float64. The audio process is the only writer. A counter that is odd during a write and changes with
each one lets the reader notice that it read across a write, without a lock that could stop the audio process.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

SEQUENCE, ACKNOWLEDGED, POSITION, PLAYING, ENDED, UNDERRUNS, METER_COUNT = range(7)
HEADER = 8
METER_CHUNKS = 256
"""The last meter readings, about 10 ms each: the reader picks what is new to it."""
METER_VALUES = 5
"""Of each reading: peak left, peak right, sum of squares left, right, frames."""
SIZE = HEADER + METER_CHUNKS * METER_VALUES
READ_ATTEMPTS = 50

Values = NDArray[np.float64]


class SharedState:
    """A view of the block, in either process."""

    def __init__(self, block: Any) -> None:
        """block: a ctypes array of `SIZE` doubles in shared memory."""
        self._values: Values = np.frombuffer(block, np.float64)

    @contextmanager
    def writing(self) -> Iterator[Values]:
        """The header to be written to; meter readings go through `add_meter`."""
        self._values[SEQUENCE] += 1
        try:
            yield self._values
        finally:
            self._values[SEQUENCE] += 1

    def add_meter(self, reading: tuple[float, float, float, float, float]) -> None:
        """Append one meter reading. Call inside `writing`."""
        count = int(self._values[METER_COUNT])
        start = HEADER + count % METER_CHUNKS * METER_VALUES
        self._values[start : start + METER_VALUES] = reading
        self._values[METER_COUNT] = count + 1

    def read(self) -> tuple[Values, Values]:
        """The header, and the meter readings [up to METER_CHUNKS, METER_VALUES], oldest first."""
        copy = self._values.copy()
        for _ in range(READ_ATTEMPTS):
            if copy[SEQUENCE] % 2 == 0 and self._values[SEQUENCE] == copy[SEQUENCE]:
                break
            copy = self._values.copy()
        # A process that died while writing leaves the counter odd: what was read is then the best there is.
        chunks = copy[HEADER:].reshape(METER_CHUNKS, METER_VALUES)
        count = int(copy[METER_COUNT])
        first = max(0, count - METER_CHUNKS)
        return copy[:HEADER], chunks[np.arange(first, count) % METER_CHUNKS]
