"""Runs the long proofs of an issue and writes their figures to `docs/evidence/ISSUE.json`.

python3 packaging/bootstrap.py accept 2            every point that has no evidence for this commit yet
python3 packaging/bootstrap.py accept 2 bad_input  one point, again
"""

from __future__ import annotations

import importlib
import json
import os
import platform
import subprocess
import sys
import time
import traceback
from pathlib import Path
from typing import Any

from tests.acceptance.context import ROOT, Context


def main(arguments: list[str]) -> int:
    if not arguments or not arguments[0].isdigit():
        print(__doc__)
        return 2
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        # As the app does, before numpy comes.
        os.environ.setdefault(name, "1")
    issue = arguments[0]
    points = importlib.import_module(f"tests.acceptance.issue_{issue}").POINTS
    wanted = arguments[1:] or list(points)
    unknown = [name for name in wanted if name not in points]
    if unknown:
        print(f"Issue {issue} has no point {', '.join(unknown)}; there are: {', '.join(points)}")
        return 2
    evidence = ROOT / "docs" / "evidence" / f"{issue}.json"
    failed = []
    for name in wanted:
        if not arguments[1:] and _already_shown(evidence, name):
            print(f"== {name}: shown already at this commit")
            continue
        print(f"== {name}", flush=True)
        entry = _run_point(issue, name)
        _write(evidence, name, entry)
        print(json.dumps(entry["figures"], ensure_ascii=False, indent=1))
        print(f"== {name}: {'passed' if entry['passed'] else 'FAILED'} in {entry['seconds']:.0f} s", flush=True)
        if not entry["passed"]:
            failed.append(name)
    print("all passed" if not failed else "FAILED: " + ", ".join(failed))
    return 1 if failed else 0


def _run_point(issue: str, name: str) -> dict[str, Any]:
    module = importlib.import_module(f"tests.acceptance.issue_{issue}.{name}")
    started = time.monotonic()
    with Context() as context:
        try:
            module.run(context)
        except Exception:  # noqa: BLE001  (whatever a proof meets is its result)
            traceback.print_exc()
            context.check("ran to its end", False, traceback.format_exc(limit=-1).strip().splitlines()[-1])
    return {
        "command": f"python3 packaging/bootstrap.py accept {issue} {name}",
        "commit": commit(),
        "date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "seconds": round(time.monotonic() - started, 1),
        "passed": context.passed,
        "checks": context.checks,
        "figures": context.figures,
    }


def commit() -> str:
    """The commit, with '+changes' when the tree differs from it."""
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout.strip()
    dirty = subprocess.run(
        ["git", "status", "--porcelain", "--", ".", ":!docs/evidence"], cwd=ROOT, capture_output=True, text=True
    ).stdout.strip()
    return f"{head[:12]}{'+changes' if dirty else ''}"


def _already_shown(evidence: Path, name: str) -> bool:
    entry = _read(evidence).get(name)
    return bool(entry and entry["passed"] and entry["commit"] == commit())


def _read(evidence: Path) -> dict[str, Any]:
    return json.loads(evidence.read_text(encoding="utf-8")) if evidence.exists() else {}


def _write(evidence: Path, name: str, entry: dict[str, Any]) -> None:
    content = _read(evidence) | {name: entry}
    evidence.parent.mkdir(parents=True, exist_ok=True)
    partial = evidence.with_suffix(".part")
    partial.write_text(json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    partial.replace(evidence)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
