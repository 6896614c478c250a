"""How a song's sound ends: rung out, stopped short, faded, or led back into its own beginning."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.song import Arrangement
from grammy_desktop.core.styles import Style
from grammy_desktop.generation.composer.form.plan import fade_seconds

_STOP_TAIL = 0.8
"""Seconds that a stopped song is faded over: after its last hit."""
_FADE_OVERHANG = 1.1
"""The mixer fades over so many times the style's tail."""
_LEAD_IN, _LEAD_OUT = 0.1, 1.5
"""Seconds that a loop is continued on either side while it is mixed, so that the edges' fades fall outside."""


def song_seconds(arrangement: Arrangement, duration: float) -> float:
    """`duration`, or the whole bars that a loop consists of."""
    if arrangement.ending != "loop":
        return duration
    return arrangement.seconds(arrangement.bars * arrangement.beats_per_bar)


def style_for_ending(style: Style, arrangement: Arrangement, duration: float) -> Style:
    """The style with the ring-out that the ending needs."""
    tail = {
        "stop": min(_STOP_TAIL, style.mix.tail_seconds),
        "dj": min(_STOP_TAIL, style.mix.tail_seconds),
        "loop": min(_STOP_TAIL, style.mix.tail_seconds),
        "fade": fade_seconds(duration) / _FADE_OVERHANG,
    }.get(arrangement.ending)
    return style if tail is None else replace(style, mix=replace(style.mix, tail_seconds=tail))


def rendered_frames(arrangement: Arrangement, style: Style, frames: int, rate: int) -> int:
    """How many frames to render: a loop's last notes ring on past its end."""
    return frames + round((style.mix.tail_seconds + 1.0) * rate) if arrangement.ending == "loop" else frames


def continued(stem: Samples, frames: int, rate: int) -> Samples:
    """A loop with what rang on past its end added to its beginning, and continued a little on either side."""
    loop = stem[:frames].copy()
    rest = stem[frames:]
    for start in range(0, len(rest), frames):
        piece = rest[start : start + frames]
        loop[: len(piece)] += piece
    before, after = round(_LEAD_IN * rate), round(_LEAD_OUT * rate)
    places = np.arange(-before, frames + after) % frames
    return loop[places]


def loop_of(samples: Samples, frames: int, rate: int) -> Samples:
    """The loop itself out of a continued one."""
    first = round(_LEAD_IN * rate)
    return samples[first : first + frames].copy()
