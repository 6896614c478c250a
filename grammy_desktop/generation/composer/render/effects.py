"""Long sounds: textures that run under a section, and what announces or marks a change."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples
from grammy_desktop.generation.composer.render.drums import Hit, cymbal, tom
from grammy_desktop.generation.composer.render.noise import swept_noise, white
from grammy_desktop.generation.composer.render.oscillators import RATE, sine_of, unison
from grammy_desktop.generation.composer.render.shaping import (
    adsr,
    apply_filter,
    decay_curve,
    drive,
    fade_edges,
    filtered,
    frames_of,
    moving_lowpass,
    sections_of,
)
from grammy_desktop.generation.composer.render.strands import STEP, grid_size
from grammy_desktop.generation.composer.render.tone import Tone


def vinyl(note: Tone) -> Samples:
    """Crackle shared by both sides, single pops, and the groove's dark hiss; lasts as long as the note."""
    frames = frames_of(note.seconds)
    rng = note.rng
    out = np.empty((frames, 2), np.float32)
    shared = _clicks(frames, 7.0, 0.30, rng)
    groove = np.vstack([sections_of("lowpass", 3200.0, order=1), sections_of("highpass", 300.0, order=1)])
    # The hiss of some seconds, over and over: it has no marks by which it would be known again.
    period = min(frames, frames_of(11.3))
    for channel in range(2):
        ticks = apply_filter(shared + _clicks(frames, 16.0, 0.10, rng), "bandpass", 900.0, 6500.0, order=1)
        hiss = filtered(white(rng, period), groove) * np.float32(0.006)
        ticks *= np.float32(0.9)
        for first in range(0, frames, period):
            ticks[first : first + period] += hiss[: frames - first]
        out[:, channel] = ticks
    return fade_edges(out, 0.15, 0.3)


def _clicks(frames: int, per_second: float, size: float, rng: np.random.Generator) -> Samples:
    out = np.zeros(frames, np.float32)
    count = int(rng.poisson(frames / RATE * per_second))
    sizes = np.minimum(rng.exponential(size, count), 1.2) * rng.choice((-1.0, 1.0), count)
    np.add.at(out, rng.integers(0, frames, count), sizes.astype(np.float32))
    return out


def rain(note: Tone) -> Samples:
    """Pink hiss that drifts, with drops."""
    frames = frames_of(note.seconds)
    rng = note.rng
    t = np.arange(frames, dtype=np.float32) / RATE
    out = np.empty((frames, 2), np.float32)
    for channel in range(2):
        noise = white(rng, frames)
        wash = apply_filter(noise, "lowpass", 1600.0, order=1) + apply_filter(
            noise, "highpass", 4500.0, order=1
        ) * np.float32(0.25)
        drift = 1.0 + 0.2 * np.sin(2 * np.pi * 0.11 * t + float(rng.random()) * 6.28)
        drops = apply_filter(_clicks(frames, 30.0, 0.25, rng), "bandpass", 1500.0, 5000.0, order=1)
        out[:, channel] = apply_filter(wash, "highpass", 350.0) * drift * np.float32(0.05) + drops * np.float32(0.25)
    return fade_edges(out, 0.4, 0.6)


def riser(note: Tone) -> Samples:
    """Noise whose filter climbs five octaves and saws that climb two, swelling until the note's end."""
    frames = frames_of(note.seconds)
    x = np.linspace(0.0, 1.0, frames, dtype=np.float32)
    swept = _swept(note, 350.0 * 2.0 ** (5.0 * _progress(frames)), frames, q=1.6, highpass=250.0)
    t_hz = note_hz(note.pitch) * 2.0 ** (2.0 * x.astype(np.float64) ** 1.5)
    climb = sine_of(np.cumsum(t_hz) / RATE) + np.float32(0.5) * sine_of(np.cumsum(t_hz * 1.503) / RATE)
    pulse = 0.75 + 0.25 * np.sin(2 * np.pi * np.cumsum(2.0 + 14.0 * x) / RATE)
    level = (0.03 + 0.97 * x**2.2).astype(np.float32)
    out = (swept * np.float32(0.55) + climb[:, None] * np.float32(0.14)) * (level * pulse)[:, None]
    return fade_edges(out.astype(np.float32), 0.02, 0.012)


def note_hz(pitch: float) -> float:
    """Keeps a climbing tone in a range where two octaves more are still pleasant: 110 to 440 Hz."""
    hz = 440.0 * 2.0 ** ((pitch - 69.0) / 12.0)
    while hz > 440.0:
        hz /= 2.0
    while hz < 110.0:
        hz *= 2.0
    return float(hz)


def downlifter(note: Tone) -> Samples:
    """The riser's answer: a filter that falls while the noise dies away."""
    frames = frames_of(note.seconds)
    x = np.linspace(0.0, 1.0, frames, dtype=np.float32)
    swept = _swept(note, 9000.0 * 2.0 ** (-5.0 * _progress(frames)), frames, q=1.3, highpass=120.0)
    swept *= (((1.0 - x) ** 1.6) * np.float32(0.5))[:, None]
    return fade_edges(swept, 0.004, 0.1)


def _progress(frames: int) -> NDArray[np.float64]:
    """0 at the start to 1 at the end, along the grid of `frames`."""
    return np.asarray(np.minimum(np.arange(grid_size(frames)) * (STEP / frames), 1.0), np.float64)


def _swept(note: Tone, cutoff: NDArray[np.float64], frames: int, *, q: float, highpass: float) -> Samples:
    """Noise, different on both sides, through a low-pass that moves and a high-pass that stays; float32 [frames, 2]."""
    moving = np.asarray(cutoff, np.float32)
    sides = [swept_noise(note.rng, moving, frames, q=q) for _ in range(2)]
    return np.stack([apply_filter(side, "highpass", highpass) for side in sides], axis=1)


def impact(note: Tone) -> Samples:
    """A low drum, a cymbal and a dark boom at once, ringing for at least two seconds."""
    hit = Hit(0.6 + 0.4 * note.velocity, note.rng)
    frames = frames_of(max(2.4, min(note.seconds, 4.0)))
    out = np.zeros((frames, 2), np.float32)
    low = tom(hit, hz=52.0, decay=1.6, skin=0.4)
    crash = cymbal(hit, decay=2.0, low=900.0, high=11_000.0)
    out[: len(low)] += low[:frames, None] * np.float32(0.8)
    out[: len(crash)] += crash[:frames] * np.float32(0.35)
    boom = apply_filter(white(note.rng, frames, 2), "lowpass", 260.0, order=4)
    out += boom * decay_curve(frames, 1.4)[:, None] * np.float32(0.5)
    return fade_edges(apply_filter(out, "highpass", 38.0), 0.001, 0.05)


def reverse_cymbal(note: Tone) -> Samples:
    """A crash played backwards that ends with the note."""
    frames = frames_of(note.seconds)
    crash = cymbal(Hit(0.8, note.rng), decay=max(0.5, note.seconds * 1.2), low=1500.0, high=13_000.0)
    out = np.zeros((frames, 2), np.float32)
    backwards = crash[:frames][::-1]
    out[frames - len(backwards) :] = backwards
    return fade_edges(out, 0.02, 0.012)


def sub_drop(note: Tone) -> Samples:
    """A sine falling from 80 to 30 Hz over two seconds."""
    frames = frames_of(max(1.2, min(note.seconds, 3.0)))
    t = np.arange(frames) / RATE
    hz = 30.0 + 50.0 * np.exp(-t / 0.55)
    body = drive(sine_of(np.cumsum(hz) / RATE) * decay_curve(frames, frames / RATE), 4.0)
    return fade_edges(apply_filter(body, "lowpass", 300.0), 0.004, 0.05)


def braam(note: Tone) -> Samples:
    """Trailer brass: saws two octaves down, filter opening to 1.5 kHz in 0.4 s, driven hard."""
    envelope = adsr(note.seconds, attack=0.05, decay=5.0, sustain=0.7, release=0.9)
    frames = len(envelope)
    t = np.arange(frames, dtype=np.float32) / RATE
    hz = 440.0 * 2.0 ** ((note.pitch - 69.0) / 12.0)
    while hz > 80.0:
        hz /= 2.0
    body = unison("saw", hz, frames, 4, 15.0, note.rng) + unison(
        "saw", hz * 1.5, frames, 3, 12.0, note.rng
    ) * np.float32(0.5)
    body += unison("saw", hz * 2.0, frames, 3, 14.0, note.rng) * np.float32(0.5)
    opened = 200.0 * 2.0 ** (2.9 * np.minimum(t / 0.4, 1.0) * (0.6 + 0.4 * note.velocity)) * 2.0 ** (-0.25 * t)
    return drive(moving_lowpass(body, opened, order=4, q=0.8), 10.0) * envelope[:, None]
