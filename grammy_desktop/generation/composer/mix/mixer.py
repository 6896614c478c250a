"""Builds stems: parts through their strips, together with their echo and room, as far as the bus."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.song import Arrangement, Part
from grammy_desktop.core.styles import PartStyle, Style
from grammy_desktop.generation.composer.mix import space, tape
from grammy_desktop.generation.composer.mix.blocks import Check, Curve, blocks, has_sound
from grammy_desktop.generation.composer.mix.curves import duck_curve
from grammy_desktop.generation.composer.mix.deliver import crest_of
from grammy_desktop.generation.composer.mix.finish import Mixed, finish_mix
from grammy_desktop.generation.composer.mix.levels import short_term_max
from grammy_desktop.generation.composer.mix.strip import Strip, default_settings, process

RenderPart = Callable[[Part], Samples]

_DRUM_ROOM, _OTHER_ROOM = -1.5, -0.5
"""dB of peak over loudness that a stem may have beside what its style wants of the mix."""
_HALL_SECONDS = 2.2
"""Styles with a reverb this long put their drums into it; drier ones give drums a small room."""


@dataclass(frozen=True, eq=False)
class StemMixer:
    """Builds one stem at a time; every stem depends on the song only, never on which stem came before."""

    arrangement: Arrangement
    style: Style
    frames: int
    seed: int
    duck: Curve
    check: Check

    @classmethod
    def prepare(cls, arrangement: Arrangement, style: Style, *, frames: int, seed: int, check: Check) -> StemMixer:
        return cls(arrangement, style, frames, seed, duck_curve(arrangement, frames), check)

    def stem_names(self) -> tuple[str, ...]:
        """The stems in order of first appearance."""
        return tuple(dict.fromkeys(part.stem for part in self.arrangement.parts))

    def build(self, stem: str, render: RenderPart) -> Samples:
        """All parts of `stem`, processed, with their reverb and echo; float32 [frames, 2] before bus and section levels."""
        parts = [part for part in self.arrangement.parts if part.stem == stem]
        is_drums = all(part.is_drums for part in parts)
        mix = self.style.mix
        strips = [process(render(part), self._settings(part), self.duck, self.check) for part in parts]
        dry, reverb, delay = self._together(strips, is_drums)
        if is_drums and mix.crush_bits > 0:
            tape.crush(dry, mix.crush_bits, self.check)
        if delay is not None:
            seconds = self.arrangement.seconds(mix.delay_beats)
            space.echo_into(dry, delay, self.check, seconds=seconds, feedback=mix.delay_feedback, reverb=reverb)
        del delay
        if reverb is not None:
            space.convolve_into(dry, reverb, self._room(stem, is_drums), self.check)
        phase = float(np.random.default_rng([self.seed & 0xFFFFFFFF, zlib.crc32(b"wow")]).random())
        tape.wear(dry, self.check, saturation_db=mix.saturation_db, cents=mix.wow, phase=phase)
        return dry

    def _together(self, strips: list[Strip], is_drums: bool) -> tuple[Samples, Samples | None, Samples | None]:
        """The strips' sum with its peaks tamed, in the first one's memory, and the sends to reverb and delay."""
        if not strips:
            return np.zeros((self.frames, 2), np.float32), None, None
        ceiling = self._ceiling(strips, is_drums)
        dry = strips[0].dry
        sends = [
            np.zeros(len(dry), np.float32) if any(level is not None for level in levels) else None
            for levels in ([strip.reverb for strip in strips], [strip.delay for strip in strips])
        ]
        for piece in blocks(len(dry), self.check):
            total = dry[piece]
            for number, strip in enumerate(strips):
                block = strip.dry[piece]
                if not has_sound(block):
                    continue
                block *= np.float32(strip.gain)
                self._send(block, strip, [send if send is None else send[piece] for send in sends])
                if number:
                    total += block
            tape.tame(total, ceiling)
        return dry, sends[0], sends[1]

    def _send(self, block: Samples, strip: Strip, sends: list[Samples | None]) -> None:
        wanted = [
            (send, level)
            for send, level in zip(sends, (strip.reverb, strip.delay), strict=True)
            if send is not None and level is not None
        ]
        if wanted:
            both = block[:, 0] + block[:, 1]
            for send, level in wanted:
                send += both * np.float32(level / np.sqrt(2.0))

    def _ceiling(self, strips: list[Strip], is_drums: bool) -> float:
        """Peak (linear) of the stem: transients that stand out too far would only make the whole song quieter."""
        steps = np.sum([strip.steps for strip in strips], axis=0)
        crest = crest_of(self.style.mix) + (_DRUM_ROOM if is_drums else _OTHER_ROOM)
        return float(10.0 ** ((short_term_max(steps) + crest) / 20.0))

    def _settings(self, part: Part) -> PartStyle:
        for known in self.style.parts:
            if known.name == part.name:
                return known
        return default_settings(part)

    def _room(self, stem: str, is_drums: bool) -> Samples:
        mix = self.style.mix
        if is_drums and mix.reverb_time < _HALL_SECONDS:
            return space.room_of(stem, min(0.6, 0.4 * mix.reverb_time), 0.004)
        return space.room_of(stem, mix.reverb_time, mix.predelay_ms / 1000.0)


def mix_song(
    parts: Sequence[tuple[Part, Samples]], arrangement: Arrangement, style: Style, *, seed: int, check: Check
) -> Mixed:
    """Mix parts that were rendered before (all of one length); `ComposerEngine` renders while it mixes instead."""
    rendered = {part.name: samples.copy() for part, samples in parts}
    frames = len(parts[0][1])
    mixer = StemMixer.prepare(arrangement, style, frames=frames, seed=seed, check=check)
    stems = {name: mixer.build(name, lambda part: rendered[part.name]) for name in mixer.stem_names()}
    return finish_mix(stems, arrangement, style, check)
