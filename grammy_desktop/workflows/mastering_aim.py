"""What a master is to aim for: a preset, an inline preset or references, and the goals besides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grammy_desktop.core.audio import AudioSource
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.core.progress import PartOfProgress, Progress

if TYPE_CHECKING:
    from grammy_desktop.mastering.matching import MatchPlan
    from grammy_desktop.mastering.presets import Preset
    from grammy_desktop.mastering.report import MasterReport


@dataclass(frozen=True)
class Mastering:
    """What to aim for: `references` or `custom` take the preset's place.

    references: audio files or `.gmref` profiles, blended by `weights` (none: equally); `reference` is the single one.
    custom: a preset in the form of `preset_from_json`. loudness (LUFS), ceiling (dBTP): instead of the preset's.
    subtype, dither: of the written file. codec_safe: made again with a lower ceiling where Opus, MP3 or AAC exceed it.
    """

    preset: str = "spotify-loud"
    reference: str | None = None
    loudness: float | None = None
    ceiling: float | None = None
    intensity: float = 1.0
    references: tuple[str, ...] = ()
    weights: tuple[float, ...] = ()
    custom: dict[str, Any] | None = None
    subtype: str = "PCM_24"
    dither: str = "tpdf"
    codec_safe: bool = False

    @property
    def all_references(self) -> tuple[Path, ...]:
        named = self.references or ((self.reference,) if self.reference is not None else ())
        return tuple(Path(name) for name in named)


def aim_details(mastering: Mastering) -> dict[str, Any]:
    """What a library keeps beside a master so that another take can be mastered alike; see `mastering_again`."""
    return {
        "references": [str(path.absolute()) for path in mastering.all_references],
        "weights": list(mastering.weights),
        "custom": mastering.custom,
        "codec_safe": mastering.codec_safe,
    }


def mastering_again(details: Mapping[str, Any], presets: Sequence[str]) -> Mastering:
    """The aim behind a master, of the details kept beside it.

    'Spotify loud' where its references have gone, or its preset. The loudness after a reference is the reference's.
    """
    aim = details.get("aim")
    aim = aim if isinstance(aim, Mapping) else {}
    references = tuple(str(path) for path in aim.get("references") or ())
    goals = Mastering(
        ceiling=_number(details.get("ceiling_dbtp")),
        intensity=_number(details.get("intensity")) or 1.0,
        codec_safe=bool(aim.get("codec_safe", False)),
    )
    if references and all(Path(path).is_file() for path in references):
        weights = tuple(float(weight) for weight in aim.get("weights") or ())
        return replace(goals, references=references, weights=weights)
    custom, preset = aim.get("custom"), str(details.get("preset"))
    return replace(
        goals,
        preset=preset if preset in presets else Mastering().preset,
        custom=dict(custom) if isinstance(custom, Mapping) else None,
        loudness=_number(details.get("target_lufs")),
    )


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def check_mastering(mastering: Mastering, paths: AppPaths) -> None:
    """Raise `UserError` before any work is done: no such preset, an unreadable reference, an impossible goal."""
    from grammy_desktop.core.audio_file import SUBTYPES, read_info
    from grammy_desktop.mastering.goal import check_goal
    from grammy_desktop.mastering.matching import PROFILE_SUFFIX, load_profile
    from grammy_desktop.mastering.streamed import REFERENCE_CEILING

    if mastering.subtype not in SUBTYPES["wav"]:
        raise UserError(f"A master cannot be written as “{mastering.subtype}”; use {', '.join(SUBTYPES['wav'])}.")
    for reference in mastering.all_references:
        if reference.suffix.lower() == PROFILE_SUFFIX:
            load_profile(reference)
        else:
            read_info(reference)
    preset = None if mastering.all_references else _preset(mastering, paths)
    target, ceiling = (preset.target_lufs, preset.ceiling_dbtp) if preset is not None else (-14.0, REFERENCE_CEILING)
    check_goal(
        target if mastering.loudness is None else mastering.loudness,
        ceiling if mastering.ceiling is None else mastering.ceiling,
        mastering.intensity,
    )


def aim_for(
    source: AudioSource, mastering: Mastering, paths: AppPaths, name: str, progress: Progress
) -> Preset | MatchPlan:
    """The preset, the inline one, or a plan of matching made for this source."""
    if not mastering.all_references:
        return _preset(mastering, paths)
    from grammy_desktop.mastering.matching import analyse_target, plan_match
    from grammy_desktop.mastering.plan import playable
    from grammy_desktop.mastering.reference import load_references

    listening = PartOfProgress(progress, 0.0, 0.6)
    profile = load_references(
        mastering.all_references,
        weights=mastering.weights or None,
        cache_dir=paths.reference_cache,
        progress=listening,
    )
    target = analyse_target(playable(source), name=name, progress=PartOfProgress(progress, 0.6, 1.0))
    return plan_match(target, profile, intensity=mastering.intensity)


def _preset(mastering: Mastering, paths: AppPaths) -> Preset:
    from grammy_desktop.mastering import load_presets
    from grammy_desktop.mastering.presets import preset_from_json, user_presets

    if mastering.custom is not None:
        return preset_from_json(mastering.custom, where="custom")
    presets = load_presets(paths.user_presets)
    if mastering.preset not in presets:
        for path, found in user_presets(paths.user_presets):
            if path.stem == mastering.preset and isinstance(found, UserError):
                raise found
        raise UserError(f"There is no preset “{mastering.preset}”; available: {', '.join(sorted(presets))}.")
    return presets[mastering.preset]


def with_names(report: MasterReport, mastering: Mastering) -> MasterReport:
    """A cached profile may have been made from a copy with another name."""
    names = " + ".join(path.name for path in mastering.all_references)
    return replace(report, reference=names) if names else report


def spoken_name(report: MasterReport, mastering: Mastering) -> str:
    """'Spotify loud' for a preset, 'Like demo.wav' for a reference."""
    if report.reference:
        return f"Like {report.reference}"
    own = mastering.custom.get("name") if mastering.custom is not None else None
    return str(own) if own else report.preset.replace("-", " ").capitalize()
