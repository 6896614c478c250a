"""What mood words do to music. The factors are design choices tuned by ear, not measured facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True)
class Mood:
    """`tempo`, `density` and `length` multiply, `velocity` adds; `modes` in order of preference; `valence` -1..1, `arousal` 0..1.

    `brightness` is in octaves of filter opening. `reverb` multiplies the reverberation time, `swing` adds to the place of
    the second of a pair (per cent), `register` is in semitones, `drive` in decibels of saturation. `style` is the style id
    that the mood suggests when a prompt names no genre.
    """

    name: str
    words: tuple[str, ...]
    modes: tuple[str, ...]
    tempo: float
    density: float
    brightness: float
    length: float
    velocity: int
    valence: float
    arousal: float
    style: str = ""
    reverb: float = 1.0
    swing: float = 0.0
    register: float = 0.0
    drive: float = 0.0


MOODS: tuple[Mood, ...] = (
    Mood("happy", ("happy", "cheerful", "joyful", "sunny", "upbeat", "feel-good", "feelgood", "joy", "fun", "bright", "catchy",
                   "cheery", "merry", "jolly", "carefree", "youthful", "breezy", "happiness", "jangly"),
         ("major", "mixolydian"), 1.06, 1.1, 0.4, 0.85, 6, 0.9, 0.65, "pop", register=3),
    Mood("sad", ("sad", "melancholic", "melancholy", "blue", "heartbroken", "heartbreak", "depressing", "depressed", "sorrowful",
                 "bittersweet", "lonely", "crying", "tears", "wistful", "tragic", "emotional", "grief", "mournful", "saudade",
                 "sadness", "gloom", "longing", "somber", "sombre", "pensive", "reflective"),
         ("minor", "dorian"), 0.90, 0.75, -0.6, 1.1, -10, -0.8, 0.25, reverb=1.2),
    Mood("dark", ("dark", "evil", "sinister", "ominous", "menacing", "moody", "gloomy", "gothic", "cold", "brooding", "darkness",
                  "doomy", "bleak", "demonic"),
         ("minor", "phrygian", "harmonic minor"), 0.97, 0.9, -0.8, 1.0, 4, -0.6, 0.5, "trap", register=-3),
    Mood("aggressive", ("aggressive", "angry", "hard", "brutal", "intense", "rage", "furious", "fierce", "heavy", "violent",
                        "filthy", "relentless", "savage", "rebellious", "hard-hitting", "anger", "pissed"),
         ("minor", "phrygian"), 1.05, 1.25, 0.5, 0.75, 14, -0.4, 0.95, "trap", drive=3),
    Mood("chill", ("chill", "relaxed", "relaxing", "laid-back", "laid back", "mellow", "cozy", "cosy", "smooth", "chilled",
                   "rainy", "lazy", "late night", "easy", "chilling", "calming", "chillout", "chilled out", "smoky",
                   "easygoing", "comfy"),
         ("major", "dorian"), 0.92, 0.8, -0.5, 1.05, -10, 0.3, 0.2, "lofi", swing=3),
    Mood("dreamy", ("dreamy", "ethereal", "floating", "hazy", "nostalgic", "nostalgia", "dream", "dreams", "shimmering", "airy",
                    "floaty", "dreamlike", "weightless", "sunset", "washed out"),
         ("major", "lydian"), 0.94, 0.8, -0.3, 1.25, -8, 0.25, 0.25, "lofi", reverb=1.6),
    Mood("romantic", ("romantic", "sensual", "sexy", "intimate", "warm", "love", "tender", "soulful", "wedding", "lovely",
                      "heartfelt", "seductive", "passionate", "sweet", "homely", "romance"),
         ("major", "dorian"), 0.92, 0.85, -0.4, 1.1, -6, 0.6, 0.3, "pop", reverb=0.8),
    Mood("epic", ("epic", "heroic", "triumphant", "powerful", "huge", "anthemic", "majestic", "grand", "victorious", "dramatic",
                  "soaring", "massive", "battle", "glorious", "adventure", "adventurous", "monumental", "confident", "anthem"),
         ("minor", "mixolydian"), 1.0, 1.2, 0.3, 1.0, 14, 0.3, 0.9, "cinematic", reverb=1.2),
    Mood("hopeful", ("hopeful", "uplifting", "inspiring", "inspirational", "motivational", "optimistic", "hope", "empowering",
                     "euphoric", "positive", "motivating", "elated"),
         ("major",), 1.02, 1.05, 0.3, 1.0, 3, 0.8, 0.6, "pop"),
    Mood("energetic", ("energetic", "hype", "party", "banger", "driving", "energy", "club", "workout", "dance", "danceable",
                       "gym", "running", "exciting", "pumping", "punchy", "bouncing", "rolling", "high-energy", "lively",
                       "wild", "explosive"),
         ("minor", "mixolydian"), 1.06, 1.25, 0.4, 0.8, 10, 0.5, 0.9, "edm"),
    Mood("peaceful", ("peaceful", "calm", "serene", "meditative", "sleepy", "gentle", "quiet", "soft", "soothing", "sleep",
                      "meditation", "tranquil", "pastoral", "sacred", "calmer", "delicate", "healing", "spa", "lullaby"),
         ("major", "lydian"), 0.82, 0.55, -0.7, 1.4, -18, 0.4, 0.1, "ambient", reverb=1.2),
    Mood("mysterious", ("mysterious", "eerie", "creepy", "haunted", "suspense", "suspenseful", "spooky", "haunting", "scary",
                        "horror", "enigmatic", "uncanny", "hypnotic", "mystical", "halloween"),
         ("harmonic minor", "minor"), 0.93, 0.7, -0.3, 1.1, -6, -0.5, 0.45, "cinematic", reverb=1.3),
    Mood("tense", ("tense", "anxious", "chase", "urgent", "tension", "nervous", "thriller", "action", "frantic", "restless"),
         ("minor", "phrygian"), 1.1, 1.3, 0.2, 0.6, 6, -0.5, 0.85, "cinematic"),
    Mood("funky", ("funky", "groovy", "bouncy", "groove", "jazzy"),
         ("dorian", "mixolydian"), 1.0, 1.15, 0.1, 0.65, 4, 0.6, 0.7, "funk", swing=3),
    Mood("playful", ("playful", "quirky", "cute", "silly", "kids", "whimsical", "children", "goofy", "funny", "comedy"),
         ("major",), 1.08, 1.0, 0.5, 0.55, 0, 0.8, 0.6, "pop", register=3),
    Mood("elegant", ("elegant", "classy", "luxurious", "sophisticated", "luxury"),
         ("major", "dorian"), 0.96, 0.85, -0.1, 1.0, -4, 0.4, 0.35, "jazz_ballad"),
    Mood("gritty", ("raw", "gritty", "dirty", "underground", "dusty", "rough", "grimy", "street", "grungy"),
         ("minor",), 0.98, 0.95, -0.5, 0.95, 4, -0.2, 0.6, drive=3),
    Mood("clean", ("clean", "polished", "radio-ready", "radio ready", "fresh", "crisp", "sleek"),
         (), 1.0, 1.0, 0.3, 1.0, 0, 0.1, 0.5),
    Mood("vintage", ("vintage", "retro", "old-school", "old school", "oldschool", "analog", "analogue", "classic", "throwback"),
         (), 0.98, 1.0, -0.4, 1.0, 0, 0.1, 0.4, drive=1.5),
    Mood("minimal", ("minimal", "sparse", "stripped", "simple", "minimalist", "stripped down", "stripped back", "bare"),
         (), 1.0, 0.55, -0.1, 1.0, -4, 0.0, 0.3),
    Mood("lush", ("dense", "lush", "rich", "maximal", "full", "layered", "wall of sound"), (), 1.0, 1.35, 0.1, 1.1, 3, 0.2, 0.6),
    Mood("tropical", ("tropical", "summer", "beach", "island", "summery"), ("major", "mixolydian"), 1.0, 1.0, 0.4, 0.7,
        0, 0.8, 0.6, "tropical_house"),
    Mood("spacey", ("spacey", "cosmic", "sci-fi", "scifi", "futuristic", "space", "atmospheric", "psychedelic", "trippy",
                    "otherworldly", "neon", "cyberpunk", "night drive"),
         ("lydian", "minor"), 0.98, 0.9, 0.2, 1.2, 0, 0.1, 0.35, "ambient", reverb=1.4),
    Mood("studious", ("study", "studying", "focus", "homework", "reading", "coffee", "cafe", "concentration"),
         (), 0.97, 0.8, -0.2, 1.0, -8, 0.3, 0.2, "lofi"),
    Mood("festive", ("christmas", "xmas", "festive", "santa"), ("major",), 1.02, 1.05, 0.4, 0.95, 2, 0.8, 0.6, "holiday"),
    Mood("exotic", ("oriental", "arabic", "middle eastern", "desert", "indian", "japanese", "spanish", "flamenco"),
         ("phrygian", "harmonic minor"), 1.0, 1.0, 0.0, 1.0, 0, 0.0, 0.5),
)  # fmt: skip

INTENSITIES: dict[str, float] = {"very": 1.5, "slightly": 0.5, "not": -0.5}
"""What a word before a mood makes of it: 'very sad' is one and a half times as far from the style as 'sad'."""

_BY_WORD = {word: mood for mood in MOODS for word in (mood.name, *mood.words)}


def split_intensity(words: str) -> tuple[float, str]:
    """(1.5, 'sad') of 'very sad', (1.0, 'sad') of 'sad'."""
    first, _, rest = words.partition(" ")
    return (INTENSITIES[first], rest) if rest and first in INTENSITIES else (1.0, words)


def mood_of(words: str) -> Mood | None:
    """The mood that a word names, with or without an intensity before it."""
    return _BY_WORD.get(split_intensity(words)[1])


@dataclass(frozen=True)
class MoodEffect:
    """What several moods do together: their average, the last one counting double. Units as in `Mood`."""

    modes: tuple[str, ...] = ()
    tempo: float = 1.0
    density: float = 1.0
    length: float = 1.0
    velocity: float = 0.0
    valence: float = 0.0
    arousal: float = 0.5
    brightness: float = 0.0
    reverb: float = 1.0
    swing: float = 0.0
    register: float = 0.0
    drive: float = 0.0


_NEUTRAL = MoodEffect()
_FIGURES = (
    "tempo", "density", "length", "velocity", "valence", "arousal", "brightness", "reverb", "swing", "register", "drive",
)  # fmt: skip
_LIMITS = {"density": (0.3, 1.8), "length": (0.4, 1.8), "valence": (-1.0, 1.0), "arousal": (0.0, 1.0)}


def mood_effect(words: Sequence[str]) -> MoodEffect:
    """The joint effect of mood words, each perhaps with an intensity ('very dark'); unknown words count for nothing."""
    return _effect(tuple(words))


@lru_cache(maxsize=256)
def _effect(words: tuple[str, ...]) -> MoodEffect:
    moods = [(mood, split_intensity(word)[0]) for word in words if (mood := mood_of(word)) is not None]
    if not moods:
        return _NEUTRAL
    weights = [1.0] * (len(moods) - 1) + [2.0]

    def mean(name: str) -> float:
        neutral = float(getattr(_NEUTRAL, name))
        away = sum(
            weight * strength * (float(getattr(mood, name)) - neutral)
            for weight, (mood, strength) in zip(weights, moods, strict=True)
        )
        low, high = _LIMITS.get(name, (-1e9, 1e9))
        return min(high, max(low, neutral + away / sum(weights)))

    modes = next((mood.modes for mood, strength in reversed(moods) if mood.modes and strength > 0), ())
    return MoodEffect(modes, **{name: mean(name) for name in _FIGURES})
