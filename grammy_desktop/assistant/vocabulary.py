"""Words of prompts that are neither moods nor instruments: tempo, length, doubtful genres, fillers."""

from __future__ import annotations

TEMPO_WORDS: dict[str, tuple[float, float]] = {
    "very slow": (50, 65), "super slow": (50, 65), "really slow": (50, 65), "slow": (60, 80), "slower": (60, 80),
    "slowly": (60, 80), "ballad": (60, 80), "down-tempo": (65, 90), "slow tempo": (60, 80), "low tempo": (60, 80),
    "mid-tempo": (85, 110), "midtempo": (85, 110), "medium tempo": (85, 110), "medium-paced": (85, 110),
    "moderate": (100, 118), "moderate tempo": (100, 118), "walking pace": (95, 110),
    "uptempo": (115, 135), "up-tempo": (115, 135), "fast": (130, 160), "faster": (130, 160), "quick": (130, 160),
    "fast-paced": (130, 160), "high tempo": (130, 160), "brisk": (120, 140), "speedy": (130, 160), "rapid": (130, 160),
    "very fast": (165, 200), "super fast": (165, 200), "really fast": (165, 200), "extremely fast": (165, 200),
    "breakneck": (170, 200), "very quick": (165, 200),
    "larghissimo": (30, 40), "largo": (40, 60), "larghetto": (60, 66), "grave": (40, 50), "lento": (45, 60),
    "adagio": (60, 76), "adagietto": (66, 76), "andante": (76, 108), "andantino": (80, 108), "moderato": (98, 112),
    "allegretto": (108, 120), "allegro": (112, 156), "vivace": (156, 176), "presto": (168, 200), "prestissimo": (190, 220),
}  # fmt: skip
"""BPM from and to."""

CLASSICAL_TERMS = frozenset(
    ("larghissimo", "largo", "larghetto", "grave", "lento", "adagio", "adagietto", "andante", "andantino", "moderato",
     "allegretto", "allegro", "vivace", "presto", "prestissimo")
)  # fmt: skip

DURATION_WORDS: dict[str, float] = {
    "jingle": 10, "sting": 6, "stinger": 6, "short": 30, "tiktok": 30, "reel": 30, "youtube short": 30, "ringtone": 30,
    "full song": 180, "full-length": 180, "full track": 180, "long": 180, "full version": 180, "radio edit": 180,
}  # fmt: skip
"""Seconds."""

LENGTH_OF_OTHER_THINGS = frozenset(
    ("reverb", "reverbs", "delay", "delays", "notes", "note", "tail", "tails", "fade", "chords", "decay", "release", "sustain",
     "solo", "attack", "echo", "phrases", "phrase", "melody", "pads", "hair", "way", "time", "road", "night", "day", "bass",
     "intro",
     "outro", "build", "drive", "walk", "story", "live", "winter", "summer", "island", "stabs", "hats", "snare", "kick", "ago")
)  # fmt: skip
"""'short' and 'long' before these say nothing about the song."""

NUMBER_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90,
}  # fmt: skip

MORE_GENRE_WORDS: dict[str, tuple[str, ...]] = {
    "boom_bap": ("90s rap", "east coast", "conscious rap", "hip hop", "golden era"),
    "trap": ("trap rap", "crunk", "dirty south", "rap"),
    "lofi": ("trip hop", "downtempo", "chillout music"),
    "house": ("electronic", "electronica", "acid house", "french house"),
    "deep_house": ("melodic house",),
    "disco": ("disco house",),
    "drum_and_bass": ("drum and bas", "drum and base", "liquid dnb", "jungle"),
    "edm": ("hardstyle", "hardcore techno", "gabber", "eurodance", "electronic dance music", "dance music", "prog house"),
    "chiptune": ("video game", "videogame", "game music"),
    "jazz_ballad": ("smooth jazz",),
    "swing_jazz": ("bebop", "big band", "gypsy jazz"),
    "folk": ("sea shanty", "acoustic pop", "singer songwriter"),
    "salsa": ("merengue",),
    "reggaeton": ("tango", "latin trap", "latin pop"),
    "pop": ("musical", "show tune", "disney", "synth pop"),
    "hard_rock": ("progressive rock", "prog rock", "rock and roll", "80s rock"),
    "indie_rock": ("post rock", "math rock", "surf rock", "garage rock"),
    "metal": ("doom metal", "deathcore", "black metal"),
    "ambient": ("white noise", "spa music", "meditation music"),
    "neoclassical": ("baroque", "piano", "chamber music"),
    "cinematic": ("background score", "opera", "film music"),
    "holiday": ("christmas music", "christmas song", "holiday song", "christmas carol"),
    "funk": ("disco funk",),
    "rock_ballad": ("80s ballad",),
}  # fmt: skip
"""Genre words by style id, for what the style sheets themselves do not claim; a sheet's own word always goes first."""

_WEAK_TEXT = """
    score film movie ballad rap hiphop mainstream festival electro electronic electronica tropical swing indie
    alternative latin jungle acoustic classical lounge garage trailer soundtrack musical waltz rave industrial
    orchestra symphonic anthem march campfire riddim disney holiday atl alte emo tribal organica highlife afro
    drone soundscape spa yoga zen brazilian dominican colombian jamaican cuban latino urbano breaks children
    kids nursery toddler kindergarten lullaby preschool arcade gameboy western cowboy liquid neuro fingerpicking
    fingerpicked fingerstyle celtic irish unplugged praise worship spiritual seattle christmas xmas festive
    carol carols santa jersey idol anime parade fanfare processional nocturne sonata etude memphis roots rasta
    acid warehouse goa carnival son drumline singalong jazzy opera tango baroque slowcore ipanema rumba boogaloo
"""
WEAK_GENRES = frozenset(
    _WEAK_TEXT.split()
) | frozenset(
    ("hip hop", "dance music", "electronic dance", "mood music", "video game", "type beat", "east coast", "golden era",
     "game music", "top 40", "white noise", "electronic dance music", "background score", "film music")
)  # fmt: skip
"""Genre words that give way to any other genre in the same prompt. So do words that are moods or instruments as well."""

GENERIC_HEADS = frozenset(
    ("rock", "pop", "hip hop", "hiphop", "rap", "ballad", "dance music", "electronic", "trailer", "soundtrack")
)
"""After another genre's name they only say what family it is of: 'grunge rock', 'synthwave pop'."""

NOT_GENRES = frozenset(
    (
        "drumless",
        "beatless",
        "instrumental",
        "instrumentals",
        "acapella",
        "loop",
        "song",
        "music",
        "beat",
        "beats",
        "drums and bass",
        "drumless hip hop",
    )
)
"""Words that no style sheet may claim: they say something else."""

HOMONYMS = (
    "daft punk", "metal gear", "rock bottom", "trap door", "country road", "country roads", "country side", "pop up", "pop ups",
    "soul mate", "soul mates", "soul searching", "my soul", "your soul", "house plants", "string theory", "house of cards",
    "in my house", "white house", "light house", "rocking chair", "metal door", "scrap metal", "pop corn", "folk tale",
    "folk tales", "jungle book", "space jam", "old country", "country house", "tree house", "haunted house", "boiler room",
    "bell curve", "key change", "hard drive", "soft drink", "piano man", "garage door", "garage sale", "swing set",
)  # fmt: skip
"""Phrases that hold a genre's or an instrument's word and mean something else."""

_FILLER_TEXT = """
    am a an the and or with of for in on at to from by as is it its it's be this that my me i i'm i'd i'll we you your us our
    some something someone anything everything thing things one's he she they them their his her
    make create generate write produce give gimme want wanna need would like likes please pls plz track song songs music tune
    tunes beat beats beatz piece instrumental instrumentals loop tracks pieces
    version style styled styles type kind vibe vibes vibey feel feeling feels felt mood moods sound sounds
    sounding genre tempo bpm
    key minor major mode around about approximately approx roughly circa ca very super really extremely slightly bit little more
    less no not without but so too also plus featuring feat ft using use used uses has have having had over under into out up
    down that's there there's here where when which while then than just only mostly all both background wait actually sorry
    instead hmm hm ok okay yes yeah no nope lol btw maybe perhaps kinda sorta gonna let's lets let please thanks thank make
    videos video vlog vlogs podcast intro outro verse verses chorus choruses bridge drop drops hook melody melodies melodic
    chords chord harmony harmonies rhythm rhythms groove
    nice good great cool beautiful amazing perfect awesome best better seconds second sec secs minutes minute min mins long
    lasting length duration time times meter metre signature waltz vocals vocal voice voices singer singing lyrics sung minimum
    maximum night day morning evening inspired based theme themed themes along lines part parts section sections one two three
    will can could should can't don't dont won't isn't isnt get gets getting got add adds adding include includes including new
    big small deep high low end ends ending start starts starting begin begins late early other others instrument instruments
    lots lot lots plenty many much few couple pair few any each every own same different another again still even especially
    between within after before during through across off away back front middle top bottom keep keeps kept goes go going come
    comes coming put puts play plays played playing sing set hit hits hitting heavy-ish ish w w/ w/o etc eg ie vs via per non
    fade fades fading build builds building buildup up-front energy level levels half double full whole total max min
    swing swung straight shuffle influence influences influenced element elements touch touches hint hints flavour flavor
    flavours flavors flavoured flavored tinged infused driven oriented heavy-handed flair elements vibe-y stuff
    modern contemporary female male bars bar beats per minute nothing none never neither nor hard-ish
    riff riffs breakdown trio quartet duo band ensemble orchestration arrangement solo solos roller production
    seamless dj djs looking later either minus except excluding free apart progression bang
musik muzik musick hz percent
"""
FILLERS = frozenset(_FILLER_TEXT.split())
"""Words that are understood without meaning anything for the music."""
