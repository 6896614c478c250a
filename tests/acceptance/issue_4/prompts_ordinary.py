"""A hundred and forty ordinary prompts, five for each of the 28 styles, with what each says.

`style` is the style id that must be chosen. Tempo, key, metre and duration are given where the prompt says them, else None.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Ordinary:
    """A prompt, its style, and the tempo (BPM), key, duration (seconds) and metre that it says."""

    prompt: str
    style: str
    tempo: float | None = None
    key: str | None = None
    duration: float | None = None
    metre: str | None = None


ORDINARY: tuple[Ordinary, ...] = (
    Ordinary("Rainy lofi hip hop for studying, electric piano and vinyl, 78 BPM, 30 seconds", "lofi", 78, None, 30),
    Ordinary("lo-fi beat in D dorian with jazz guitar, 45s", "lofi", None, "D dorian", 45),
    Ordinary("chillhop, sleepy, 20 sec", "lofi", None, None, 20),
    Ordinary("Cozy lofi waltz in 3/4, F major, 72bpm, 40 seconds long", "lofi", 72, "F major", 40, "3/4"),
    Ordinary("study beats with muted trumpet and rain, half a minute, Ab major", "lofi", None, "Ab major", 30),

    Ordinary("boom bap beat, dusty drums, jazzy piano loop, 90 bpm, 30 seconds", "boom_bap", 90, None, 30),
    Ordinary("old school hip hop in E minor with upright bass, 40 s", "boom_bap", None, "E minor", 40),
    Ordinary("90s hip hop, gritty, D minor, 92 BPM, 25 seconds", "boom_bap", 92, "D minor", 25),
    Ordinary("East coast boom-bap at 88 with horns and no guitar, 0:35", "boom_bap", 88, None, 35),
    Ordinary("Golden era boombap instrumental, F# minor, twenty seconds", "boom_bap", None, "F# minor", 20),

    Ordinary("Dark trap beat with bells and 808, 142 BPM, C# minor, 30 seconds", "trap", 142, "C# minor", 30),
    Ordinary("melodic trap, flute, sad, 45 sec, tempo 136", "trap", 136, None, 45),
    Ordinary("hard trap in F harmonic minor, 150bpm, 20s", "trap", 150, "F harmonic minor", 20),
    Ordinary("triumphant trap with brass, G minor, half a minute", "trap", None, "G minor", 30),
    Ordinary("Moody trap type beat, felt at 70 BPM, 25 seconds", "trap", 70, None, 25),

    Ordinary("UK drill with sliding 808s, 142 bpm, D minor, 30 seconds", "uk_drill", 142, "D minor", 30),
    Ordinary("menacing drill beat, strings and piano, 40s", "uk_drill", None, None, 40),
    Ordinary("ny drill, F# minor, 144 BPM, 20 seconds", "uk_drill", 144, "F# minor", 20),
    Ordinary("cold dark drill with choir, G minor, 0:25", "uk_drill", None, "G minor", 25),
    Ordinary("Brooklyn drill, tense, tempo: 140, 35 sec", "uk_drill", 140, None, 35),

    Ordinary("Uplifting piano house, 124 BPM in A minor, 45 seconds", "house", 124, "A minor", 45),
    Ordinary("classic chicago house with organ, 30 sec", "house", None, None, 30),
    Ordinary("funky house, groovy bassline, C major, 122bpm, 40s", "house", 122, "C major", 40),
    Ordinary("house music for a party, F minor, 126 bpm, one minute", "house", 126, "F minor", 60),
    Ordinary("Soulful vocal house in G dorian, 25 seconds, 120", "house", 120, "G dorian", 25),

    Ordinary("deep house, warm and hypnotic, 122 BPM, A minor, 40 seconds", "deep_house", 122, "A minor", 40),
    Ordinary("sunset melodic house with electric piano, 45 s", "deep_house", None, None, 45),
    Ordinary("night drive deep house in F# minor, 30 sec", "deep_house", None, "F# minor", 30),
    Ordinary("Sensual deephouse at 120 with sax, 35 seconds", "deep_house", 120, None, 35),
    Ordinary("organic house, D dorian, 119 bpm, 1 minute", "deep_house", 119, "D dorian", 60),

    Ordinary("hypnotic techno, 132 BPM, F minor, 40 seconds", "techno", 132, "F minor", 40),
    Ordinary("Peak time techno, relentless, 138bpm, 30 s", "techno", 138, None, 30),
    Ordinary("minimal techno in A minor, 45 sec, no melody", "techno", None, "A minor", 45),
    Ordinary("acid techno, driving, 136 bpm, half a minute", "techno", 136, None, 30),
    Ordinary("Dark industrial techno in E phrygian, 130 BPM, 50 seconds", "techno", 130, "E phrygian", 50),

    Ordinary("liquid drum and bass, 174 BPM, soulful pads, A minor, 30 seconds", "drum_and_bass", 174, "A minor", 30),
    Ordinary("dnb roller, dark, 45 sec, F minor", "drum_and_bass", None, "F minor", 45),
    Ordinary("jungle at 165 with breaks and a deep sub, 25s", "drum_and_bass", 165, None, 25),
    Ordinary("Neurofunk drum & bass, aggressive, 172bpm, 40 seconds", "drum_and_bass", 172, None, 40),
    Ordinary("drum n bass with piano, G minor, 176 BPM, 35 seconds", "drum_and_bass", 176, "G minor", 35),

    Ordinary("heavy dubstep, wobble bass, 140 BPM, E minor, 30 seconds", "dubstep", 140, "E minor", 30),
    Ordinary("brostep with a big drop, F minor, 45 sec", "dubstep", None, "F minor", 45),
    Ordinary("filthy riddim, 145 bpm, 25 seconds", "dubstep", 145, None, 25),
    Ordinary("Deep dubstep, meditative, 140, G minor, 40s", "dubstep", 140, "G minor", 40),
    Ordinary("epic melodic dubstep in F# minor, fifty seconds", "dubstep", None, "F# minor", 50),

    Ordinary("80s synthwave night drive, 100 BPM, A minor, 40 seconds", "synthwave", 100, "A minor", 40),
    Ordinary("retrowave, nostalgic, saw lead, 30 sec", "synthwave", None, None, 30),
    Ordinary("outrun in C minor, heroic, 110bpm, 45s", "synthwave", 110, "C minor", 45),
    Ordinary("Melancholic synth wave at 92, F major, 35 seconds", "synthwave", 92, "F major", 35),
    Ordinary("darksynth, aggressive, 118 bpm, D minor, 30 seconds", "synthwave", 118, "D minor", 30),

    Ordinary("festival EDM anthem with supersaws, 128 BPM, F minor, 45 seconds", "edm", 128, "F minor", 45),
    Ordinary("big room banger, energetic, 30 s", "edm", None, None, 30),
    Ordinary("euphoric progressive house, Ab major, 126bpm, one minute", "edm", 126, "Ab major", 60),
    Ordinary("mainstage electro house with a huge drop at 130, 40 seconds", "edm", 130, None, 40),
    Ordinary("Uplifting EDM in C major, 35 sec", "edm", None, "C major", 35),

    Ordinary("Happy catchy pop song, guitar and piano, 108 BPM, G major, 45 seconds", "pop", 108, "G major", 45),
    Ordinary("radio pop, romantic, 30 sec, C major", "pop", None, "C major", 30),
    Ordinary("bittersweet bedroom pop at 92 bpm, A minor, 40s", "pop", 92, "A minor", 40),
    Ordinary("empowering electropop in E minor, 120 BPM, 35 seconds", "pop", 120, "E minor", 35),
    Ordinary("top 40 pop in 6/8, D major, 50 seconds", "pop", None, "D major", 50, "6/8"),

    Ordinary("jangly indie rock, 132 BPM, A major, 40 seconds", "indie_rock", 132, "A major", 40),
    Ordinary("alternative rock, raw and youthful, 30 sec, E minor", "indie_rock", None, "E minor", 30),
    Ordinary("britpop with strings, G major, 120bpm, 45s", "indie_rock", 120, "G major", 45),
    Ordinary("Garage rock, energetic, 160 BPM, 25 seconds", "indie_rock", 160, None, 25),
    Ordinary("wistful indie, D mixolydian, 35 seconds", "indie_rock", None, "D mixolydian", 35),

    Ordinary("hard rock riff, powerful, 118 BPM, E minor, 30 seconds", "hard_rock", 118, "E minor", 30),
    Ordinary("classic rock with organ, A major, 45 s", "hard_rock", None, "A major", 45),
    Ordinary("rebellious arena rock, 126bpm, D major, 40 seconds", "hard_rock", 126, "D major", 40),
    Ordinary("stoner rock, slow and heavy, 25 seconds, B minor", "hard_rock", None, "B minor", 25),
    Ordinary("80s rock anthem in G major at 130 BPM, 35 seconds", "hard_rock", 130, "G major", 35),

    Ordinary("furious thrash metal, 190 BPM, E minor, 30 seconds", "metal", 190, "E minor", 30),
    Ordinary("metalcore breakdown, D minor, 25 sec", "metal", None, "D minor", 25),
    Ordinary("epic power metal with choir, 170bpm, C minor, 40s", "metal", 170, "C minor", 40),
    Ordinary("Doom metal, 70 BPM, B phrygian, 45 seconds", "metal", 70, "B phrygian", 45),
    Ordinary("heavy metal in 6/8, dark, E minor, 35 seconds", "metal", None, "E minor", 35, "6/8"),

    Ordinary("70s funk with clavinet and horns, 106 BPM, E dorian, 30 seconds", "funk", 106, "E dorian", 30),
    Ordinary("groovy funk, slap bass, 40 sec", "funk", None, None, 40),
    Ordinary("p-funk party in G mixolydian, 100bpm, 45s", "funk", 100, "G mixolydian", 45),
    Ordinary("Playful funky tune, A minor, 112 BPM, 25 seconds", "funk", 112, "A minor", 25),
    Ordinary("electro funk at 110, synth bass, Bb major, 35 seconds", "funk", 110, "Bb major", 35),

    Ordinary("smooth neo soul, 78 BPM, Eb major, electric piano, 40 seconds", "soul", 78, "Eb major", 40),
    Ordinary("R&B slow jam, sensual, 30 sec", "soul", None, None, 30),
    Ordinary("contemporary r and b in Ab major, 88bpm, 45s", "soul", 88, "Ab major", 45),
    Ordinary("warm soul with horns, F dorian, 35 seconds", "soul", None, "F dorian", 35),
    Ordinary("Heartfelt rnb, 70 BPM, Db major, 25 seconds", "soul", 70, "Db major", 25),

    Ordinary("roots reggae, sunny, 76 BPM, G major, 40 seconds", "reggae", 76, "G major", 40),
    Ordinary("dub with lots of delay, A minor, 45 sec", "reggae", None, "A minor", 45),
    Ordinary("lovers rock, laid-back, 30s", "reggae", None, None, 30),
    Ordinary("Reggae in C major at 80bpm with organ, 35 seconds", "reggae", 80, "C major", 35),
    Ordinary("meditative reggae, E minor, 72 BPM, twenty-five seconds", "reggae", 72, "E minor", 25),

    Ordinary("smoky jazz ballad, tenor sax, 64 BPM, Eb major, 40 seconds", "jazz_ballad", 64, "Eb major", 40),
    Ordinary("slow jazz trio, late night, 30 sec", "jazz_ballad", None, None, 30),
    Ordinary("lounge jazz in C minor with vibraphone, 45s", "jazz_ballad", None, "C minor", 45),
    Ordinary("Cafe jazz waltz, 3/4, F major, 70bpm, 35 seconds", "jazz_ballad", 70, "F major", 35, "3/4"),
    Ordinary("elegant jazz with brushes, Bb major, 58 BPM, 50 seconds", "jazz_ballad", 58, "Bb major", 50),

    Ordinary("breezy bossa nova, nylon guitar, 130 BPM, D major, 40 seconds", "bossa_nova", 130, "D major", 40),
    Ordinary("bossa with flute, 30 sec", "bossa_nova", None, None, 30),
    Ordinary("brazilian jazz in A minor, 140bpm, 45s", "bossa_nova", 140, "A minor", 45),
    Ordinary("Romantic bossa nova for a cafe, F major, 35 seconds", "bossa_nova", None, "F major", 35),
    Ordinary("elegant bossa, saudade, D minor, 120 BPM, 25 seconds", "bossa_nova", 120, "D minor", 25),

    Ordinary("country song about trucks, banjo and fiddle, 112 BPM, G major, 40 seconds", "country", 112, "G major", 40),
    Ordinary("Nashville country pop, heartfelt, 30 sec, D major", "country", None, "D major", 30),
    Ordinary("outlaw country in E major, 96bpm, 45s", "country", 96, "E major", 45),
    Ordinary("americana waltz, 3/4, C major, 35 seconds", "country", None, "C major", 35, "3/4"),
    Ordinary("honky tonk party, A major, 128 BPM, 25 seconds", "country", 128, "A major", 25),

    Ordinary("epic cinematic trailer with choir and taiko, D minor, 96 BPM, 45 seconds", "cinematic", 96, "D minor", 45),
    Ordinary("film score, emotional strings, 30 sec", "cinematic", None, None, 30),
    Ordinary("heroic orchestral theme in E minor, 120bpm, 40s", "cinematic", 120, "E minor", 40),
    Ordinary("tense soundtrack for a chase, C minor, 140 BPM, 35 seconds", "cinematic", 140, "C minor", 35),
    Ordinary("hopeful cinematic piece in 6/8, G minor, 50 seconds", "cinematic", None, "G minor", 50, "6/8"),

    Ordinary("calm ambient, 60 BPM, C lydian, 45 seconds", "ambient", 60, "C lydian", 45),
    Ordinary("weightless drone, 40 sec", "ambient", None, None, 40),
    Ordinary("dark ambient soundscape in D minor, 60 seconds", "ambient", None, "D minor", 60),
    Ordinary("Meditation music with bells, F major, 35 seconds", "ambient", None, "F major", 35),
    Ordinary("new age spa music, A major, 56bpm, 50 s", "ambient", 56, "A major", 50),

    Ordinary("tropical house, sunny, marimba, 104 BPM, C major, 40 seconds", "tropical_house", 104, "C major", 40),
    Ordinary("trop house with plucks, 30 sec", "tropical_house", None, None, 30),
    Ordinary("beach house, carefree, A minor, 108bpm, 45s", "tropical_house", 108, "A minor", 45),
    Ordinary("Breezy summer house in G major, 35 seconds", "tropical_house", None, "G major", 35),
    Ordinary("island pop with steel drums, D major, 100 BPM, 25 seconds", "tropical_house", 100, "D major", 25),

    Ordinary("afrobeats, joyful, 104 BPM, F# minor, 40 seconds", "afrobeats", 104, "F# minor", 40),
    Ordinary("afropop with guitar, 30 sec, C major", "afrobeats", None, "C major", 30),
    Ordinary("smooth naija groove, A minor, 100bpm, 45s", "afrobeats", 100, "A minor", 45),
    Ordinary("Afro fusion, sensual, 96 BPM, 35 seconds", "afrobeats", 96, None, 35),
    Ordinary("sunny afroswing in D minor, 110, 25 seconds", "afrobeats", 110, "D minor", 25),

    Ordinary("reggaeton, sensual, 94 BPM, B minor, 40 seconds", "reggaeton", 94, "B minor", 40),
    Ordinary("perreo party, 30 sec", "reggaeton", None, None, 30),
    Ordinary("latin pop with nylon guitar, A minor, 98bpm, 45s", "reggaeton", 98, "A minor", 45),
    Ordinary("dark dembow in E minor, 35 seconds", "reggaeton", None, "E minor", 35),
    Ordinary("Romantic reggaetón, 90 BPM, C# minor, 25 seconds", "reggaeton", 90, "C# minor", 25),

    Ordinary("acoustic folk, fingerpicked guitar, 94 BPM, G major, 40 seconds", "folk", 94, "G major", 40),
    Ordinary("singer-songwriter, intimate, 30 sec, C major", "folk", None, "C major", 30),
    Ordinary("indie folk with strings, D major, 110bpm, 45s", "folk", 110, "D major", 45),
    Ordinary("campfire folk waltz in 3/4, A minor, 35 seconds", "folk", None, "A minor", 35, "3/4"),
    Ordinary("celtic folk in 6/8, whistle and fiddle, E minor, 120 BPM, 25 seconds", "folk", 120, "E minor", 25, "6/8"),

    Ordinary("solo piano, melancholic, 76 BPM, A minor, 45 seconds", "neoclassical", 76, "A minor", 45),
    Ordinary("neoclassical felt piano, tender, 40 sec", "neoclassical", None, None, 40),
    Ordinary("modern classical string quartet in D minor, 50 seconds", "neoclassical", None, "D minor", 50),
    Ordinary("piano waltz in 3/4, Db major, 90bpm, 35s", "neoclassical", 90, "Db major", 35, "3/4"),
    Ordinary("peaceful minimal piano in 6/8, F# minor, 30 seconds", "neoclassical", None, "F# minor", 30, "6/8"),
)  # fmt: skip
