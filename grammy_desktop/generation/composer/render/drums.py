"""Drum pieces by synthesis. Every function makes one hit; the numbers that tell kits apart are arguments."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.generation.composer.render.noise import white
from grammy_desktop.generation.composer.render.oscillators import RATE, sine_of, tone
from grammy_desktop.generation.composer.render.shaping import apply_filter, decay_curve, drive, fade_edges, frames_of

_METAL_HZ = (2127.0, 2860.0, 3411.0, 4287.0, 5310.0, 6101.0)
"""Six inharmonic squares, the recipe of analogue drum machines' cymbals."""


@dataclass(frozen=True)
class Hit:
    """How a piece is struck: velocity 0 to 1, and a generator that makes each take a little different."""

    velocity: float
    rng: np.random.Generator

    def about(self, value: float, spread: float = 0.03) -> float:
        """`value`, varied by a few per cent as no two strokes are alike."""
        return value * (1.0 + spread * float(self.rng.uniform(-1.0, 1.0)))

    def noise(self, frames: int, channels: int = 1) -> Samples:
        return white(self.rng, frames, channels)


def _falling(frames: int, start: float, end: float, fall: float) -> Samples:
    """A sine whose frequency falls exponentially from `start` to `end` Hz, to a tenth of the way in `fall` seconds."""
    t = np.arange(frames) / RATE
    hz = end + (start - end) * np.exp(-t * 2.3 / fall)
    return sine_of(np.cumsum(hz) / RATE)


def kick(
    hit: Hit, *, end: float, start: float, fall: float, decay: float, click: float, driven: float, top: float
) -> Samples:
    """A falling sine with a beater click. `end` is the tuned frequency in Hz, `top` the low-pass."""
    frames = frames_of(decay * 1.15)
    body = _falling(frames, start * (0.85 + 0.15 * hit.velocity), end, fall) * decay_curve(frames, decay)
    knock = _falling(frames, start * 3.0, end * 3.0, fall * 0.5) * decay_curve(frames, 0.045) * np.float32(0.25)
    tick = apply_filter(hit.noise(frames), "bandpass", 1800.0, 9000.0, order=1) * decay_curve(frames, 0.014)
    out = drive(body + knock * np.float32(click * 2.0), driven) + tick * np.float32(click * (0.3 + 0.7 * hit.velocity))
    return fade_edges(apply_filter(out, "lowpass", top), 0.0006, 0.01)


def snare(hit: Hit, *, body: float, ring: float, low: float, high: float, decay: float, mix: float) -> Samples:
    """Two membrane modes and wires. `mix` is the share of noise; ghosts are darker and shorter."""
    loud = hit.velocity
    length = decay * (0.55 + 0.45 * loud)
    frames = frames_of(length * 1.2)
    hz = hit.about(body, 0.015)
    modes = _falling(frames, hz * 1.35, hz, 0.02) + _falling(frames, hz * 2.3, hz * 1.78, 0.02) * np.float32(0.5)
    shell = modes * decay_curve(frames, ring * (0.6 + 0.4 * loud))
    top = min(high, 2500.0 + (high - 2500.0) * min(1.0, loud * 1.3))
    wires = apply_filter(hit.noise(frames, 2), "bandpass", low, top, order=2)
    wires = (
        wires * (decay_curve(frames, length) * np.float32(0.8) + decay_curve(frames, 0.05) * np.float32(0.6))[:, None]
    )
    wires = _narrow(wires, 0.45)
    out = drive(shell[:, None] * np.float32(1.0 - mix) + wires * np.float32(mix), 9.0)
    return fade_edges(out * np.float32(0.9), 0.0006, 0.01)


def clap(hit: Hit, *, centre: float, decay: float, width: float) -> Samples:
    """Four bursts a hundredth of a second apart, then a tail; the hands stand left and right of the middle."""
    frames = frames_of(decay * 1.3 + 0.04)
    envelope = np.zeros(frames, np.float32)
    for k in range(4):
        first = frames_of(0.0005 + k * hit.about(0.0105, 0.08))
        length = decay if k == 3 else 0.03
        curve = decay_curve(frames - first, length)
        envelope[first:] = np.maximum(envelope[first:] * 0.35, curve * np.float32(1.0 if k == 3 else 0.85))
    band = apply_filter(hit.noise(frames, 2), "bandpass", centre * 0.72, centre * 1.9, order=2)
    air = apply_filter(hit.noise(frames, 2), "highpass", 4500.0) * np.float32(0.09 + 0.1 * hit.velocity)
    return fade_edges(_narrow(drive(band + air, 6.0) * envelope[:, None], width) * np.float32(1.3), 0.0006, 0.01)


def metal(hit: Hit, frames: int, pitch: float = 1.0) -> Samples:
    """Six inharmonic squares added up."""
    out = np.zeros(frames, np.float32)
    for hz in _METAL_HZ:
        out += tone("square", hz * pitch * hit.about(1.0, 0.004), frames, float(hit.rng.random()))
    return out * np.float32(0.25)


def hat(hit: Hit, *, decay: float, low: float, high: float, noise: float) -> Samples:
    """Closed or open hat: metal and noise above `low` Hz; harder strokes ring longer and brighter."""
    length = decay * (0.6 + 0.55 * hit.velocity) * hit.about(1.0, 0.08)
    frames = frames_of(length * 1.1 + 0.01)
    raw = metal(hit, frames, hit.about(1.0, 0.02)) * np.float32(1.0 - noise) + hit.noise(frames) * np.float32(noise)
    out = apply_filter(raw, "highpass", low, order=4)
    out = apply_filter(out, "lowpass", high * (0.75 + 0.25 * hit.velocity))
    return fade_edges(out * decay_curve(frames, length) * np.float32(0.55), 0.0006, 0.004)


def cymbal(hit: Hit, *, decay: float, low: float, high: float, bell: float = 0.0) -> Samples:
    """Crash or ride: a wide wash whose top dies first; `bell` adds the ping of a ride."""
    frames = frames_of(decay * 1.1)
    wash = hit.noise(frames, 2) * np.float32(0.55)
    shine = np.stack([metal(hit, frames, 0.94), metal(hit, frames, 1.07)], axis=1)
    raw = apply_filter(wash + shine * np.float32(0.6), "highpass", low, order=2)
    bright = apply_filter(raw, "highpass", 7000.0) * decay_curve(frames, decay * 0.55)[:, None]
    dark = apply_filter(raw, "lowpass", 7000.0) * decay_curve(frames, decay)[:, None]
    out = apply_filter(bright + dark, "lowpass", high)
    if bell:
        ping = sum(tone("sine", hz, frames) for hz in (3137.0, 4431.0, 5923.0)) * decay_curve(frames, 0.5)
        out = out + np.asarray(ping, np.float32)[:, None] * np.float32(bell * 0.12)
    bloom = np.minimum(np.arange(frames, dtype=np.float32) / frames_of(0.004), 1.0)
    return fade_edges(_narrow(out, 0.7) * bloom[:, None] * np.float32(0.5), 0.001, 0.05)


def tom(hit: Hit, *, hz: float, decay: float, skin: float = 0.12, top: float = 5000.0) -> Samples:
    """Tuned drum: a mode that sags a third, an overtone, and the stick on the skin."""
    frames = frames_of(decay * 1.15)
    base = hit.about(hz, 0.012)
    body = _falling(frames, base * 1.5, base, 0.06) * decay_curve(frames, decay)
    over = _falling(frames, base * 2.3, base * 1.59, 0.05) * decay_curve(frames, decay * 0.35) * np.float32(0.3)
    slap = apply_filter(hit.noise(frames), "bandpass", 400.0, top, order=1) * decay_curve(frames, 0.05)
    return fade_edges(
        drive((body + over) * np.float32(0.8), 3.0) + slap * np.float32(skin * (0.4 + hit.velocity)), 0.001, 0.02
    )


def taiko(hit: Hit, *, hz: float, decay: float, players: int = 5) -> Samples:
    """Several big drums struck a few milliseconds apart across the stage."""
    frames = frames_of(decay * 1.2 + 0.05)
    out = np.zeros((frames, 2), np.float32)
    for player in range(players):
        single = tom(hit, hz=hit.about(hz, 0.04), decay=decay * hit.about(1.0, 0.15), skin=0.3, top=3500.0)
        first = frames_of(0.0005 + abs(float(hit.rng.normal(0.0, 0.008))))
        length = min(len(single), frames - first)
        place = 0.5 + 0.4 * (player / max(1, players - 1) - 0.5) * 2.0
        out[first : first + length, 0] += single[:length] * np.float32(np.cos(place * np.pi / 2) / players**0.6)
        out[first : first + length, 1] += single[:length] * np.float32(np.sin(place * np.pi / 2) / players**0.6)
    return fade_edges(out, 0.001, 0.03)


def struck(hit: Hit, *, partials: tuple[float, ...], decay: float, noise: float = 0.1) -> Samples:
    """Small tuned percussion (rim, clave, block, cowbell, bongo, agogo): partials in Hz and a little stick noise."""
    frames = frames_of(decay * 1.2)
    bend = hit.about(1.0, 0.01)
    body = np.zeros(frames, np.float32)
    for index, hz in enumerate(partials):
        body += (
            tone("sine", hz * bend, frames)
            * decay_curve(frames, decay / (1.0 + 0.6 * index))
            / np.float32(1.0 + 0.5 * index)
        )
    stick = apply_filter(hit.noise(frames), "bandpass", 1200.0, 8000.0, order=1) * decay_curve(frames, 0.015)
    return fade_edges(body * np.float32(0.5) + stick * np.float32(noise), 0.0006, 0.005)


def shaken(hit: Hit, *, low: float, high: float, attack: float, decay: float) -> Samples:
    """Shaker, cabasa, maracas, tambourine: a breath of noise with a soft start."""
    frames = frames_of(attack + decay * 1.2)
    rise = np.minimum(np.arange(frames, dtype=np.float32) / frames_of(attack), 1.0) ** 1.5
    body = apply_filter(hit.noise(frames), "bandpass", low, high, order=2)
    out = np.asarray(body * rise * decay_curve(frames, decay + attack) * np.float32(0.6), np.float32)
    return fade_edges(out, 0.001, 0.005)


def _narrow(samples: Samples, width: float) -> Samples:
    """Scale the side signal of [frames, 2]."""
    mid = samples.mean(axis=1, keepdims=True)
    return np.asarray(mid + (samples - mid) * np.float32(width), np.float32)
