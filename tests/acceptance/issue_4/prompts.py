"""140 ordinary and 60 adversarial prompts: what they say is in the MIDI file, and the song lasts as long and ends as music.

Then, on the same songs: the home key as two estimators hear it, attacks, stuck notes, silences, the stems' sum.
"""

from __future__ import annotations

from grammy_desktop.assistant import read_prompt
from grammy_desktop.core.music import Key
from grammy_desktop.core.styles import load_styles
from tests.acceptance.context import Context
from tests.acceptance.issue_4.key_facts import expected, relative
from tests.acceptance.issue_4.prompts_adversarial import ADVERSARIAL
from tests.acceptance.issue_4.prompts_judged import faults_of_adversarial, faults_of_ordinary
from tests.acceptance.issue_4.prompts_ordinary import ORDINARY
from tests.acceptance.issue_4.song_facts import RATE, SongFacts
from tests.acceptance.issue_4.songbook import Wish, make_songs
from tests.acceptance.run import commit

ATONAL = frozenset(("techno", "ambient", "drum_and_bass", "dubstep", "trap", "uk_drill"))
"""Styles whose harmony is a drone or a bass note: their key is not judged by ear. Written before the run."""
ENDING = 12.0
"""Seconds from the last note to the end at most: a musical ending rings out, it does not go on in silence."""


def run(context: Context, *, ordinary: int = len(ORDINARY), adversarial: int = len(ADVERSARIAL)) -> None:
    styles = load_styles()
    cases = (*ORDINARY[:ordinary], *ADVERSARIAL[:adversarial])
    faults = {case.prompt: faults_of_ordinary(case, read_prompt(case.prompt, styles)) for case in ORDINARY[:ordinary]}
    faults |= {
        case.prompt: faults_of_adversarial(case, read_prompt(case.prompt, styles), styles)
        for case in ADVERSARIAL[:adversarial]
    }
    wrong = {prompt: said for prompt, said in faults.items() if said}
    context.check(f"{len(cases)} prompts read as they were meant", not wrong, dict(list(wrong.items())[:8]))
    wishes = [Wish(case.prompt, 1000 + number) for number, case in enumerate(cases)]
    # Prompts without a length of their own would make hours of music.
    wishes = [
        wish if read_prompt(wish.prompt, styles).duration.value <= 60 else Wish(wish.prompt, wish.seed, duration=40.0)
        for wish in wishes
    ]
    songs = [facts for _, facts in make_songs(wishes, "prompts", commit=commit())]
    _check_scores(context, songs)
    _check_keys(context, songs)
    _check_sound(context, songs)


def _check_scores(context: Context, songs: list[SongFacts]) -> None:
    tempi = [f"{s.style} {s.seed}: {s.midi_tempi}" for s in songs if s.midi_tempi != (round(60e6 / s.tempo),)]
    context.check("tempo in MIDI as said", not tempi, f"{len(songs) - len(tempi)} of {len(songs)} {tempi[:4]}")
    keys = [f"{s.style} {s.seed}: {s.key} {s.midi_keys}" for s in songs if not _signature_fits(s)]
    context.check("key in MIDI as said", not keys, f"{len(songs) - len(keys)} of {len(songs)} {keys[:4]}")
    lengths = [f"{s.style} {s.seed}" for s in songs if abs(s.frames / RATE - s.duration) > 0.5]
    context.check("duration within 0.5 s", not lengths, f"{len(songs) - len(lengths)} of {len(songs)} {lengths[:4]}")
    # A loop has no ending: it goes on with its own beginning.
    ended = [song for song in songs if song.ending != "loop"]
    endings = [f"{s.style} {s.seed}: {s.tail_db} dB" for s in ended if s.tail_db > -40 or s.last_attack > ENDING]
    context.check("a musical ending: the last sound has rung out", not endings, endings[:6])
    stuck = [f"{s.style} {s.seed}" for s in songs if s.stuck_notes]
    context.check("no stuck notes", not stuck, stuck[:4])


def _signature_fits(song: SongFacts) -> bool:
    """The first key signature has the accidentals of the brief's key."""
    key = Key.parse(song.key)
    text = song.midi_keys[0]
    written = Key.parse(text[:-1] + " minor" if text.endswith("m") else text)
    return written.signature_tonic == key.signature_tonic


def _check_keys(context: Context, songs: list[SongFacts]) -> None:
    tonal = [song for song in songs if song.style not in ATONAL]
    for number, name in enumerate(("constant-Q, Albrecht", "Essentia")):
        exact = [song for song in tonal if song.keys_heard[number] == expected(Key.parse(song.key))]
        near = [song for song in tonal if song.keys_heard[number] == relative(expected(Key.parse(song.key)))]
        share, wide = len(exact) / max(1, len(tonal)), (len(exact) + len(near)) / max(1, len(tonal))
        context.check(f"home key heard exactly ({name}) in 85 %", share >= 0.85, f"{share:.1%} of {len(tonal)}")
        context.check(f"home key or its relative ({name}) in 97 %", wide >= 0.97, f"{wide:.1%} of {len(tonal)}")
        missed = sorted({s.style for s in tonal if s not in exact and s not in near})
        context.figure(f"styles with another key ({name})", missed)


def _check_sound(context: Context, songs: list[SongFacts]) -> None:
    late = [
        f"{song.style} {song.seed} {stem}: {low} to {high} ms"
        for song in songs
        for stem, (_, _, low, high) in song.attacks.items()
        if low < -5 or high > 5
    ]
    judged = sum(len(song.attacks) for song in songs)
    context.check("attacks within 5 ms of their MIDI time (5th to 95th percentile of each stem)", not late,
                  f"{judged - len(late)} of {judged} stems {late[:4]}")  # fmt: skip
    clipped = [f"{s.style} {s.seed}" for s in songs if s.highest >= 1.0]
    context.check("no clipped mix", not clipped, clipped[:4])
    sums = max(song.stem_error_db for song in songs)
    context.check("the mix is the sum of the stems within -90 dBFS", sums <= -90, sums)
    limits = {name: style.limits.silence_seconds for name, style in load_styles().items()}
    silent = [f"{s.style} {s.seed}: {s.longest_silence} s" for s in songs if s.longest_silence > limits[s.style]]
    context.check("no silence longer than the style allows", not silent, silent[:6])
    thin = [f"{s.style} {s.seed}: {s.lowest_correlation}" for s in songs if s.lowest_correlation < 0]
    context.check("correlation of left and right never below 0", not thin, f"{len(thin)} songs {thin[:6]}")
