"""How loud each section is to be: by its energy and its style, and by what its name promises."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from grammy_desktop.core.song import Arrangement, Section
from grammy_desktop.generation.composer.form.kinds import stem_of
from grammy_desktop.generation.composer.mix.curves import level_at
from grammy_desktop.generation.composer.mix.levels import SILENT, STEP, Energies, gated
from grammy_desktop.generation.composer.render.oscillators import RATE

_CUT_LIMIT, _BOOST_LIMIT = -12.0, 2.0
_DYNAMIC_RANGE = 9.0
"""LU between the softest and the loudest section from which a style lives from its dynamics."""
_AUDIBLE = 30.0
"""LU below the peak section from which a section is left alone: it hardly plays."""
PROMISES = ((("chorus", "hook"), ("verse", "rap"), 2.4), (("drop",), ("break",), 6.5))
"""Sections by name, those that must be softer, and by how many LU: what a listener waits for arrives."""

Gains = list[tuple[Section, float]]


def section_gains(arrangement: Arrangement, steps: Energies, points: Sequence[tuple[float, float]]) -> Gains:
    """Decibels to add to each section so that its loudness stands to the peak section as the style wants.

    steps: K-weighted energies of the mix. points: (energy, LU) of the style. Quiet sections are hardly ever raised:
    thin scoring is what makes them quiet. Then verses stay below choruses and breaks below drops (`PROMISES`).
    """
    sections = [section for section in arrangement.sections if section.bars > 0]
    if not sections:
        return []
    measured = {section: gated(steps[piece]) for section, piece in section_steps(arrangement)}
    peak = max(sections, key=lambda section: (section.energy, section.bars))
    gains = {}
    for section in sections:
        wanted = level_at(section.energy, points) - level_at(peak.energy, points)
        actual = measured[section] - measured[peak]
        audible = measured[section] > measured[peak] - _AUDIBLE
        gains[section] = float(np.clip(wanted - actual, _CUT_LIMIT, _BOOST_LIMIT)) if audible else 0.0
    return _kept(list(gains.items()), {section: level + gains[section] for section, level in measured.items()})


def keep_promises(arrangement: Arrangement, gains: Gains, steps: Energies) -> Gains:
    """The gains, lower where after them and all else (steps: energies of the mix) a promise is not kept."""
    return _kept(gains, {section: gated(steps[piece]) for section, piece in section_steps(arrangement)})


def _kept(gains: Gains, levels: dict[Section, float]) -> Gains:
    cuts = _promised({section: level for section, level in levels.items() if level > SILENT})
    return [(section, max(gain - cuts.get(section, 0.0), 2.0 * _CUT_LIMIT)) for section, gain in gains]


def section_steps(arrangement: Arrangement) -> list[tuple[Section, slice]]:
    """Which steps of 100 ms each section lasts."""
    bar = arrangement.beats_per_bar

    def step(bars: float) -> int:
        return round(arrangement.seconds(bars * bar) * RATE / STEP)

    return [(s, slice(step(s.start), step(s.start + s.bars))) for s in arrangement.sections if s.bars > 0]


def _promised(levels: dict[Section, float]) -> dict[Section, float]:
    """What each section is to be cut by, beyond its gain, so that the promises are kept; LU."""
    cuts = {}
    for loud, soft, least in PROMISES:
        there = [level for section, level in levels.items() if stem_of(section.name) in loud]
        if not there:
            continue
        ceiling = 10.0 * float(np.log10(np.mean(10.0 ** (np.array(there) / 10.0)))) - least
        for section, level in levels.items():
            if stem_of(section.name) in soft and level > ceiling:
                cuts[section] = level - ceiling
    return cuts


def is_dynamic(points: Sequence[tuple[float, float]]) -> bool:
    """Whether the style's sections lie so far apart that its peaks should be left alone."""
    levels = [level for _, level in points]
    return max(levels) - min(levels) >= _DYNAMIC_RANGE
