"""Ten prompts over six styles: tempo, key and duration as said, in MIDI and in the audio; each sounds like its style.

How a style is recognised here, written down before the run:
  lofi         16th notes swung (even 16ths late), few high frequencies: under 2 % of the power above 8 kHz
  house, edm   kick on every quarter of the loud section (at least 90 %)
  trap         snare or clap on beat 3 of most bars, hardly on 2 and 4; 8 hats a bar or more; 15 % of the power below 90 Hz
  pop          snare on 2 and 4 of the loud section (at least 70 %); a lead part
  cinematic    string or brass programs play; no backbeat; loudness range at least 5 LU
  rock_ballad  snare on 2 and 4; guitar programs (24 to 31) play; tempo 60 to 90
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mido
import numpy as np

from grammy_desktop.core.music import Key
from tests.acceptance.audio_checks import samples
from tests.acceptance.context import Context

KICKS, SNARES, HATS = {35, 36}, {37, 38, 39, 40}, {42, 44, 46}


@dataclass(frozen=True)
class Case:
    prompt: str
    style: str
    tempo: float
    key: str
    duration: int


CASES = (
    Case("Chill lo-fi hip hop, 90 BPM, in A minor, 40 seconds", "lofi", 90, "A minor", 40),
    Case("rainy study beats in F major at 76 bpm, 30 s", "lofi", 76, "F major", 30),
    Case("Uplifting house track, 124 BPM, C minor, 45 seconds", "house", 124, "C minor", 45),
    Case("festival EDM banger 128 bpm in F minor 0:40", "edm", 128, "F minor", 40),
    Case("Catchy pop song in G major, 104 BPM, 50 seconds", "pop", 104, "G major", 50),
    Case("happy radio pop, D major, 118 bpm, 35 seconds", "pop", 118, "D major", 35),
    Case("Epic cinematic trailer in D minor, 90 BPM, 60 seconds", "cinematic", 90, "D minor", 60),
    Case("Dark trap beat, 140 BPM, F# minor, 40 seconds", "trap", 140, "F# minor", 40),
    Case("hard trap in C minor at 150 bpm, 30 seconds", "trap", 150, "C minor", 30),
    Case("Rock ballad in E minor, 72 BPM, 60 seconds", "rock_ballad", 72, "E minor", 60),
)


def run(context: Context, *, cases: tuple[Case, ...] = CASES) -> None:
    exact = related = 0
    for number, case in enumerate(cases):
        song = context.grammy("create", case.prompt, "--seed", str(100 + number), "--json").json()
        if "error" in song:
            context.check(case.prompt, False, song["error"]["message"])
            continue
        midi = mido.MidiFile(song["files"]["midi"])
        mix = samples(Path(song["files"]["mix"]))
        heard = _hear_key(song, case)
        exact += heard == "exact"
        related += heard in ("exact", "relative")
        checks = {
            "style": song["brief"]["genre"] == case.style,
            "tempo in MIDI": _tempos(midi) == [round(60e6 / case.tempo)],
            "tempo in audio": _tempo_error(mix, case.tempo) < 0.01,
            "key in brief and MIDI": Key.parse(song["brief"]["key"]) == Key.parse(case.key)
            and _midi_key_fits(midi, case.key),
            "duration": abs(len(mix) / 48_000 - case.duration) <= 0.5,
            "ends in silence, not in a cut": float(np.abs(mix[-480:]).max()) < 1e-3,
            "sounds like its style": all(_style_checks(case.style, midi, mix, song).values()),
        }
        wrong = [name for name, passed in checks.items() if not passed]
        seen = {"wrong": wrong, "key heard": heard, "style": _style_checks(case.style, midi, mix, song)}
        context.check(case.prompt, not wrong, seen)
    context.check(
        "key in the audio, exact or relative, in at least 9 of 10",
        related >= 0.9 * len(cases),
        f"{related} of {len(cases)}",
    )
    context.figure("key in the audio, exact", f"{exact} of {len(cases)}")


def _tempos(midi: mido.MidiFile) -> list[int]:
    return [message.tempo for track in midi.tracks for message in track if message.type == "set_tempo"]


def _notes(midi: mido.MidiFile, *, drums: bool) -> list[tuple[float, int, int]]:
    """(beat, pitch, program) of every note."""
    found = []
    for track in midi.tracks:
        tick, program = 0, 0
        for message in track:
            tick += message.time
            if message.type == "program_change":
                program = message.program
            elif message.type == "note_on" and message.velocity and (message.channel == 9) == drums:
                found.append((tick / midi.ticks_per_beat, message.note, program))
    return sorted(found)


def _midi_key_fits(midi: mido.MidiFile, key: str) -> bool:
    """At least 85 % of the pitched notes belong to the key's scale (harmonic and melodic minor's leading notes count)."""
    wanted = Key.parse(key)
    scale = set(wanted.scale) | ({(wanted.tonic + 11) % 12, (wanted.tonic + 9) % 12} if wanted.is_minor else set())
    pitches = [pitch % 12 for _, pitch, _ in _notes(midi, drums=False)]
    return sum(pitch in scale for pitch in pitches) >= 0.85 * len(pitches) > 0


def _hear_key(song: dict[str, Any], case: Case) -> str:
    """Key of the pitched stems' audio by correlation of librosa's CQT chroma with the Krumhansl-Kessler profiles."""
    import librosa

    pitched = [path for name, path in song["files"]["stems"].items() if name not in ("drums", "perc", "fx")]
    mono = np.sum([samples(Path(path)) for path in pitched], axis=0).mean(axis=1)
    audio = librosa.resample(mono.astype(np.float32), orig_sr=48_000, target_sr=22_050)
    chroma = librosa.feature.chroma_cqt(y=audio, sr=22_050).mean(axis=1)
    major = [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88]
    minor = [6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17]
    fits = {
        (tonic, mode): np.corrcoef(np.roll(profile, tonic), chroma)[0, 1]
        for mode, profile in (("major", major), ("minor", minor))
        for tonic in range(12)
    }
    tonic, mode = max(fits, key=lambda key: fits[key])
    wanted = Key.parse(case.key)
    if (tonic, mode == "minor") == (wanted.tonic, wanted.is_minor):
        return "exact"
    relative = (wanted.tonic + (3 if wanted.is_minor else 9)) % 12
    return "relative" if (tonic, mode == "minor") == (relative, not wanted.is_minor) else f"{Key(tonic, mode)}"


def _tempo_error(mix: Any, tempo: float) -> float:
    """Share by which the strongest pulse near the tempo (or its half or double) misses it, from the onset envelope's spectrum."""
    import librosa

    audio = librosa.resample(mix.mean(axis=1).astype(np.float32), orig_sr=48_000, target_sr=22_050)
    onset = librosa.onset.onset_strength(y=audio, sr=22_050, hop_length=256)
    onset = onset - onset.mean()
    size = 1 << 20
    power = np.abs(np.fft.rfft(onset, size))
    rates = np.fft.rfftfreq(size, 256 / 22_050) * 60
    best = min(
        (abs(_peak_near(rates, power, tempo * factor) / (tempo * factor) - 1) for factor in (1, 2, 4)), default=1.0
    )
    return float(best)


def _peak_near(rates: Any, power: Any, wanted: float) -> float:
    near = (rates > wanted * 0.92) & (rates < wanted * 1.08)
    return float(rates[near][power[near].argmax()])


def _style_checks(style: str, midi: mido.MidiFile, mix: Any, song: dict[str, Any]) -> dict[str, bool]:
    drums = _notes(midi, drums=True)
    programs = Counter(program for _, _, program in _notes(midi, drums=False))
    loud = max(song["sections"], key=lambda section: section["energy"])
    tempo = song["brief"]["tempo"]
    first, last = (round(loud[edge] * tempo / 60) for edge in ("start", "end"))
    beats = range(first, last)
    kicks = {round(beat) for beat, pitch, _ in drums if pitch in KICKS and abs(beat - round(beat)) < 0.12}
    snares = [(beat, round(beat)) for beat, pitch, _ in drums if pitch in SNARES and abs(beat - round(beat)) < 0.15]
    snare_at = {nearest for _, nearest in snares}
    backbeats = [beat for beat in beats if (beat - first) % 4 in (1, 3)]
    threes = [beat for beat in beats if (beat - first) % 4 == 2]
    on_backbeat = sum(beat in snare_at for beat in backbeats) / max(1, len(backbeats))
    on_three = sum(beat in snare_at for beat in threes) / max(1, len(threes))
    hats = sum(first <= beat < last and pitch in HATS for beat, pitch, _ in drums) / max(1, (last - first) / 4)
    power = _power_shares(mix)
    if style == "lofi":
        return {"swung": _swing(drums) > 0.52, "soft top": power["above 8 kHz"] < 0.02}
    if style in ("house", "edm"):
        return {"four on the floor": sum(beat in kicks for beat in beats) >= 0.9 * len(beats)}
    if style == "trap":
        return {
            "snare on three": on_three >= 0.6 and on_backbeat < 0.4,
            "rolling hats": hats >= 8,
            "sub": power["below 90 Hz"] >= 0.15,
        }
    if style == "pop":
        return {"backbeat": on_backbeat >= 0.7}
    if style == "cinematic":
        orchestral = sum(count for program, count in programs.items() if 40 <= program <= 63)
        return {
            "orchestra": orchestral >= 0.3 * sum(programs.values()),
            "no backbeat": on_backbeat < 0.5,
            "range": song["loudness"]["mix"]["range"] >= 5,
        }
    guitars = sum(count for program, count in programs.items() if 24 <= program <= 31)
    return {"backbeat": on_backbeat >= 0.7, "guitars": guitars > 0, "slow": 60 <= tempo <= 90}


def _swing(drums: list[tuple[float, int, int]]) -> float:
    """Where even 16ths lie inside their pair: 0.5 straight, 0.667 triplet (median over hats and kicks)."""
    inside = [(beat % 0.5) / 0.5 for beat, pitch, _ in drums if pitch in HATS | KICKS]
    seconds = [place for place in inside if 0.35 < place < 0.8]
    return float(np.median(seconds)) if len(seconds) >= 4 else 0.5


def _power_shares(mix: Any) -> dict[str, float]:
    power = np.abs(np.fft.rfft(mix.mean(axis=1))) ** 2
    frequencies = np.fft.rfftfreq(len(mix), 1 / 48_000)
    total = power.sum()
    return {
        "below 90 Hz": float(power[frequencies < 90].sum() / total),
        "above 8 kHz": float(power[frequencies > 8_000].sum() / total),
    }
