"""Sibilance, a constant offset, rumble, noise."""

from __future__ import annotations

import numpy as np

from grammy_desktop.core.effects import Effect
from grammy_desktop.mastering.listen.ear import CENTRES, SIBILANT, Heard
from grammy_desktop.mastering.listen.proposal import Finding, Severity
from grammy_desktop.mastering.listen.words import plain, signed

CHAIN_LEVEL = -18.0
"""LUFS: the level at which a chain's thresholds are meant."""
_SHARP = 3.0
"""dB that sibilants may stand above the body of the sound in the same 20 ms."""
_STRONG = -17.0
"""dB against the body's usual level: softer ones do not hurt."""
_SHARE = (0.004, 0.25)
"""Of the loud time: less is a chance, more is a bright sound and a matter of tone."""
_OFFSET = 10 ** (-60 / 20)
_RUMBLE_DB = -14.0
"""dB of everything below 28 Hz against the rest of the lows, above which it is taken out."""


def hygiene_figures(heard: Heard) -> dict[str, float]:
    """sibilance_db, sibilant_share, offset, rumble_db, noise_lufs."""
    figures = _sibilance(heard)
    figures["offset"] = float(np.max(np.abs(heard.offset)))
    lows = float(heard.mid[(CENTRES > 28) & (CENTRES < 260)].sum())
    figures["rumble_db"] = float(10 * np.log10((float(heard.mid[CENTRES < 28].sum()) + 1e-14) / (lows + 1e-12)))
    noise = _noise(heard)
    if noise is not None:
        figures["noise_lufs"] = noise
    return figures


def _sibilance(heard: Heard) -> dict[str, float]:
    body, sharp = heard.body, heard.sibilant
    usual = float(np.percentile(body, 75)) if body.size else 0.0
    if usual <= 1e-12:
        return {"sibilance_db": -60.0, "sibilant_share": 0.0}
    loud = sharp > usual * 10 ** (_STRONG / 10)
    bursts = loud & (sharp > body * 10 ** (_SHARP / 10))
    share = float(np.mean(bursts))
    level = 10 * np.log10(float(np.percentile(sharp[bursts], 75)) / usual) if bursts.any() else -60.0
    return {"sibilance_db": max(-60.0, float(level)), "sibilant_share": share}


def _noise(heard: Heard) -> float | None:
    """LUFS of the quietest frame that is not silence, if its spectrum is that of noise; None where music covers it."""
    there = heard.frame_loudness > -90.0
    if there.sum() < 8:
        return None
    quietest = int(np.flatnonzero(there)[np.argmin(heard.frame_loudness[there])])
    span = heard.within(400.0, 8_100.0)
    # Power per hertz: even for noise, lines for notes.
    density = 10 * np.log10(np.maximum(heard.frame_power[quietest, span] / CENTRES[span], 1e-20))
    even = float(np.std(np.diff(density))) < 2.5 and float(density.max() - density.min()) < 15.0
    return float(heard.frame_loudness[quietest]) if even else None


def propose_hygiene(heard: Heard, figures: dict[str, float]) -> list[Finding]:
    """Findings on everything that is no balance, level or width."""
    found = [_sibilance_finding(heard, figures), _low_finding(figures), _noise_finding(heard, figures)]
    return [finding for finding in found if finding is not None]


def _sibilance_finding(heard: Heard, figures: dict[str, float]) -> Finding | None:
    share, level = figures["sibilant_share"], figures["sibilance_db"]
    if not _SHARE[0] <= share <= _SHARE[1] or heard.loudness.integrated is None:
        return None
    # In dBFS at the chain's level, 6 dB below what the sharp ones reach.
    raised = CHAIN_LEVEL - heard.loudness.integrated
    usual = 10 * np.log10(float(np.percentile(heard.body, 75)))
    threshold = float(np.clip(usual + level + raised - 6.0, -60.0, -6.0))
    severity: Severity = "problem" if level > -6 else "notice"
    most = 6.0 if level > 0 else 4.0
    text = (
        f"Sharp sounds between 5 and 9.5 kHz in {plain(100 * share)} % of the time, {signed(level)} dB against the body of"
        f" the sound: de-esser above {plain(threshold, 0)} dBFS, at most {most:g} dB."
    )
    effect = Effect("de_esser", {"frequency": SIBILANT[0], "threshold_db": round(threshold, 1), "range_db": most})
    return Finding("sibilance", text, level, None, _STRONG, "dB", severity, effect)


def _low_finding(figures: dict[str, float]) -> Finding | None:
    offset, rumble = figures["offset"], figures["rumble_db"]
    effect = Effect("highpass", {"frequency": 22.0, "slope": 12.0})
    if offset > _OFFSET:
        text = f"A constant offset of {plain(20 * np.log10(offset), 0)} dBFS takes headroom: high-pass at 22 Hz."
        return Finding("offset", text, offset, 0.0, _OFFSET, "FS", "notice", effect)
    if rumble > _RUMBLE_DB:
        text = f"Below 28 Hz it is {signed(rumble)} dB against the lows: high-pass at 22 Hz."
        return Finding("rumble", text, rumble, None, _RUMBLE_DB, "dB", "notice", effect)
    return None


def _noise_finding(heard: Heard, figures: dict[str, float]) -> Finding | None:
    noise, integrated = figures.get("noise_lufs"), heard.loudness.integrated
    if noise is None or integrated is None or noise < integrated - 45.0 or noise > integrated - 12.0:
        return None
    text = (
        f"In its quietest moment noise is heard {plain(integrated - noise, 0)} LU under the music. A master only lifts it:"
        " mend it in the recording."
    )
    return Finding("noise", text, noise - integrated, None, -45.0, "LU", "notice")
