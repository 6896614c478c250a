"""The MIDI file of every style, opened by others: mido, pretty_midi, FluidSynth and MuseScore, without a warning.

FluidSynth plays every note of ours at our time. MuseScore opens the file and nearly always shows its metre (now and then it
takes a free performance for a live recording and bars it anew); tempo and key it guesses by itself where a performance is not
quantised (it reads keys from a staff's own track only, where pretty_midi warns of them), so how often it finds ours is a figure,
not a check. Peers that are not installed count as failures: pip install pretty_midi;
apt-get install fluidsynth fluid-soundfont-gm musescore3 (or the like).
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import warnings
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import mido
import numpy as np

from grammy_desktop.assistant import read_prompt
from grammy_desktop.core.song import Arrangement
from grammy_desktop.core.styles import load_styles
from grammy_desktop.generation.composer.compose import compose
from grammy_desktop.generation.composer.midi.file import write_midi
from tests.acceptance.context import Context

SEED, SECONDS = 4, 30.0
RATE = 22_050
METRES = 0.95
"""Of FluidSynth's render; it counts time in blocks of 64 frames (2.9 ms)."""
LATE_MS = 4.0
"""How far a note may lie from its time in FluidSynth: a block, and the file's own rounding to ticks."""
TEMPO_ERROR = 1e-4
"""Relative, of the tempo with which FluidSynth plays; 0.01 BPM at 100."""
_FIFTHS = {name: count for count, name in enumerate(["Cb", "Gb", "Db", "Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E",
                                                     "B", "F#", "C#"], start=-7)}  # fmt: skip
_FONTS = (
    "/usr/share/sounds/sf2/FluidR3_GM.sf2", "/usr/share/soundfonts/FluidR3_GM.sf2", "/usr/share/sounds/sf2/default-GM.sf2",
    "/usr/share/soundfonts/default.sf2", "/usr/share/sounds/sf2/TimGM6mb.sf2",
)  # fmt: skip
"""A font without gaps first: FluidSynth does not count notes above the highest sample of a small one."""
_NOTE_ON = re.compile(r"noteon\t(\d+)\t(\d+)\t(\d+)\t(\d+)\t([\d.]+)")
_TROUBLE = re.compile(r"warn|error|fail|corrupt|invalid", re.IGNORECASE)


@dataclass
class Faults:
    """By check: what was wrong, style by style."""

    found: dict[str, list[str]] = field(default_factory=dict)
    guessed: Counter[str] = field(default_factory=Counter)
    barred_anew: list[str] = field(default_factory=list)
    """What MuseScore takes for a live performance and gives bars of its own."""

    def note(self, check: str, wrong: bool, said: str) -> None:
        self.found.setdefault(check, [])
        if wrong:
            self.found[check].append(said)


def run(context: Context, *, styles: tuple[str, ...] | None = None) -> None:
    sheets = load_styles()
    faults = Faults()
    fluidsynth, font = shutil.which("fluidsynth"), next((path for path in _FONTS if Path(path).is_file()), None)
    names = ("mscore3", "musescore3", "mscore", "musescore", "mscore4portable")
    musescore = next(filter(None, map(shutil.which, names)), None)
    pretty = importlib.util.find_spec("pretty_midi") is not None
    context.check("pretty_midi, FluidSynth with a General MIDI font and MuseScore are installed",
                  pretty and bool(fluidsynth) and bool(font) and bool(musescore))  # fmt: skip
    notes = bends = 0
    for name in styles or tuple(sorted(sheets)):
        score = compose(read_prompt("song", sheets, style=name, duration=SECONDS), sheets[name], SEED)
        path = context.folder / f"{name}.mid"
        write_midi(score, path)
        bends += with_mido(path, score, name, faults)
        notes += len(_played(score))
        if pretty:
            _with_pretty_midi(path, score, name, faults)
        if fluidsynth and font:
            _with_fluidsynth(fluidsynth, font, path, score, name, faults)
        if musescore:
            _with_musescore(musescore, path, score, name, faults)
    context.figure("styles, notes, bends", [len(styles or sheets), notes, bends])
    context.figure("MuseScore found our tempo, our key", [faults.guessed["tempo"], faults.guessed["key"]])
    if musescore:
        kept = faults.guessed["metre"] / len(styles or sheets)
        context.check(f"MuseScore: the metre in {METRES:.0%} of styles", kept >= METRES, faults.barred_anew)
    for check, wrong in faults.found.items():
        context.check(check, not wrong, wrong[:5])


def _played(score: Arrangement) -> list[tuple[float, int]]:
    """(seconds, pitch) of what the file holds."""
    return sorted((score.seconds(n.start), n.pitch) for part in score.parts if part.stem != "fx" for n in part.notes)


def with_mido(path: Path, score: Arrangement, name: str, faults: Faults) -> int:
    file = mido.MidiFile(path)
    messages = [message for track in file.tracks for message in track]
    count = sum(message.type == "note_on" and message.velocity > 0 for message in messages)
    faults.note("mido: type 1, every note", file.type != 1 or count != len(_played(score)), f"{name}: {count}")
    kinds = Counter(message.type for message in messages)
    expected = (len(score.tempi()), 1, len(score.sections))
    seen = (kinds["set_tempo"], kinds["time_signature"], kinds["marker"])
    faults.note("mido: tempo map, metre and markers once", seen != expected, f"{name}: {seen} for {expected}")
    unnamed = [track for track in file.tracks if not track.name]
    faults.note("mido: every track has a name", bool(unnamed), name)
    drums = {
        m.channel for p, t in zip(_parts(score), file.tracks[1:], strict=True) if p.is_drums for m in t if not m.is_meta
    }
    faults.note("mido: drums on channel 10 and nothing else there", not drums <= {9}, f"{name}: {drums}")
    wheels = [_last_wheel(track) for track in file.tracks]
    faults.note("mido: every wheel comes back to the middle", any(wheels), name)
    return sum(message.type == "pitchwheel" and message.pitch == 0 for message in messages)


def _parts(score: Arrangement) -> list[object]:
    return [part for part in score.parts if part.stem != "fx"]


def _last_wheel(track: mido.MidiTrack) -> int:
    return next((message.pitch for message in reversed(track) if message.type == "pitchwheel"), 0)


def _with_pretty_midi(path: Path, score: Arrangement, name: str, faults: Faults) -> None:
    import pretty_midi

    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        file = pretty_midi.PrettyMIDI(str(path))
    ours = [w for w in said if "pretty_midi" in str(w.filename) or issubclass(w.category, RuntimeWarning)]
    faults.note("pretty_midi: no warning", bool(ours), f"{name}: {[str(w.message) for w in ours]}")
    notes = sorted((note.start, note.pitch) for player in file.instruments for note in player.notes)
    played = _played(score)
    faults.note("pretty_midi: every note", len(notes) != len(played), f"{name}: {len(notes)} of {len(played)}")
    tempo = float(file.get_tempo_changes()[1][0])
    faults.note("pretty_midi: the tempo", abs(tempo / score.tempo - 1) > TEMPO_ERROR, f"{name}: {tempo}")
    keys = {pretty_midi.key_number_to_key_name(change.key_number) for change in file.key_signature_changes}
    first = file.key_signature_changes[0] if file.key_signature_changes else None
    fifths = _fifths_of(first.key_number) if first is not None else None
    faults.note("pretty_midi: the key", fifths != _fifths(score) % 12, f"{name}: {sorted(keys)} for {score.key}")


def _fifths_of(number: int) -> int:
    """pretty_midi counts twelve major keys by semitones, then twelve minor ones; places on the circle of fifths, modulo 12."""
    tonic = number if number < 12 else number - 12 + 3
    return tonic * 7 % 12


def _fifths(score: Arrangement) -> int:
    return _FIFTHS[score.key.signature_tonic]


def _with_fluidsynth(program: str, font: str, path: Path, score: Arrangement, name: str, faults: Faults) -> None:
    out = path.with_suffix(".wav")
    command = [program, "-ni", "-v", "-r", str(RATE), "-F", str(out), font, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    said = done.stdout + done.stderr
    trouble = [line for line in said.splitlines() if _TROUBLE.search(line) and str(path.parent) not in line]
    faults.note("FluidSynth: no warning", bool(trouble) or done.returncode != 0, f"{name}: {trouble[:2]}")
    out.unlink(missing_ok=True)
    heard: dict[int, tuple[float, int]] = {}
    for channel, key, _, number, when in _NOTE_ON.findall(said):
        del channel
        heard.setdefault(int(number), (float(when) * 44_100 / RATE, int(key)))
    played, notes = _played(score), sorted(heard.values())
    same = Counter(pitch for _, pitch in notes) == Counter(pitch for _, pitch in played)
    faults.note("FluidSynth: every note, at its pitch", not same, f"{name}: {len(notes)} of {len(played)}")
    if not same:
        return
    ours, theirs = (np.array([time for time, _ in side]) for side in (played, notes))
    slope, offset = np.polyfit(ours, theirs, 1)
    error = float(np.abs(theirs - ours - offset).max()) * 1000
    faults.note(
        "FluidSynth: the tempo", abs(slope - 1) > TEMPO_ERROR, f"{name}: {score.tempo / slope:.4f} for {score.tempo}"
    )
    faults.note(f"FluidSynth: every note within {LATE_MS:g} ms", error > LATE_MS, f"{name}: {error:.2f} ms")


def _with_musescore(program: str, path: Path, score: Arrangement, name: str, faults: Faults) -> None:
    out = path.with_suffix(".musicxml")
    home = path.parent / "home"
    home.mkdir(mode=0o700, exist_ok=True)
    plain = os.environ | {"QT_QPA_PLATFORM": "offscreen", "HOME": str(home), "XDG_RUNTIME_DIR": str(home)}
    command = [program, "-o", str(out), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env=plain)
    trouble = [line for line in (done.stdout + done.stderr).splitlines() if _TROUBLE.search(line)]
    faults.note("MuseScore: no warning", bool(trouble) or done.returncode != 0, f"{name}: {trouble[:2]}")
    text = out.read_text(encoding="utf-8") if out.is_file() else ""
    metres = set(re.findall(r"<beats>(\d+)</beats>\s*<beat-type>(\d+)</beat-type>", text))
    same = metres == {tuple(map(str, score.metre))}
    faults.guessed["metre"] += same
    if not same:
        faults.barred_anew.append(f"{name}: {metres} for {score.metre}")
    tempi = [float(value) for value in re.findall(r'<sound tempo="([\d.]+)"', text)]
    faults.guessed["tempo"] += bool(tempi) and abs(tempi[0] - score.tempo) <= 0.5
    pitched = [staff for staff in text.split("<part id=")[1:] if "<unpitched>" not in staff]
    keys = [int(found[0]) for staff in pitched if (found := re.findall(r"<fifths>(-?\d+)</fifths>", staff))]
    faults.guessed["key"] += bool(keys) and all((key - _fifths(score)) % 12 == 0 for key in keys)
    out.unlink(missing_ok=True)
