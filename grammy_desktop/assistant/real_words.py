"""Real words that look like misspelt names of genres, instruments and moods, and are not."""

from __future__ import annotations

_TEXT = """
    horse horses mouse mice hose houses housing moose loose rouse rose louse
    medal medals petal pedal pedals mental mettle rental dental meta
    county counties counter countess countryside counting count
    tripe trip trips tramp traps strap strip wrap tap tape tapes tarp carp harpoon trace traces track trick truck
    trunk trial train
    trains trans transe trend trendy trance-like france glance dance dances dancer dancing stance chance prance trade
    flue fluke flux fluid flat flare flame flash float fleet flight flutter
    dream dreamt dreams drama dramas drug drugs drunk drag dram draw drawn drain dread dreary drummer drummers drone drones drove
    fork forks fold folks fall fuller funnel fund funds fun funnier fund fungi flunk
    pink pinky bunk junk puck puns pun pump pumps punch punt pump pumpkin
    soup sour sole solo sold south soil sounds should shoal sail sauna
    disc discs discuss discover disk dish
    clue clues glue glues bluff bluish blueprint blush blur blurry bluebird
    grass brash bras brat brasserie bass base based bases basic basics bask basil basket basin basis
    chair chairs chain chore chores chord chords choice choose chosen chorus chase chaser cheer cheers cheap cheat cheek cherish
    spring springs sprint sting stings stink strong stronger string strange stranger strand stride strike striking strips
    organic organise organize organs origin orange orgasm
    hello jello yellow cell cells cellar celery fellow mellow bellow below belly belts believe
    sharp sharps hard harder harm harms hark happen happens heart hearts heard heap hearty hearing heat hero heroes
    match matches marsh march marched mark marks mars market marching matching marble
    salad sales sauce salt samba salsas scales scale scare scary score scores scored scar
    honk phone phones phonetic photon phoenix
    grudge grunt grungier change charge gauge garbage garages carriage garden guard guards guest guide guides guitarist
    ambience ambition ambulance amber amend
    bark barks dank darn dart darts dare dash dawn damp dusk dusky dust dirt dirtier daily dairy deaf dear dead
    deal deals death deaths
    said sand says saddle sadist sail
    happily hippie hippy hype hyper hypnosis hip
    chilli chile child childish children's chills chilly chiller chili chalk chart charts charter charm
    calm claim clam calming cleaner cleaning clear clearly clever clover clover climb climate click clicks clock
    clocks cloud clouds
    cloudy class classes classy clash classics classroom close closed closer closet clothes
    warmer warmth warn warns warning worm worms swarm harm farm farms form forms
    lover lovers lively live lives liver living level levels love loves loved lost least leave leaves lead leads learn learns led
    epics epoch epilogue ethic ethics
    angel angels angle angles anger angrier hungry
    brittle brutally bruised
    clubs blub clue cult cute cuter acute
    spaced spaces spicy spacious spare spark sparks sparkle sparkling sparse speak speaks speaker special species
    ocean oceans open opens opened opera operas orchard orchid
    metro meter metres meters metric merry mercy memory memories memos
    rocks rocky rocket rockets rocked rock-solid rack racks rick
    popcorn pops poppy popular people pope pup pipe pipes
    plane planes planet planets plain plains plan plans plant plants place places plays player players playlist playful-looking
    plucked plucky pluto luck lucky plug plugs plus
    rapid rapids raps rape rage raged rave raven ravens ravine rain rains rained raining rainbow rainbows rail
    range ranges ranger rags raise raises raised raw rawer
    soft softly soften soon sooner softer soothe software
    tender tenders tenor tenors tends tension tense tensed tents tent teen teens terror terms text
    tech tech-y tick ticks tackle techniques technique technology teach teacher
    jizz jars jaws jaguar jungle-like
    fun funk-free funds funeral funerals
    edgy edge edges edited editor eden
    dubs dumb dud duo duel duet duets dust dusts duck ducks
    step steps stop stops steep sleep sleeps sleepless slept sleek slick slack slice slices slide slides slider
    sway sways swings swim swims swan swear sweat sweaty sweater swell swells sweetly
    lust lushly lunch launch lash
    urban suburban urge urges urgently
    gently gentle gentleman genius general generally genres gem gems giant giants
    tiny tragic magic magical logic lyric lyrical lyrics
    tango tangos tangle mango manga mambo mamba
    rumba rumble ruin ruins rude rule rules
    bench bleach beach beaches breach breathe breath breathing bread break breaks breakdown breakup bright
    brightly brightness bride
    bridges bridge bring brings brick bricks
    party parts partly partner pastry past pasta paste parties
    horrible honour honor horror horrors hover hovers
    cuter cutie cuties cut cuts
    cinema cinemas trailers trailer-like trails
    classified classical-ish cosmos cosmetic comic comics comical cosmo
    epilog euphoria energies energy energetically enemy enemies
    vibrate vibrato vibrant vibration violet violent violence violets viral vinyls vine vines villain villains
    synthetic synthesis sync synced
    pianist pianists pint paint paints painted painting pain pains panic
    banjoist bang bangs banger bank banks band bands bongo
    drive drives drivers driver driven dry
    hopeless hoped hopes hopping hop hops
    peace peaceful-ish pearl pears piece pieces
    hunt hunting hunted haunt haunts mounted daunting
    glory glorify glow glowing glitch glitchy glitter
    tears tear year years gear gears fear fears bear bears dear
    grander grandma grandpa grandson grant grants grade grades grid grids grind grit gritted
    smoother smoothie smoothly smooth-talking smoke smokes smoked smoking
    lonesome lonelier loner alone
    trooper tropics topical topic topics typical
    festive festivals feast feasts fast faster
    latino latina matin satin later latter ladder
    golden gold goal goals god gods
    spade spy spa spas span spain spanish-style
    sirens silent silence silently simply sample samples sampled sampler samplers simmer summer summers
    oasis oath path paths bath
    crystal cry crying cries crisp cries crew crews creep creeps
    rhyme rhymes rhythms thyme
    flows flow flowing flowers flower floor floors flood floods
    walk walks walking wall walls walled waltzes wait waits
    trombonist truth truths tries tried try
    mouth month months moth south north
    basement bathroom battle battles bottle bottles bitter better butter
    story stories storm storms stormy store stores stone stones stoner stage stages
    river rivers rover
    cold colder could cloud colours color colors colour
    night nights light lights fight fights right sight might tight eight
    sunny sunset sunsets sunrise sunshine sun
    city cities civic civil
    forest forests forever foreign
    mirror mirrors minor minors miner miners mayor
    engine engines english england
"""
_MORE = """
    cheesy cheese corny crazy boring boringly annoying loud louder noisy noise noises shiny shine shined thick thin thicker wide
    wider narrow tight tighter loose plastic elastic drastic fantastic plane flavor savory moody's rowdy roar roars shout shouts
    sounded pounding sounding rounding grounding floating gloating loading lading leading heading bending blending lending trendy
    brandy candy handy dandy sandy windy cindy hearts parts carts tarts warts ports sports shorts shirts skirts starts
    coast coasts toast roast boast boost boosted roots boots foods moods woods words wards wars worn born
    corn horn torn
    relay relays delays replay display rely relies relief reliefs release released releases relative relatively
    mellows fellows bellows hollow hollows shallow swallow follow follows following
    romance romances romans roman woman women human humans
    gutter gutters guts gusto glee glide glides guide slide
    nostalgic-like magnetic magnets agents segments cement moment moments comment comments
    creative creature creatures native natives naive active motive motives
    hearty healthy wealthy stealthy stealth health wealth
    vintage's village villages vantage advantage
    jolt jolts joke jokes joker poker broker broken token
    tower towers power powers flower shower showers lower slower
    lofty loft lifts left lift gift gifts drift drifts drifting shift shifts swift
    dusting busting trusting rusty crusty musty trusty
    hopping shopping chopping chopped chop chops shop shops
    wooden woods golden olden older oldest
"""
REAL_WORDS = frozenset(_MORE.split()) | frozenset(_TEXT.split())
