"""Bass recipes: mono, phase-continuous through glides, sub kept pure so that the low end stays clean."""

from __future__ import annotations

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.generation.composer.render.oscillators import RATE, moving_phase, read, sine_of, sweep, table_for
from grammy_desktop.generation.composer.render.shaping import (
    adsr,
    apply_filter,
    decay_curve,
    drive,
    moving_lowpass,
    stereo,
)
from grammy_desktop.generation.composer.render.tone import Tone


def sub_bass(tone: Tone) -> Samples:
    """Sine with a driven octave above it: felt on large speakers, and still heard on small ones."""
    envelope = adsr(tone.seconds, attack=0.006, decay=2.5, sustain=0.7, release=0.07)
    hz = tone.curve(len(envelope))
    upper = sweep("saw", hz * 2) * np.float32(0.12 + 0.16 * tone.velocity)
    body = sweep("sine", hz) + apply_filter(upper, "lowpass", 700.0)
    return apply_filter(drive(body * np.float32(0.8), 6.0), "lowpass", 1400.0) * envelope


def bass_808(tone: Tone) -> Samples:
    """Sine falling two octaves in 30 ms, long decay, tanh drive of 6 to 10 dB, low-passed at 3 kHz; glides 90 ms."""
    envelope = adsr(tone.seconds, attack=0.003, decay=4.5, sustain=0.15, release=0.15)
    frames = len(envelope)
    hz = tone.curve(frames, glide=0.09)
    knock = 24.0 * np.exp(-np.arange(frames) / (0.009 * RATE))
    turns = np.cumsum(hz * 2.0 ** (knock / 12.0) / RATE)
    body = drive(sine_of(turns) * envelope, 6.0 + 4.0 * tone.velocity, bias=0.12)
    click = tone.rng.standard_normal(frames, dtype=np.float32) * decay_curve(frames, 0.012) * 0.05
    # The drive flattens the decay; half of it is given back after.
    return apply_filter(body + click, "lowpass", 3000.0) * np.sqrt(envelope)


def reese(tone: Tone) -> Samples:
    """Three detuned saws beating above a still sine an octave of its own; the filter breathes."""
    envelope = adsr(tone.seconds, attack=0.004, decay=4.0, sustain=0.85, release=0.09)
    frames = len(envelope)
    hz = tone.curve(frames, glide=0.06)
    table = table_for("saw", float(hz.max()) * 1.02)
    out = np.zeros((frames, 2), np.float32)
    for cents, left in ((-19.0, 0.85), (0.0, 0.5), (17.0, 0.15)):
        saw = read(table, moving_phase(hz * 2.0 ** (cents / 1200.0), float(tone.rng.random())))
        out[:, 0] += saw * np.float32(left)
        out[:, 1] += saw * np.float32(1.0 - left)
    t = np.arange(frames) / RATE
    cutoff = 620.0 * 2.0 ** (0.7 * np.sin(2 * np.pi * 0.45 * t + float(tone.rng.random()) * 6.28) + 0.6 * tone.velocity)
    body = drive(moving_lowpass(out, cutoff, order=4, q=0.8) * 0.7, 6.0)
    body = apply_filter(body, "highpass", 90.0)
    return (body + stereo(sweep("sine", hz) * np.float32(0.75))) * envelope[:, None]


def house_bass(tone: Tone) -> Samples:
    """Square and sine through a plucked 24 dB low-pass at 600 Hz."""
    envelope = adsr(tone.seconds, attack=0.003, decay=0.9, sustain=0.55, release=0.06)
    frames = len(envelope)
    hz = tone.curve(frames, glide=0.05)
    t = np.arange(frames, dtype=np.float32) / RATE
    cutoff = (420.0 + 300.0 * tone.velocity) * 2.0 ** (2.0 * np.exp(-t / 0.07))
    body = moving_lowpass(sweep("square", hz) * np.float32(0.5) + sweep("saw", hz) * np.float32(0.25), cutoff, order=4)
    return drive((body + sweep("sine", hz) * np.float32(0.8)) * np.float32(0.6), 4.0) * envelope
