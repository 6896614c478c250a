"""How late and how loud an instrument speaks: measured on single notes, so that its parts are on time and at level."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

import numpy as np

from grammy_desktop.core.audio import AudioClip, Samples
from grammy_desktop.generation.composer.render.oscillators import RATE

LEVEL_LUFS = -18.0
"""Momentary loudness that a mid-range note at velocity 100 is brought to, as the shipped patches have it."""
_FIRST = 0.25
"""Seconds from a note's start within which its attack is judged."""
_SLOWEST = 0.06
"""Seconds; what takes longer is a swell that is meant."""
_BELOW = 0.1
"""20 dB below the note's peak."""
_MOST_GAIN = 36.0
_MILLISECOND = RATE // 1000


@dataclass(frozen=True)
class Calibration:
    """gain_db: to bring the instrument to `LEVEL_LUFS`. delays: (key, seconds that it speaks late), in order of keys."""

    gain_db: float = 0.0
    delays: tuple[tuple[int, float], ...] = ()

    def late(self, key: int) -> float:
        """Seconds that a key speaks late; one that was not measured as its lower neighbour."""
        if not self.delays:
            return 0.0
        place = bisect_right(self.delays, key, key=lambda delay: delay[0]) - 1
        return self.delays[max(place, 0)][1]

    @property
    def gain(self) -> float:
        return float(10.0 ** (self.gain_db / 20.0))

    def to_json(self) -> dict[str, object]:
        return {"gain_db": self.gain_db, "delays": [list(delay) for delay in self.delays]}

    @classmethod
    def from_json(cls, data: object) -> Calibration:
        """Raises ValueError for anything else than what `to_json` gives."""
        if not isinstance(data, dict):
            raise ValueError("no calibration")
        try:
            delays = tuple(sorted((int(key), float(late)) for key, late in data["delays"]))
            gain = float(data["gain_db"])
        except (KeyError, TypeError) as error:
            raise ValueError("no calibration") from error
        if not (-_MOST_GAIN <= gain <= _MOST_GAIN and all(0.0 <= late <= _SLOWEST for _, late in delays)):
            raise ValueError("a calibration out of range")
        return cls(gain, delays)


def speaks_late(sound: Samples) -> float:
    """Seconds from the start of a note, float32 [frames, channels] at 48 kHz, until a 1 ms envelope is within 20 dB of its peak.

    0 for silence and for slow swells. The peak is that of the first quarter of a second.
    """
    rows = np.abs(sound[: round(_FIRST * RATE)]).max(axis=1)
    whole = len(rows) // _MILLISECOND * _MILLISECOND
    if whole == 0:
        return 0.0
    envelope = rows[:whole].reshape(-1, _MILLISECOND).max(axis=1)
    peak = float(envelope.max())
    if peak < 1e-5:
        return 0.0
    late = int(np.argmax(envelope >= _BELOW * peak)) / 1000.0
    return late if late <= _SLOWEST else 0.0


def gain_to_level(sound: Samples) -> float:
    """Decibels that bring a note to `LEVEL_LUFS` (momentary); 0 for silence."""
    from grammy_desktop.core.loudness import measure

    padded = np.concatenate([sound, np.zeros((max(0, RATE - len(sound)), sound.shape[1]), np.float32)])
    loudness = measure(AudioClip(padded, RATE), true_peak=False).momentary_max
    if loudness is None or not np.isfinite(loudness):
        return 0.0
    return round(float(np.clip(LEVEL_LUFS - loudness, -_MOST_GAIN, _MOST_GAIN)), 2)
