"""Synth keys: pads, stabs, plucks, leads, bells and electric piano."""

from __future__ import annotations

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.generation.composer.render.oscillators import RATE, sine_of, sweep, unison
from grammy_desktop.generation.composer.render.oscillators import tone as steady
from grammy_desktop.generation.composer.render.shaping import (
    adsr,
    apply_filter,
    decay_curve,
    drive,
    frames_of,
    moving_lowpass,
)
from grammy_desktop.generation.composer.render.tone import Tone

_BLOCK = 1 << 16


def supersaw(note: Tone) -> Samples:
    """Seven saws over +-24 cents, 12 kHz low-pass that velocity opens; the root stays in the middle."""
    envelope = adsr(note.seconds, attack=0.004, decay=0.6, sustain=0.8, release=0.16)
    frames = len(envelope)
    body = unison("saw", note.hz, frames, 7, 24.0, note.rng) * np.float32(1.1)
    body += steady("saw", note.hz, frames, float(note.rng.random()))[:, None] * np.float32(0.25)
    return apply_filter(body, "lowpass", 4500.0 + 7500.0 * note.velocity) * envelope[:, None]


def stab(note: Tone) -> Samples:
    """Three saws, 10 cents apart, through a filter that snaps shut: the house chord."""
    gate = min(note.seconds, 0.32)
    envelope = adsr(gate, attack=0.002, decay=0.5, sustain=0.35, release=0.14)
    frames = len(envelope)
    t = np.arange(frames, dtype=np.float32) / RATE
    cutoff = (1500.0 + 1500.0 * note.velocity) * 2.0 ** (1.3 * np.exp(-t / 0.06) - 0.4)
    body = unison("saw", note.hz, frames, 3, 10.0, note.rng, spread=0.7)
    body += steady("square", note.hz, frames, float(note.rng.random()))[:, None] * np.float32(0.2)
    return moving_lowpass(body, cutoff, q=1.1) * envelope[:, None]


def pluck(note: Tone) -> Samples:
    """Short saw with a three-octave filter snap and a bright tick."""
    envelope = adsr(min(note.seconds, 0.45), attack=0.0015, decay=0.55, sustain=0.05, release=0.22)
    frames = len(envelope)
    t = np.arange(frames, dtype=np.float32) / RATE
    cutoff = 900.0 * 2.0 ** ((1.8 + 1.4 * note.velocity) * np.exp(-t / 0.09))
    body = unison("saw", note.hz, frames, 3, 7.0, note.rng, spread=0.6)
    body += steady("triangle", note.hz, frames, float(note.rng.random()))[:, None] * np.float32(0.5)
    return moving_lowpass(body, cutoff, q=1.0) * envelope[:, None]


def warm_pad(note: Tone) -> Samples:
    """Four saws and a triangle, slow attack, low-pass that opens and closes over the note."""
    envelope = adsr(note.seconds, attack=min(0.35, 0.4 * note.seconds + 0.02), decay=6.0, sustain=0.85, release=0.7)
    frames = len(envelope)
    t = np.arange(frames, dtype=np.float32) / RATE
    swell = np.sin(np.pi * np.minimum(t / max(note.seconds, 0.5), 1.0))
    cutoff = 750.0 * 2.0 ** ((0.5 + 0.7 * note.velocity) * swell)
    body = unison("saw", note.hz, frames, 4, 11.0, note.rng, spread=1.0)
    body += steady("triangle", note.hz, frames, float(note.rng.random()))[:, None] * np.float32(0.5)
    return moving_lowpass(body, cutoff, q=0.75) * envelope[:, None]


def saw_lead(note: Tone) -> Samples:
    """Two saws and a square an octave below, late vibrato, glides of 60 ms."""
    return _lead(note, "saw", 5200.0)


def square_lead(note: Tone) -> Samples:
    """Hollow square with the same hands: vibrato that comes late, a rounder filter."""
    return _lead(note, "square", 3800.0)


def _lead(note: Tone, shape: str, cutoff: float) -> Samples:
    envelope = adsr(note.seconds, attack=0.006, decay=1.5, sustain=0.75, release=0.12)
    frames = len(envelope)
    t = np.arange(frames) / RATE
    vibrato = 0.16 * np.clip((t - 0.22) / 0.3, 0.0, 1.0) * np.sin(2 * np.pi * 5.3 * t)
    hz = note.curve(frames, glide=0.06) * 2.0 ** (vibrato / 12.0)
    body = np.empty((frames, 2), np.float32)
    for channel, cents in enumerate((-7.0, 7.0)):
        body[:, channel] = sweep(shape, hz * 2.0 ** (cents / 1200.0), float(note.rng.random()))
    body += (sweep(shape, hz, float(note.rng.random())) * np.float32(0.6))[:, None]
    body += (sweep("square", hz / 2, float(note.rng.random())) * np.float32(0.25))[:, None]
    opened = cutoff * (0.6 + 0.8 * note.velocity) * 2.0 ** (0.8 * np.exp(-t / 0.12))
    return moving_lowpass(body * np.float32(0.5), opened, q=0.9) * envelope[:, None]


def fm_bell(note: Tone) -> Samples:
    """Two FM pairs (ratios 3.5 and 1.41): glassy strike, long sine. The index shrinks where sidebands would fold."""
    ring = 1.4 + 1.2 * min(1.0, 500.0 / note.hz)
    frames = frames_of(max(ring, min(note.seconds, 3.0)))
    t = np.arange(frames) / RATE
    room = max(0.0, (20_000.0 / note.hz - 1.0) / 3.5 - 1.5)
    index = min(0.6 + 1.6 * note.velocity, room) * np.exp(-t / 0.28)
    modulator = np.sin(2 * np.pi * ((note.hz * 3.5 * t) % 1.0)) * index
    carrier = sine_of(note.hz * t + modulator / (2 * np.pi))
    second = sine_of(note.hz * 1.0035 * t + 0.25 * np.sin(2 * np.pi * ((note.hz * 1.41 * t) % 1.0)) / (2 * np.pi))
    strike = steady("sine", min(note.hz * 5.404, 14_000.0), frames) * decay_curve(frames, 0.25)
    mid = carrier * np.float32(0.7) + strike * np.float32(0.12 * note.velocity)
    body = np.stack([mid + second * np.float32(0.35), mid - second * np.float32(0.15)], axis=1)
    attack = np.minimum(t / 0.002, 1.0).astype(np.float32)
    return np.asarray(body * (decay_curve(frames, ring) * attack)[:, None], np.float32)


def epiano(note: Tone) -> Samples:
    """Tine piano by FM 1:1 with a struck tine at 14 times the pitch; harder is brighter and barks."""
    envelope = adsr(note.seconds, attack=0.002, decay=20.0, sustain=1.0, release=0.22)
    frames = len(envelope)
    t = np.arange(frames) / RATE
    index = (0.22 + 1.5 * note.velocity**2) * min(1.0, 700.0 / note.hz) * np.exp(-t * (1.4 + note.hz / 700.0))
    wave = sine_of(note.hz * t + index * np.sin(2 * np.pi * ((note.hz * t) % 1.0)) / (2 * np.pi))
    tine_hz = min(note.hz * 14.0, 9000.0)
    tine = steady("sine", tine_hz, frames) * decay_curve(frames, 0.35) * np.float32(0.10 * note.velocity)
    thump = apply_filter(note.rng.standard_normal(frames, dtype=np.float32), "lowpass", 350.0)
    thump *= decay_curve(frames, 0.06) * np.float32(0.35 * note.velocity)
    body = wave * np.exp(-t * (0.55 + note.hz / 1400.0)).astype(np.float32)
    return drive((body + tine + thump) * np.float32(0.6), 2.0) * envelope


def tremolo_pan(samples: Samples) -> Samples:
    """The electric piano's slow stereo tremolo, 4.5 Hz."""
    t = np.arange(len(samples)) / RATE
    swing = (0.22 * np.sin(2 * np.pi * 4.5 * t)).astype(np.float32)
    out = samples.copy()
    out[:, 0] *= 1.0 + swing
    out[:, 1] *= 1.0 - swing
    return out


def chorus(samples: Samples) -> Samples:
    """Two slow opposite delays of 9 to 15 ms beside the dry sound."""
    margin = frames_of(0.016)
    before = np.zeros((margin, 2), np.float32)
    out = np.empty_like(samples)
    for first in range(0, len(samples), _BLOCK):
        block = samples[first : first + _BLOCK]
        padded = np.concatenate([before, block])
        before = padded[-margin:]
        n = np.arange(len(block))
        swing = 0.003 * RATE * np.sin(2 * np.pi * 0.35 / RATE * (n + first))
        for channel, sign in enumerate((1.0, -1.0)):
            position = n + (margin - 0.012 * RATE) - sign * swing
            index = position.astype(np.int64)
            fraction = (position - index).astype(np.float32)
            line = padded[:, channel]
            delayed = line[index] * (1 - fraction) + line[index + 1] * fraction
            out[first : first + len(block), channel] = block[:, channel] * np.float32(0.8) + delayed * np.float32(0.5)
    return out
