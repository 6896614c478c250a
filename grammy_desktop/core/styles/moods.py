"""What mood words do to music. The factors are design choices tuned by ear, not measured facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Mood:
    """`tempo`, `density` and `length` multiply, `velocity` adds; `modes` in order of preference; `valence` -1..1, `arousal` 0..1.

    `style` is the style id that the mood suggests when a prompt names no genre.
    """

    name: str
    words: tuple[str, ...]
    modes: tuple[str, ...]
    tempo: float
    density: float
    length: float
    velocity: int
    valence: float
    arousal: float
    style: str = ""


MOODS: tuple[Mood, ...] = (
    Mood("happy", ("happy", "cheerful", "joyful", "sunny", "upbeat", "feel-good", "joy", "fun", "bright", "catchy"),
         ("major", "mixolydian"), 1.06, 1.1, 0.85, 6, 0.9, 0.65, "pop"),
    Mood("sad", ("sad", "melancholic", "melancholy", "blue", "heartbroken", "heartbreak", "depressing", "depressed", "sorrowful",
                 "bittersweet", "lonely", "crying", "tears", "wistful", "tragic", "emotional", "grief"),
         ("minor", "dorian"), 0.90, 0.75, 1.1, -10, -0.8, 0.25),
    Mood("dark", ("dark", "evil", "sinister", "ominous", "menacing", "moody", "gloomy", "gothic", "cold"),
         ("minor", "phrygian", "harmonic minor"), 0.97, 0.9, 1.0, 4, -0.6, 0.5, "trap"),
    Mood("aggressive", ("aggressive", "angry", "hard", "brutal", "intense", "rage", "furious", "fierce", "heavy"),
         ("minor", "phrygian"), 1.05, 1.25, 0.75, 14, -0.4, 0.95, "trap"),
    Mood("chill", ("chill", "relaxed", "relaxing", "laid-back", "laid back", "mellow", "cozy", "cosy", "smooth", "chilled",
                   "rainy", "lazy", "late night", "easy", "chilling", "calming"),
         ("major", "dorian"), 0.92, 0.8, 1.05, -10, 0.3, 0.2, "lofi"),
    Mood("dreamy", ("dreamy", "ethereal", "floating", "hazy", "nostalgic", "nostalgia", "dream", "dreams", "shimmering", "airy"),
         ("major", "lydian"), 0.94, 0.8, 1.25, -8, 0.25, 0.25, "lofi"),
    Mood("romantic", ("romantic", "sensual", "sexy", "intimate", "warm", "love", "tender", "soulful", "wedding", "lovely"),
         ("major", "dorian"), 0.92, 0.85, 1.1, -6, 0.6, 0.3, "pop"),
    Mood("epic", ("epic", "heroic", "triumphant", "powerful", "huge", "anthemic", "majestic", "grand", "victorious", "dramatic",
                  "soaring", "massive", "battle", "glorious", "adventure", "adventurous"),
         ("minor", "mixolydian"), 1.0, 1.2, 1.0, 14, 0.3, 0.9, "cinematic"),
    Mood("hopeful", ("hopeful", "uplifting", "inspiring", "inspirational", "motivational", "optimistic", "hope", "empowering",
                     "euphoric", "positive"),
         ("major",), 1.02, 1.05, 1.0, 3, 0.8, 0.6, "pop"),
    Mood("energetic", ("energetic", "hype", "party", "banger", "driving", "energy", "club", "workout", "dance", "danceable",
                       "gym", "running", "exciting", "pumping"),
         ("minor", "mixolydian"), 1.06, 1.25, 0.8, 10, 0.5, 0.9, "edm"),
    Mood("peaceful", ("peaceful", "calm", "serene", "meditative", "sleepy", "gentle", "quiet", "soft", "soothing", "sleep",
                      "meditation", "tranquil"),
         ("major", "lydian"), 0.82, 0.55, 1.4, -18, 0.4, 0.1, "lofi"),
    Mood("mysterious", ("mysterious", "eerie", "creepy", "haunted", "suspense", "suspenseful", "spooky", "haunting", "scary",
                        "horror", "enigmatic"),
         ("harmonic minor", "minor"), 0.93, 0.7, 1.1, -6, -0.5, 0.45, "cinematic"),
    Mood("tense", ("tense", "anxious", "chase", "urgent", "tension", "nervous", "thriller", "action"),
         ("minor", "phrygian"), 1.1, 1.3, 0.6, 6, -0.5, 0.85, "cinematic"),
    Mood("funky", ("funky", "groovy", "bouncy", "groove"), ("dorian", "mixolydian"), 1.0, 1.15, 0.65, 4, 0.6, 0.7, "house"),
    Mood("playful", ("playful", "quirky", "cute", "silly", "kids", "whimsical", "children"),
         ("major",), 1.08, 1.0, 0.55, 0, 0.8, 0.6, "pop"),
    Mood("elegant", ("elegant", "classy", "luxurious", "sophisticated"), ("major", "dorian"), 0.96, 0.85, 1.0, -4, 0.4, 0.35),
    Mood("gritty", ("raw", "gritty", "dirty", "underground", "dusty", "rough"), ("minor",), 0.98, 0.95, 0.95, 4, -0.2, 0.6),
    Mood("clean", ("clean", "polished", "radio-ready", "modern", "fresh"), (), 1.0, 1.0, 1.0, 0, 0.1, 0.5),
    Mood("vintage", ("vintage", "retro", "old-school", "old school", "analog", "analogue", "classic"), (), 0.98,
        1.0, 1.0, 0, 0.1, 0.4),
    Mood("minimal", ("minimal", "sparse", "stripped", "simple", "minimalist"), (), 1.0, 0.55, 1.0, -4, 0.0, 0.3),
    Mood("lush", ("dense", "lush", "rich", "maximal", "full"), (), 1.0, 1.35, 1.1, 3, 0.2, 0.6),
    Mood("tropical", ("tropical", "summer", "beach", "island", "summery"), ("major", "mixolydian"), 1.0, 1.0, 0.7,
        0, 0.8, 0.6, "pop"),
    Mood("spacey", ("spacey", "cosmic", "sci-fi", "futuristic", "space", "atmospheric", "ambient"),
         ("lydian", "minor"), 0.98, 0.9, 1.2, 0, 0.1, 0.35, "cinematic"),
    Mood("studious", ("study", "studying", "focus", "homework", "reading", "coffee", "cafe", "café"),
         (), 0.97, 0.8, 1.0, -8, 0.3, 0.2, "lofi"),
)  # fmt: skip


def mood_of(word: str) -> Mood | None:
    """The mood that a word names."""
    for mood in MOODS:
        if word in mood.words or word == mood.name:
            return mood
    return None


@dataclass(frozen=True)
class MoodEffect:
    """What several moods do together: their average, the last one counting double."""

    modes: tuple[str, ...] = ()
    tempo: float = 1.0
    density: float = 1.0
    length: float = 1.0
    velocity: float = 0.0
    valence: float = 0.0
    arousal: float = 0.5


def mood_effect(words: Sequence[str]) -> MoodEffect:
    """The joint effect of mood words; unknown words count for nothing."""
    moods = [mood for mood in map(mood_of, words) if mood is not None]
    if not moods:
        return MoodEffect()
    weights = [1.0] * (len(moods) - 1) + [2.0]
    total = sum(weights)

    def mean(name: str) -> float:
        return sum(weight * float(getattr(mood, name)) for weight, mood in zip(weights, moods, strict=True)) / total

    modes = next((mood.modes for mood in reversed(moods) if mood.modes), ())
    return MoodEffect(modes, *(mean(name) for name in ("tempo", "density", "length", "velocity", "valence", "arousal")))
