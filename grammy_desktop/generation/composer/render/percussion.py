"""More drum pieces by synthesis: brushes, snaps, stomps, jingles, kettle drums, and what a sound chip can do."""

from __future__ import annotations

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.generation.composer.render.drums import Hit, metal
from grammy_desktop.generation.composer.render.oscillators import RATE, sine_of, tone
from grammy_desktop.generation.composer.render.shaping import apply_filter, decay_curve, drive, fade_edges, frames_of


def brush(hit: Hit, *, low: float, high: float, sweep: float, decay: float, slap: float = 0.5) -> Samples:
    """Wires on a skin: a slap, and a swish that swells within `sweep` seconds and dies away."""
    frames = frames_of(sweep + decay * 1.2)
    t = np.arange(frames, dtype=np.float32) / np.float32(RATE)
    wires = apply_filter(hit.noise(frames, 2), "bandpass", low, high, order=1)
    swish = np.minimum(t / np.float32(sweep), 1.0) * np.exp(
        -np.maximum(t - np.float32(sweep), 0) * np.float32(5.0 / decay)
    )
    tap = decay_curve(frames, 0.06) * np.float32(slap * (0.3 + 0.9 * hit.velocity))
    skin = tone("sine", hit.about(235.0), frames) * decay_curve(frames, 0.07) * np.float32(0.35 * slap)
    body = wires * (swish * np.float32(0.35) + tap)[:, None] + skin[:, None]
    return fade_edges(np.asarray(body, np.float32), 0.0008, 0.01)


def snap(hit: Hit, *, centre: float, decay: float) -> Samples:
    """Two fingers: a short resonance with a sharp front."""
    frames = frames_of(decay * 1.3)
    noise = hit.noise(frames)
    ring = apply_filter(noise, "bandpass", hit.about(centre) * 0.85, hit.about(centre) * 1.18, order=2)
    front = apply_filter(noise, "highpass", 3500.0) * decay_curve(frames, 0.012) * np.float32(0.5)
    return fade_edges((ring * decay_curve(frames, decay) * np.float32(1.6) + front), 0.0006, 0.005)


def stomp(hit: Hit, *, hz: float, decay: float, wood: float = 0.4) -> Samples:
    """Boots on a wooden floor, three people not quite together."""
    frames = frames_of(decay * 1.3 + 0.03)
    out = np.zeros((frames, 2), np.float32)
    for place in (0.5, 0.3, 0.7):
        first = 0 if place == 0.5 else frames_of(abs(float(hit.rng.normal(0.0, 0.006))) + 0.0005)
        length = frames - first
        t = np.arange(length) / RATE
        base = hit.about(hz, 0.06)
        body = sine_of(np.cumsum(base * (1.0 + 0.8 * np.exp(-t / 0.015))) / RATE) * decay_curve(length, decay)
        floor = apply_filter(hit.noise(length), "bandpass", 180.0, 1400.0, order=1) * decay_curve(length, 0.07)
        one = body * np.float32(0.7) + floor * np.float32(wood)
        out[first:, 0] += one * np.float32(np.cos(place * np.pi / 2) * 0.6)
        out[first:, 1] += one * np.float32(np.sin(place * np.pi / 2) * 0.6)
    return fade_edges(drive(out, 3.0), 0.0008, 0.01)


def jingle(hit: Hit, *, low: float, decay: float, shake: float = 0.0) -> Samples:
    """Small metal discs (tambourine, sleigh bells): many strokes that scatter within `shake` seconds, ringing on."""
    frames = frames_of(shake + decay * 1.2)
    envelope = np.zeros(frames, np.float32)
    count = 1 if shake <= 0.0 else 7
    for stroke in range(count):
        first = 0 if stroke == 0 else frames_of(float(hit.rng.uniform(0.0, shake)))
        strength = 1.0 if stroke == 0 else float(hit.rng.uniform(0.2, 0.6))
        envelope[first:] += decay_curve(frames - first, decay * (0.5 + 0.5 * hit.velocity)) * np.float32(strength)
    raw = metal(hit, frames, hit.about(1.32, 0.05)) + metal(hit, frames, hit.about(1.79, 0.05))
    raw = raw * np.float32(0.5) + hit.noise(frames) * np.float32(0.35)
    return fade_edges(apply_filter(raw, "highpass", low, order=4) * envelope * np.float32(0.5), 0.0006, 0.005)


def kettle(hit: Hit, *, hz: float, decay: float, mallet: float = 0.3) -> Samples:
    """Timpani: the near-harmonic modes of a kettle drum (1, 1.5, 1.99, 2.44), and a felt mallet."""
    frames = frames_of(decay * 1.15)
    out = np.zeros(frames, np.float32)
    for ratio, level, share in (
        (1.0, 1.0, 1.0),
        (1.504, 0.6, 0.8),
        (1.99, 0.32, 0.6),
        (2.44, 0.2, 0.45),
        (0.85, 0.35, 0.15),
    ):
        out += tone("sine", hz * ratio, frames) * decay_curve(frames, decay * share) * np.float32(level)
    felt = apply_filter(hit.noise(frames), "bandpass", 90.0, 700.0 + 900.0 * hit.velocity, order=1) * decay_curve(
        frames, 0.05
    )
    return fade_edges(out * np.float32(0.5) + felt * np.float32(mallet), 0.001, 0.02)


def chip_noise(hit: Hit, *, clock: float, decay: float, fall: float = 1.0) -> Samples:
    """Random steps at `clock` Hz that slow down to `fall` of it: the noise channel of old sound chips."""
    frames = frames_of(decay * 1.1)
    t = np.arange(frames) / RATE
    step = np.cumsum(clock * fall ** (t / decay)) / RATE
    bits = hit.rng.integers(0, 2, int(step[-1]) + 2).astype(np.float32) * 2.0 - 1.0
    sound = apply_filter(bits[step.astype(np.int64)], "highpass", 60.0)
    levels = np.ceil(decay_curve(frames, decay) * np.float32(15.0)) / np.float32(15.0)
    return fade_edges(np.asarray(sound * levels * np.float32(0.5), np.float32), 0.0006, 0.003)


def chip_tone(hit: Hit, *, start: float, end: float, fall: float, decay: float) -> Samples:
    """A triangle that falls: kick and toms of a sound chip, which has no others."""
    frames = frames_of(decay * 1.1)
    t = np.arange(frames) / RATE
    turns = np.cumsum(end + (start - end) * np.exp(-t * 2.3 / fall)) / RATE
    wave = np.abs(((turns + 0.25) % 1.0) * 4.0 - 2.0) - 1.0
    coarse = np.round(wave * 7.5) / 7.5
    return fade_edges(np.asarray(coarse * decay_curve(frames, decay), np.float32), 0.0008, 0.005)


def scraped(hit: Hit, *, low: float, high: float, teeth: float, length: float) -> Samples:
    """Guiro: `teeth` strokes a second along a notched gourd, faster towards the end."""
    frames = frames_of(length + 0.03)
    t = np.arange(frames) / RATE
    phase = np.cumsum(teeth * (0.7 + 0.6 * t / length)) / RATE % 1.0
    ticks = np.exp(-phase * 5.0).astype(np.float32)
    body = apply_filter(hit.noise(frames), "bandpass", low, high, order=2) * ticks
    edge = np.minimum(np.minimum(t / 0.002, 1.0), np.clip((length + 0.02 - t) / 0.02, 0.0, 1.0)).astype(np.float32)
    return fade_edges(np.asarray(body * edge, np.float32), 0.0008, 0.005)


def skin(hit: Hit, *, hz: float, decay: float, slap: float, tone_share: float = 0.6) -> Samples:
    """Hand drum (conga, djembe, bongo, talking drum): two membrane modes that sag a little, and the hand."""
    frames = frames_of(decay * 1.2)
    t = np.arange(frames) / RATE
    base = hit.about(hz, 0.01) * (1.0 + 0.12 * hit.velocity * np.exp(-t / 0.02))
    turns = np.cumsum(base) / RATE
    body = sine_of(turns) * decay_curve(frames, decay)
    over = sine_of(turns * 1.594) * decay_curve(frames, decay * 0.5)
    over += sine_of(turns * 2.136) * decay_curve(frames, decay * 0.3)
    hand = apply_filter(hit.noise(frames), "bandpass", 700.0, 1800.0 + 5000.0 * hit.velocity, order=1)
    hand = hand * decay_curve(frames, 0.03) * np.float32(slap * (0.3 + 0.7 * hit.velocity))
    out = np.asarray((body + over * np.float32(0.4)) * np.float32(tone_share) + hand, np.float32)
    return fade_edges(out, 0.0007, 0.006)
