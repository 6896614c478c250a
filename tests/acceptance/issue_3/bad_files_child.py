"""The process that opens bad files: reads one path a line, answers one line, and may die of it.

python -m tests.acceptance.issue_3.bad_files_child STAGING
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import sys
import traceback
from pathlib import Path
from typing import Any

from grammy_desktop.core.errors import GrammyError
from grammy_desktop.core.progress import NoProgress


def work_on(path: Path, staging: Path, *, master: bool) -> dict[str, Any]:
    """What the app does with a file: header, whole sound, metadata, loudness, and a master as the worker makes it."""
    from grammy_desktop.core.audio_file import read_clip, read_info
    from grammy_desktop.core.loudness import measure
    from grammy_desktop.core.metadata_read import read_metadata

    read_metadata(path)
    info = read_info(path)
    measure(read_clip(path))
    if master:
        from grammy_desktop.workflows.master_track import MasterRequest, make_master
        from grammy_desktop.workflows.mastering_aim import Mastering

        staging.mkdir(exist_ok=True)
        try:
            make_master(MasterRequest(str(staging), str(path), Mastering()), staging, NoProgress())
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    return {"ok": f"{info.format} {info.subtype}, {info.channels} channels, {info.duration:.2f} s"}


def answer(path: Path, staging: Path, *, master: bool) -> dict[str, Any]:
    try:
        return work_on(path, staging, master=master)
    except GrammyError as error:
        return {"kind": error.kind.value, "message": error.message}
    except Exception:  # noqa: BLE001  (whatever escapes is what this proof is looking for)
        return {"kind": "escaped", "message": traceback.format_exc(limit=-3)}


def main(staging: Path) -> None:
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    # What decoders print is of no interest here.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    for line in sys.stdin:
        task = json.loads(line)
        path = Path(os.fsdecode(base64.b64decode(task["path"])))
        answers.write(json.dumps(answer(path, staging, master=task["master"])) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
