"""What another mood does to the sounds of a song that keeps its notes."""

from __future__ import annotations

import zlib
from dataclasses import replace

import numpy as np

from grammy_desktop.core.styles import MoodEffect, PartStyle, Style

_OCTAVES = 1.6
"""Octaves of low-pass that one unit of brightness makes on chords, leads and pads."""
_OPEN = 15_000.0
"""Hz: where a part without a low-pass counts as cut off."""
_TILT = 0.5
"""dB per octave that one unit of brightness tilts the mix."""
_CHANGES = 0.6
"""Chance that a player takes another of the sounds that the style offers."""
_COLOURED = ("chords", "pad", "lead", "counter", "arp")


def shaded(style: Style, before: MoodEffect, after: MoodEffect) -> Style:
    """The style darker or brighter, drier or wider, cleaner or more driven by what the moods differ in."""
    step = after.brightness - before.brightness
    reverb = float(np.clip(after.reverb / before.reverb, 0.5, 2.0))
    mix = replace(
        style.mix,
        tilt=style.mix.tilt + _TILT * step,
        reverb_time=style.mix.reverb_time * reverb,
        saturation_db=max(0.0, style.mix.saturation_db + after.drive - before.drive),
    )
    parts = tuple(_filtered(part, step) if part.role in _COLOURED else part for part in style.parts)
    return replace(style, mix=mix, parts=parts)


def _filtered(part: PartStyle, step: float) -> PartStyle:
    """Darker closes a low-pass, brighter opens one that is there."""
    if abs(step) < 0.05 or (step > 0 and not part.lowpass):
        return part
    limit = (part.lowpass or _OPEN) * 2.0 ** (_OCTAVES * step)
    return replace(part, lowpass=0.0 if limit >= _OPEN else max(1_200.0, limit))


def other_sounds(players: tuple[PartStyle, ...], mood: MoodEffect, seed: int) -> tuple[PartStyle, ...]:
    """Some players on another of the sounds that the style has for them; at least one where any has one."""
    rng = np.random.default_rng([seed, zlib.crc32(repr(mood).encode())])
    able = [player.name for player in players if player.alternatives and player.role in _COLOURED]
    chosen = {name for name in able if rng.random() < _CHANGES} or set(able[:1])

    def changed(player: PartStyle) -> PartStyle:
        if player.name not in chosen:
            return player
        sound = player.alternatives[int(rng.integers(len(player.alternatives)))]
        others = tuple(s for s in (player.sound, *player.alternatives) if s != sound)
        return replace(player, sound=sound, alternatives=others)

    return tuple(changed(player) for player in players)
