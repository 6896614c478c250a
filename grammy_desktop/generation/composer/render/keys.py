"""Struck synth keys: bell and electric piano. The other keys, pads and leads are patches (resources/patches)."""

from __future__ import annotations

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.generation.composer.render.bodies import played
from grammy_desktop.generation.composer.render.noise import white
from grammy_desktop.generation.composer.render.oscillators import RATE, steady_phase
from grammy_desktop.generation.composer.render.shaping import adsr, apply_filter, decay_curve, falling, frames_of
from grammy_desktop.generation.composer.render.strands import (
    BLOCK,
    STEP,
    Path,
    grid_size,
    path_of,
    radians,
    steady_grid,
    straight,
)
from grammy_desktop.generation.composer.render.tone import Tone


class _Bell:
    """Two FM pairs (ratios 3.5 and 1.41): glassy strike, long sine. The index shrinks where sidebands would fold."""

    @staticmethod
    def _ring(note: Tone) -> float:
        return 1.4 + 1.2 * min(1.0, 500.0 / note.hz)

    def envelope(self, note: Tone) -> Samples:
        ring = self._ring(note)
        curve = decay_curve(frames_of(max(ring, min(note.seconds, 3.0))), ring)
        attack = min(len(curve), frames_of(0.002))
        curve[:attack] *= np.arange(attack, dtype=np.float32) / np.float32(0.002 * RATE)
        return curve

    def sound(self, note: Tone, frames: int) -> Samples:
        """float32 [2, frames]."""
        room = max(0.0, (20_000.0 / note.hz - 1.0) / 3.5 - 1.5)
        t = np.arange(grid_size(frames)) * (STEP / RATE)
        index = (min(0.6 + 1.6 * note.velocity, room) * np.exp(-t / 0.28)).astype(np.float32)
        strike_hz = min(note.hz * 5.404, 14_000.0)
        first_pair = (_steady(note.hz, frames), _steady(note.hz * 3.5, frames))
        second_pair = (_steady(note.hz * 1.0035, frames), _steady(note.hz * 1.41, frames))
        strike_path, strike_level = _steady(strike_hz, frames), decay_curve(frames, 0.25)
        out = np.empty((2, frames), np.float32)
        for first in range(0, frames, BLOCK):
            here = slice(first, first + BLOCK)
            step = first // STEP
            middle = _bent(first_pair, step, straight(index, step))
            middle *= np.float32(0.7)
            if first < frames_of(0.25):
                middle += np.sin(radians(strike_path, step)) * strike_level[here] * np.float32(0.12 * note.velocity)
            second = _bent(second_pair, step, np.float32(0.25))
            out[0, here] = middle + second * np.float32(0.35)
            out[1, here] = middle - second * np.float32(0.15)
        return out


def _steady(hz: float, frames: int) -> Path:
    return path_of(steady_grid(hz, frames))


def _bent(pair: tuple[Path, Path], step: int, index: Samples | np.float32) -> Samples:
    """A carrier and what bends its phase, over the block at the grid's value `step`."""
    phase = radians(pair[0], step)
    phase += np.sin(radians(pair[1], step)) * index
    return np.asarray(np.sin(phase, out=phase))


_BELL = _Bell()


def fm_bell(note: Tone) -> Samples:
    """A bell: see `_Bell`."""
    return played("fm_bell", _BELL, note)


def epiano(note: Tone) -> Samples:
    """Tine piano by FM 1:1 with a struck tine at 14 times the pitch; harder is brighter and barks."""
    envelope = adsr(note.seconds, attack=0.002, decay=20.0, sustain=1.0, release=0.22)
    frames = len(envelope)
    turn = np.float32(2 * np.pi / 2**32)
    angle = steady_phase(note.hz, frames).astype(np.float32) * turn
    strength = (0.22 + 1.5 * note.velocity**2) * min(1.0, 700.0 / note.hz)
    wave = np.sin(angle + np.sin(angle) * falling(frames, (1.4 + note.hz / 700.0) / RATE) * np.float32(strength))
    wave *= falling(frames, (0.55 + note.hz / 1400.0) / RATE)
    struck = min(frames, frames_of(0.4))
    tine = np.sin(steady_phase(min(note.hz * 14.0, 9000.0), struck).astype(np.float32) * turn)
    wave[:struck] += tine * decay_curve(struck, 0.35) * np.float32(0.10 * note.velocity)
    knock = min(frames, frames_of(0.08))
    thump = apply_filter(white(note.rng, knock), "lowpass", 350.0) * decay_curve(knock, 0.06)
    wave[:knock] += thump * np.float32(0.35 * note.velocity)
    gain = np.float32(10.0 ** (2.0 / 20.0))
    wave *= np.float32(0.6) * gain
    np.tanh(wave, out=wave)
    wave *= envelope
    wave *= np.float32(1.0 / np.tanh(gain))
    return np.asarray(wave, np.float32)


def tremolo_pan(samples: Samples) -> Samples:
    """The electric piano's slow stereo tremolo, 4.5 Hz."""
    turn = np.arange(grid_size(len(samples))) * (2 * np.pi * 4.5 * STEP / RATE)
    swing = (0.22 * np.sin(turn)).astype(np.float32)
    for first in range(0, len(samples), BLOCK):
        block = samples[first : first + BLOCK]
        moved = straight(swing, first // STEP)[: len(block)]
        block[:, 0] *= np.float32(1.0) + moved
        block[:, 1] *= np.float32(1.0) - moved
    return samples
