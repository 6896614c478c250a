"""Point `unique`: no two of 100 seeds of one style share a four-bar melody, or the chords and drums of four bars.

Scores only, no audio: 28 styles, one brief each. Facts are kept for each commit, so that a run goes on where it stopped.
"""

from __future__ import annotations

import json
import multiprocessing
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from itertools import islice
from pathlib import Path

from grammy_desktop.core.styles import Style, load_styles
from tests.acceptance.context import ROOT, Context
from tests.acceptance.issue_4.fingerprints import fingerprint

SEEDS = 100
DURATION = 60.0
"""Seconds."""
MOST_SHARED = 0
"""Pairs of seeds of a style that may have a stretch in common."""
WORKERS = 2


def run(context: Context) -> None:
    styles = sorted(name for name, style in load_styles().items() if not style.parent)
    context.check("28 styles or more", len(styles) >= 28, len(styles))
    for style, (melodies, patterns) in shared_pairs(styles, range(SEEDS), kept=_book()):
        context.check(f"{style}: melodies of their own", len(melodies) <= MOST_SHARED, melodies[:5] or None)
        context.check(f"{style}: chords and drums of their own", len(patterns) <= MOST_SHARED, patterns[:5] or None)


def shared_pairs(
    styles: Iterable[str], seeds: Iterable[int], *, kept: Path | None = None
) -> Iterable[tuple[str, tuple[list[tuple[int, int]], list[tuple[int, int]]]]]:
    """By style the pairs of seeds with a melody in common, and those with a pattern in common."""
    wanted = list(seeds)
    known: dict[str, dict[str, tuple[list[int], list[int]]]] = {}
    if kept is not None and kept.exists():
        for line in kept.read_text("utf-8").splitlines():
            style, values = json.loads(line)
            known[style] = values
    with ProcessPoolExecutor(WORKERS, mp_context=multiprocessing.get_context("spawn")) as workers:
        for style in styles:
            if style not in known:
                songs = workers.map(_song, [(style, seed) for seed in wanted], chunksize=10)
                known[style] = {str(seed): facts for seed, facts in zip(wanted, songs, strict=True)}
                if kept is not None:
                    with kept.open("a", encoding="utf-8") as file:
                        file.write(json.dumps([style, known[style]]) + "\n")
            yield style, (_pairs(known[style], 0), _pairs(known[style], 1))


@lru_cache(maxsize=1)
def _styles() -> dict[str, Style]:
    return load_styles()


def _song(wish: tuple[str, int]) -> tuple[list[int], list[int]]:
    """Runs in a worker: hashes of the song's melodies and of its patterns."""
    import hashlib

    from grammy_desktop.assistant import read_prompt
    from grammy_desktop.generation.composer.compose import compose

    name, seed = wish
    styles = _styles()
    brief = read_prompt(f"{styles[name].name} song", styles, style=name, duration=DURATION)
    print_of = fingerprint(compose(brief, styles[name], seed), styles[name])

    def hashed(values: Iterable[object]) -> list[int]:
        return sorted(int.from_bytes(hashlib.sha256(repr(value).encode()).digest()[:6], "big") for value in values)

    return hashed(print_of.melodies), hashed(print_of.patterns)


def _pairs(songs: dict[str, tuple[list[int], list[int]]], which: int) -> list[tuple[int, int]]:
    owners: dict[int, list[int]] = {}
    for seed, facts in songs.items():
        for value in facts[which]:
            owners.setdefault(value, []).append(int(seed))
    pairs = Counter(
        (first, second) for seeds in owners.values() for i, first in enumerate(seeds) for second in seeds[i + 1 :]
    )
    return list(islice(sorted(pairs), 10_000))


def _book() -> Path:
    from tests.acceptance.run import commit

    kept = ROOT / ".accept" / f"4-unique-{commit()}.jsonl"
    kept.parent.mkdir(exist_ok=True)
    return kept
