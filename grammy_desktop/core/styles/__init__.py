"""Style sheets: facts about kinds of music, as data."""

from grammy_desktop.core.styles.instruments import INSTRUMENTS, Instrument, midi_program
from grammy_desktop.core.styles.load import lineage, load_styles, read_style
from grammy_desktop.core.styles.moods import MOODS, Mood, MoodEffect, mood_effect, mood_of
from grammy_desktop.core.styles.sounds import is_sound
from grammy_desktop.core.styles.style import (
    BassHabits,
    Feel,
    Fill,
    Form,
    FormBlock,
    Groove,
    Harmony,
    Lift,
    Limits,
    Mastering,
    MelodyHabits,
    MixStyle,
    PartStyle,
    Style,
    TempoRange,
)

__all__ = [
    "INSTRUMENTS",
    "MOODS",
    "BassHabits",
    "Feel",
    "Fill",
    "Form",
    "FormBlock",
    "Groove",
    "Harmony",
    "Instrument",
    "Lift",
    "Limits",
    "Mastering",
    "MelodyHabits",
    "MixStyle",
    "Mood",
    "MoodEffect",
    "PartStyle",
    "Style",
    "TempoRange",
    "is_sound",
    "lineage",
    "load_styles",
    "midi_program",
    "mood_effect",
    "mood_of",
    "read_style",
]
