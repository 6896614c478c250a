"""A song reduced to what the proofs look at, so that hundreds can be judged without keeping their audio."""

from __future__ import annotations

import io
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.brief import Brief
from grammy_desktop.core.song import Song
from tests.acceptance.issue_4.attack_facts import attack_errors, envelope
from tests.acceptance.issue_4.key_facts import by_constant_q, by_essentia

RATE = 48_000
_STRUCK = ("drums", "perc", "bass")
_PLUCKED_PROGRAMS = frozenset((*range(16), *range(24, 32), *range(32, 40), 45, 46, *range(104, 109), 112, 114))
"""General MIDI pianos, bars, guitars, basses, pizzicato, harp, plucked and struck ethnic instruments."""


@dataclass(frozen=True)
class SongFacts:
    """Times in seconds, levels in dB. `midi_tempi` in microseconds a quarter note."""

    style: str
    seed: int
    tempo: float
    key: str
    duration: float
    ending: str
    frames: int
    midi_tempi: tuple[int, ...]
    midi_keys: tuple[str, ...]
    midi_metres: tuple[str, ...]
    stuck_notes: int
    keys_heard: tuple[tuple[int, bool], tuple[int, bool]]
    attacks: dict[str, tuple[int, float, float, float]]
    """By stem: onsets judged; median, 5th and 95th percentile of the error in ms."""
    last_attack: float
    """Of the last note, before the end."""
    tail_db: float
    """Peak of the last 10 ms against the song's."""
    longest_silence: float
    highest: float
    lowest_correlation: float
    crest_db: float
    stem_error_db: float
    """Peak of the mix minus the sum of the stems, dBFS."""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> SongFacts:
        def frozen(value: Any) -> Any:
            return tuple(frozen(item) for item in value) if isinstance(value, list) else value

        plain = {name: frozen(value) for name, value in values.items() if name != "attacks"}
        return cls(**plain, attacks={stem: frozen(figures) for stem, figures in values["attacks"].items()})


def facts_of(song: Song, brief: Brief, seed: int) -> SongFacts:
    mix = song.mix.samples
    tempi, keys, metres, stuck, last = _midi_facts(song)
    peak = float(np.abs(mix).max())
    total = np.sum([stem.samples.astype(np.float64) for stem in song.stems.values()], axis=0)
    rms = float(np.sqrt(np.mean(np.square(_loud_part(mix)))))
    return SongFacts(
        style=brief.genre.value,
        seed=seed,
        tempo=brief.tempo.value,
        key=str(brief.key.value),
        duration=brief.duration.value,
        ending=song.arrangement.ending if song.arrangement else "",
        frames=len(mix),
        midi_tempi=tempi,
        midi_keys=keys,
        midi_metres=metres,
        stuck_notes=stuck,
        keys_heard=_heard(song),
        attacks=_attacks(song),
        last_attack=len(mix) / RATE - last,
        tail_db=_db(float(np.abs(mix[-480:]).max()) / peak),
        longest_silence=_longest_silence(mix),
        highest=peak,
        lowest_correlation=_lowest_correlation(mix),
        crest_db=_db(peak / rms),
        stem_error_db=_db(float(np.abs(total - mix).max())),
    )


def _db(value: float) -> float:
    return round(float(20 * np.log10(max(value, 1e-9))), 2)


def _midi_facts(song: Song) -> tuple[tuple[int, ...], tuple[str, ...], tuple[str, ...], int, float]:
    import mido

    from grammy_desktop.generation.composer.midi.file import midi_bytes

    assert song.arrangement is not None
    file = mido.MidiFile(file=io.BytesIO(midi_bytes(song.arrangement)))
    messages = [message for track in file.tracks for message in track]
    tempi = tuple(message.tempo for message in messages if message.type == "set_tempo")
    keys = tuple(message.key for message in messages if message.type == "key_signature")
    metres = tuple(f"{m.numerator}/{m.denominator}" for m in messages if m.type == "time_signature")
    stuck = 0
    for track in file.tracks:
        sounding: dict[tuple[int, int], int] = {}
        for message in track:
            if message.type == "note_on" and message.velocity:
                sounding[message.channel, message.note] = sounding.get((message.channel, message.note), 0) + 1
            elif message.type in ("note_on", "note_off"):
                sounding[message.channel, message.note] = sounding.get((message.channel, message.note), 0) - 1
        stuck += sum(count != 0 for count in sounding.values())
    notes = [note for part in song.arrangement.parts if part.stem != "fx" for note in part.notes]
    last = song.arrangement.seconds(max(note.start for note in notes))
    return tempi, keys, metres, stuck, last


def _heard(song: Song) -> tuple[tuple[int, bool], tuple[int, bool]]:
    """On the sections in the home key: up to the first change of key."""
    assert song.arrangement is not None
    changes = getattr(song.arrangement, "key_changes", ())
    mix = song.mix.samples
    if changes:
        mix = mix[: round(song.arrangement.seconds(changes[0].beat) * RATE)]
    return by_constant_q(mix, RATE), by_essentia(mix, RATE)


def _attacks(song: Song) -> dict[str, tuple[int, float, float, float]]:
    """Of stems that only drums, basses or plucked players share."""
    assert song.arrangement is not None
    found = {}
    for stem, audio in song.stems.items():
        parts = [part for part in song.arrangement.parts if part.stem == stem]
        # Risers and noises have no attack; in the score they carry program 0 like a piano.
        if not parts or stem == "fx":
            continue
        if not all(p.is_drums or stem in _STRUCK or p.program in _PLUCKED_PROGRAMS for p in parts):
            continue
        onsets = [song.arrangement.seconds(note.start) for part in parts for note in part.notes]
        errors = attack_errors(envelope(audio.samples, RATE), onsets)
        if errors:
            low, middle, high = np.percentile(errors, [5, 50, 95])
            found[stem] = (len(errors), round(float(middle), 2), round(float(low), 2), round(float(high), 2))
    return found


def _longest_silence(mix: NDArray[np.float32]) -> float:
    """Below -60 dB of the song's peak, before its last sound."""
    levels = envelope(mix, RATE)
    loud = np.flatnonzero(levels > 1e-3 * levels.max())
    gaps = np.diff(loud)
    return round(float(gaps.max()) / 1000, 3) if len(gaps) else 0.0


def _lowest_correlation(mix: NDArray[np.float32]) -> float:
    """Of left and right, over windows of a second that are not silent."""
    lowest = 1.0
    for start in range(0, len(mix) - RATE, RATE):
        left, right = mix[start : start + RATE].T.astype(np.float64)
        energy = float(np.sqrt((left @ left) * (right @ right)))
        if energy > 1e-3:
            lowest = min(lowest, float(left @ right) / energy)
    return round(lowest, 3)


def _loud_part(mix: NDArray[np.float32]) -> NDArray[np.float64]:
    """The loudest ten seconds."""
    length = min(len(mix), 10 * RATE)
    power = np.concatenate([[0.0], np.cumsum(np.square(mix.astype(np.float64)).sum(axis=1))])
    best = int(np.argmax(power[length:] - power[:-length]))
    return mix[best : best + length].astype(np.float64)
