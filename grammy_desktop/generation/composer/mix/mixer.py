"""Mixes a song: parts into stems, stems to their section levels, stems into a mix."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.song import Arrangement, Part
from grammy_desktop.core.styles import PartStyle, Style
from grammy_desktop.generation.composer.mix import space, tape
from grammy_desktop.generation.composer.mix.balance import correct, correction_for, glue_curve
from grammy_desktop.generation.composer.mix.blocks import Check, middle, peak_of, scale
from grammy_desktop.generation.composer.mix.curves import (
    duck_curve,
    fade_curve,
    is_dynamic,
    section_curve,
    section_gains,
)
from grammy_desktop.generation.composer.mix.deliver import common_gain, glue_ceiling, quantise, sum_stems
from grammy_desktop.generation.composer.mix.levels import SILENT, energies, gated, short_term_max
from grammy_desktop.generation.composer.mix.strip import default_settings, process

RenderPart = Callable[[Part], Samples]
ForEach = Callable[[Callable[[Samples], None], Iterable[Samples]], None]

_DRUM_CREST, _OTHER_CREST = 11.5, 12.5
"""dB that a stem's peaks may stand above its loudest three seconds (LUFS)."""
_DYNAMIC_ROOM = 3.5
"""dB more for styles that live from their dynamics."""
_HALL_SECONDS = 2.2
"""Styles with a reverb this long put their drums into it; drier ones give drums a small room."""


@dataclass(frozen=True)
class StemMixer:
    """Builds one stem at a time; every stem depends on the song only, never on which stem came before."""

    arrangement: Arrangement
    style: Style
    frames: int
    seed: int
    duck: Samples
    check: Check

    @classmethod
    def prepare(cls, arrangement: Arrangement, style: Style, *, frames: int, seed: int, check: Check) -> StemMixer:
        return cls(arrangement, style, frames, seed, duck_curve(arrangement, frames), check)

    def stem_names(self) -> tuple[str, ...]:
        """The stems in order of first appearance."""
        return tuple(dict.fromkeys(part.stem for part in self.arrangement.parts))

    def build(self, stem: str, render: RenderPart) -> Samples:
        """All parts of `stem`, processed, with their reverb and echo; float32 [frames, 2] before section levels."""
        dry: Samples | None = None
        parts = [part for part in self.arrangement.parts if part.stem == stem]
        reverb: Samples | None = None
        delay: Samples | None = None
        for part in parts:
            strip = process(render(part), self._settings(part), self.duck, self.check)
            dry = strip.dry if dry is None else np.add(dry, strip.dry, out=dry)
            reverb, delay = _join(reverb, strip.reverb), _join(delay, strip.delay)
        if dry is None:
            return np.zeros((self.frames, 2), np.float32)
        is_drums = all(part.is_drums for part in parts)
        self._tame(dry, is_drums)
        if delay is not None:
            echoes = self._echo(delay)
            dry += echoes
            reverb = _join(reverb, middle(echoes) * np.float32(0.2))
        if reverb is not None:
            space.convolve_into(dry, reverb, self._room(stem, is_drums), self.check)
        return self._tape(dry)

    def _tame(self, dry: Samples, is_drums: bool) -> None:
        """Transients that stand out too far would only make the whole song quieter."""
        loudness = short_term_max(energies(dry, self.check, stride=3))
        if loudness > SILENT:
            crest = _DRUM_CREST if is_drums else _OTHER_CREST
            crest += _DYNAMIC_ROOM if is_dynamic(self.style.mix.section_db) else 0.0
            tape.tame_peaks(dry, 10.0 ** ((loudness + crest) / 20.0), self.check)
        if is_drums and self.style.mix.crush_bits > 0:
            tape.crush(dry, self.style.mix.crush_bits, self.check)

    def _settings(self, part: Part) -> PartStyle:
        for known in self.style.parts:
            if known.name == part.name:
                return known
        return default_settings(part)

    def _echo(self, send: Samples) -> Samples:
        seconds = self.arrangement.seconds(self.style.mix.delay_beats)
        return space.echo(send, seconds=seconds, feedback=self.style.mix.delay_feedback)

    def _room(self, stem: str, is_drums: bool) -> Samples:
        mix = self.style.mix
        rng = np.random.default_rng([self.seed & 0xFFFFFFFF, zlib.crc32(b"room " + stem.encode())])
        if is_drums and mix.reverb_time < _HALL_SECONDS:
            return space.room_response(min(0.6, 0.4 * mix.reverb_time), 0.004, rng)
        return space.room_response(mix.reverb_time, mix.predelay_ms / 1000.0, rng)

    def _tape(self, stem: Samples) -> Samples:
        mix = self.style.mix
        tape.colour(stem, saturation_db=mix.saturation_db, lowpass=mix.lowpass, check=self.check)
        if mix.wow <= 0.0:
            return stem
        phase = float(np.random.default_rng([self.seed & 0xFFFFFFFF, zlib.crc32(b"wow")]).random())
        return tape.wow(stem, mix.wow, phase, self.check)


def _join(total: Samples | None, more: Samples | None) -> Samples | None:
    if total is None or more is None:
        return more if total is None else total
    return np.asarray(total + more, np.float32)


@dataclass(frozen=True, eq=False)
class Mixed:
    """The mix and its stems, float32 [frames, 2], multiples of 2^-23; `gains` are the decibels each section was given."""

    mix: Samples
    stems: dict[str, Samples]
    gains: tuple[tuple[str, float], ...]


def one_by_one(work: Callable[[Samples], None], stems: Iterable[Samples]) -> None:
    for stem in stems:
        work(stem)


def finish_mix(
    stems: dict[str, Samples], arrangement: Arrangement, style: Style, check: Check, *, each: ForEach = one_by_one
) -> Mixed:
    """Tone, section levels, peaks, fade, common gain, 24 bits. Uses up `stems` (their arrays are changed in place).

    each: runs the last step on every stem; an engine with threads gives its own.
    """
    frames = len(next(iter(stems.values())))
    total = sum_stems(stems)
    gains = section_gains(arrangement, energies(total, check, stride=3), style.mix.section_db)
    curve = section_curve(arrangement, gains, frames) * fade_curve(frames, style.mix.tail_seconds)
    scale(total, curve, check)
    correction = correction_for(total, style.mix.tilt, check)
    correct(total, correction, check)
    loudness = gated(energies(total, check))
    glue = glue_curve(total, glue_ceiling(peak_of(total), loudness, style.mix.section_db), check)
    scale(total, glue, check)
    glue *= np.float32(common_gain(peak_of(total), gated(energies(total, check))))
    del total

    def finish(stem: Samples) -> None:
        scale(stem, curve, check)
        correct(stem, correction, check)
        scale(stem, glue, check)
        quantise(stem, check)

    each(finish, stems.values())
    return Mixed(sum_stems(stems), stems, tuple((section.name, level) for section, level in gains))


def mix_song(
    parts: Sequence[tuple[Part, Samples]], arrangement: Arrangement, style: Style, *, seed: int, check: Check
) -> Mixed:
    """Mix parts that were rendered before (all of one length); `ComposerEngine` renders while it mixes instead."""
    rendered = {part.name: samples.copy() for part, samples in parts}
    frames = len(parts[0][1])
    mixer = StemMixer.prepare(arrangement, style, frames=frames, seed=seed, check=check)
    stems = {name: mixer.build(name, lambda part: rendered[part.name]) for name in mixer.stem_names()}
    return finish_mix(stems, arrangement, style, check)
