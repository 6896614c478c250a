"""Issue 3: audio core and mastering suite."""

POINTS = (
    "conformance",
    "agreement",
    "bench_loudness",
    "bench_master",
    "limiter",
    "presets",
    "treble",
    "bad_files",
    "long_file",
    "effects",
    "window",
)
