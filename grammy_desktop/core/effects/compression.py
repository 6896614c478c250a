"""Compression with linked channels: the stereo image stays where it is, whichever side is loud."""

from __future__ import annotations

from functools import partial

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.chunked_stage import ChunkedStage
from grammy_desktop.core.effects.control_gain import Curve, DelayLine, GainRider, control_step
from grammy_desktop.core.linear_phase import LinearPhaseBank, zero_phase_lowpass

_CHUNK = 16_384
"""Frames, about: two channels and their gains stay in the processor's cache."""
_PACES = (2.0, 1.0, 0.5)
"""Low bands move slower than high ones: times as long."""
_BAND_KNEE_DB = 6.0


class GlueStage(ChunkedStage):
    """Compresses by the RMS of the loudest channel; levels in dBFS, times in ms (time constants)."""

    def __init__(
        self,
        sample_rate: int,
        channels: int,
        *,
        threshold_db: float,
        ratio: float,
        knee_db: float = 6.0,
        attack_ms: float = 30.0,
        release_ms: float = 200.0,
        makeup_db: float = 0.0,
    ) -> None:
        self._rider = GainRider(
            partial(gain_reduction, threshold_db=threshold_db, ratio=ratio, knee_db=knee_db),
            sample_rate,
            attack_ms=attack_ms,
            release_ms=release_ms,
            makeup_db=makeup_db,
        )
        chunk = _CHUNK // self._rider.step * self._rider.step
        super().__init__(channels=channels, chunk=chunk, latency=self._rider.latency)
        self._line = DelayLine(channels, self._rider.latency, chunk)

    def _work(self, chunk: Samples) -> Samples:
        rows = np.ascontiguousarray(chunk)
        return self._line.push(rows) * self._rider.push(rows)


class MultibandStage(ChunkedStage):
    """Three bands, each compressed on its own.

    Split by linear-phase filters and differences: the bands add up to the input, so that without compression nothing
    changes at all.
    """

    def __init__(
        self,
        sample_rate: int,
        channels: int,
        *,
        low_frequency: float,
        high_frequency: float,
        thresholds_db: tuple[float, float, float],
        ratio: float,
        attack_ms: float,
        release_ms: float,
    ) -> None:
        low = zero_phase_lowpass(2, low_frequency, sample_rate)
        high = zero_phase_lowpass(2, min(high_frequency, 0.45 * sample_rate), sample_rate)
        responses = np.zeros((2, max(len(low), len(high))))
        responses[0, : len(low)] = low
        responses[1, : len(high)] = high
        self._bank = LinearPhaseBank(responses, channels=channels, step=control_step(sample_rate))
        self._riders = [
            GainRider(
                partial(gain_reduction, threshold_db=threshold, ratio=ratio, knee_db=_BAND_KNEE_DB),
                sample_rate,
                attack_ms=attack_ms * pace,
                release_ms=release_ms * pace,
            )
            for threshold, pace in zip(thresholds_db, _PACES, strict=True)
        ]
        latency = self._riders[0].latency
        super().__init__(channels=channels, chunk=self._bank.chunk, latency=self._bank.reach + latency)
        self._lines = [DelayLine(channels, latency, self._bank.chunk) for _ in range(3)]

    def _work(self, chunk: Samples) -> Samples:
        straight, (low, below_high) = self._bank.push(chunk)
        mid = below_high - low
        top = straight - below_high
        low_gain, mid_gain, top_gain = (
            rider.push(np.ascontiguousarray(band)) for rider, band in zip(self._riders, (low, mid, top), strict=True)
        )
        # The whole signal with the top's gain, corrected in the bands below: gains of one give back the signal itself.
        total = self._lines[0].push(straight) * top_gain
        for line, band, gain in zip(self._lines[1:], (low, mid), (low_gain, mid_gain), strict=True):
            total += line.push(band) * (gain - top_gain)
        return total


def gain_reduction(levels_db: Curve, threshold_db: float, ratio: float, knee_db: float) -> Curve:
    """dB to take off at each level: the static curve with a quadratic knee `knee_db` wide."""
    over = levels_db - threshold_db
    slope = 1 - 1 / ratio
    if knee_db <= 0:
        return np.asarray(slope * np.maximum(0.0, over))
    knee = np.clip(over + knee_db / 2, 0.0, knee_db)
    return np.asarray(slope * (knee * knee / (2 * knee_db) + np.maximum(0.0, over - knee_db / 2)))
