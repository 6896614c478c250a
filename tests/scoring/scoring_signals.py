"""Synthetic music and its faults, made in the tests: drums, bass, chords and a lead over a known tempo and key."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy import signal

from grammy_desktop.core.audio import AudioClip

RATE = 48_000
PROGRESSION = (
    (9, 0, 4, 7),
    (5, 9, 0, 4),
    (0, 4, 7, 11),
    (7, 11, 2, 5),
)  # Am7 Fmaj7 Cmaj7 G7: pitch classes, root first


def clip_of(samples: np.ndarray, rate: int = RATE) -> AudioClip:
    return AudioClip(np.ascontiguousarray(samples, dtype=np.float32), rate)


@lru_cache(maxsize=12)
def make_song(
    seconds: float = 24.0, bpm: float = 100.0, *, seed: int = 1, transpose: int = 0, level: float = 0.16
) -> AudioClip:
    """A song in A minor (plus `transpose`): eight bars, half of them soft, stereo width, a fade at the end."""
    rng = np.random.default_rng(seed)
    frames = int(seconds * RATE)
    left, right = np.zeros(frames), np.zeros(frames)
    beat = 60.0 / bpm

    def add(sound: np.ndarray, at: float, gain: float, pan: float = 0.0) -> None:
        first = int(at * RATE)
        sound = sound[: max(0, frames - first)]
        left[first : first + sound.size] += sound * gain * np.cos((pan + 1) * np.pi / 4) * 1.414
        right[first : first + sound.size] += sound * gain * np.sin((pan + 1) * np.pi / 4) * 1.414

    beats = int(seconds / beat)
    for number in range(beats):
        at = number * beat
        bar, in_bar = divmod(number, 4)
        full = bar % 8 >= 4
        chord = PROGRESSION[bar % 4]
        if in_bar in (0, 2):
            add(_kick(), at, 0.9)
            add(_tone(33 + (chord[0] + transpose - 9) % 12, 0.9 * beat, 6, 1.3), at, 0.42)
        if in_bar in (1, 3):
            add(_noise(rng, 0.16, 700, 9000, 0.05), at, 0.5 if full else 0.3)
        for half in (0.0, 0.5):
            add(_noise(rng, 0.08, 6000, 16000, 0.02), at + half * beat, 0.26 if full else 0.15, 0.25)
        if in_bar == 0:
            for index, name in enumerate(chord):
                pan = -0.7 + 1.4 * index / 3
                add(_tone(57 + (name + transpose - 9) % 12, 3.9 * beat, 12, 1.25), at, 0.13 if full else 0.08, pan)
        if full and rng.random() < 0.8:
            add(_tone(69 + (chord[int(rng.integers(0, 4))] + transpose - 9) % 12, 0.8 * beat, 10, 1.2), at, 0.16, -0.15)
    mix = np.stack([left, right], axis=1) + _room(rng, left, right)
    mix = mix / np.sqrt(np.mean(mix**2)) * level
    mix = 0.85 * np.tanh(mix / 0.85)
    tail = int(1.5 * RATE)
    mix[-tail:] *= np.linspace(1, 0, tail)[:, None] ** 2
    return clip_of(mix)


@lru_cache(maxsize=256)
def _tone(midi: int, seconds: float, partials: int, slope: float) -> np.ndarray:
    time = np.arange(int(seconds * RATE)) / RATE
    hertz = 440.0 * 2 ** ((midi - 69) / 12)
    total = sum(
        np.sin(2 * np.pi * hertz * k * time + k) / k**slope * np.exp(-time * 0.25 * k) for k in range(1, partials + 1)
    )
    return total * np.minimum(1, time / 0.005) * np.minimum(1, (time[-1] - time) / 0.05 + 1e-6) * np.exp(-0.6 * time)


@lru_cache(maxsize=1)
def _kick() -> np.ndarray:
    time = np.arange(int(0.3 * RATE)) / RATE
    return np.sin(2 * np.pi * (50 * time + 6.0 * (1 - np.exp(-time / 0.02)))) * np.exp(-time / 0.09)


def _noise(rng: np.random.Generator, seconds: float, low: float, high: float, decay: float) -> np.ndarray:
    time = np.arange(int(seconds * RATE)) / RATE
    filtered = signal.sosfilt(
        signal.butter(2, (low, high), "bandpass", fs=RATE, output="sos"), rng.standard_normal(time.size)
    )
    return filtered * np.exp(-time / decay)


def _room(rng: np.random.Generator, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    length = int(0.7 * RATE)
    decay = np.exp(-6.9 * np.arange(length) / length)
    wet = [signal.fftconvolve(x, rng.standard_normal(length) * decay)[: left.size] for x in (left, right)]
    room = signal.sosfilt(signal.butter(2, 250, "highpass", fs=RATE, output="sos"), np.stack(wet, axis=1), axis=0)
    return room / (np.std(room) + 1e-9) * np.std(left) * 0.22


def with_peak_of(changed: np.ndarray, original: AudioClip) -> AudioClip:
    return clip_of(changed * (np.abs(original.samples).max() / (np.abs(changed).max() + 1e-9)))


def clipped(clip: AudioClip, drive_db: float) -> AudioClip:
    peak = np.abs(clip.samples).max()
    return clip_of(np.clip(clip.samples * 10 ** (drive_db / 20), -peak, peak))


def low_passed(clip: AudioClip, hertz: float) -> AudioClip:
    return clip_of(signal.sosfilt(signal.butter(6, hertz, fs=RATE, output="sos"), clip.samples, axis=0))


def noisy(clip: AudioClip, snr_db: float) -> AudioClip:
    noise = np.random.default_rng(3).standard_normal(clip.samples.shape)
    return with_peak_of(clip.samples + noise * np.std(clip.samples) * 10 ** (-snr_db / 20), clip)


def crushed(clip: AudioClip, drive_db: float) -> AudioClip:
    loud = clip.samples / np.std(clip.samples) * 0.1 * 10 ** (drive_db / 20)
    pole = np.exp(-1 / (0.02 * RATE))
    envelope = np.sqrt(signal.lfilter([1 - pole], [1, -pole], np.mean(loud.astype(float) ** 2, axis=1)) + 1e-8)
    return clip_of(np.tanh(loud * (np.minimum(1, (0.15 / np.maximum(envelope, 1e-4)) ** 0.85) * 3)[:, None]) * 0.98)


def polarity_flipped(clip: AudioClip, amount: float) -> AudioClip:
    """Blends the right channel towards its own inverse: 1 = flipped."""
    changed = clip.samples.copy()
    changed[:, 1] *= 1 - 2 * amount
    return clip_of(changed)


def speech_like(seconds: float = 15.0) -> AudioClip:
    """A gliding voice of 90 to 160 Hz through changing formants, in syllables with pauses: no words, no stable pitch, no beat."""
    rng = np.random.default_rng(11)
    frames = int(seconds * RATE)
    out = np.zeros(frames)
    at = 0
    while at < frames - RATE // 2:
        length = int(rng.uniform(0.09, 0.3) * RATE)
        time = np.arange(length) / RATE
        start, end = rng.uniform(95, 160), rng.uniform(80, 150)
        phase = np.cumsum(np.linspace(start, end, length)) / RATE
        pulses = np.diff(np.floor(phase), prepend=0.0) + 0.02 * rng.standard_normal(length)
        voice = np.zeros(length)
        for low, high, gain in ((280, 800, 1.0), (900, 2200, 0.5), (2300, 3100, 0.25)):
            sos = signal.butter(1, np.array([0.92, 1.08]) * rng.uniform(low, high), "bandpass", fs=RATE, output="sos")
            voice += gain * signal.sosfilt(sos, pulses)
        if rng.random() < 0.4:
            voice = 0.3 * signal.sosfilt(
                signal.butter(2, 3000, "highpass", fs=RATE, output="sos"), 0.1 * rng.standard_normal(length)
            )
        out[at : at + length] += voice * np.sin(np.pi * np.minimum(1, time / time[-1])) ** 0.5
        at += length + int((rng.uniform(0.25, 0.7) if rng.random() < 0.2 else rng.uniform(0.0, 0.06)) * RATE)
    return clip_of(np.repeat((out / np.abs(out).max() * 0.5)[:, None], 2, axis=1))
