"""Ten minutes of music: what is struck in the last minute lies as exactly on its MIDI time as in the first.

The drums and the bass of a 600 s song are rendered; their attacks are compared with the times that the MIDI file gives, its
tempo rounded to whole microseconds as the format wants it. Like is compared with like (a kick with a kick, a kick under a hat
with a kick under a hat): the median errors of the last minute may not lie further than 1 ms from those of the first.
"""

from __future__ import annotations

import io

import mido
import numpy as np
from numpy.typing import NDArray

from grammy_desktop.assistant import read_prompt
from grammy_desktop.core.song import Arrangement, Part
from grammy_desktop.core.styles import load_styles
from grammy_desktop.generation.composer.compose import compose
from grammy_desktop.generation.composer.midi.file import midi_bytes
from grammy_desktop.generation.composer.render import RATE, Stage, render_part
from tests.acceptance.context import Context
from tests.acceptance.issue_4.attack_facts import envelope, judged_attacks

SECONDS, SEED = 600.0, 11
DRIFT_MS = 1.0
FEWEST = 8
"""Attacks that must be judged at either end."""
_PROMPTS = (
    ("pop", "pop at 97.3 BPM"),
    ("house", "house at 123.7 BPM"),
    ("country", "country in 3/4 at 151.1 BPM"),
    ("blues", "blues at 89.9 BPM"),
)
"""A synthesised kit, a drum machine, a sampled kit; basses of both kinds, that pause now and then (of one that plays on and on
hardly an attack can be judged); tempi that divide badly."""
_ROLES = ("drums", "bass")


def run(context: Context, *, seconds: float = SECONDS, prompts: tuple[tuple[str, str], ...] = _PROMPTS) -> None:
    sheets = load_styles()
    for name, prompt in prompts:
        score = compose(read_prompt(prompt, sheets, style=name, duration=seconds), sheets[name], SEED)
        times = midi_times(score)
        for part in score.parts:
            if part.stem not in _ROLES:
                continue
            drift, judged = drift_of(part, score, times[part.name], seconds)
            said = {"drift ms": round(drift, 2), "judged": judged, "sound": part.sound}
            context.check(f"{name} {part.name}: enough attacks to judge", judged >= FEWEST, said)
            context.check(f"{name} {part.name}: drift below {DRIFT_MS:g} ms", abs(drift) < DRIFT_MS, said["drift ms"])
        ours = max(score.seconds(note.start) for part in score.parts for note in part.notes if part.name in times)
        theirs = max(max(when) for when in times.values())
        gap = round(1000 * (theirs - ours), 3)
        context.check(f"{name}: the file's own rounding stays below {DRIFT_MS:g} ms", abs(gap) < DRIFT_MS, gap)


Onsets = dict[float, frozenset[int]]
"""What is struck together, by its time in seconds."""


def midi_times(score: Arrangement) -> dict[str, Onsets]:
    """By part: when its notes begin, as the MIDI file says."""
    file = mido.MidiFile(file=io.BytesIO(midi_bytes(score)))
    tempo = next(message.tempo for message in file.tracks[0] if message.type == "set_tempo")
    found: dict[str, Onsets] = {}
    for track in file.tracks[1:]:
        now, onsets = 0, found.setdefault(track.name, {})
        for message in track:
            now += message.time
            if message.type == "note_on" and message.velocity:
                time = mido.tick2second(now, file.ticks_per_beat, tempo)
                onsets[time] = onsets.get(time, frozenset()) | {message.note}
    return found


def drift_of(part: Part, score: Arrangement, onsets: Onsets, seconds: float) -> tuple[float, int]:
    """Milliseconds by which the end is later than the beginning, and how many attacks of the end were judged."""
    stage = Stage(60.0 / score.tempo, round(seconds * RATE), score.key.tonic, lambda: None)
    levels = envelope(render_part(part, stage), RATE)
    span = min(60.0, seconds / 5)
    begin, end = min(onsets), max(onsets)
    early = _by_kind(levels, {time: struck for time, struck in onsets.items() if time <= begin + span})
    late = _by_kind(levels, {time: struck for time, struck in onsets.items() if time >= end - span})
    shared = [kind for kind in early if kind in late]
    if not shared:
        return 0.0, 0
    weights = [len(late[kind]) for kind in shared]
    gaps = [float(np.median(late[kind]) - np.median(early[kind])) for kind in shared]
    return float(np.average(gaps, weights=weights)), sum(weights)


def _by_kind(levels: NDArray[np.float64], onsets: Onsets) -> dict[frozenset[int], list[float]]:
    """Errors in ms by what is struck within the 20 ms of a flam."""
    times = np.array(sorted(onsets))
    found: dict[frozenset[int], list[float]] = {}
    for time, error in judged_attacks(levels, times.tolist()):
        together = times[(times >= time) & (times < time + 0.02)]
        kind = frozenset[int]().union(*(onsets[float(when)] for when in together))
        found.setdefault(kind, []).append(error)
    return found
