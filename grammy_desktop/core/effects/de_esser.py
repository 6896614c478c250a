"""Turns sibilants down: only the band above a frequency, only while it is loud."""

from __future__ import annotations

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.chunked_stage import ChunkedStage
from grammy_desktop.core.effects.compression import gain_reduction
from grammy_desktop.core.effects.control_gain import Curve, DelayLine, GainRider, control_step
from grammy_desktop.core.linear_phase import LinearPhaseBank, zero_phase_lowpass

_RATIO = 5.0
_KNEE_DB = 4.0


class DeEsserStage(ChunkedStage):
    """Channels linked; the bands are split by a linear-phase filter and a difference, so quiet sibilants come back as they were.

    threshold_db: RMS of the band above `frequency`, dBFS. range_db: at most as much is taken off.
    """

    def __init__(
        self,
        sample_rate: int,
        channels: int,
        *,
        frequency: float,
        threshold_db: float,
        range_db: float,
        attack_ms: float,
        release_ms: float,
    ) -> None:
        def reduction(levels: Curve) -> Curve:
            return np.minimum(gain_reduction(levels, threshold_db, _RATIO, _KNEE_DB), range_db)

        response = zero_phase_lowpass(3, min(frequency, 0.45 * sample_rate), sample_rate)
        self._bank = LinearPhaseBank(response[None, :], channels=channels, step=control_step(sample_rate))
        self._rider = GainRider(reduction, sample_rate, attack_ms=attack_ms, release_ms=release_ms)
        latency = self._rider.latency
        super().__init__(channels=channels, chunk=self._bank.chunk, latency=self._bank.reach + latency)
        self._straight = DelayLine(channels, latency, self._bank.chunk)
        self._high = DelayLine(channels, latency, self._bank.chunk)

    def _work(self, chunk: Samples) -> Samples:
        straight, (low,) = self._bank.push(chunk)
        high = straight - low
        less = self._rider.push(high) - np.float32(1)
        return self._straight.push(straight) + self._high.push(high) * less
