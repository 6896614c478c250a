"""Instruments that prompts name: what they are called, and what sounds them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Instrument:
    """`role` is what it takes over (or adds) when a prompt asks for it; `stem` where it is heard; `range` in MIDI notes."""

    name: str
    words: tuple[str, ...]
    sound: str
    role: str
    stem: str
    range: tuple[int, int]


INSTRUMENTS: tuple[Instrument, ...] = (
    Instrument("drums", ("drum", "drums", "beat", "beats", "percussion", "drum kit", "drumkit"), "", "drums", "drums", (35, 82)),
    Instrument("bass", ("bass", "bassline", "bass line", "bass guitar", "electric bass"), "sf:0:33", "bass", "bass", (28, 55)),
    Instrument("upright bass", ("upright bass", "double bass", "contrabass"), "sf:0:32", "bass", "bass", (28, 52)),
    Instrument("808", ("808", "808s", "808 bass"), "synth:808", "bass", "bass", (24, 48)),
    Instrument("synth bass", ("synth bass", "sub bass", "sub"), "synth:sub_bass", "bass", "bass", (26, 50)),
    Instrument("piano", ("piano", "grand piano", "felt piano", "pianos"), "sf:0:0", "chords", "keys", (40, 88)),
    Instrument("electric piano", ("electric piano", "rhodes", "epiano", "ep", "keys", "wurlitzer"), "sf:0:4",
        "chords", "keys", (40, 84)),
    Instrument("clavinet", ("clavinet", "clav"), "sf:0:7", "chords", "keys", (40, 79)),
    Instrument("organ", ("organ", "hammond"), "sf:0:16", "chords", "keys", (40, 84)),
    Instrument("church organ", ("church organ", "pipe organ"), "sf:0:19", "pad", "pad", (40, 79)),
    Instrument("vibraphone", ("vibraphone", "vibes"), "sf:0:11", "lead", "lead", (53, 89)),
    Instrument("bells", ("bells", "bell", "music box", "glockenspiel", "celesta"), "synth:fm_bell", "lead", "lead", (67, 96)),
    Instrument("acoustic guitar", ("acoustic guitar", "steel guitar", "strummed guitar"), "sf:0:25", "chords",
        "guitars", (40, 79)),
    Instrument("nylon guitar", ("nylon guitar", "classical guitar", "spanish guitar"), "sf:0:24", "arp", "guitars", (40, 79)),
    Instrument("electric guitar", ("electric guitar", "clean guitar", "guitar", "guitars"), "sf:0:27", "counter",
        "guitars", (40, 84)),
    Instrument("jazz guitar", ("jazz guitar",), "sf:0:26", "counter", "guitars", (40, 81)),
    Instrument("distorted guitar", ("distorted guitar", "distorted guitars", "heavy guitar", "heavy guitars", "power chords"),
               "sf:0:30", "chords", "guitars", (38, 79)),
    Instrument("strings", ("strings", "string section", "violins", "orchestra", "string quartet"), "sf:0:48",
        "pad", "strings", (43, 91)),
    Instrument("violin", ("violin", "fiddle"), "sf:0:48", "lead", "strings", (55, 93)),
    Instrument("cello", ("cello", "cellos", "celli"), "sf:0:42", "counter", "strings", (36, 69)),
    Instrument("harp", ("harp",), "sf:0:46", "arp", "keys", (43, 91)),
    Instrument("choir", ("choir", "choirs", "aahs", "oohs"), "sf:0:52", "pad", "pad", (48, 79)),
    Instrument("trumpet", ("trumpet", "trumpets"), "sf:0:56", "lead", "brass", (55, 82)),
    Instrument("trombone", ("trombone",), "sf:0:57", "counter", "brass", (40, 70)),
    Instrument("horn", ("french horn", "french horns"), "sf:0:60", "lead", "brass", (41, 74)),
    Instrument("brass", ("brass", "horns", "horn section", "brass section"), "sf:0:61", "counter", "brass", (46, 80)),
    Instrument("saxophone", ("sax", "saxophone", "alto sax", "saxaphone", "saxofone"), "sf:0:65", "lead", "lead", (50, 81)),
    Instrument("tenor saxophone", ("tenor sax", "tenor saxophone"), "sf:0:66", "lead", "lead", (45, 76)),
    Instrument("oboe", ("oboe",), "sf:0:68", "lead", "lead", (58, 88)),
    Instrument("flute", ("flute", "flutes"), "sf:0:73", "lead", "lead", (60, 93)),
    Instrument("synth lead", ("synth lead", "lead synth", "saw lead"), "synth:saw_lead", "lead", "lead", (57, 88)),
    Instrument("square lead", ("square lead", "chip lead", "chiptune"), "synth:square_lead", "lead", "lead", (57, 91)),
    Instrument("supersaw", ("supersaw", "supersaws", "synths", "synth", "synthesizer", "synthesiser"),
        "synth:supersaw", "chords", "keys", (45, 88)),
    Instrument("pluck", ("pluck", "plucks"), "synth:pluck", "arp", "keys", (52, 91)),
    Instrument("pad", ("pad", "pads", "synth pad"), "synth:warm_pad", "pad", "pad", (48, 84)),
    Instrument("vinyl", ("vinyl", "vinyl crackle", "crackle"), "synth:vinyl", "fx", "fx", (60, 61)),
    Instrument("rain", ("rain", "rain sounds", "raindrops"), "synth:rain", "fx", "fx", (60, 61)),
    Instrument("timpani", ("timpani", "taiko", "taikos", "war drums"), "synth:kit_cinematic", "perc", "drums", (35, 82)),
)  # fmt: skip

_SYNTH_PROGRAMS = {
    "sub_bass": 39, "808": 38, "reese": 39, "house_bass": 38, "supersaw": 90, "stab": 81, "pluck": 80, "warm_pad": 89,
    "saw_lead": 81, "square_lead": 80, "fm_bell": 11, "epiano": 4, "braam": 62,
    "kit_lofi": 0, "kit_909": 24, "kit_trap": 25, "kit_pop": 0, "kit_cinematic": 48,
}  # fmt: skip


def midi_program(sound: str) -> int:
    """The General MIDI program nearest to a sound; 0 for effects."""
    if sound.startswith("sf:"):
        return int(sound.rsplit(":", 1)[1])
    return _SYNTH_PROGRAMS.get(sound.removeprefix("synth:"), 0)
