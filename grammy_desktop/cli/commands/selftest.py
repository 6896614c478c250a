"""`grammy selftest`: a ten-second song through the whole chain in a folder that is thrown away. Proves a frozen build."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any

from grammy_desktop.app import CreateOptions
from grammy_desktop.cli.options import Command
from grammy_desktop.cli.session import Session
from grammy_desktop.core.errors import BugError

PROMPT = "Chill lo-fi hip hop, 90 BPM"
TOLERANCE_LU = 0.3


def _run(session: Session, arguments: argparse.Namespace) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="grammy-selftest-") as folder:
        with Session(folder, quiet=session.quiet) as trial:
            (job_id,) = trial.app.create(CreateOptions(prompt=PROMPT, duration=10.0, seed=7))
            song = trial.finish(job_id)
            problems = trial.app.library.verify().problems
        return _judge(song, tuple(problems))


def _judge(song: dict[str, Any], problems: tuple[str, ...]) -> dict[str, Any]:
    loudness = song["loudness"]
    checks = {
        "stems": len(song["files"]["stems"]) >= 4,
        "midi": Path(song["files"]["midi"]).suffix == ".mid",
        "loudness": abs(loudness["integrated"] + 14.0) <= TOLERANCE_LU,
        "true_peak": loudness["true_peak"] <= -1.0,
        "score": song["score"]["overall_score"] is not None,
        "library": not problems,
    }
    failed = [name for name, passed in checks.items() if not passed]
    if failed:
        raise BugError(f"The self-test failed: {', '.join(failed)}.", details="\n".join(problems))
    return {"ok": True, "checks": checks, "seconds": song["seconds"], "loudness": loudness}


COMMANDS = [
    Command(
        name="selftest",
        summary="Make a ten-second song in a throw-away folder and check it.",
        example="grammy selftest",
        declare=lambda parser: None,
        run=_run,
        show=lambda result: "Everything works.",
    )
]
