"""Drum kits: which piece answers which General MIDI key. The kits themselves are data: see patches/kit.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.generation.composer.render import drums
from grammy_desktop.generation.composer.render.bodies import shared_bodies
from grammy_desktop.generation.composer.render.drums import Hit
from grammy_desktop.generation.composer.render.kit_trims import group_of
from grammy_desktop.generation.composer.render.shaping import stereo

Piece = Callable[[Hit], Samples]
HATS = (42, 44, 46)
"""Keys of one hi-hat: each stroke damps the one before."""
KICKS = (35, 36)


@dataclass(frozen=True)
class Kit:
    """Pieces by key with level (linear) and place (-1 left to 1 right); `colour` finishes every hit.

    trims: decibels by group of pieces (see kit_trims.py). stamp: tells it from every other kit; '' where hits are not kept.
    """

    name: str
    pieces: dict[int, tuple[Piece, float, float]]
    colour: Callable[[Samples], Samples] = stereo
    trims: tuple[tuple[str, float], ...] = ()
    stamp: str = ""

    def trim(self, key: int) -> float:
        """Decibels to give a key beyond its level."""
        return dict(self.trims).get(group_of(key), 0.0)

    def strike(self, key: int, hit: Hit) -> Samples:
        """One hit of a key, float32 [frames, 2], without the velocity's gain. Read only: the song's other hits are the same."""
        entropy = getattr(hit.rng.bit_generator.seed_seq, "entropy", None)
        if not self.stamp or not isinstance(entropy, list | tuple):
            return self._struck(key, hit)
        take = (self.stamp, key, hit.velocity, tuple(int(number) for number in entropy))
        return shared_bodies().get(take, lambda: self._struck(key, hit))

    def _struck(self, key: int, hit: Hit) -> Samples:
        piece, level, place = self.pieces.get(key) or self.pieces[_nearest(key)]
        sound = self.colour(stereo(piece(hit)))
        angle = (0.5 + 0.5 * place) * np.pi / 2
        gains = np.array([np.cos(angle), np.sin(angle)]) * np.sqrt(2.0) * level
        return np.asarray(sound * gains.astype(np.float32), np.float32)


def kick_hz(tonic: int, low: float = 43.0, high: float = 64.0) -> float:
    """The tonic where it falls within `low`..`high` Hz, else the fifth, else whichever lies nearest: in tune with the bass."""
    for pitch_class in (tonic, tonic + 7):
        hz = in_tune(pitch_class, float(np.sqrt(low * high)), (0,))
        if low <= hz <= high:
            return hz
    return in_tune(tonic, float(np.sqrt(low * high)))


def in_tune(tonic: int, hz: float, steps: tuple[int, ...] = (0, 7)) -> float:
    """The pitch nearest to `hz` that lies `steps` semitones above some tonic."""
    above = (69 + 12 * np.log2(hz / 440.0) - tonic) % 12
    away = min(((step - above + 6.0) % 12.0 - 6.0 for step in steps), key=abs)
    return float(hz * 2.0 ** (away / 12.0))


_STAND_INS = {35: 36, 40: 38, 57: 49, 55: 49, 52: 49, 59: 51, 53: 51, 41: 43, 47: 45, 50: 48, 81: 76}


def _nearest(key: int) -> int:
    """A key that every kit has."""
    return _STAND_INS.get(key, 37)


def shared_pieces() -> dict[int, tuple[Piece, float, float]]:
    """What all kits share: hand percussion, in stereo about the middle; a kit may replace any of it."""
    struck, shaken = drums.struck, drums.shaken
    return {
        37: (partial(struck, partials=(1650.0, 2480.0, 480.0), decay=0.13, noise=0.35), 0.55, 0.1),
        54: (partial(shaken, low=5200.0, high=14_000.0, attack=0.003, decay=0.16), 0.42, 0.35),
        56: (partial(struck, partials=(562.0, 845.0, 1690.0), decay=0.28, noise=0.1), 0.30, -0.3),
        60: (partial(struck, partials=(420.0, 690.0), decay=0.14, noise=0.18), 0.45, -0.4),
        61: (partial(struck, partials=(310.0, 510.0), decay=0.18, noise=0.15), 0.48, -0.3),
        62: (partial(struck, partials=(390.0, 640.0), decay=0.08, noise=0.22), 0.45, 0.4),
        63: (partial(struck, partials=(345.0, 560.0), decay=0.22, noise=0.15), 0.50, 0.4),
        64: (partial(struck, partials=(228.0, 372.0), decay=0.28, noise=0.12), 0.55, 0.3),
        65: (partial(struck, partials=(520.0, 890.0, 1410.0), decay=0.3, noise=0.25), 0.4, 0.35),
        66: (partial(struck, partials=(390.0, 660.0, 1050.0), decay=0.34, noise=0.25), 0.4, 0.25),
        67: (partial(struck, partials=(1130.0, 2910.0), decay=0.35, noise=0.05), 0.25, -0.4),
        68: (partial(struck, partials=(845.0, 2190.0), decay=0.35, noise=0.05), 0.25, -0.3),
        69: (partial(shaken, low=4200.0, high=12_000.0, attack=0.006, decay=0.07), 0.4, 0.45),
        70: (partial(shaken, low=5000.0, high=12_000.0, attack=0.004, decay=0.05), 0.4, -0.45),
        75: (partial(struck, partials=(2480.0, 4900.0), decay=0.06, noise=0.05), 0.35, -0.2),
        76: (partial(struck, partials=(1290.0, 2600.0), decay=0.07, noise=0.1), 0.38, 0.3),
        77: (partial(struck, partials=(930.0, 1900.0), decay=0.08, noise=0.1), 0.38, 0.2),
        80: (partial(struck, partials=(3400.0, 5230.0, 8100.0), decay=0.18, noise=0.05), 0.2, 0.4),
        81: (partial(struck, partials=(3400.0, 5230.0, 8100.0), decay=0.9, noise=0.05), 0.2, 0.4),
        82: (partial(shaken, low=4500.0, high=11_000.0, attack=0.009, decay=0.06), 0.42, 0.3),
    }
