"""Words of prompts that are neither moods nor instruments: tempo, length, genres that stand in for others, fillers."""

from __future__ import annotations

from dataclasses import dataclass

TEMPO_WORDS: dict[str, tuple[float, float]] = {
    "very slow": (50, 65), "super slow": (50, 65), "slow": (60, 80), "slower": (60, 80), "ballad": (60, 80),
        "downtempo": (65, 90),
    "mid-tempo": (85, 110), "midtempo": (85, 110), "mid tempo": (85, 110), "medium tempo": (85, 110), "moderate": (100, 118),
    "uptempo": (115, 135), "up-tempo": (115, 135), "up tempo": (115, 135), "upbeat": (115, 130), "fast": (130, 160),
    "faster": (130, 160), "quick": (130, 160), "very fast": (165, 200), "super fast": (165, 200),
    "largo": (40, 60), "grave": (40, 50), "lento": (45, 60), "adagio": (60, 76), "andante": (76, 108), "moderato": (98, 112),
    "allegretto": (108, 120), "allegro": (112, 156), "vivace": (156, 176), "presto": (168, 200),
}  # fmt: skip
"""BPM from and to."""

CLASSICAL_TERMS = frozenset(
    ("largo", "grave", "lento", "adagio", "andante", "moderato", "allegretto", "allegro", "vivace", "presto")
)

DURATION_WORDS: dict[str, float] = {
    "jingle": 10, "sting": 6, "short": 30, "tiktok": 30, "reel": 30, "full song": 180, "full-length": 180, "full length": 180,
    "full track": 180, "long": 180, "half a minute": 30, "half minute": 30, "a minute": 60, "one minute": 60,
        "minute and a half": 90,
}  # fmt: skip
"""Seconds."""

NUMBER_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "fifteen": 15, "twenty": 20, "thirty": 30, "forty-five": 45, "sixty": 60, "ninety": 90,
}  # fmt: skip


@dataclass(frozen=True)
class Neighbour:
    """A genre without a style sheet of its own: the nearest style and the tempo it is usually played at."""

    words: tuple[str, ...]
    name: str
    style: str
    tempo: float


NEIGHBOURS: tuple[Neighbour, ...] = (
    Neighbour(("boom bap", "boombap", "boom-bap", "old school hip hop", "oldschool rap", "90s hip hop",
        "east coast"), "Boom bap", "lofi", 90),
    Neighbour(("hip hop", "hiphop", "hip-hop"), "Hip hop", "trap", 140),
    Neighbour(("uk drill", "drill", "ny drill", "dril"), "Drill", "trap", 142),
    Neighbour(("phonk", "drift phonk"), "Phonk", "trap", 140),
    Neighbour(("deep house", "deephouse", "melodic house", "organic house", "afro house", "lounge house",
        "soulful house"), "Deep house", "house", 122),
    Neighbour(("techno", "minimal techno", "tekno"), "Techno", "house", 132),
    Neighbour(("disco", "nu disco"), "Disco", "house", 117),
    Neighbour(("uk garage", "garage", "2-step"), "UK garage", "house", 132),
    Neighbour(("tropical house", "tropical", "amapiano", "afrobeats", "afrobeat", "afropop"), "Tropical house", "house", 110),
    Neighbour(("trance", "uplifting trance", "psytrance"), "Trance", "edm", 136),
    Neighbour(("dubstep", "brostep", "future bass"), "Dubstep", "edm", 140),
    Neighbour(("drum and bass", "drum & bass", "drum n bass", "dnb", "d&b", "jungle"), "Drum and bass", "edm", 174),
    Neighbour(("hyperpop",), "Hyperpop", "edm", 140),
    Neighbour(("chiptune", "8-bit", "8 bit", "video game", "videogame", "game music"), "Chiptune", "edm", 130),
    Neighbour(("synthwave", "retrowave", "outrun", "synth wave"), "Synthwave", "pop", 100),
    Neighbour(("vaporwave",), "Vaporwave", "lofi", 75),
    Neighbour(("r&b", "rnb", "r and b", "neo soul", "neo-soul", "soul", "motown", "gospel"), "Soul and R&B", "lofi", 80),
    Neighbour(("jazz", "smooth jazz", "jazz ballad", "bebop", "swing", "bossa nova", "bossa"), "Jazz", "lofi", 84),
    Neighbour(("funk", "reggae", "dub", "ska", "country", "folk", "singer songwriter", "singer-songwriter",
        "indie folk", "acoustic pop", "latin pop"),
              "Pop of another kind", "pop", 104),
    Neighbour(("reggaeton", "regueton", "dancehall", "latin", "salsa", "bachata", "cumbia"), "Latin", "pop", 96),
    Neighbour(("rock", "hard rock", "classic rock", "arena rock", "stoner rock", "blues rock"), "Rock", "rock_ballad", 112),
    Neighbour(("indie rock", "indie", "alternative", "alternative rock", "grunge", "shoegaze", "post rock",
        "post-rock"), "Indie rock", "rock_ballad", 120),
    Neighbour(("punk", "pop punk", "punk rock"), "Punk", "rock_ballad", 168),
    Neighbour(("metal", "heavy metal", "metalcore", "thrash"), "Metal", "rock_ballad", 150),
    Neighbour(("blues",), "Blues", "rock_ballad", 76),
    Neighbour(("ambient", "drone", "new age", "soundscape"), "Ambient", "cinematic", 62),
    Neighbour(("classical", "neoclassical", "solo piano", "minimal piano", "modern classical", "baroque",
        "piano ballad"), "Neoclassical", "cinematic", 76),
)  # fmt: skip

WEAK_GENRES = frozenset(
    ("epic", "dramatic", "orchestral", "orchestra", "film", "movie", "score", "ballad", "rap", "dance music", "electronic dance",
     "mainstream", "festival", "electro", "tropical", "soul", "swing", "indie", "latin", "mood music", "video game", "jungle")
)  # fmt: skip
"""Genre words that give way to any other genre in the same prompt."""

_FILLER_TEXT = """
    am a an the and or with of for in on at to from by as is it its it's be this that my me i i'm we you your
    some something
    make create generate write produce give want need would like please track song music tune beat beats piece instrumental loop
    version style type kind vibe vibes feel feeling mood sound sounds sounding genre tempo bpm key minor major mode around about
    approximately very super really extremely slightly bit little more less not no without but so too also plus featuring feat
    using use has have having over under into out up down that's where when which while then than just only mostly all background
    videos video vlog podcast intro outro verse chorus bridge drop hook melody melodies chords chord harmony rhythm groove
    nice good great cool beautiful amazing perfect awesome seconds second sec secs minutes minute min mins long lasting length
    duration time meter metre signature waltz vocals vocal voice singer singing lyrics sung minimum maximum night day morning
    evening inspired based theme themed along lines part parts section sections one two three will can get gets getting
    add adding include including new big small deep high low end start ending late early
"""
FILLERS = frozenset(_FILLER_TEXT.split())
"""Words that are understood without meaning anything for the music."""
