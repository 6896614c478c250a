"""Matching a target to a reference: matchering's idea, our own implementation, streamed.

Default mode, used by `mastering.reference` and the streamed master:

    analyse_reference(source, *, name, source_hash, progress) -> ReferenceProfile
    blend_profiles(profiles, weights) -> ReferenceProfile
    save_profile(path, profile) / load_profile(path)             one readable file, suffix .gmref
    analyse_target(source, *, name, progress) -> TargetAnalysis
    plan_match(target, profile, *, intensity=1.0) -> MatchPlan   frozen; .target_lufs, .mid_db, .side_db
    plan.processor(sample_rate, channels) -> Processor           1 or 2 channels; same frames, no delay, loudness kept

Compatibility mode, which gives what matchering 2.0.6 gives for the same two files:

    compatible.match.match_files(target, reference, results, *, progress)    16- and 24-bit WAV, limited or not
    compatible.match.match_compatibly(...)                                   the same for sources
"""

from __future__ import annotations

from grammy_desktop.mastering.matching.analyse import TargetAnalysis, analyse_reference, analyse_target
from grammy_desktop.mastering.matching.blend import blend_profiles
from grammy_desktop.mastering.matching.plan import MatchPlan, plan_match
from grammy_desktop.mastering.matching.profile import ReferenceProfile
from grammy_desktop.mastering.matching.profile_file import PROFILE_SUFFIX, load_profile, save_profile

__all__ = [
    "PROFILE_SUFFIX",
    "MatchPlan",
    "ReferenceProfile",
    "TargetAnalysis",
    "analyse_reference",
    "analyse_target",
    "blend_profiles",
    "load_profile",
    "plan_match",
    "save_profile",
]
