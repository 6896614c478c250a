"""What a style is: facts about a kind of music as frozen data, read from `resources/styles/*.toml`.

Grid strings follow one notation everywhere: a bar of 4/4 is 16 characters (12 in triplets), bars are separated by blanks
(see `grid.py`). `docs/styles.md` tells musicians what every field means.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from grammy_desktop.core.music import Key

BASS_DEGREES = ("root", "third", "fifth", "sixth", "seventh", "octave", "ninth")
CADENCES = ("dominant", "plagal", "none")
ENDINGS = ("hold", "stop", "tag", "dj", "fade")
BUILDS = ("roll", "groove")
ARTICULATIONS = ("legato", "normal", "staccato")
VOICINGS = ("close", "drop2", "shell", "rootless", "spread", "power", "triad", "quartal", "cluster")
MIX_GROUPS = (
    "4Q all", "4Q Pop/Rock (sr>=32k)", "4Q R&B/Rap/Electronic", "Emotify classical", "Emotify electronic", "Emotify pop",
    "Emotify rock",
)  # fmt: skip
"""Groups of released music whose spectra are known."""

ROLES = ("drums", "bass", "chords", "pad", "lead", "counter", "arp", "perc", "fx")
SYNTH_RECIPES = (
    "sub_bass", "808", "reese", "house_bass", "supersaw", "stab", "pluck", "warm_pad", "saw_lead", "square_lead", "fm_bell",
    "epiano", "kit_lofi", "kit_909", "kit_trap", "kit_pop", "kit_cinematic", "vinyl", "rain", "riser", "downlifter", "impact",
    "reverse_cymbal", "sub_drop", "braam",
)  # fmt: skip


@dataclass(frozen=True)
class TempoRange:
    """BPM: the slowest and fastest that still sound like the style, and the most usual."""

    low: float
    mode: float
    high: float


@dataclass(frozen=True)
class Groove:
    """Two bars of drums. `rows` maps a row symbol (K, S, H ...) to its grid.

    Below energy 0.45 only the rows in `low` play; the rows in `high` wait for energy above 0.75.
    """

    rows: dict[str, str]
    low: tuple[str, ...]
    high: tuple[str, ...] = ()
    metre: str = "4/4"


@dataclass(frozen=True)
class Fill:
    """One bar that leads into the next section; `big` fills stand before a section of higher energy."""

    rows: dict[str, str]
    big: bool = False
    metre: str = "4/4"


@dataclass(frozen=True)
class Feel:
    """How players place notes. `swing` is the place of the second of a pair in per cent (50 straight), `unit` '16th' or '8th'.

    `late` and `jitter` are milliseconds by drum row or role ('chords', 'bass'); a missing name counts as 0.
    sequenced: machines play, so that melodic parts keep a third of their jitter. rubato_ms: all players together hurry
    towards the middle of each four bars, by so much, and take the time back at their end.
    """

    swing: float = 50.0
    unit: str = "16th"
    late: dict[str, float] = field(default_factory=dict)
    jitter: dict[str, float] = field(default_factory=dict)
    sequenced: bool = False
    rubato_ms: float = 0.0

    def late_ms(self, name: str) -> float:
        return self.late.get(name, 0.0)

    def jitter_ms(self, name: str) -> float:
        return self.jitter.get(name, self.jitter.get("all", 0.0))


@dataclass(frozen=True)
class BassHabits:
    """`rhythms` up to energy 0.6, `rhythms_high` above. `kick_lock` is the share of kicks that the bass doubles.

    `degrees` are weights of what is played off the first step (BASS_DEGREES). `approach` is the chance of a step into the
    next root, `glide` the chance of an overlapping slide, `gate` the length as a share of the gap.
    walking: quarter notes by step and chord tone towards the next root. pedal: the loop's tonic whatever the chord.
    """

    rhythms: tuple[str, ...] = ("x---------------",)
    rhythms_high: tuple[str, ...] = ("x---------------",)
    kick_lock: float = 0.0
    degrees: dict[str, float] = field(default_factory=lambda: {"root": 1.0})
    approach: float = 0.2
    glide: float = 0.0
    gate: float = 0.9
    walking: bool = False
    pedal: bool = False


@dataclass(frozen=True)
class Lift:
    """`chance` that the last chorus goes up by `semitones`."""

    chance: float = 0.0
    semitones: int = 1


@dataclass(frozen=True)
class Harmony:
    """Chord loops in Roman numerals by mode; `contrast` loops serve bridges, breaks and B sections.

    same_loop: chance that verse and chorus share a loop. pre: loops of pre-choruses (the contrast loops where empty).
    cadence: what ends a section ('dominant', 'plagal', 'none': the loop's own end). borrow: chance that a song colours one
    chord of a loop; jazz: that may be a tritone substitute.
    """

    bars_per_chord: float
    loops: dict[str, tuple[str, ...]]
    contrast: dict[str, tuple[str, ...]]
    endings: dict[str, str]
    same_loop: float = 0.4
    pre: dict[str, tuple[str, ...]] = field(default_factory=dict)
    cadence: str = "dominant"
    borrow: float = 0.0
    jazz: bool = False
    lift: Lift = field(default_factory=Lift)


@dataclass(frozen=True)
class MelodyHabits:
    """`motifs` (verse) and `hooks` (chorus) are two-bar rhythms; `range` in MIDI notes; `rest` the chance of a silent phrase.

    `steps` is the wanted share of seconds and unisons among intervals; `pentatonic` the pull towards the five-note scale.
    """

    motifs: tuple[str, ...]
    hooks: tuple[str, ...]
    range: tuple[int, int]
    steps: float = 0.75
    pentatonic: float = 0.5
    rest: float = 0.0
    leap: int = 7


@dataclass(frozen=True)
class FormBlock:
    name: str
    bars: int
    energy: float


@dataclass(frozen=True)
class Form:
    """A plan that lasts about `seconds` at `tempo` BPM in 4/4."""

    seconds: float
    tempo: float
    blocks: tuple[FormBlock, ...]

    @property
    def bars(self) -> int:
        return sum(block.bars for block in self.blocks)


@dataclass(frozen=True)
class PartStyle:
    """One player of the style: what sounds it, how it is mixed, when it enters and what it plays.

    gain_db: relative to the lead (0 dB) in the full section. pan -1..1, width 0..1.5, highpass and lowpass in Hz (0 none).
    reverb_db, delay_db: send levels, None for none. sidechain_db: how deep the kick ducks it.
    range: lowest and highest MIDI note. Enters at `min_energy`, leaves above `max_energy`.
    optional: heard only when the prompt asks for it. doubles: the part that it copies, `octave` octaves away.
    rhythms, rhythms_high: comping or arpeggio grids up to and above energy 0.6. roll_ms: spread of a chord, low to high.
    strum_ms: a guitar's strum, down strokes low to high, up strokes (off the beat) high to low. slide, bend, vibrato: how
    often (0..1) the player does so. articulation: 'legato', 'normal' or 'staccato'.
    """

    name: str
    role: str
    stem: str
    sound: str
    gain_db: float
    range: tuple[int, int]
    alternatives: tuple[str, ...] = ()
    pan: float = 0.0
    width: float = 1.0
    highpass: float = 0.0
    lowpass: float = 0.0
    reverb_db: float | None = None
    delay_db: float | None = None
    sidechain_db: float = 0.0
    min_energy: float = 0.0
    max_energy: float = 1.0
    optional: bool = False
    doubles: str = ""
    octave: int = 0
    voicing: str = "close"
    rhythms: tuple[str, ...] = ()
    rhythms_high: tuple[str, ...] = ()
    gate: float = 0.95
    roll_ms: float = 0.0
    strum_ms: float = 0.0
    slide: float = 0.0
    bend: float = 0.0
    vibrato: float = 0.0
    articulation: str = "normal"


@dataclass(frozen=True)
class MixStyle:
    """The bus. reverb_time s, predelay_ms, delay_beats quarter notes, delay_feedback 0..1, tilt dB per octave,

    wow cents, crush_bits (0 off), lowpass Hz (0 off), saturation_db drive, section_db (energy, LU) points, tail_seconds ring-out.
    group: the group of released music that it is like ('' for none). crest_db: sample peak over RMS of the loud section before
    mastering (0 where the sheet does not say).
    """

    reverb_time: float
    predelay_ms: float
    delay_beats: float
    delay_feedback: float
    tilt: float
    section_db: tuple[tuple[float, float], ...]
    tail_seconds: float
    wow: float = 0.0
    crush_bits: int = 0
    lowpass: float = 0.0
    saturation_db: float = 0.0
    group: str = ""
    crest_db: float = 0.0


@dataclass(frozen=True)
class Limits:
    """silence_seconds: the longest silence inside a song. stems: how few stems the style may have."""

    silence_seconds: float = 0.6
    stems: int = 4


@dataclass(frozen=True)
class Mastering:
    """The preset that suits the style, the safe target and the loud habit (LUFS)."""

    preset: str
    target_lufs: float
    loud_lufs: float


@dataclass(frozen=True)
class Style:
    """A whole style sheet. `words` are what prompts call it, misspellings included; `parent` the style that it derives from.

    A style without drummer has no grooves. `ending` weighs how its songs end (ENDINGS); `build` is what drums do in a build-up:
    a roll that doubles its rate, or the groove, growing.
    """

    id: str
    name: str
    description: str
    words: tuple[str, ...]
    moods: tuple[str, ...]
    tempo: TempoRange
    keys: tuple[Key, ...]
    metres: tuple[str, ...]
    grooves: tuple[Groove, ...]
    fills: tuple[Fill, ...]
    feel: Feel
    bass: BassHabits
    harmony: Harmony
    melody: MelodyHabits
    forms: tuple[Form, ...]
    parts: tuple[PartStyle, ...]
    mix: MixStyle
    mastering: Mastering
    limits: Limits = field(default_factory=Limits)
    ending: dict[str, float] = field(default_factory=lambda: {"hold": 1.0})
    build: str = "roll"
    parent: str = ""

    @property
    def modes(self) -> tuple[str, ...]:
        """The modes of its keys, in order of first mention."""
        return tuple(dict.fromkeys(key.mode for key in self.keys))

    def has_role(self, role: str) -> bool:
        """Whether a player of the role is heard without being asked for."""
        return any(part.role == role and not part.optional for part in self.parts)

    def part(self, name: str) -> PartStyle:
        """Raises KeyError."""
        for part in self.parts:
            if part.name == name:
                return part
        raise KeyError(name)
