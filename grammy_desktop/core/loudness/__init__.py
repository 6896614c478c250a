"""Loudness by ITU-R BS.1770-5 and EBU R128 (Tech 3341 meters, Tech 3342 range); any sample rate, 1 to 8 channels.

`measure` for a clip, `measure_source` for a file of any length, `LoudnessMeter` for what comes in blocks: one code.
"""

from __future__ import annotations

from grammy_desktop.core.audio import AudioClip, AudioSource
from grammy_desktop.core.loudness.figures import SILENCE, Curve, Loudness, LoudnessHistory, history_of, integrated_of
from grammy_desktop.core.loudness.live import LiveFigures
from grammy_desktop.core.loudness.meter import LoudnessMeter
from grammy_desktop.core.loudness.weighting import k_weighting
from grammy_desktop.core.progress import NoProgress, Progress
from grammy_desktop.core.stream import blocks_of
from grammy_desktop.core.true_peak import true_peak

__all__ = [
    "SILENCE",
    "Curve",
    "LiveFigures",
    "Loudness",
    "LoudnessHistory",
    "LoudnessMeter",
    "history",
    "integrated_of",
    "k_weighting",
    "measure",
    "measure_source",
    "true_peak",
    "weighted_power",
]

_READ_SAMPLES = 2_000_000
"""Of all channels at a time: enough for two threads, 8 MB."""


def measure(clip: AudioClip, *, true_peak: bool = True) -> Loudness:
    """Measure a whole clip. `true_peak=False` skips the most expensive part (its field is None).

    Raises UserError for NaN or infinity and for more than 8 channels.
    """
    meter = LoudnessMeter(clip.sample_rate, clip.channels, true_peak=true_peak)
    meter.push(clip.samples)
    return meter.result()


def measure_source(source: AudioSource, *, true_peak: bool = True, progress: Progress | None = None) -> Loudness:
    """As `measure`, for audio of any length in little memory (0.3 MB an hour). Reports stage 'measure'."""
    meter = LoudnessMeter(source.sample_rate, source.channels, true_peak=true_peak)
    frames = max(1, _READ_SAMPLES // max(1, source.channels))
    for block in blocks_of(source, progress=progress or NoProgress(), stage="measure", block_frames=frames):
        meter.push(block)
    return meter.result()


def history(clip: AudioClip, hop: float = 0.1) -> LoudnessHistory:
    """Momentary and short-term loudness every `hop` seconds, as from a meter that was started with the clip."""
    return history_of(weighted_power(clip), hop)


def weighted_power(clip: AudioClip) -> Curve:
    """Mean power of the K-weighted, channel-weighted signal in each whole hop of 10 ms: what all figures are made of."""
    meter = LoudnessMeter(clip.sample_rate, clip.channels, true_peak=False)
    meter.push(clip.samples)
    return meter.power()
