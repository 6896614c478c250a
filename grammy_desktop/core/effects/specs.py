"""Which effects there are, their parameters, limits and neutral settings: the table that checks chains and builds pages."""

from __future__ import annotations

from grammy_desktop.core.effects.parameters import (
    QUALITY,
    RATIO,
    SEED,
    SLOPE,
    EffectSpec,
    ParameterSpec,
    decibels,
    frequency,
    share,
    switch,
    time,
)

SILENT_DB = -120.0
"""dBFS at which an effect's own noise is left out."""

EFFECTS: dict[str, EffectSpec] = {
    "highpass": EffectSpec(
        "High-pass filter",
        {"frequency": ParameterSpec(30, 5, 22_000, "Hz", 5.0, "log"), "slope": SLOPE},
    ),
    "lowpass": EffectSpec(
        "Low-pass filter",
        {"frequency": ParameterSpec(18_000, 20, 30_000, "Hz", 30_000.0, "log"), "slope": SLOPE},
    ),
    "low_shelf": EffectSpec("Low shelf", {"frequency": frequency(120), "gain_db": decibels(), "q": QUALITY}),
    "high_shelf": EffectSpec("High shelf", {"frequency": frequency(8_000), "gain_db": decibels(), "q": QUALITY}),
    "peak": EffectSpec("Bell filter", {"frequency": frequency(1_000), "gain_db": decibels(), "q": QUALITY}),
    "compressor": EffectSpec(
        "Compressor",
        {
            "threshold_db": ParameterSpec(-18, -60, 0, "dBFS"),
            "ratio": RATIO,
            "attack_ms": time(5, 0.1, 500),
            "release_ms": time(100, 5, 3_000),
            "makeup_db": decibels(),
        },
    ),
    "glue": EffectSpec(
        "Glue compressor (channels linked, soft knee)",
        {
            "threshold_db": ParameterSpec(-20, -60, 0, "dBFS"),
            "ratio": RATIO,
            "knee_db": ParameterSpec(6, 0, 24, "dB"),
            "attack_ms": time(30, 1, 500),
            "release_ms": time(200, 10, 3_000),
            "makeup_db": decibels(),
        },
    ),
    "multiband": EffectSpec(
        "Three-band compressor (channels linked)",
        {
            "low_frequency": ParameterSpec(150, 40, 1_000, "Hz"),
            "high_frequency": ParameterSpec(4_000, 1_000, 16_000, "Hz"),
            "low_threshold_db": ParameterSpec(-24, -60, 0, "dBFS"),
            "mid_threshold_db": ParameterSpec(-24, -60, 0, "dBFS"),
            "high_threshold_db": ParameterSpec(-30, -60, 0, "dBFS"),
            "ratio": RATIO,
            "attack_ms": time(15, 1, 500),
            "release_ms": time(150, 10, 3_000),
        },
    ),
    "saturation": EffectSpec(
        "Saturation (soft clipping, oversampled)",
        {"drive_db": decibels(6, 0, 36), "warmth": share(0.0), "mix": share(1.0)},
    ),
    "reverb": EffectSpec(
        "Reverb",
        {
            "room_size": ParameterSpec(0.4, 0, 1),
            "damping": ParameterSpec(0.5, 0, 1),
            "width": ParameterSpec(1.0, 0, 1),
            "mix": share(0.15),
        },
    ),
    "delay": EffectSpec(
        "Delay", {"time_ms": time(350, 1, 5_000), "feedback": ParameterSpec(0.3, 0, 0.95), "mix": share(0.25)}
    ),
    "chorus": EffectSpec(
        "Chorus",
        {
            "rate_hz": ParameterSpec(0.8, 0.01, 20, "Hz"),
            "depth": ParameterSpec(0.25, 0, 1),
            "delay_ms": time(7, 1, 50),
            "feedback": ParameterSpec(0.0, -0.95, 0.95),
            "mix": share(0.3),
        },
    ),
    "width": EffectSpec(
        "Stereo width, with mono bass",
        {
            "width": ParameterSpec(1.0, 0, 2, "", 1.0, "linear"),
            "mono_below": ParameterSpec(0.0, 0, 500, "Hz", 0.0, "linear"),
        },
    ),
    "gain": EffectSpec("Gain", {"gain_db": decibels(0, -60, 60)}),
    "tilt": EffectSpec(
        "Tilt: brighter and thinner, or darker and fuller",
        {"frequency": frequency(800), "gain_db": decibels(0, -12, 12)},
    ),
    "de_esser": EffectSpec(
        "De-esser (turns down the band above a frequency while it is loud)",
        {
            "frequency": ParameterSpec(6_000, 2_000, 14_000, "Hz"),
            "threshold_db": ParameterSpec(-32, -70, 0, "dBFS"),
            "range_db": decibels(8, 0, 24),
            "attack_ms": time(1, 0.1, 50),
            "release_ms": time(60, 5, 500),
        },
    ),
    "gate": EffectSpec(
        "Gate with hysteresis and look-ahead (channels linked)",
        {
            "threshold_db": ParameterSpec(-45, -90, 0, "dBFS"),
            "hysteresis_db": ParameterSpec(6, 0, 24, "dB"),
            "range_db": decibels(40, 0, 90),
            "attack_ms": time(1, 0.1, 50),
            "hold_ms": time(60, 0, 1_000),
            "release_ms": time(120, 5, 3_000),
        },
    ),
    "tape": EffectSpec(
        "Tape machine",
        {
            "drive_db": decibels(6, 0, 24),
            "warmth": share(0.3),
            "head_bump_db": decibels(1.5, 0, 6),
            "frequency": ParameterSpec(16_000, 2_000, 30_000, "Hz", 30_000.0, "log"),
            "wow": ParameterSpec(0.1, 0, 2, "%", 0.0, "linear"),
            "flutter": ParameterSpec(0.05, 0, 1, "%", 0.0, "linear"),
            "hiss_db": ParameterSpec(SILENT_DB, SILENT_DB, -20, "dBFS", SILENT_DB, "linear"),
            "seed": SEED,
        },
    ),
    "vinyl": EffectSpec(
        "Record",
        {
            "rumble_db": ParameterSpec(-62, SILENT_DB, -20, "dBFS", SILENT_DB, "linear"),
            "crackle_db": ParameterSpec(-34, SILENT_DB, -6, "dBFS", SILENT_DB, "linear"),
            "crackles": ParameterSpec(12, 0, 200, "a second", 0.0, "linear"),
            "wow": ParameterSpec(0.08, 0, 2, "%", 0.0, "linear"),
            "mono_below": ParameterSpec(180, 0, 500, "Hz", 0.0, "linear"),
            "frequency": ParameterSpec(15_000, 2_000, 30_000, "Hz", 30_000.0, "log"),
            "seed": SEED,
        },
    ),
    "bit_crush": EffectSpec(
        "Bit crusher (fewer bits, a lower sample rate, with or without filters around it)",
        {
            "bits": ParameterSpec(8, 1, 24, "bit", 24.0, "linear"),
            "rate_hz": ParameterSpec(12_000, 200, 384_000, "Hz", 384_000.0, "log"),
            "filtered": switch(),
        },
    ),
    "stereo": EffectSpec(
        "Stereo tools",
        {
            "balance": ParameterSpec(0, -1, 1, "", 0.0, "linear"),
            "pan": ParameterSpec(0, -1, 1, "", 0.0, "linear"),
            "mid_db": decibels(0, -60, 12),
            "side_db": decibels(0, -60, 12),
            "mono": share(0.0),
            "swap": switch(),
            "invert_left": switch(),
            "invert_right": switch(),
        },
    ),
    "widener": EffectSpec(
        "Widener (delayed middle as side: the mono sum stays)",
        {
            "amount": share(0.35),
            "delay_ms": time(11, 1, 40),
            "low_cut": ParameterSpec(250, 20, 2_000, "Hz"),
        },
    ),
    "tremolo": EffectSpec(
        "Tremolo",
        {
            "rate_hz": ParameterSpec(4.5, 0.05, 30, "Hz"),
            "depth": share(0.5),
            "spread": ParameterSpec(0, 0, 180, "°"),
        },
    ),
    "phaser": EffectSpec(
        "Phaser",
        {
            "rate_hz": ParameterSpec(0.4, 0.01, 20, "Hz"),
            "depth": ParameterSpec(0.5, 0, 1),
            "frequency": ParameterSpec(1_200, 100, 10_000, "Hz"),
            "feedback": ParameterSpec(0.2, -0.95, 0.95),
            "mix": share(0.4),
        },
    ),
}
"""By kind."""
