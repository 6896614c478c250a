"""From mix to master: presets, references, loudness targets, what the platforms make of it."""

from __future__ import annotations

from grammy_desktop.mastering.master import master
from grammy_desktop.mastering.platforms import PlatformResult, judge_platforms, load_platforms
from grammy_desktop.mastering.presets import DEFAULT_PRESET, Preset, find_preset, load_presets
from grammy_desktop.mastering.reference import master_to_reference
from grammy_desktop.mastering.report import GainReduction, Mastered, MasterReport

__all__ = [
    "DEFAULT_PRESET",
    "GainReduction",
    "MasterReport",
    "Mastered",
    "PlatformResult",
    "Preset",
    "find_preset",
    "judge_platforms",
    "load_platforms",
    "load_presets",
    "master",
    "master_to_reference",
]
