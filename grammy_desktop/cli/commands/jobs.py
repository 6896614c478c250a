"""`grammy jobs` and `grammy resume`: the journal of work."""

from __future__ import annotations

import argparse
from typing import Any

from grammy_desktop.cli.options import Command
from grammy_desktop.cli.output import error_json, say, table
from grammy_desktop.cli.session import Session
from grammy_desktop.core.errors import GrammyError


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--limit", metavar="N", type=int, default=50, help="how many, newest first (default 50)")


def _run(session: Session, arguments: argparse.Namespace) -> dict[str, Any]:
    entries = session.app.library.journal.entries(max(1, arguments.limit))
    return {
        "items": [
            {
                "id": entry.id,
                "kind": entry.kind,
                "title": entry.title,
                "lane": entry.lane,
                "state": entry.state.value,
                "stage": entry.stage,
                "fraction": entry.fraction,
                "message": entry.message,
                "track_id": entry.track_id,
                "created_at": entry.created_at,
                "ended_at": entry.ended_at,
            }
            for entry in entries
        ]
    }


def _show(result: dict[str, Any]) -> str:
    if not result["items"]:
        return "No jobs yet."
    rows = [["id", "what", "state", "stage", "message"]]
    rows += [[i["id"][:8], f"{i['kind']} {i['title']}", i["state"], i["stage"], i["message"]] for i in result["items"]]
    return table(rows)


def _resume(session: Session, arguments: argparse.Namespace) -> dict[str, Any]:
    items: list[dict[str, Any]] = []
    for job_id in session.app.resume_interrupted():
        try:
            items.append(session.finish(job_id))
        except GrammyError as error:
            say(error.message)
            items.append({"title": session.app.jobs.snapshot(job_id).title, "error": error_json(error)})
    return {"items": items}


COMMANDS = [
    Command(
        name="jobs",
        summary="What was done, what failed, what was interrupted.",
        example="grammy jobs",
        declare=_declare,
        run=_run,
        show=_show,
    ),
    Command(
        name="resume",
        summary="Start interrupted songs again (same brief, same seed).",
        example="grammy resume",
        declare=lambda parser: None,
        run=_resume,
        show=lambda result: "\n".join(item["title"] for item in result["items"]) or "Nothing was interrupted.",
    ),
]
