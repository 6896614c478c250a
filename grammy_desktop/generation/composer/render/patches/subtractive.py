"""Subtractive patches: waves in layers, one filter, drive, and the envelope of loudness. The voice patches are these too."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.styles.reader import TableReader
from grammy_desktop.generation.composer.render.oscillators import RATE
from grammy_desktop.generation.composer.render.patches.bank import (
    Reading,
    Turns,
    harmonics_below,
    make_bank,
    place_in,
)
from grammy_desktop.generation.composer.render.patches.filters import NO_FILTER, Filter, read_filter
from grammy_desktop.generation.composer.render.patches.layers import Layer, read_layers, sync_spectra, wave_spectrum
from grammy_desktop.generation.composer.render.patches.motion import (
    STILL,
    Envelope,
    PitchMotion,
    read_envelope,
    read_motion,
)
from grammy_desktop.generation.composer.render.patches.saturation import clean_drive, into_drive
from grammy_desktop.generation.composer.render.shaping import apply_filter, decay_curve, moving_lowpass
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

    def __call__(self, note: Tone) -> Samples:
        envelope = self.amp.curve(note.seconds)
        frames = len(envelope)
        turns, top = self.motion.turns(note, frames)
        body = self._oscillators(note, turns, top, frames)
        if self.drive:
            body = clean_drive(
                body * into_drive(note.velocity), self.drive, bias=self.bias, factor=2 if note.hz < 300.0 else 4
            )
        if self.click:
            tick = note.rng.standard_normal(frames, dtype=np.float32) * decay_curve(frames, 0.012)
            tick = tick * np.float32(self.click * (0.2 + 0.8 * note.velocity))
            body = body + (tick[:, None] if body.ndim == 2 else tick)
        if self.highpass:
            body = apply_filter(body, "highpass", self.highpass)
        if self.lowpass:
            body = apply_filter(body, "lowpass", self.lowpass)
        return np.asarray(body * (envelope[:, None] if body.ndim == 2 else envelope), np.float32)

    def _oscillators(self, note: Tone, turns: Turns, top: float, frames: int) -> Samples:
        curve = self.filter.curve(note, frames)
        first, count = self.filter.grid(curve)
        rows = np.zeros(frames, np.float32)
        if count > 1:
            steps = 1 if self.filter.kind == "formant" else self.filter.steps
            rows = np.broadcast_to((curve - np.float32(first)) * np.float32(steps), (frames,))
        reading = Reading(np.clip(rows, 0.0, count - 1), count)
        stereo = any(layer.spread and layer.voices > 1 for layer in self.layers)
        left = np.zeros(frames, np.float32)
        right = np.zeros(frames, np.float32) if stereo else left
        for layer in self.layers:
            if layer.wave == "noise":
                self._add_noise(layer, curve, note, left, right)
                continue
            tilt = round(self.tilt * (note.velocity - 0.75), 3)
            bank = _bank(layer, self.filter, round(first, 4), count, round(top, 2), round(note.hz, 4), tilt)
            for ratio, gain_left, gain_right in layer.voicing():
                # One voice begins where its wave begins: the same attack every time.
                start = float(note.rng.random()) if layer.voices > 1 else 0.0
                moved = _wandering(turns, layer, note) if layer.drift else turns
                sound = reading.read(bank, place_in(moved, ratio, start))
                if stereo:
                    right += sound * np.float32(gain_right)
                    left += sound * np.float32(gain_left)
                else:
                    left += sound * np.float32(layer.level / np.sqrt(layer.voices))
        return np.stack([left, right], axis=1) if stereo else left

    def _add_noise(self, layer: Layer, curve: Samples, note: Tone, left: Samples, right: Samples) -> None:
        """Noise goes through real filters; a vowel becomes the bands around its two strongest formants."""
        frames = len(left)
        for side in (left,) if left is right else (left, right):
            noise = note.rng.standard_normal(frames, dtype=np.float32)
            if self.filter.kind in ("none", "sync"):
                shaped = noise
            elif self.filter.kind == "formant":
                shaped = apply_filter(noise, "bandpass", 600.0, 4200.0, order=1)
            elif self.filter.kind == "lowpass":
                cutoff = np.exp2(np.broadcast_to(curve, (frames,)))
                shaped = moving_lowpass(noise, cutoff, order=2, q=0.8)
            else:
                hz = float(np.exp2(curve.mean()))
                high = self.filter.kind == "highpass"
                shaped = apply_filter(noise, "highpass" if high else "bandpass", hz * 0.8, hz * 1.25, order=2)
            side += shaped * np.float32(layer.level * 0.3)


def _wandering(turns: Turns, layer: Layer, note: Tone) -> Turns:
    """Every voice strays by itself, some `drift` cents, a few times in ten seconds."""
    rate = 0.25 + 0.5 * float(note.rng.random())
    t = np.arange(len(turns), dtype=np.float32) * np.float32(2 * np.pi * rate / RATE)
    depth = note.hz * (2.0 ** (layer.drift / 1200.0) - 1.0) / (2 * np.pi * rate)
    begin = np.float32(note.rng.random() * 6.28)
    return np.asarray(turns + np.float32(depth) * (np.sin(t + begin) - np.sin(begin)))


@lru_cache(maxsize=16)
def _bank(layer: Layer, shape: Filter, first: float, count: int, top: float, hz: float, tilt: float) -> Samples:
    """The rows of one layer for one pitch. `top`: the highest frequency that the note reaches."""
    n = harmonics_below(max(top, hz) * layer.top_ratio)
    gains = shape.gains(first, count, n * hz * layer.ratio)
    if shape.kind == "sync" and layer.wave == "saw":
        ratios = 2.0 ** (first + np.arange(count) / shape.steps)
        return make_bank(sync_spectra(ratios, len(n)))
    return make_bank(gains * wave_spectrum(layer, n, hz * layer.ratio) * n ** (tilt / 6.02))


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
