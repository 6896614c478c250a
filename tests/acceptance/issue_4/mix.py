"""Twenty songs of every style that has a group of released music to be held against: the mix before mastering."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.resources import resource
from grammy_desktop.core.styles import Style, load_styles
from tests.acceptance.context import Context
from tests.acceptance.issue_4.mix_facts import CENTRES, PAIRS, MixFacts, mix_facts
from tests.acceptance.issue_4.songbook import Wish, measure_songs
from tests.acceptance.run import commit

# Written before the run.
SONGS = 20
SECONDS = (30.0, 40.0)
INSIDE = 0.90
"""Of the third octaves of a style's songs that lie between the 5th and the 95th percentile of its group."""
NEAR = 4.0
"""dB of the median song to the median curve, in every band from 60 Hz to 8 kHz."""
MONO_DB = -15.0
"""Side below 120 Hz against mid, at most: what is left is no more than the filter's slope."""
CREST = 2.0
"""dB that the median crest factor of a style's songs may lie from what its sheet states."""
LEAST_APART = {"chorus over verse": 2.0, "drop over break": 6.0}
STEM_ERROR = -90.0


def run(context: Context, *, songs: int = SONGS, styles: tuple[str, ...] | None = None) -> None:
    sheets = load_styles()
    chosen = styles or tuple(sorted(sheets))
    # Style by style: what a style's sounds are made of is then made once.
    wishes = [
        Wish("a song", 5000 + number, style=name, duration=SECONDS[number % 2])
        for name in chosen
        for number in range(songs)
    ]
    facts: dict[str, list[MixFacts]] = {}
    for _, values in measure_songs(wishes, "mix", commit=commit(), measure=mix_facts):
        found = MixFacts.from_json(values)
        facts.setdefault(found.style, []).append(found)
    everything = [fact for found in facts.values() for fact in found]
    _check_spectra(context, {name: found for name, found in facts.items() if sheets[name].mix.group}, sheets)
    _check_stereo(context, everything)
    _check_crest(context, facts, sheets)
    _check_sections(context, everything)
    worst = max(fact.stem_error_db for fact in everything)
    context.check("the mix is the sum of its stems within -90 dBFS", worst <= STEM_ERROR, f"worst {worst} dBFS")


def _check_spectra(context: Context, facts: dict[str, list[MixFacts]], sheets: dict[str, Style]) -> None:
    inside, near = {}, {}
    for name, found in facts.items():
        low, middle, high = percentiles(sheets[name].mix.group)
        levels = np.array([fact.bands for fact in found])
        inside[name] = round(float(((levels >= low) & (levels <= high)).mean()), 3)
        apart = np.abs(np.median(levels, axis=0) - middle)[(CENTRES > 60.0) & (CENTRES < 8200.0)]
        near[name] = round(float(apart.max()), 1)
    context.figure("share of third octaves inside, by style", inside)
    context.figure("dB of the median song from the median curve, by style", near)
    outside = {name: share for name, share in inside.items() if share < INSIDE}
    context.check(f"{INSIDE:.0%} of third octaves inside the 5th to 95th percentile", not outside, outside)
    far = {name: apart for name, apart in near.items() if apart > NEAR}
    context.check(f"the median song within {NEAR} dB of the median curve", not far, far)


def _check_stereo(context: Context, facts: list[MixFacts]) -> None:
    worst = min(facts, key=lambda fact: fact.lowest_correlation)
    seen = f"lowest {worst.lowest_correlation} ({worst.style} {worst.seed})"
    context.check("correlation never below 0 in any second", worst.lowest_correlation >= 0.0, seen)
    wide = max(facts, key=lambda fact: fact.low_side_db)
    seen = f"most {wide.low_side_db} dB ({wide.style} {wide.seed})"
    context.check("bass below 120 Hz mono", wide.low_side_db <= MONO_DB, seen)


def _check_crest(context: Context, facts: dict[str, list[MixFacts]], sheets: dict[str, Style]) -> None:
    seen = {
        name: (round(float(np.median([fact.crest_db for fact in found])), 1), sheets[name].mix.crest_db)
        for name, found in facts.items()
    }
    context.figure("crest factor by style: median, stated (dB)", seen)
    wrong = {name: pair for name, pair in seen.items() if abs(pair[0] - pair[1]) > CREST}
    context.check(f"crest factor within {CREST} dB of what the sheet states", not wrong, wrong)


def _check_sections(context: Context, facts: list[MixFacts]) -> None:
    for pair in PAIRS:
        found = {f"{fact.style} {fact.seed}": fact.apart[pair] for fact in facts if pair in fact.apart}
        low = {name: apart for name, apart in found.items() if apart < LEAST_APART[pair]}
        least = LEAST_APART[pair]
        seen = f"{len(found) - len(low)} of {len(found)} songs, {dict(list(low.items())[:6])}"
        context.check(f"{pair} by {least} LU", not low, seen)


def percentiles(group: str) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """5th, 50th and 95th percentile of each third octave: of the shared table, or of the same figures as shipped."""
    shared = Path(__file__).resolve().parents[4] / "shared" / "data" / "meter" / "reference_percentiles.csv"
    names = [f"ltas_{round(centre)}" for centre in CENTRES]
    if shared.exists():
        with shared.open(encoding="utf-8") as file:
            rows = {row["feature"]: row for row in csv.DictReader(file) if row["group"] == group}
        low, middle, high = (np.array([float(rows[name][column]) for name in names]) for column in ("p5", "p50", "p95"))
        return low, middle, high
    import json

    features = json.loads(resource("meter", "reference.json").read_text(encoding="utf-8"))["groups"][group]["features"]
    low, middle, high = (np.array([features[name][place] for name in names]) for place in (1, 4, 7))
    return low, middle, high
