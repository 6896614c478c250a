"""Makes songs in worker processes and keeps what was measured on them: a run that was interrupted goes on where it stopped."""

from __future__ import annotations

import json
import multiprocessing
import os
import queue
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from grammy_desktop.core.brief import Brief
from grammy_desktop.core.song import Song
from tests.acceptance.context import ROOT
from tests.acceptance.issue_4.song_facts import SongFacts, facts_of

WORKERS = 2

Measure = Callable[[Song, Brief, int], Any]
"""What is measured on a song, as JSON; a function of a module, for it travels to the workers."""


@dataclass(frozen=True)
class Wish:
    """`style` and `duration` as a user gives them beside the prompt; None leaves them to it."""

    prompt: str
    seed: int
    style: str | None = None
    duration: float | None = None

    @property
    def name(self) -> str:
        return json.dumps([self.prompt, self.seed, self.style, self.duration])


def make_songs(wishes: Sequence[Wish], book: str, *, commit: str) -> Iterator[tuple[Wish, SongFacts]]:
    """The facts of each song, in the order given."""
    for wish, values in measure_songs(wishes, book, commit=commit, measure=_facts_json):
        yield wish, SongFacts.from_json(values)


def measure_songs(wishes: Sequence[Wish], book: str, *, commit: str, measure: Measure) -> Iterator[tuple[Wish, Any]]:
    """In the order given. book: names the file in which the measurements are kept, apart for each commit."""
    kept = ROOT / ".accept" / f"4-{book}-{commit}.jsonl"
    kept.parent.mkdir(exist_ok=True)
    known = dict(_read(kept))
    missing = [wish for wish in wishes if wish.name not in known]
    context = multiprocessing.get_context("spawn")
    cores = context.Queue()
    for core in sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else ():
        cores.put(core)
    with ProcessPoolExecutor(WORKERS, mp_context=context, initializer=_settle, initargs=(cores,)) as workers:
        for wish, values in zip(missing, workers.map(partial(make_song, measure=measure), missing), strict=True):
            known[wish.name] = values
            with kept.open("a", encoding="utf-8") as file:
                file.write(json.dumps([wish.name, values]) + "\n")
    for wish in wishes:
        yield wish, known[wish.name]


def _settle(cores: Any) -> None:
    """A core for each worker: then it makes its songs with one thread, and no two workers take the cache from each other."""
    try:
        os.sched_setaffinity(0, {cores.get(timeout=1.0)})
    except (AttributeError, queue.Empty):
        return


def _read(kept: Path) -> Iterator[tuple[str, Any]]:
    if not kept.exists():
        return
    for line in kept.read_text(encoding="utf-8").splitlines():
        name, values = json.loads(line)
        yield name, values


def make_song(wish: Wish, *, measure: Measure) -> Any:
    """Runs in a worker."""
    from grammy_desktop.assistant import read_prompt
    from grammy_desktop.core.progress import NoProgress
    from grammy_desktop.core.styles import load_styles
    from grammy_desktop.generation.composer.composer import ComposerEngine

    styles = load_styles()
    brief = read_prompt(wish.prompt, styles, style=wish.style, duration=wish.duration)
    song = ComposerEngine().generate(brief, wish.seed, NoProgress(), styles=styles)
    return measure(song, brief, wish.seed)


def _facts_json(song: Song, brief: Brief, seed: int) -> Any:
    return facts_of(song, brief, seed).to_json()
