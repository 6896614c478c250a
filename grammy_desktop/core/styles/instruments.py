"""Instruments that prompts name: what they are called, and what sounds them."""

from __future__ import annotations

from dataclasses import dataclass

from grammy_desktop.core.styles.sounds import FontSound, own_sound, split_sound

OTHER_INSTRUMENTS = "other instruments"
"""What a brief excludes when the prompt wants certain instruments only ('piano and strings only')."""


@dataclass(frozen=True)
class Instrument:
    """`role` is what it takes over (or adds) when a prompt asks for it; `stem` where it is heard; `range` in MIDI notes.

    A piece of the drum kit has no sound of its own: `rows` are the rows of the style's grooves that it plays.
    """

    name: str
    words: tuple[str, ...]
    sound: str
    role: str
    stem: str
    range: tuple[int, int]
    rows: tuple[str, ...] = ()


def _piece(name: str, words: tuple[str, ...], *rows: str) -> Instrument:
    return Instrument(name, words, "", "drums", "drums", (35, 82), rows)


INSTRUMENTS: tuple[Instrument, ...] = (
    Instrument("drums", ("drum", "drums", "beat", "beats", "percussion", "drum kit", "drumkit", "drum set", "drum machine",
                         "brushes", "drumming", "drum beat", "drum beats"), "", "drums", "drums", (35, 82)),
    _piece("hi-hats", ("hi-hat", "hi-hats", "hi hat", "hi hats", "hihat", "hihats", "hats", "hat rolls"), "H", "O", "P"),
    _piece("kick", ("kick", "kicks", "kick drum", "bass drum", "kickdrum"), "K"),
    _piece("snare", ("snare", "snares", "snare drum", "rimshot", "rim shot"), "S", "R"),
    _piece("claps", ("clap", "claps", "hand claps", "handclaps", "handclap", "clapping"), "C"),
    _piece("finger snaps", ("finger snap", "finger snaps", "snaps", "fingersnaps"), "Sn"),
    _piece("cymbals", ("cymbal", "cymbals", "crash", "crashes", "crash cymbal", "ride cymbal"), "D", "Cr"),
    _piece("toms", ("toms", "tom toms"), "T"),
    _piece("shaker", ("shaker", "shakers", "maracas", "cabasa"), "Sh"),
    _piece("tambourine", ("tambourine", "tambourines"), "Tb"),
    _piece("congas", ("conga", "congas"), "Cg"),
    _piece("bongos", ("bongo", "bongos"), "Bg"),
    _piece("cowbell", ("cowbell", "cowbells"), "Cb"),
    _piece("claves", ("claves", "woodblock", "wood block"), "Cl"),
    Instrument("bass", ("bass", "bassline", "bass line", "bass guitar", "electric bass", "basslines", "bass lines"),
        "sf:0:33", "bass", "bass", (28, 55)),
    Instrument("upright bass", ("upright bass", "double bass", "contrabass", "acoustic bass", "walking bass"), "sf:0:32",
        "bass", "bass", (28, 52)),
    Instrument("slap bass", ("slap bass", "slapped bass"), "sf:0:36", "bass", "bass", (28, 55)),
    Instrument("808", ("808", "808s", "808 bass", "sliding 808s", "808 sub"), "synth:808", "bass", "bass", (24, 48)),
    Instrument("synth bass", ("synth bass", "sub bass", "sub", "subs", "deep sub", "subbass", "moog bass"), "synth:sub_bass",
        "bass", "bass", (26, 50)),
    Instrument("reese bass", ("reese", "reese bass"), "synth:reese", "bass", "bass", (26, 50)),
    Instrument("wobble bass", ("wobble bass", "wobble", "wobbles", "wub", "wubs"), "synth:wobble_bass", "bass", "bass", (26, 50)),
    Instrument("acid bass", ("303", "tb-303", "acid bass", "acid line", "acid lines"), "synth:acid_bass", "bass",
     "bass", (28, 55)),
    Instrument("log drum", ("log drum", "log drums", "logdrum"), "synth:log_drum", "bass", "bass", (28, 55)),
    Instrument("piano", ("piano", "grand piano", "pianos", "house piano", "classical piano", "piano chords", "upright piano"),
        "sf:0:0", "chords", "keys", (40, 88)),
    Instrument("felt piano", ("felt piano", "soft piano"), "sf:0:0", "chords", "keys", (40, 84)),
    Instrument("electric piano", ("electric piano", "rhodes", "epiano", "e-piano", "keys", "wurlitzer", "wurli", "electric keys",
                                  "fender rhodes", "dx7", "keyboard"),
        "sf:0:4", "chords", "keys", (40, 84)),
    Instrument("clavinet", ("clavinet", "clav"), "sf:0:7", "chords", "keys", (40, 79)),
    Instrument("harpsichord", ("harpsichord", "cembalo"), "synth:harpsi", "chords", "keys", (40, 84)),
    Instrument("toy piano", ("toy piano",), "synth:toy_piano", "lead", "keys", (60, 96)),
    Instrument("organ", ("organ", "hammond", "hammond organ", "organs", "b3"), "sf:0:16", "chords", "keys", (40, 84)),
    Instrument("church organ", ("church organ", "pipe organ"), "sf:0:19", "pad", "pad", (40, 79)),
    Instrument("accordion", ("accordion", "accordian", "bandoneon"), "synth:accordion_s", "chords", "keys", (48, 84)),
    Instrument("harmonica", ("harmonica", "mouth organ", "blues harp"), "synth:harmonica_s", "lead", "lead", (60, 88)),
    Instrument("melodica", ("melodica",), "synth:melodica_s", "lead", "lead", (53, 84)),
    Instrument("vibraphone", ("vibraphone", "vibraphones"), "sf:0:11", "lead", "lead", (53, 89)),
    Instrument("marimba", ("marimba", "marimbas", "xylophone", "balafon"), "synth:marimba_s", "arp", "keys", (45, 89)),
    Instrument("kalimba", ("kalimba", "mbira", "thumb piano"), "synth:kalimba_s", "arp", "keys", (55, 89)),
    Instrument("steel drums", ("steel drum", "steel drums", "steelpan", "steel pan", "steel pans", "steelpans"),
        "synth:steel_drum_s", "lead", "lead", (55, 84)),
    Instrument("music box", ("music box", "musicbox"), "synth:music_box_s", "lead", "lead", (67, 96)),
    Instrument("bells", ("bells", "bell", "glockenspiel", "celesta", "glock", "chimes", "tubular bells"), "synth:fm_bell", "lead",
        "lead", (67, 96)),
    Instrument("sleigh bells", ("sleigh bells", "jingle bells"), "synth:sleigh_bells", "fx", "fx", (60, 61)),
    Instrument("acoustic guitar", ("acoustic guitar", "steel guitar", "strummed guitar", "acoustic guitars",
                                   "fingerpicked guitar",
                                   "fingerstyle guitar", "picked guitar", "ballad guitar", "steel string guitar"),
        "sf:0:25", "chords", "guitars", (40, 79)),
    Instrument("nylon guitar", ("nylon guitar", "classical guitar", "spanish guitar", "flamenco guitar", "nylon string guitar"),
        "sf:0:24", "arp", "guitars", (40, 79)),
    Instrument("electric guitar", ("electric guitar", "clean guitar", "guitar", "guitars", "electric guitars", "rock guitar"),
        "sf:0:27", "counter", "guitars", (40, 84)),
    Instrument("jazz guitar", ("jazz guitar", "jazz guitars"), "sf:0:26", "counter", "guitars", (40, 81)),
    Instrument("muted guitar", ("muted guitar", "palm muted guitar", "palm muted guitars", "palm mutes"), "sf:0:28", "arp",
        "guitars", (40, 79)),
    Instrument("distorted guitar", ("distorted guitar", "distorted guitars", "heavy guitar", "heavy guitars", "power chords",
                                    "power chord", "crunchy guitar", "crunchy guitars", "fuzz guitar", "fuzzy guitars",
                                    "overdriven guitar", "overdriven guitars"),
               "sf:0:30", "chords", "guitars", (38, 79)),
    Instrument("banjo", ("banjo", "banjos"), "synth:banjo_s", "arp", "guitars", (48, 84)),
    Instrument("ukulele", ("ukulele", "uke", "ukelele", "ukulele strum"), "synth:ukulele_s", "chords", "guitars", (55, 84)),
    Instrument("mandolin", ("mandolin", "mandolins", "bouzouki"), "synth:acoustic_s", "arp", "guitars", (55, 88)),
    Instrument("sitar", ("sitar", "sitars"), "synth:sitar_s", "lead", "lead", (48, 84)),
    Instrument("koto", ("koto", "shamisen", "guzheng"), "synth:koto_s", "lead", "lead", (48, 88)),
    Instrument("oud", ("oud", "saz"), "synth:oud_s", "lead", "lead", (43, 79)),
    Instrument("strings", ("strings", "string section", "violins", "orchestra", "string quartet", "string ensemble",
                           "orchestral strings", "violas", "symphony orchestra", "string orchestra"),
        "sf:0:48", "pad", "strings", (43, 91)),
    Instrument("violin", ("violin", "fiddle", "viola", "fiddles"), "sf:0:48", "lead", "strings", (55, 93)),
    Instrument("cello", ("cello", "cellos", "celli", "violoncello"), "sf:0:42", "counter", "strings", (36, 69)),
    Instrument("harp", ("harp", "harps"), "sf:0:46", "arp", "keys", (43, 91)),
    Instrument("choir", ("choir", "choirs", "aahs", "oohs", "chorus voices", "choral"), "sf:0:52", "pad", "pad",
        (48, 79)),
    Instrument("vocal chops", ("vocal chop", "vocal chops", "chopped vocals", "vocal samples", "vocal sample"),
        "synth:vocal_chop_ah", "lead", "lead", (55, 84)),
    Instrument("talkbox", ("talkbox", "talk box"), "synth:talkbox", "lead", "lead", (48, 79)),
    Instrument("trumpet", ("trumpet", "trumpets", "muted trumpet", "flugelhorn"), "sf:0:56", "lead", "brass", (55, 82)),
    Instrument("trombone", ("trombone", "trombones", "tuba"), "sf:0:57", "counter", "brass", (40, 70)),
    Instrument("horn", ("french horn", "french horns"), "sf:0:60", "lead", "brass", (41, 74)),
    Instrument("brass", ("brass", "horns", "horn section", "brass section", "horn stabs", "brass stabs"), "sf:0:61", "counter",
        "brass", (46, 80)),
    Instrument("saxophone", ("sax", "saxophone", "alto sax", "saxaphone", "saxofone", "saxes", "saxophones", "soprano sax"),
        "sf:0:65", "lead", "lead", (50, 81)),
    Instrument("tenor saxophone", ("tenor sax", "tenor saxophone", "baritone sax"), "sf:0:66", "lead", "lead", (45, 76)),
    Instrument("oboe", ("oboe", "bassoon", "english horn"), "sf:0:68", "lead", "lead", (58, 88)),
    Instrument("clarinet", ("clarinet", "clarinets"), "sf:0:68", "lead", "lead", (50, 86)),
    Instrument("flute", ("flute", "flutes", "piccolo", "recorder"), "sf:0:73", "lead", "lead", (60, 93)),
    Instrument("pan flute", ("pan flute", "panflute", "pan pipes", "panpipes", "shakuhachi"), "synth:pan_flute_s", "lead", "lead",
        (60, 91)),
    Instrument("whistle", ("whistle", "whistling", "tin whistle", "penny whistle"), "synth:whistle_s", "lead", "lead", (67, 96)),
    Instrument("synth lead", ("synth lead", "lead synth", "saw lead", "saw leads", "synth leads", "lead synths"),
        "synth:saw_lead", "lead", "lead", (57, 88)),
    Instrument("square lead", ("square lead", "chip lead", "square wave"), "synth:square_lead", "lead", "lead", (57, 91)),
    Instrument("theremin", ("theremin",), "synth:theremin", "lead", "lead", (57, 88)),
    Instrument("hoover", ("hoover", "hoovers", "hoover synth"), "synth:hoover", "lead", "lead", (45, 81)),
    Instrument("supersaw", ("supersaw", "supersaws", "synths", "synth", "synthesizer", "synthesiser", "synthesizers",
                            "synthesisers", "synth chords", "super saws", "synth stabs"),
        "synth:supersaw", "chords", "keys", (45, 88)),
    Instrument("pluck", ("pluck", "plucks", "synth pluck", "synth plucks"), "synth:pluck", "arp", "keys", (52, 91)),
    Instrument("arpeggio", ("arp", "arps", "arpeggio", "arpeggios", "arpeggiator", "arpeggiated synth", "arpeggiated synths"),
        "synth:pluck", "arp", "keys", (52, 91)),
    Instrument("pad", ("pad", "pads", "synth pad", "synth pads", "soft pads"), "synth:warm_pad", "pad", "pad", (48, 84)),
    Instrument("vinyl", ("vinyl", "vinyl crackle", "crackle", "vinyl noise"), "synth:vinyl", "fx", "fx", (60, 61)),
    Instrument("rain", ("rain", "rain sounds", "raindrops", "rain noise"), "synth:rain", "fx", "fx", (60, 61)),
    Instrument("ocean waves", ("ocean waves", "sea waves", "wave sounds", "ocean sounds"), "synth:waves", "fx", "fx", (60, 61)),
    Instrument("birds", ("birds", "birdsong", "bird sounds"), "synth:birds", "fx", "fx", (60, 61)),
    Instrument("siren", ("siren", "sirens"), "synth:siren", "fx", "fx", (60, 61)),
    Instrument("air horn", ("air horn", "air horns", "airhorn"), "synth:air_horn", "fx", "fx", (60, 61)),
    Instrument("timpani", ("timpani", "taiko", "taikos", "war drums", "taiko drums", "orchestral percussion"),
        "synth:kit_cinematic", "perc", "drums", (35, 82)),
)  # fmt: skip

# By sound: the General MIDI program nearest to it. Kits stand for drum programs.
_SYNTH_PROGRAMS = {
    "sub_bass": 39, "808": 38, "reese": 39, "house_bass": 38, "supersaw": 90, "stab": 81, "pluck": 80, "warm_pad": 89,
    "saw_lead": 81, "square_lead": 80, "fm_bell": 11, "epiano": 4, "braam": 62,
    "kit_lofi": 0, "kit_909": 24, "kit_trap": 25, "kit_pop": 0, "kit_cinematic": 48, "kit_808": 25, "kit_707": 24,
    "kit_linn": 24, "kit_techno": 24, "kit_dubstep": 24, "kit_drill": 25, "kit_garage": 24, "kit_chip": 24, "kit_rock": 16,
    "kit_metal": 16, "kit_jazz_brush": 40, "kit_jazz_stick": 32, "kit_orchestral": 48, "kit_bossa": 32,
    "wobble_bass": 39, "growl_bass": 39, "acid_bass": 38, "rolling_bass": 38, "moog_bass": 38, "log_drum": 38,
    "pluck_bass": 38, "fm_bass": 39, "distorted_808": 38, "saw_bass": 38, "organ_bass": 38, "bass_pick_s": 34,
    "slap_bass_s": 36, "upright_s": 32,
    "wurli": 4, "dx_piano": 5, "clav": 7, "felt_piano": 0, "toy_piano": 10, "harpsi": 6, "tonewheel": 16, "church_reed": 20,
    "house_organ": 17, "saw_lead2": 81, "supersaw_lead": 81, "hoover": 81, "acid_lead": 81, "whistle_lead": 78, "talkbox": 85,
    "chip_pulse_12": 80, "chip_pulse_25": 80, "chip_pulse_50": 80, "chip_triangle": 80, "theremin": 79, "sync_lead": 81,
    "string_machine": 50, "glass_pad": 88, "dark_pad": 89, "choir_pad": 91, "drone": 89, "brass_pad": 62,
    "evolving_pad": 95, "juno_pad": 89, "shimmer": 88, "plucked_saw": 81, "kalimba_s": 108, "marimba_s": 12,
    "steel_drum_s": 114, "bell_pluck": 11, "trance_pluck": 81, "vibra_s": 11, "music_box_s": 10, "acoustic_s": 25,
    "nylon_s": 24, "muted_guitar": 28, "clean_strat": 27, "chorus_guitar": 27, "power_guitar": 30, "lead_guitar": 29,
    "banjo_s": 105, "ukulele_s": 24, "sitar_s": 104, "koto_s": 107, "oud_s": 104, "fiddle_s": 110, "steel_guitar_s": 26,
    "brass_stab": 61, "synth_brass": 62,
    "pan_flute_s": 75, "whistle_s": 78, "accordion_s": 21, "harmonica_s": 22, "melodica_s": 22, "vocal_chop_ah": 54,
    "vocal_chop_oh": 54, "choir_aah": 52, "vocoder": 54,
}  # fmt: skip


def midi_program(sound: str) -> int:
    """The General MIDI program nearest to a sound; 0 for effects and for a VST3 instrument without a stand-in."""
    own = own_sound(sound)
    if own is not None:
        stand_in = split_sound(sound)[1]
        return midi_program(stand_in) if stand_in else own.program if isinstance(own, FontSound) else 0
    if sound.startswith("sf:"):
        return int(sound.rsplit(":", 1)[1])
    return _SYNTH_PROGRAMS.get(sound.removeprefix("synth:"), 0)
