"""A process that uses a library until it is killed, and prints what was acknowledged.

Arguments: what to do, the data folder, a seed.
"""

from __future__ import annotations

import json
import random
import sys
import threading
from pathlib import Path

from library_helpers import add_pending, add_song, imported, write

from grammy_desktop.core.journal import JobEntry, JobState
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.library import Library, NewVersion


def say(**facts: object) -> None:
    print(json.dumps(facts), flush=True)


def write_until_killed(library: Library, chance: random.Random) -> None:
    ids: list[str] = []
    while True:
        what = chance.choice(["song", "song", "version", "pending", "import", "purge", "tag", "job"])
        if what == "song" or not ids:
            song = add_song(library, f"song {len(ids)}", content=chance.randbytes(chance.choice([10, 50_000, 500_000])))
            ids.append(song.id)
            say(made=song.id)
        elif what == "version":
            with library.staging_folder() as folder:
                file = write(folder / "master.wav", chance.randbytes(100_000))
                library.add_version(chance.choice(ids), NewVersion("master", "Loud", files={"master": file}))
        elif what == "pending":
            add_pending(library, "never finished")
        elif what == "import":
            with library.staging_folder() as folder:
                ids.append(imported(library, write(folder / "a.wav", chance.randbytes(100_000))).id)
            say(made=ids[-1])
        elif what == "purge":
            victim = ids.pop(chance.randrange(len(ids)))
            say(purging=victim)
            library.purge(victim)
        elif what == "tag":
            library.set_tags(chance.choice(ids), [f"tag {chance.randrange(5)}"])
        else:
            name = f"job{chance.random()}"
            library.journal.submitted(
                JobEntry(
                    name, "create", "x", "generation", JobState.WAITING, "", 0.0, "{}", "", None, "2026-01-01", None
                )
            )
            (library.paths.staging / name).mkdir()
            (library.paths.staging / name / "half.wav").write_bytes(b"half")


def stop_between_file_and_row(library: Library) -> None:
    """Stands still exactly between a file in its place and the row that names it."""
    add_pending(library, "in the making")
    folder = library.paths.staging / f"{library._owner.id}-work"
    folder.mkdir()
    files = {"mix": write(folder / "mix.wav", b"just placed")}
    stored = library._store.take_in(library._database, files)
    say(name=stored["mix"].name)
    threading.Event().wait()


def main() -> None:
    what, folder, seed = sys.argv[1:]
    library = Library.open(AppPaths(Path(folder)))
    if what == "write":
        write_until_killed(library, random.Random(int(seed)))
    else:
        stop_between_file_and_row(library)


if __name__ == "__main__":
    main()
