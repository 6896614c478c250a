"""What the samples themselves show: peaks cut flat, a DC offset, silence at the ends, an end cut off."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import AudioClip, Samples, loudest_of

_BLOCK_SECONDS = 0.05
_SILENT_DBFS = -60.0
"""Peak level under which the ends of a song count as silence (digital silence, or the noise of a converter)."""

_STEP_INTO_FLAT = 5e-4
"""Share of the peak a sample must move to enter a flat top; the crest of a 40 Hz sine moves 50 times less."""


@dataclass(frozen=True, eq=False)
class Waveform:
    """peak, rms, crest_db: of all channels, linear and dB. dc: mean of each channel, linear. seconds where not noted.

    near_peak: share of frames within 0.13 dB of the highest sample; block_peak_db: median peak of 23 ms blocks under the highest.
    flat_tops: float64 [n, 2]: start and end of every run of at least three equal samples at the very top.
    lead, tail: silence before and after the music. end_db: peak of the last 50 ms against the loudest, dB.
    """

    peak: float
    rms: float
    crest_db: float
    dc: tuple[float, ...]
    near_peak: float
    block_peak_db: float
    flat_tops: NDArray[np.float64]
    lead: float
    tail: float
    end_db: float


def measure_waveform(clip: AudioClip) -> Waveform:
    """Everything of `Waveform`; a clip without frames or sound measures as all silence."""
    envelope = loudest_of(clip.samples) if clip.frames else np.zeros(1, dtype=np.float32)
    peak = float(envelope.max())
    rms = float(np.sqrt(np.mean(np.square(clip.samples), dtype=np.float64))) if clip.frames else 0.0
    if peak <= 0.0:
        return Waveform(0.0, 0.0, 0.0, (0.0,) * clip.channels, 0.0, 0.0, np.zeros((0, 2)), clip.duration, 0.0, -120.0)
    whole_blocks = envelope.size // 1024 * 1024
    block_peaks = envelope[:whole_blocks].reshape(-1, 1024).max(axis=1) if whole_blocks else envelope
    lead, tail = _silent_ends(envelope, clip.sample_rate)
    last = envelope[-max(1, int(_BLOCK_SECONDS * clip.sample_rate)) :]
    return Waveform(
        peak=peak,
        rms=rms,
        crest_db=20.0 * float(np.log10(peak / max(rms, 1e-9))),
        dc=tuple(float(value) for value in clip.samples.mean(axis=0, dtype=np.float64)),
        near_peak=float(np.mean(envelope >= 0.985 * peak)),
        block_peak_db=float(np.median(20.0 * np.log10(block_peaks / peak + 1e-4))),
        flat_tops=find_flat_tops(clip.samples, peak) / clip.sample_rate,
        lead=lead,
        tail=tail,
        end_db=20.0 * float(np.log10(last.max() / peak + 1e-6)),
    )


def find_flat_tops(samples: Samples, peak: float) -> NDArray[np.float64]:
    """[n, 2]: first and one past the last frame of each flat top, in time order, of any channel.

    A flat top is at least three equal samples above 0.98 of the channel's own peak that the wave enters or leaves with a
    step: what clipping leaves and the rounded crest of a low note does not.
    """
    found: list[NDArray[np.int64]] = []
    for channel in range(samples.shape[1]):
        wave = samples[:, channel]
        top = float(np.abs(wave).max()) if wave.size else 0.0
        if wave.size < 5 or top < 0.1 * peak:
            continue
        same = (np.abs(np.diff(wave)) <= 2e-6 * top) & (np.abs(wave[1:]) >= 0.98 * top)
        edges = np.flatnonzero(np.diff(np.concatenate([[False], same, [False]]).astype(np.int8)))
        start, end = edges[::2], edges[1::2] + 1  # frames [start, end) are equal
        long = end - start >= 3
        start, end = start[long], end[long]
        before = np.abs(wave[start] - wave[np.maximum(start - 1, 0)])
        after = np.abs(wave[np.minimum(end, wave.size - 1)] - wave[end - 1])
        sharp = np.maximum(before, after) >= _STEP_INTO_FLAT * top
        found.append(np.stack([start[sharp], end[sharp]], axis=1))
    if not found:
        return np.zeros((0, 2))
    both = np.concatenate(found)
    return both[np.argsort(both[:, 0], kind="stable")].astype(np.float64)


def _silent_ends(envelope: Samples, sample_rate: int) -> tuple[float, float]:
    """Seconds of silence before the first and after the last sound."""
    loud = np.flatnonzero(envelope > 10 ** (_SILENT_DBFS / 20))
    if loud.size == 0:
        return envelope.size / sample_rate, 0.0
    return float(loud[0]) / sample_rate, float(envelope.size - 1 - loud[-1]) / sample_rate
