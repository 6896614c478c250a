"""From what was heard to a complete preset: conservative, and nothing done where all is well."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from grammy_desktop.core.audio import AudioClip, AudioSource
from grammy_desktop.core.effects import Effect
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.progress import PartOfProgress, Progress
from grammy_desktop.core.stream import ClipSource
from grammy_desktop.core.styles import lineage
from grammy_desktop.mastering.listen.curves import ToneCurve, tone_curve
from grammy_desktop.mastering.listen.dynamics import dynamics_figures, is_crushed, propose_dynamics
from grammy_desktop.mastering.listen.ear import hear
from grammy_desktop.mastering.listen.hygiene import hygiene_figures, propose_hygiene
from grammy_desktop.mastering.listen.proposal import Finding, Proposal
from grammy_desktop.mastering.listen.stereo import propose_stereo, width_figures
from grammy_desktop.mastering.listen.tone import STRONGEST, measure_tone, propose_tone
from grammy_desktop.mastering.listen.words import plain
from grammy_desktop.mastering.preset_data import ClipStage, Preset

SHORTEST = 3.0
"""Seconds under which nothing can be said about balance."""
_CEILING = -2.0
"""dBTP: 1 dB below what services ask for, which their codecs use up."""
_QUIETER = {
    **dict.fromkeys(("cinematic", "neoclassical", "ambient"), -18.0),
    **dict.fromkeys(("jazz_ballad", "bossa_nova", "folk", "country"), -16.0),
}
_TARGET = -14.0
"""LUFS: where most services play; quieter where dynamics are the music."""
_ORDER = ("highpass", "de_esser", "low_shelf", "peak", "high_shelf", "glue", "width")


def listen(
    clip_or_source: AudioClip | AudioSource,
    *,
    genre: str | None = None,
    strongest_db: float = STRONGEST,
    name: str = "",
    progress: Progress,
) -> Proposal:
    """Measure everything in one pass (any length, little memory) and propose settings with a reason for each.

    genre: a style id; None and ids without a curve are compared with music of all kinds. strongest_db: the most that any
    band is equalised by (boosts at most 2 dB). name: the file's, for messages.
    Raises UserError for silence, for less than 3 s, and for samples that are not numbers.
    """
    source = ClipSource(clip_or_source) if isinstance(clip_or_source, AudioClip) else clip_or_source
    spoken = f"“{name}”" if name else "The audio"
    seconds = source.frames / source.sample_rate
    if seconds < SHORTEST:
        raise UserError(
            f"{spoken} is {seconds:.1f} s long; listening needs at least {SHORTEST:g} s.", file=name or None
        )
    heard = hear(source, progress=PartOfProgress(progress, 0.0, 0.95))
    if heard.loudness.integrated is None:
        raise UserError(f"{spoken} is silent or too quiet to listen to.", file=name or None)
    curve = tone_curve(genre)
    tone = measure_tone(heard, curve)
    widths, dynamics, rest = width_figures(heard), dynamics_figures(heard), hygiene_figures(heard)
    clean_up = propose_hygiene(heard, rest)
    sibilant = any(finding.id == "sibilance" for finding in clean_up)
    findings = [
        *propose_tone(tone, curve, strongest=strongest_db, sibilant=sibilant),
        *propose_dynamics(dynamics, curve),
        *propose_stereo(heard, widths, curve),
        *clean_up,
    ]
    crushed = is_crushed(dynamics)
    preset = _preset(findings, curve, genre or "", crushed)
    findings.append(_level_finding(preset, heard.loudness.integrated))
    progress.report(1.0, "listen")
    return Proposal(
        preset=preset,
        findings=tuple(findings),
        genre=genre or "",
        spectrum=tone.spectrum,
        compared_with=curve.name,
        deviation=tone.deviation,
        figures={**dynamics, **widths, **rest},
    )


def _preset(findings: Sequence[Finding], curve: ToneCurve, genre: str, crushed: bool) -> Preset:
    changes = sum(finding.setting is not None for finding in findings)
    quieter = next((_QUIETER[name] for name in lineage(genre) if name in _QUIETER), None)
    done = f"{changes} setting{'s' if changes != 1 else ''}" if changes else "the level only"
    return Preset(
        id="listened",
        name="As the assistant heard it",
        description=f"For this song alone: {done}, after comparing it with {curve.name}.",
        target_lufs=quieter or _TARGET,
        ceiling_dbtp=_CEILING,
        chain=_chain([finding.setting for finding in findings if finding.setting is not None]),
        clip=None if crushed or quieter else ClipStage(0.0, 4.0),
        platforms=("spotify", "apple-music", "youtube", "tidal", "amazon-music", "deezer"),
        genres=(genre,) if genre else (),
    )


def _chain(settings: Sequence[Effect]) -> tuple[Effect, ...]:
    """In the order of a mastering chain; the two settings of width become one effect."""
    widths = [effect for effect in settings if effect.kind == "width"]
    kept = [effect for effect in settings if effect.kind != "width"]
    if widths:
        values = [effect.values() for effect in widths]
        width, mono = min(v["width"] for v in values), max(v["mono_below"] for v in values)
        kept.append(Effect("width", {"width": width, "mono_below": mono}))
    return tuple(sorted(kept, key=lambda effect: (_ORDER.index(effect.kind), effect.parameters.get("frequency", 0.0))))


def _level_finding(preset: Preset, integrated: float) -> Finding:
    change = preset.target_lufs - integrated
    way = f"{plain(abs(change))} dB {'up' if change > 0 else 'down'} to" if abs(change) >= 0.1 else "it stays at"
    reason = "where most services play" if preset.target_lufs == _TARGET else "which leaves such music its dynamics"
    text = (
        f"It is at {plain(integrated)} LUFS: {way} {plain(preset.target_lufs, 0)},"
        f" {reason}; peaks to {plain(preset.ceiling_dbtp, 0)} dBTP, so that codecs have room."
    )
    value = float(np.round(integrated, 2))
    return Finding("level", text, value, preset.target_lufs - 0.1, preset.target_lufs + 0.1, "LUFS", "fine")
