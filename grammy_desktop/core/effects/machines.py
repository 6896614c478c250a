"""Tape machine and record player: filters, bends, wavering speed and noise, in the order of the real thing."""

from __future__ import annotations

from grammy_desktop.core.effects.noise import CrackleStage, NoiseStage, hiss_sections, rumble_sections
from grammy_desktop.core.effects.saturation import saturation_stage
from grammy_desktop.core.effects.specs import SILENT_DB
from grammy_desktop.core.effects.width import WidthStage
from grammy_desktop.core.effects.wow import Waver, WowStage
from grammy_desktop.core.filter_cascade import FilterCascade, Section, first_order_highpass, first_order_lowpass, peak
from grammy_desktop.core.stream import Processor

_WOW_HZ = 0.7
_FLUTTER_HZ = 8.5
_RECORD_HZ = 33.333 / 60
"""A hole that is not in the middle comes round once a turn."""
_BUMP_HZ = 65.0
_BUMP_Q = 0.9
_OFFSET_CUT = 5.0
_HIGHEST = 0.49
"""Of the sample rate."""


def tape_stages(values: dict[str, float], sample_rate: int, channels: int) -> list[Processor]:
    """Saturation, the heads' response, wow and flutter, hiss."""
    stages: list[Processor] = []
    sections: list[Section] = []
    if values["drive_db"] > 0:
        warmth = values["warmth"]
        stages.append(saturation_stage(sample_rate, channels, drive_db=values["drive_db"], warmth=warmth, mix=1.0))
        sections += [first_order_highpass(_OFFSET_CUT, sample_rate)] if warmth > 0 else []
    if values["head_bump_db"] > 0:
        sections.append(peak(_BUMP_HZ, values["head_bump_db"], _BUMP_Q, sample_rate))
    sections += _treble_loss(values["frequency"], sample_rate)
    stages += [FilterCascade(sections, channels, settled=True)] if sections else []
    wavers = [Waver(_WOW_HZ, values["wow"]), Waver(_FLUTTER_HZ, values["flutter"])]
    wavers = [waver for waver in wavers if waver.depth > 0]
    seed = int(values["seed"])
    stages += [WowStage(sample_rate, channels, wavers, seed)] if wavers else []
    if values["hiss_db"] > SILENT_DB:
        hiss = hiss_sections(sample_rate)
        stages.append(NoiseStage(channels, level_db=values["hiss_db"], sections=hiss, seed=seed))
    return stages


def vinyl_stages(values: dict[str, float], sample_rate: int, channels: int) -> list[Processor]:
    """The cut (mono bass, less treble), the turning, then what the needle adds."""
    stages: list[Processor] = []
    if channels == 2 and values["mono_below"] > 0:
        stages.append(WidthStage(sample_rate, width=1.0, mono_below=values["mono_below"]))
    sections = _treble_loss(values["frequency"], sample_rate)
    stages += [FilterCascade(sections, channels, settled=True)] if sections else []
    seed = int(values["seed"])
    if values["wow"] > 0:
        stages.append(WowStage(sample_rate, channels, [Waver(_RECORD_HZ, values["wow"])], seed))
    if values["rumble_db"] > SILENT_DB:
        rumble = rumble_sections(sample_rate)
        stages.append(NoiseStage(channels, level_db=values["rumble_db"], sections=rumble, seed=seed, linked=True))
    if values["crackle_db"] > SILENT_DB and values["crackles"] > 0:
        stages.append(
            CrackleStage(
                sample_rate, channels, level_db=values["crackle_db"], per_second=values["crackles"], seed=seed + 1
            )
        )
    return stages


def _treble_loss(frequency: float, sample_rate: int) -> list[Section]:
    if frequency >= _HIGHEST * sample_rate:
        return []
    return [first_order_lowpass(frequency, sample_rate)] * 2
