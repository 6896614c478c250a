"""Makes songs in worker processes and keeps their facts: a run that was interrupted goes on where it stopped."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.acceptance.context import ROOT
from tests.acceptance.issue_4.song_facts import SongFacts, facts_of

WORKERS = 2


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
    """In the order given. book: names the file in which the facts are kept, apart for each commit."""
    kept = ROOT / ".accept" / f"4-{book}-{commit}.jsonl"
    kept.parent.mkdir(exist_ok=True)
    known = dict(_read(kept))
    missing = [wish for wish in wishes if wish.name not in known]
    with ProcessPoolExecutor(WORKERS, mp_context=multiprocessing.get_context("spawn")) as workers:
        for wish, facts in zip(missing, workers.map(make_song, missing), strict=True):
            known[wish.name] = facts
            with kept.open("a", encoding="utf-8") as file:
                file.write(json.dumps([wish.name, facts.to_json()]) + "\n")
    for wish in wishes:
        yield wish, known[wish.name]


def _read(kept: Path) -> Iterable[tuple[str, SongFacts]]:
    if not kept.exists():
        return
    for line in kept.read_text(encoding="utf-8").splitlines():
        name, values = json.loads(line)
        yield name, SongFacts.from_json(values)


def make_song(wish: Wish) -> SongFacts:
    """Runs in a worker."""
    from grammy_desktop.assistant import read_prompt
    from grammy_desktop.core.progress import NoProgress
    from grammy_desktop.core.styles import load_styles
    from grammy_desktop.generation.composer.composer import ComposerEngine

    styles = load_styles()
    brief = read_prompt(wish.prompt, styles, style=wish.style, duration=wish.duration)
    song = ComposerEngine().generate(brief, wish.seed, NoProgress(), styles=styles)
    return facts_of(song, brief, wish.seed)
