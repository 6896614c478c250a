"""Subtractive patches: waves in layers, one filter, drive, and the envelope of loudness. The voice patches are these too."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.styles.reader import TableReader
from grammy_desktop.generation.composer.render.noise import swept_noise, white
from grammy_desktop.generation.composer.render.patches.bank import harmonics_below
from grammy_desktop.generation.composer.render.patches.filters import NO_FILTER, Filter, band_gains, read_filter
from grammy_desktop.generation.composer.render.patches.layers import Layer, read_layers, sync_spectra, wave_spectrum
from grammy_desktop.generation.composer.render.patches.motion import (
    STILL,
    Envelope,
    PitchMotion,
    read_envelope,
    read_motion,
)
from grammy_desktop.generation.composer.render.patches.saturation import clean_drive, into_drive
from grammy_desktop.generation.composer.render.shaping import apply_filter, decay_curve, frames_of
from grammy_desktop.generation.composer.render.strands import STEP, Bank, Strands, add_strands, make_bank
from grammy_desktop.generation.composer.render.tone import Tone


@dataclass(frozen=True)
class Subtractive:
    """`drive` in dB, `bias` makes it uneven; `lowpass` and `highpass` in Hz come last (0: none); `click` a tick of noise.

    tilt: dB an octave that full velocity has more than none.
    """

    layers: tuple[Layer, ...]
    amp: Envelope
    filter: Filter = NO_FILTER
    motion: PitchMotion = STILL
    drive: float = 0.0
    bias: float = 0.0
    lowpass: float = 0.0
    highpass: float = 0.0
    click: float = 0.0
    tilt: float = 0.0

    def envelope(self, note: Tone) -> Samples:
        return self.amp.curve(note.seconds)

    def sound(self, note: Tone, frames: int) -> Samples:
        """float32 [1 or 2 channels, frames]."""
        body = self._oscillators(note, frames)
        if self.drive:
            body = clean_drive(
                body * into_drive(note.velocity), self.drive, bias=self.bias, factor=2 if note.hz < 300.0 else 4
            )
        extra = self._noises(note, frames, len(body))
        if extra is not None:
            body += extra if self.drive else self._band(extra)
        return self._band(body) if self.drive else body

    def _oscillators(self, note: Tone, frames: int) -> Samples:
        """All tonal layers; float32 [1 or 2 channels, frames]."""
        turns, top = self.motion.turns(note, frames)
        curve = self.filter.curve(note, frames)
        first, count = self.filter.grid(curve)
        rows = (curve - np.float32(first)) * np.float32(1 if self.filter.kind == "formant" else self.filter.steps)
        wide = any(layer.spread and layer.voices > 1 for layer in self.layers)
        out = np.zeros((2 if wide else 1, (len(turns) - 1) * STEP), np.float32)
        tilt = round(self.tilt * (note.velocity - 0.75), 3)
        # What is not driven may as well be filtered in its spectrum: the noises are filtered by themselves.
        band = (0.0, 0.0) if self.drive else (self.highpass, self.lowpass)
        groups = []
        for layer in self.layers:
            if layer.wave != "noise":
                bank = _bank(layer, self.filter, round(first, 4), count, round(top, 2), round(note.hz, 4), tilt, band)
                groups.append(_strands(layer, bank, note, wide))
        add_strands(out, groups, turns, rows)
        return out[:, :frames]

    def _noises(self, note: Tone, frames: int, channels: int) -> Samples | None:
        """The noise layers and the click, which no drive touches; float32 [channels, frames]."""
        layers = [layer for layer in self.layers if layer.wave == "noise"]
        if not layers and not self.click:
            return None
        out = np.zeros((channels, frames), np.float32)
        if layers:
            curve = self.filter.curve(note, frames)
            for line in out:
                line += sum(self._noise(layer, curve, note, frames) for layer in layers)
        if self.click:
            length = min(frames, frames_of(0.02))
            tick = white(note.rng, length) * decay_curve(length, 0.012)
            out[:, :length] += tick * np.float32(self.click * (0.2 + 0.8 * note.velocity))
        return out

    def _noise(self, layer: Layer, curve: Samples, note: Tone, frames: int) -> Samples:
        """Noise goes through real filters; a vowel becomes the bands around its two strongest formants."""
        level = np.float32(layer.level * 0.3)
        if self.filter.kind == "lowpass":
            return swept_noise(note.rng, np.exp2(curve), frames, q=0.8) * level
        noise = white(note.rng, frames)
        if self.filter.kind in ("none", "sync"):
            return noise * level
        if self.filter.kind == "formant":
            return apply_filter(noise, "bandpass", 600.0, 4200.0, order=1) * level
        hz = float(np.exp2(curve.mean()))
        high = self.filter.kind == "highpass"
        return apply_filter(noise, "highpass" if high else "bandpass", hz * 0.8, hz * 1.25, order=2) * level

    def _band(self, lines: Samples) -> Samples:
        """`highpass` and `lowpass` over [channels, frames]."""
        if self.highpass:
            lines = apply_filter(lines, "highpass", self.highpass, axis=-1)
        if self.lowpass:
            lines = apply_filter(lines, "lowpass", self.lowpass, axis=-1)
        return lines


def _strands(layer: Layer, bank: Bank, note: Tone, wide: bool) -> Strands:
    """A layer's voices. One voice begins where its wave begins: the same attack every time."""
    voicing = layer.voicing()
    wander = []
    starts = []
    for _ in voicing:
        starts.append(float(note.rng.random()) if layer.voices > 1 else 0.0)
        if layer.drift:
            # Every voice strays by itself, some `drift` cents, a few times in ten seconds.
            hz = 0.25 + 0.5 * float(note.rng.random())
            wander.append((note.hz * (2.0 ** (layer.drift / 1200.0) - 1.0) / (2 * np.pi * hz), hz, note.rng.random()))
    if wide:
        gains = np.array([voice[1:] for voice in voicing], np.float32).T
    else:
        gains = np.full((1, len(voicing)), layer.level / np.sqrt(layer.voices), np.float32)
    ratios = tuple(voice[0] for voice in voicing)
    return Strands(bank, ratios, tuple(starts), np.ascontiguousarray(gains), tuple(wander))


@lru_cache(maxsize=32)
def _bank(
    layer: Layer,
    shape: Filter,
    first: float,
    count: int,
    top: float,
    hz: float,
    tilt: float,
    band: tuple[float, float],
) -> Bank:
    """The rows of one layer for one pitch. `top`: the highest frequency that the note reaches; `band`: what is filtered."""
    n = harmonics_below(max(top, hz) * layer.top_ratio)
    if shape.kind == "sync" and layer.wave == "saw":
        ratios = 2.0 ** (first + np.arange(count) / shape.steps)
        spectra = sync_spectra(ratios, len(n))
    elif layer.wave == "sine":
        n = n[:1]
        spectra = shape.gains(first, count, n * hz * layer.ratio)
    else:
        gains = shape.gains(first, count, n * hz * layer.ratio)
        spectra = gains * wave_spectrum(layer, n, hz * layer.ratio) * n ** (tilt / 6.02)
    return make_bank(spectra * band_gains(n * hz * layer.ratio, *band))


_AMP = Envelope(attack=0.003, decay=0.4, sustain=0.7, release=0.1)


def read_subtractive(reader: TableReader) -> Subtractive:
    return Subtractive(
        layers=read_layers(reader),
        amp=read_envelope(reader, "amp", _AMP),
        filter=read_filter(reader),
        motion=read_motion(reader),
        **_ending(reader, 0.0),
    )


def _ending(reader: TableReader, tilt: float) -> dict[str, float]:
    return {
        "drive": reader.number("drive", 0.0, low=0, high=40),
        "bias": reader.number("bias", 0.0, low=-1, high=1),
        "lowpass": reader.number("lowpass", 0.0, low=0, high=24_000),
        "highpass": reader.number("highpass", 0.0, low=0, high=20_000),
        "click": reader.number("click", 0.0, low=0, high=1),
        "tilt": reader.number("tilt", tilt, low=-12, high=24),
    }


def read_voice(reader: TableReader) -> Subtractive:
    """A singer: folds and breath through the formants of one vowel, or of several that one turns into the next."""
    voices = int(reader.number("voices", 1, low=1, high=9))
    detune = reader.number("detune", 9.0 if voices > 1 else 0.0, low=0, high=60)
    spread = reader.number("spread", 0.7 if voices > 1 else 0.0, low=0, high=1)
    breath = reader.number("breath", 0.05, low=0, high=1)
    wave = reader.text("wave", "glottal", among=("glottal", "saw", "pulse"))
    folds = Layer(wave, voices=voices, detune=detune, spread=spread, drift=reader.number("drift", 0.0, low=0, high=50))
    air = Layer("noise", level=breath, voices=voices, spread=spread)
    return Subtractive(
        layers=(folds, air) if breath else (folds,),
        amp=read_envelope(reader, "amp", Envelope(attack=0.03, decay=2.0, sustain=0.8, release=0.15)),
        filter=read_filter(reader, kinds=("formant",)),
        motion=read_motion(reader),
        **_ending(reader, 6.0),
    )
