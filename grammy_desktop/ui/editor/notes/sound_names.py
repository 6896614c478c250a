"""What a sound is called in plain words: 'Electric piano' of 'sf:0:4', 'Warm pad' of 'synth:warm_pad'. No Qt."""

from __future__ import annotations

from collections.abc import Iterable

from grammy_desktop.core.styles.sounds import FontSound, Vst3Sound, own_sound, split_sound

_PROGRAMS = (
    "Grand piano|Bright piano|Electric grand|Honky-tonk piano|Electric piano|FM electric piano|Harpsichord|Clavinet|"
    "Celesta|Glockenspiel|Music box|Vibraphone|Marimba|Xylophone|Tubular bells|Dulcimer|"
    "Drawbar organ|Percussive organ|Rock organ|Church organ|Reed organ|Accordion|Harmonica|Bandoneon|"
    "Nylon guitar|Steel guitar|Jazz guitar|Clean guitar|Muted guitar|Overdriven guitar|Distorted guitar|Guitar harmonics|"
    "Upright bass|Finger bass|Picked bass|Fretless bass|Slap bass|Slap bass 2|Synth bass|Synth bass 2|"
    "Violin|Viola|Cello|Double bass|Tremolo strings|Plucked strings|Harp|Timpani|"
    "Strings|Slow strings|Synth strings|Synth strings 2|Choir|Voice oohs|Synth voice|Orchestra hit|"
    "Trumpet|Trombone|Tuba|Muted trumpet|French horn|Brass|Synth brass|Synth brass 2|"
    "Soprano sax|Alto sax|Tenor sax|Baritone sax|Oboe|English horn|Bassoon|Clarinet|"
    "Piccolo|Flute|Recorder|Pan flute|Blown bottle|Shakuhachi|Whistle|Ocarina|"
    "Square lead|Saw lead|Calliope lead|Chiff lead|Charang lead|Voice lead|Fifths lead|Bass and lead|"
    "New age pad|Warm pad|Polysynth pad|Choir pad|Bowed pad|Metallic pad|Halo pad|Sweep pad|"
    "Rain effect|Soundtrack effect|Crystal effect|Atmosphere effect|Brightness effect|Goblins effect|Echoes effect|"
    "Sci-fi effect|Sitar|Banjo|Shamisen|Koto|Kalimba|Bagpipe|Fiddle|Shanai|"
    "Tinkle bell|Agogo|Steel drums|Woodblock|Taiko|Melodic tom|Synth drum|Reverse cymbal|"
    "Fret noise|Breath noise|Seashore|Bird tweet|Telephone|Helicopter|Applause|Gunshot"
)
PROGRAMS = tuple(_PROGRAMS.split("|"))
"""The 128 programs of General MIDI."""

KITS = {0: "Standard kit", 8: "Room kit", 16: "Power kit", 24: "Electronic kit", 25: "808 kit", 32: "Jazz kit"}
KITS |= {40: "Brush kit", 48: "Orchestra kit"}


def plain_name(sound: str) -> str:
    """'' for no sound."""
    first, _ = split_sound(sound)
    own = own_sound(first)
    if isinstance(own, FontSound):
        return f"{own.font} {own.bank}:{own.program}"
    if isinstance(own, Vst3Sound):
        return own.preset or own.plugin
    if first.startswith("sf:"):
        _, bank, program = first.split(":")
        return KITS.get(int(program), "Drum kit") if bank == "128" else PROGRAMS[int(program) % 128]
    name = first.removeprefix("synth:").removesuffix("_s").replace("_", " ").strip()
    if name.startswith("kit "):
        name = f"{name.removeprefix('kit ')} kit"
    return name[:1].upper() + name[1:]


def sound_choices(patches: Iterable[str], *, drums: bool) -> list[tuple[str, str]]:
    """(sound, its name) of everything a part can be played on, by name: kits for drums, all others else."""
    if drums:
        sounds = [f"sf:128:{program}" for program in KITS]
        sounds += [f"synth:{name}" for name in patches if name.startswith("kit_")]
    else:
        sounds = [f"sf:0:{program}" for program in range(len(PROGRAMS))]
        sounds += [f"synth:{name}" for name in patches if not name.startswith("kit_")]
    named = {plain_name(sound): sound for sound in reversed(sounds)}
    return sorted(((sound, name) for name, sound in named.items()), key=lambda pair: pair[1].lower())


def part_name(name: str) -> str:
    """'Power right' of 'power_right'."""
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]
