"""Bad and odd files: no crash, no hang, little memory, one clear sentence each."""

from __future__ import annotations

import base64
import json
import os
import selectors
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grammy_desktop.core.audio_sentences import one_line
from tests.acceptance.context import ROOT, Context
from tests.acceptance.issue_3.bad_files_base import BadFile, encoded
from tests.acceptance.issue_3.bad_files_coded import coded_files
from tests.acceptance.issue_3.bad_files_mutate import mutations
from tests.acceptance.issue_3.bad_files_odd import foreign_files, odd_places
from tests.acceptance.issue_3.bad_files_wav import wav_files

LONGEST_SECONDS = 10.0
MOST_MEMORY_MB = 1_000


class Child:
    """A warm process that works on one file after the other, and is started anew when one kills it."""

    def __init__(self, staging: Path) -> None:
        self._staging = staging
        self._process: subprocess.Popen[str] | None = None
        self.peak_mb = 0.0

    def ask(self, path: Path, *, master: bool) -> dict[str, Any]:
        """The child's answer; {'kind': 'died' or 'hung'} when there is none."""
        process = self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        task = {"path": base64.b64encode(os.fsencode(path)).decode(), "master": master}
        process.stdin.write(json.dumps(task) + "\n")
        process.stdin.flush()
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            heard = selector.select(3 * LONGEST_SECONDS)
        line = process.stdout.readline() if heard else ""
        self._note_memory()
        if line:
            found: dict[str, Any] = json.loads(line)
            return found
        self.close()
        return {"kind": "died" if heard else "hung", "message": f"exit code {process.returncode}"}

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _started(self) -> subprocess.Popen[str]:
        if self._process is None:
            command = [sys.executable, "-m", "tests.acceptance.issue_3.bad_files_child", str(self._staging)]
            self._process = subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
            )
        return self._process

    def _note_memory(self) -> None:
        """The high-water mark of the process since its start, where the system keeps one."""
        assert self._process is not None
        status = Path(f"/proc/{self._process.pid}/status")
        if status.exists():
            for line in status.read_text().splitlines():
                if line.startswith("VmHWM:"):
                    self.peak_mb = max(self.peak_mb, int(line.split()[1]) / 1000)


@dataclass
class Tally:
    """What became of the files."""

    files: int = 0
    fine: int = 0
    sentences: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")
    examples: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)

    def add(self, path: Path, found: dict[str, Any], seconds: float) -> None:
        self.files += 1
        self.slowest = max(self.slowest, (round(seconds, 2), one_line(path.name)))
        if "ok" in found:
            self.fine += 1
        elif is_clear(path, found):
            self.sentences[found["kind"]] += 1
            self.examples.append(found["message"])
        else:
            self.wrong.append(f"{one_line(path.name)}: {found['kind']}: {found['message'][-600:]}")


def is_clear(path: Path, found: dict[str, Any]) -> bool:
    """One sentence that names the file and whose fault it is."""
    message = found["message"]
    one_sentence = len(message.splitlines()) == 1 and message.endswith(".") and 10 < len(message) < 400
    return found["kind"] in ("user", "environment") and one_sentence and f"“{one_line(path.name)}”" in message


def written(files: Iterable[BadFile], folder: Path) -> Iterator[Path]:
    """One file at a time: they are gone again when the next is asked for."""
    for file in files:
        path = folder / file.name.replace("/", "_")
        path.write_bytes(file.data)
        yield path
        path.unlink()


def try_all(paths: Iterable[Path], child: Child, *, master_every: int = 1) -> Tally:
    """Of the files that can be read every n-th is mastered too, as the worker does it; none for 0."""
    tally = Tally()
    for number, path in enumerate(paths):
        master = master_every > 0 and number % master_every == 0
        found, seconds = _timed(child, path, master=master)
        if seconds >= LONGEST_SECONDS:
            # Other programs may have had the processor: only what is slow again is slow.
            tally.repeated.append(one_line(path.name))
            found, seconds = _timed(child, path, master=master)
        tally.add(path, found, seconds)
    return tally


def _timed(child: Child, path: Path, *, master: bool) -> tuple[dict[str, Any], float]:
    started = time.monotonic()
    return child.ask(path, master=master), time.monotonic() - started


def run(context: Context, *, count: int = 1_000) -> None:
    folder = context.folder / "bad"
    folder.mkdir()
    child = Child(context.folder / "staging")
    try:
        made = [*wav_files(), *coded_files(), *foreign_files()]
        good = folder / "good.wav"
        good.write_bytes(encoded("wav"))
        # What the child imports on its first file is not that file's time.
        context.check("a good file is read and mastered", "ok" in child.ask(good, master=True))
        _show(context, "bad and odd files", try_all(written(made, folder), child), least=200)
        places = context.folder / "places"
        places.mkdir()
        _show(context, "odd places", try_all(odd_places(places), child), least=20)
        _show(context, "mutations", try_all(written(mutations(count), folder), child, master_every=7), least=count)
    finally:
        child.close()
    context.check("peak memory of the worker under 1 GB", child.peak_mb < MOST_MEMORY_MB, f"{child.peak_mb:.0f} MB")


def _show(context: Context, name: str, tally: Tally, *, least: int) -> None:
    context.check(f"{name}: enough of them", tally.files >= least, tally.files)
    context.check(f"{name}: read, or one clear sentence", not tally.wrong, tally.wrong[:20] or None)
    context.check(
        f"{name}: none took 10 s", tally.slowest[0] < LONGEST_SECONDS, f"{tally.slowest[0]} s: {tally.slowest[1]}"
    )
    context.figure(f"{name}: read", tally.fine)
    if tally.repeated:
        context.figure(f"{name}: tried twice as they took 10 s", tally.repeated)
    context.figure(f"{name}: sentences", dict(tally.sentences))
    context.figure(f"{name}: some of the sentences", tally.examples[:: max(1, len(tally.examples) // 8)])
