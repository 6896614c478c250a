"""One pass of a song through a device's chain: what comes out, in figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import AudioClip, AudioSource, Samples
from grammy_desktop.core.audio_convert import to_stereo
from grammy_desktop.core.effects import chain_processor
from grammy_desktop.core.loudness import LoudnessMeter, integrated_of
from grammy_desktop.core.progress import Progress
from grammy_desktop.core.stream import blocks_of, run_through
from grammy_desktop.mastering.translation.bands import BandMeter, BandPowers
from grammy_desktop.mastering.translation.devices import Device

_HOPS = 100
"""A second of `weighted_power`."""


@dataclass(frozen=True, eq=False)
class Heard:
    """integrated: LUFS, None when there is nothing. power: as `weighted_power`, 100 a second. bands: by second."""

    integrated: float | None
    power: NDArray[np.float64]
    bands: BandPowers

    def short_term(self) -> NDArray[np.float64]:
        """LUFS of each 3 s, a value a second; -120 for silence."""
        width = 3 * _HOPS
        if len(self.power) < width:
            return np.zeros(0)
        energy = np.concatenate(([0.0], np.cumsum(self.power)))
        mean = (energy[width::_HOPS] - energy[:-width:_HOPS][: len(energy[width::_HOPS])]) / width
        return np.asarray(-0.691 + 10 * np.log10(np.maximum(mean, 1e-12)))


def hear(source: AudioSource, device: Device | None, *, progress: Progress) -> Heard:
    """The song as it is (None), or as the device plays it."""
    rate = source.sample_rate
    bands = BandMeter(rate)
    meter = LoudnessMeter(rate, min(2, source.channels), true_peak=False)
    for block in played_blocks(source, device, progress=progress):
        bands.push(block)
        meter.push(block)
    curve = meter.power()
    return Heard(integrated_of(curve), curve, bands.result())


def played_blocks(source: AudioSource, device: Device | None, *, progress: Progress) -> Iterator[Samples]:
    """Blocks of the song through the device's chain; mono stays mono, more than two channels become stereo."""
    blocks = blocks_of(source, progress=progress, stage="measure")
    if source.channels > 2:
        blocks = (to_stereo(AudioClip(block, source.sample_rate)).samples for block in blocks)
    if device is None or not device.chain:
        return blocks
    return run_through(blocks, chain_processor(device.chain, source.sample_rate, min(2, source.channels)))
