"""How loud each group of a sampled kit stands to its kick, so that any pattern on any kit is balanced before it is mixed.

The decibels below were measured, not chosen: with them, quarter-note kicks, a backbeat and eighth-note hats have the
loudness that records give them (snare 4, clap 5, hats 13, crash 10 LU below the kick).
"""

from __future__ import annotations

_GROUPS = {
    "kick": (35, 36),
    "snare": (38, 40),
    "clap": (39,),
    "rim": (37,),
    "hat": (42, 44),
    "open": (46,),
    "crash": (49, 52, 55, 57),
    "ride": (51, 53, 59),
    "tom": (41, 43, 45, 47, 48, 50),
    "shaker": (54, 69, 70, 82),
}
_GROUP_OF = {key: group for group, keys in _GROUPS.items() for key in keys}

_TRIMS: dict[str, dict[str, float]] = {
    "128:0": {
        "kick": 22.2,
        "snare": 12.0,
        "clap": 10.4,
        "rim": 14.3,
        "hat": 19.3,
        "open": 14.5,
        "crash": 15.5,
        "ride": 16.4,
        "tom": 9.7,
        "shaker": -2.1,
        "perc": 8.5,
    },
    "128:8": {
        "kick": 13.9,
        "snare": 12.0,
        "clap": 10.4,
        "rim": 14.3,
        "hat": 19.3,
        "open": 14.5,
        "crash": 7.5,
        "ride": 8.4,
        "tom": 9.7,
        "shaker": -2.1,
        "perc": 8.5,
    },
    "128:16": {
        "kick": 8.5,
        "snare": 8.0,
        "clap": 10.4,
        "rim": 14.3,
        "hat": 24.0,
        "open": 18.9,
        "crash": 7.5,
        "ride": 8.4,
        "tom": 5.0,
        "shaker": -2.1,
        "perc": 8.5,
    },
    "128:24": {
        "kick": 11.0,
        "snare": 9.3,
        "clap": 10.4,
        "rim": 14.3,
        "hat": 24.0,
        "open": 18.9,
        "crash": 7.5,
        "ride": 8.4,
        "tom": 5.3,
        "shaker": -2.1,
        "perc": 8.5,
    },
    "128:25": {
        "kick": 5.0,
        "snare": 5.8,
        "clap": 4.0,
        "rim": 14.3,
        "hat": -3.3,
        "open": -6.5,
        "crash": 7.5,
        "ride": -9.4,
        "tom": 0.5,
        "shaker": -2.1,
        "perc": -5.0,
    },
    "128:40": {
        "kick": 12.3,
        "snare": 24.0,
        "clap": 21.8,
        "rim": 14.3,
        "hat": 19.3,
        "open": 14.5,
        "crash": 7.5,
        "ride": 8.4,
        "tom": 9.7,
        "shaker": -2.1,
        "perc": 8.5,
    },
}


def group_of(key: int) -> str:
    """The group of pieces that a GM key belongs to."""
    return _GROUP_OF.get(key, "perc")


def kit_trim(kit: str, key: int) -> float:
    """Decibels to give the GM key on `kit` ('128:16'); 0 for a kit that was not measured."""
    return _TRIMS.get(kit, {}).get(group_of(key), 0.0)
