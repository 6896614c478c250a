"""Point `control`: a producer's hands on a song, through the app, on real songs of five styles.

Drums played anew leave every other stem's bytes; undo brings the old take back; the same revision gives the same bytes; chords
written as text stand in MIDI and sound in the audio; 30 and 180 seconds keep the hook; a loop meets itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.app import App, CreateOptions
from grammy_desktop.core.journal import JobState
from grammy_desktop.core.music import Chord
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.core.song import Arrangement, Note
from grammy_desktop.core.styles import Style
from grammy_desktop.generation.composer.form.kinds import kind_of
from grammy_desktop.library import VersionRecord
from tests.acceptance.context import Context

STYLES = ("lofi", "house", "pop", "soul", "drum_and_bass")
SECONDS = 45.0
SEED = 11
LENGTHS = (30.0, 180.0)
HOOK_NOTES = 8
"""Notes of the hook that must come back, interval for interval."""
HOOK_TIMING = 0.3
"""Beats that its rhythm may differ by: players are human."""
HIGHEST_PEAK = 0.9
"""Sample peak of a new mix."""
RIGHT_NOTES = 0.95
"""Share of the harmonic players' notes under a changed chord that belong to it."""
LOOP_BARS = 4
LOOP_STEP = 1.5
"""The step from a loop's last sample to its first, against the largest of the 200 steps around it."""
RATE = 48_000

Floats = NDArray[np.float64]


def run(context: Context) -> None:
    app = App.open(AppPaths(context.folder / "data"))
    try:
        for style in STYLES:
            prove(context, app, style, finish=style == STYLES[0])
    finally:
        app.close()


def prove(context: Context, app: App, style: str, *, finish: bool, seconds: float = SECONDS) -> None:
    options = CreateOptions(prompt=f"{style} song", style=style, duration=seconds, seed=SEED, finish=finish)
    song = _done(app, app.create(options)[0])["track_id"]
    first = next(version for version in app.library.versions(song) if version.kind == "take")
    _drums(context, app, style, first)
    _chords(context, app, style, first)
    for length in LENGTHS:
        _length(context, app, style, first, length)
    _loop(context, app, style, first)
    if finish:
        masters = [v for v in app.library.versions(song) if v.kind == "master"]
        takes = [v for v in app.library.versions(song) if v.kind == "take"]
        context.check(f"{style}: every take has its master", len(masters) == len(takes), [len(takes), len(masters)])


def _drums(context: Context, app: App, style: str, first: VersionRecord) -> None:
    track = first.track_id
    drums = next(p["stem"] for p in (first.arrangement or {})["parts"] if p["name"] == "drums")
    new = _done(app, app.songs.reroll_part(track, first.id, "drums", seed=5))
    before, after = _hashes(first), _hashes(new)
    changed = sorted(role for role in before if before[role] != after.get(role))
    context.check(f"{style}: drums anew change one stem's bytes", changed == [f"stem:{drums}"], changed)
    total = sum(_sound(path) for role, path in new.files.items() if role.startswith("stem:"))
    mix = _sound(new.files["mix"])
    context.check(f"{style}: the new mix is the sum of its stems", np.array_equal(total, mix))
    peak = float(np.abs(mix).max())
    context.check(f"{style}: the new mix does not clip", peak <= HIGHEST_PEAK, round(peak, 3))
    again = _done(app, app.songs.reroll_part(track, first.id, "drums", seed=5))
    context.check(f"{style}: the same revision gives the same bytes", _all_hashes(again) == _all_hashes(new))
    back = app.songs.undo(track)
    same = _all_hashes(back) == _all_hashes(first) and app.files_of(track)["mix"] == first.files["mix"]
    context.check(f"{style}: undo brings the old take back", same)


def _chords(context: Context, app: App, style: str, first: VersionRecord) -> None:
    score = app.songs.score(first.id)
    index = _long_chord(score)
    old = score.chords[index]
    wanted = Chord((Chord.parse(old.symbol).root + 6) % 12, "min7")
    text = f"{('C', 'C#', 'D', 'Eb', 'E', 'F', 'F#', 'G', 'Ab', 'A', 'Bb', 'B')[wanted.root]}m7"
    new = _done(app, app.songs.change_chords(first.track_id, first.id, {index: text}))
    span = (old.start, old.start + old.length)
    right = _share_inside(new.files["midi"], span, wanted, score)
    context.check(f"{style}: {text} stands in the MIDI file", right >= RIGHT_NOTES, round(right, 3))
    times = (score.seconds(span[0]), score.seconds(span[1]))
    old_likes, new_likes = (
        [_likeness(_chroma(version, times), chord) for chord in (Chord.parse(old.symbol), wanted)]
        for version in (first, new)
    )
    heard = new_likes[1] > new_likes[0] and old_likes[0] > old_likes[1]
    context.check(f"{style}: {text} is heard", heard, [round(v, 2) for v in (*old_likes, *new_likes)])


def _length(context: Context, app: App, style: str, first: VersionRecord, seconds: float) -> None:
    hook = _hook(app.songs.score(first.id), app.styles[style])
    new = _done(app, app.songs.resize(first.track_id, first.id, seconds))
    kept = hook is not None and _occurs(app.songs.score(new.id), *hook)
    context.check(f"{style}: the hook is kept in {seconds:g} s", kept, None if hook is None else len(hook[1]))
    lasts = len(_sound(new.files["mix"])) / RATE
    context.check(f"{style}: it lasts {seconds:g} s", abs(lasts - seconds) <= 0.5, round(lasts, 3))


def _loop(context: Context, app: App, style: str, first: VersionRecord) -> None:
    score = app.songs.score(first.id)
    index = max(
        (i for i, s in enumerate(score.sections) if s.bars >= LOOP_BARS),
        key=lambda i: score.sections[i].energy,
        default=None,
    )
    bars = LOOP_BARS if index is not None else 1
    new = _done(app, app.songs.loop(first.track_id, first.id, section=index, bars=bars))
    frames = round(score.seconds(bars * score.beats_per_bar) * RATE)
    version = app.library.versions(first.track_id)[-1]
    for role, path in {**new.files, **version.files}.items():
        if role not in ("mix", "master"):
            continue
        samples = _sound(path)
        context.check(f"{style}: the loop's {role} is whole bars", len(samples) == frames, len(samples))
        around = np.concatenate([samples[-100:], samples[:100]])
        steps = np.abs(np.diff(around, axis=0)).max(axis=1)
        inner = float(np.delete(steps, 99).max())
        joint = float(steps[99])
        context.check(
            f"{style}: the loop's {role} meets itself",
            joint <= LOOP_STEP * max(inner, 1e-4),
            [round(joint, 5), round(inner, 5)],
        )


def _done(app: App, job: str) -> Any:
    outcome = app.jobs.wait(job)
    if outcome.error is not None:
        raise outcome.error
    assert outcome.state is JobState.DONE
    return outcome.result


def _sound(path: Path) -> NDArray[np.float32]:
    import soundfile

    samples, _ = soundfile.read(path, dtype="float32", always_2d=True)
    return np.asarray(samples)


def _hashes(version: VersionRecord) -> dict[str, str]:
    return {role: digest for role, digest in _all_hashes(version).items() if role.startswith("stem:")}


def _all_hashes(version: VersionRecord) -> dict[str, str]:
    wanted = {role: path for role, path in version.files.items() if role.startswith("stem:") or role in ("mix", "midi")}
    return {role: hashlib.sha256(path.read_bytes()).hexdigest() for role, path in wanted.items()}


def _long_chord(score: Arrangement) -> int:
    """The longest chord of the strongest section: where most players play."""
    section = max(score.sections, key=lambda s: (s.energy, s.bars))
    start, end = section.start * score.beats_per_bar, (section.start + section.bars) * score.beats_per_bar
    inside = [i for i, c in enumerate(score.chords) if start - 1e-6 <= c.start and c.start + c.length <= end + 1e-6]
    return max(inside, key=lambda i: (score.chords[i].length, -i))


def _share_inside(midi: Path, span: tuple[float, float], chord: Chord, score: Arrangement) -> float:
    """The share of bass, chord and pad notes begun inside the span that belong to the chord."""
    import mido

    names = {part.name for part in score.parts if not part.is_drums and part.stem not in ("fx", "lead")}
    file = mido.MidiFile(midi)
    right = total = 0
    for track in file.tracks:
        name = next((m.name for m in track if m.type == "track_name"), "")
        if not any(known in name.lower() for known in names) or "lead" in name.lower():
            continue
        ticks = 0
        for message in track:
            ticks += message.time
            beat = ticks / file.ticks_per_beat
            if message.type == "note_on" and message.velocity and span[0] - 0.1 <= beat < span[1] - 0.6:
                total += 1
                right += message.note % 12 in chord.pitch_classes
    return right / total if total else 0.0


def _chroma(version: VersionRecord, times: tuple[float, float]) -> Floats:
    """Energy by pitch class of all stems but drums and effects, A0 to C7, roots of energy summed over the span."""
    stems = [
        path for role, path in version.files.items() if role.startswith("stem:") and role[5:] not in ("drums", "fx")
    ]
    first, last = (round(t * RATE) for t in times)
    mono = np.sum([_sound(path)[first:last].mean(axis=1) for path in stems], axis=0)
    size = 1 << 16
    power = np.abs(np.fft.rfft(mono[:size] * np.hanning(len(mono[:size])), size))
    hertz = np.fft.rfftfreq(size, 1 / RATE)
    heard = (hertz > 50) & (hertz < 1_000)
    classes = np.round(12 * np.log2(hertz[heard] / 440.0) + 69).astype(int) % 12
    return np.asarray(np.bincount(classes, weights=power[heard], minlength=12))


def _likeness(chroma: Floats, chord: Chord) -> float:
    """Correlation with the chord's pitch classes."""
    template = np.zeros(12)
    template[list(chord.pitch_classes)] = 1.0
    return float(np.corrcoef(chroma, template)[0, 1])


def _hook(score: Arrangement, style: Style) -> tuple[str, Sequence[Note]] | None:
    """(part, its first notes in the first chorus, drop or solo)."""
    leads = {part.name for part in style.parts if part.role == "lead" and not part.doubles}
    bar = score.beats_per_bar
    for section in score.sections:
        if kind_of(section.name, section.energy) not in ("chorus", "solo"):
            continue
        start, end = section.start * bar, (section.start + min(4, section.bars)) * bar
        for part in score.parts:
            notes = [n for n in part.notes if start - 0.1 <= n.start < end - 0.1][:HOOK_NOTES]
            if part.name in leads and len(notes) >= HOOK_NOTES // 2:
                return part.name, notes
    return None


def _occurs(score: Arrangement, lead: str, wanted: Sequence[Note]) -> bool:
    played = next((part.notes for part in score.parts if part.name == lead), ())
    return any(_same(played[i : i + len(wanted)], wanted) for i in range(len(played) - len(wanted) + 1))


def _same(run: Sequence[Note], wanted: Sequence[Note]) -> bool:
    return all(
        a.pitch - run[0].pitch == b.pitch - wanted[0].pitch
        and abs((a.start - run[0].start) - (b.start - wanted[0].start)) <= HOOK_TIMING
        for a, b in zip(run, wanted, strict=True)
    )
