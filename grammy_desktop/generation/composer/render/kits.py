"""Drum kits: which piece answers which General MIDI key, how it is tuned, where it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.generation.composer.render import drums
from grammy_desktop.generation.composer.render.drums import Hit
from grammy_desktop.generation.composer.render.shaping import apply_filter, drive, stereo

Piece = Callable[[Hit], Samples]
HATS = (42, 44, 46)
"""Keys of one hi-hat: each stroke damps the one before."""
KICKS = (35, 36)


@dataclass(frozen=True)
class Kit:
    """Pieces by key with level (linear) and place (-1 left to 1 right); `colour` finishes every hit."""

    name: str
    pieces: dict[int, tuple[Piece, float, float]]
    colour: Callable[[Samples], Samples] = stereo

    def strike(self, key: int, hit: Hit) -> Samples:
        """One hit of a key, float32 [frames, 2], without the velocity's gain."""
        piece, level, place = self.pieces.get(key) or self.pieces[_nearest(key)]
        sound = self.colour(stereo(piece(hit)))
        angle = (0.5 + 0.5 * place) * np.pi / 2
        gains = np.array([np.cos(angle), np.sin(angle)]) * np.sqrt(2.0) * level
        return np.asarray(sound * gains.astype(np.float32), np.float32)


def kit_named(name: str, tonic: int) -> Kit:
    """A kit by its recipe name, its kick tuned to `tonic` (a pitch class) or the fifth. Raises KeyError."""
    return _KITS[name](tonic)


def kick_hz(tonic: int, low: float = 43.0, high: float = 64.0) -> float:
    """The tonic where it falls within `low`..`high` Hz, else the fifth: a kick in tune with the bass."""
    for pitch_class in (tonic, tonic + 7):
        for octave in (24, 36):
            hz = 440.0 * 2.0 ** ((octave + pitch_class % 12 - 69) / 12.0)
            if low <= hz <= high:
                return float(hz)
    return float(np.sqrt(low * high))


_STAND_INS = {35: 36, 40: 38, 57: 49, 55: 49, 52: 49, 59: 51, 53: 51, 41: 43, 47: 45, 50: 48, 81: 76}


def _nearest(key: int) -> int:
    """A key that every kit has."""
    return _STAND_INS.get(key, 37)


def _percussion() -> dict[int, tuple[Piece, float, float]]:
    """What all kits share: hand percussion, in stereo about the middle."""
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


def _toms(scale: float, decay: float, level: float) -> dict[int, tuple[Piece, float, float]]:
    keys = (
        (41, 68.0, 0.45),
        (43, 82.0, 0.35),
        (45, 98.0, 0.15),
        (47, 118.0, -0.05),
        (48, 140.0, -0.2),
        (50, 168.0, -0.35),
    )
    return {key: (partial(drums.tom, hz=hz * scale, decay=decay), level, place) for key, hz, place in keys}


def _cymbals(
    hat_low: float, hat_high: float, closed: float, opened: float, noise: float, level: float, place: float
) -> dict[int, tuple[Piece, float, float]]:
    def one(decay: float) -> Piece:
        return partial(drums.hat, decay=decay, low=hat_low, high=hat_high, noise=noise)

    crash = partial(drums.cymbal, decay=2.4, low=2200.0, high=hat_high)
    return {
        42: (one(closed), level, place),
        44: (one(closed * 0.8), level * 0.8, place),
        46: (one(opened), level * 0.85, place),
        49: (crash, 0.42, -0.35),
        51: (partial(drums.cymbal, decay=1.1, low=3500.0, high=hat_high, bell=0.6), 0.26, 0.35),
        53: (partial(drums.cymbal, decay=1.2, low=3500.0, high=hat_high, bell=2.0), 0.24, 0.35),
        57: (partial(drums.cymbal, decay=2.0, low=2600.0, high=hat_high), 0.40, 0.4),
    }


def _lofi(tonic: int) -> Kit:
    kick = partial(
        drums.kick, end=kick_hz(tonic, 46, 68), start=105.0, fall=0.05, decay=0.34, click=0.10, driven=5.0, top=3000.0
    )
    snare = partial(drums.snare, body=185.0, ring=0.16, low=900.0, high=6500.0, decay=0.27, mix=0.55)
    return Kit(
        "kit_lofi",
        _percussion()
        | _toms(1.0, 0.35, 0.6)
        | _cymbals(5600.0, 11_500.0, 0.15, 0.5, 0.6, 0.52, 0.15)
        | {
            36: (kick, 1.0, 0.0),
            38: (snare, 0.80, 0.0),
            40: (partial(drums.snare, body=210.0, ring=0.09, low=1200.0, high=6500.0, decay=0.14, mix=0.6), 0.75, 0.0),
            39: (partial(drums.clap, centre=1100.0, decay=0.24, width=0.5), 0.6, 0.0),
        },
        _dusty,
    )


def _dusty(samples: Samples) -> Samples:
    """An old sampler: saturated by 3 dB, twelve bits, nothing above 11 kHz."""
    coarse = np.round(drive(samples, 3.0) * np.float32(2048.0)) / np.float32(2048.0)
    return apply_filter(np.asarray(coarse, np.float32), "lowpass", 11_000.0)


def _909(tonic: int) -> Kit:
    kick = partial(
        drums.kick, end=kick_hz(tonic, 45, 64), start=190.0, fall=0.05, decay=0.42, click=0.24, driven=6.0, top=12_000.0
    )
    snare = partial(drums.snare, body=200.0, ring=0.10, low=1400.0, high=11_000.0, decay=0.32, mix=0.6)
    return Kit(
        "kit_909",
        _percussion()
        | _toms(1.15, 0.3, 0.6)
        | _cymbals(6800.0, 16_500.0, 0.16, 0.55, 0.45, 0.48, 0.12)
        | {
            36: (kick, 1.0, 0.0),
            38: (snare, 0.62, 0.0),
            40: (
                partial(drums.snare, body=230.0, ring=0.09, low=1800.0, high=12_000.0, decay=0.16, mix=0.65),
                0.6,
                0.0,
            ),
            39: (partial(drums.clap, centre=1050.0, decay=0.34, width=0.8), 0.62, 0.0),
        },
    )


def _trap(tonic: int) -> Kit:
    kick = partial(
        drums.kick, end=kick_hz(tonic, 43, 62), start=160.0, fall=0.045, decay=0.26, click=0.22, driven=7.0, top=9000.0
    )
    snare = partial(drums.snare, body=205.0, ring=0.09, low=1500.0, high=12_000.0, decay=0.3, mix=0.6)
    return Kit(
        "kit_trap",
        _percussion()
        | _toms(0.8, 0.4, 0.6)
        | _cymbals(7600.0, 17_000.0, 0.13, 0.6, 0.3, 0.42, 0.15)
        | {
            36: (kick, 1.0, 0.0),
            38: (snare, 0.68, 0.0),
            40: (
                partial(drums.snare, body=240.0, ring=0.07, low=1800.0, high=12_000.0, decay=0.14, mix=0.65),
                0.6,
                0.0,
            ),
            39: (partial(drums.clap, centre=1200.0, decay=0.32, width=0.6), 0.72, 0.0),
        },
    )


def _pop(tonic: int) -> Kit:
    kick = partial(
        drums.kick,
        end=kick_hz(tonic, 47, 66),
        start=150.0,
        fall=0.045,
        decay=0.32,
        click=0.30,
        driven=5.0,
        top=11_000.0,
    )
    snare = partial(drums.snare, body=200.0, ring=0.13, low=1300.0, high=11_000.0, decay=0.36, mix=0.55)
    return Kit(
        "kit_pop",
        _percussion()
        | _toms(1.0, 0.42, 0.65)
        | _cymbals(6200.0, 16_000.0, 0.16, 0.65, 0.55, 0.44, 0.25)
        | {
            36: (kick, 1.0, 0.0),
            38: (snare, 0.72, 0.0),
            40: (
                partial(drums.snare, body=225.0, ring=0.11, low=1700.0, high=12_000.0, decay=0.3, mix=0.6),
                0.66,
                0.0,
            ),
            39: (partial(drums.clap, centre=1150.0, decay=0.3, width=0.8), 0.6, 0.0),
        },
    )


def _cinematic(tonic: int) -> Kit:
    low = kick_hz(tonic, 40, 58)
    boom = partial(drums.taiko, hz=low, decay=1.3, players=4)
    snares = partial(drums.snare, body=178.0, ring=0.2, low=900.0, high=8000.0, decay=0.3, mix=0.6)
    keys = ((41, 1.2, 0.35), (43, 1.35, 0.25), (45, 1.6, 0.1), (47, 1.9, -0.1), (48, 2.25, -0.25), (50, 2.7, -0.35))
    taikos: dict[int, tuple[Piece, float, float]] = {
        key: (partial(drums.taiko, hz=low * ratio, decay=1.1 - 0.2 * ratio / 2.7), 0.8, place)
        for key, ratio, place in keys
    }
    return Kit(
        "kit_cinematic",
        _percussion()
        | taikos
        | _cymbals(4500.0, 14_000.0, 0.18, 0.7, 0.6, 0.34, 0.2)
        | {
            36: (boom, 1.1, 0.0),
            37: (partial(drums.struck, partials=(780.0, 1310.0), decay=0.11, noise=0.3), 0.5, 0.2),
            38: (snares, 0.6, 0.0),
            40: (snares, 0.6, -0.1),
            39: (partial(drums.clap, centre=900.0, decay=0.25, width=1.0), 0.5, 0.0),
            49: (partial(drums.cymbal, decay=3.6, low=1200.0, high=12_000.0), 0.45, -0.2),
            57: (partial(drums.cymbal, decay=3.2, low=1500.0, high=12_000.0), 0.45, 0.25),
        },
    )


_KITS: dict[str, Callable[[int], Kit]] = {
    "kit_lofi": _lofi,
    "kit_909": _909,
    "kit_trap": _trap,
    "kit_pop": _pop,
    "kit_cinematic": _cinematic,
}
KIT_NAMES = tuple(_KITS)
