"""Sixty prompts that try to mislead, and the brief that each must give.

Written before the reader was tuned to them, from how people type: contradictions, typos, double meanings, other languages,
markup, ranges, and values that no song can have.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Adversarial:
    """A prompt and what its brief must hold; None is not looked at.

    `excluded` and `form` must hold the same items in any order, `instruments` in the order given. `excludes` must be among
    the excluded. `unsaid` names fields that must not count as said by the user. `moods_lack` must not be among the moods.
    Each of `notes` must occur in some note, each of `unknown` in `not_understood`.
    """

    prompt: str
    genre: str | None = None
    tempo: float | None = None
    tempo_within: tuple[float, float] | None = None
    key: str | None = None
    metre: str | None = None
    duration: float | None = None
    instruments: tuple[str, ...] | None = None
    excluded: tuple[str, ...] | None = None
    excludes: tuple[str, ...] = ()
    form: tuple[str, ...] | None = None
    moods: tuple[str, ...] | None = None
    moods_lack: tuple[str, ...] = ()
    era: str | None = None
    swing: float | None = None
    vocals: bool | None = None
    unsaid: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


ADVERSARIAL: tuple[Adversarial, ...] = (
    # Decades and lengths are written alike.
    Adversarial("90s hip hop", genre="boom_bap", era="90s", unsaid=("duration",), notes=("90s",)),
    Adversarial("dark techno, 90s long, 130bpm", genre="techno", tempo=130, duration=90, era="", notes=("90s",)),
    Adversarial("lofi beat, 60s, rainy", genre="lofi", duration=60, era="", notes=("60s",)),
    Adversarial("80s power ballad, 45s, D major", genre="rock_ballad", era="80s", duration=45, key="D major"),
    Adversarial("house 128 bpm 90s", genre="house", tempo=128, duration=90, era="", notes=("90s",)),
    Adversarial("late 70s disco for 70s", genre="disco", era="70s", duration=70),
    # The later word wins, and the brief says so.
    Adversarial("trap but slow... actually fast, 150 bpm", genre="trap", tempo=150, notes=("slow",)),
    Adversarial("fast lofi. no, slow", genre="lofi", tempo_within=(60, 79), notes=("slow",)),
    Adversarial("pop in C major. wait no, A minor. 30 sec", genre="pop", key="A minor", duration=30, notes=("C major",)),
    Adversarial("100 bpm funk, make it 110 bpm", genre="funk", tempo=110, notes=("100",)),
    Adversarial("no intro... hmm ok a long intro, ambient 60 secs", genre="ambient", form=("long intro",), duration=60,
                notes=("intro",)),
    Adversarial("piano house, 40 s, no piano", genre="house", excluded=("piano",), instruments=(), duration=40,
                notes=("piano",)),
    Adversarial("metal, no wait, bossa nova, 25 seconds", genre="bossa_nova", duration=25, notes=("ossa",)),
    Adversarial("waltz in 4/4, neoclassical, 20s", genre="neoclassical", metre="4/4", duration=20, notes=("3/4",)),
    # Ranges give their middle.
    Adversarial("90-95 bpm boom bap", genre="boom_bap", tempo=92.5, notes=("92.5",)),
    Adversarial("deep house between 120 and 126 bpm", genre="deep_house", tempo=123),
    Adversarial("between 20 and 40 seconds of ambient", genre="ambient", duration=30),
    # Keys and what only looks like one.
    Adversarial("F#m trap @ 142, 808s but no hi-hats", genre="trap", key="F# minor", tempo=142, instruments=("808",),
                excluded=("hi-hats",)),
    Adversarial("a minor setback, a major comeback: inspiring pop", genre="pop", unsaid=("key",)),
    Adversarial("use a minor third in the melody, deep house", genre="deep_house", unsaid=("key",)),
    Adversarial("in a minor, 3/4, 80bpm, piano", key="A minor", metre="3/4", tempo=80, instruments=("piano",)),
    Adversarial("BOOM BAP IN A MINOR, 88 BPM", genre="boom_bap", key="A minor", tempo=88),
    Adversarial("i want it to be minor-ish and moody, like trap", genre="trap", unsaid=("key",), moods=("moody",)),
    Adversarial("trauriges Klavier in fis-moll, 70 BPM", tempo=70, unsaid=("key",), unknown=("trauriges", "klavier")),
    Adversarial("E flat major bossa, ~120, nylon guitar, no vocals", genre="bossa_nova", key="Eb major", tempo=120,
                instruments=("nylon guitar",), vocals=False),
    Adversarial("tempo: 100, key: Bb dorian, metre: 6/8, length: 25s", tempo=100, key="Bb dorian", metre="6/8", duration=25),
    Adversarial("D♭ major future bass, 150", genre="future_bass", key="Db major", tempo=150),
    Adversarial("12/8 blues shuffle in E, 60 bpm", genre="blues", metre="12/8", key="E major", tempo=60),
    Adversarial("shoegaze in the key of c sharp minor, no percussion, 20s", genre="shoegaze", key="C# minor",
                excluded=("drums",), duration=20),
    # Typos, spellings, slang.
    Adversarial("loffi hiphop beatz w/ rhodes & vinil crackle", genre="lofi", instruments=("electric piano", "vinyl")),
    Adversarial("synthwvae 100bpm", genre="synthwave", tempo=100),
    Adversarial("reggeaton perreo 94", genre="reggaeton", tempo=94),
    Adversarial("tehcno 132 bpm no melody", genre="techno", tempo=132),
    Adversarial("drum n bas, liqiud, 172", genre="drum_and_bass", tempo=172, instruments=()),
    Adversarial("cinamatic trailor musik, epic, 1 mintue", genre="cinematic", moods=("epic",), duration=60),
    Adversarial("sad violen and guitarr, folk, thirty seconds", genre="folk", instruments=("violin", "electric guitar"),
                duration=30),
    # One word, two meanings.
    Adversarial("pop song with trap drums and a gospel choir", genre="pop", instruments=("drums", "choir")),
    Adversarial("jazz guitar over a house beat, 122", genre="house", tempo=122, instruments=("jazz guitar",)),
    Adversarial("my house is on fire, sad country song", genre="country", moods=("sad",)),
    Adversarial("good vibes only, tropical house, 30 seconds", genre="tropical_house", instruments=(), excluded=(),
                duration=30),
    # Negation and its scope.
    Adversarial("not too dark, no sad vibes, nothing aggressive, synthwave 30 s", genre="synthwave", duration=30,
                moods_lack=("dark", "sad", "aggressive"), unsaid=("mood",)),
    Adversarial("no drums, bass or piano, flute and harp please, new age", excluded=("drums", "bass", "piano"),
                instruments=("flute", "harp")),
    Adversarial("piano and strings only, sad, 20s in E minor", instruments=("piano", "strings"), key="E minor", duration=20,
                excludes=("drums", "bass", "other instruments")),
    Adversarial("anything but country, no techno, gimme disco 118", genre="disco", tempo=118),
    Adversarial("drumless, without any guitars, neo soul", genre="soul", excluded=("drums", "electric guitar")),
    # Metres.
    Adversarial("waltz in three, G major, accordion", metre="3/4", key="G major", instruments=("accordion",)),
    Adversarial("jazz ballad in 5/4, 40s", genre="jazz_ballad", metre="4/4", duration=40, notes=("5/4",)),
    # Form.
    Adversarial("drop at 0:45, 128 bpm edm, 1:30 long", genre="edm", tempo=128, duration=90, form=("drop at 45",)),
    Adversarial("techno, drop after 30 seconds, 1 minute", genre="techno", duration=60, form=("drop at 30",)),
    Adversarial("pop, starts straight with the chorus, 40 s", genre="pop", form=("no intro", "chorus at 0"), duration=40),
    Adversarial("skip the intro, long outro, fade out - afrobeats 35s", genre="afrobeats", duration=35,
                form=("no intro", "long outro", "fade out")),
    Adversarial("seamless loop, lofi, 8 bars at 80 bpm", genre="lofi", tempo=80, duration=24, form=("loop",)),
    Adversarial("swing 60% boom bap at 86 bpm, one and a half minutes", genre="boom_bap", swing=60, tempo=86, duration=90),
    # Values that no song can have.
    Adversarial("a 2 second sting", duration=5, notes=("5",)),
    Adversarial("20 hours of sleep ambient", genre="ambient", duration=600, notes=("600",)),
    Adversarial("speedcore 900 bpm 20s", tempo=300, duration=20, notes=("300",), unknown=("speedcore",)),
    # What is no prompt at all.
    Adversarial("<script>alert('pop')</script> 100 BPM <b>house</b>; DROP TABLE songs;-- 30s", genre="house", tempo=100,
                duration=30, excluded=(), form=(), unknown=("script", "alert")),
    Adversarial("🔥🔥 trap 🔥 140 BPM 😈 !!! ??? \u202eأغنية\u202c 20 s", genre="trap", tempo=140, duration=20,
                unknown=("أغنية",)),
    Adversarial("... --- !!! ??? ;;;", unsaid=("genre", "tempo", "key", "duration", "instruments", "mood")),
    Adversarial("la " * 640 + "samba 100 bpm 30s", genre="samba", tempo=100, duration=30),
)  # fmt: skip
