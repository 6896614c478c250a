"""What a worker loads for its first song. Names only, for whoever warms a worker up loads none of it."""

FIRST_SONG = (
    "grammy_desktop.workflows.create_song",
    "grammy_desktop.generation.composer.composer",
    "grammy_desktop.mastering",
    "scipy.fft",
    "scipy.ndimage",
    "scipy.signal",
    "tinysoundfont",
)
