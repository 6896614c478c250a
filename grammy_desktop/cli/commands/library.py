"""`grammy library ...`: list, search, show, rename, star, tag, delete, restore, verify, backup."""

from __future__ import annotations

import argparse
from typing import Any

from grammy_desktop.cli.options import Command, add_global_options
from grammy_desktop.cli.output import table
from grammy_desktop.cli.places import song_id, user_path
from grammy_desktop.cli.session import Session
from grammy_desktop.core.errors import UserError
from grammy_desktop.workflows.naming import one_line

_WORDS = {
    "ID": "a song's id, or its beginning as the list shows it",
    "QUERY": "words and tokens",
    "TITLE": "the new title",
    "FILE": "where to write the copy",
}


def _declare(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)

    def action(name: str, summary: str, *arguments: str, example: str = "") -> argparse.ArgumentParser:
        child = actions.add_parser(
            name,
            help=summary,
            description=summary,
            epilog=f"example:  grammy library {name} {example}".rstrip(),
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        add_global_options(child, top=False)
        for argument in arguments:
            child.add_argument(argument.lower(), metavar=argument, help=_WORDS[argument])
        return child

    listing = action("list", "Every song, newest first.", example="--filter starred")
    listing.add_argument(
        "--filter",
        choices=["all", "starred", "recent", "sellable", "trash"],
        default="all",
        help="which songs (default all)",
    )
    action(
        "search",
        'Songs by words and tokens: bpm:70..120 key:"A minor" genre:lofi score:>70.',
        "QUERY",
        example='"bpm:80..100 rain"',
    )
    action("show", "One song with its versions and files.", "ID", example="1a2b3c4d")
    action("rename", "Give a song another title.", "ID", "TITLE", example='1a2b3c4d "Rooftop Rain"')
    star = action("star", "Star a song (--off takes the star away).", "ID", example="1a2b3c4d")
    star.add_argument("--off", action="store_true", help="take the star away")
    tag = action("tag", "Set a song's tags.", "ID", example="1a2b3c4d rainy demo")
    tag.add_argument("tags", metavar="TAG", nargs="*", help="the song's tags from now on; none takes all away")
    action("delete", "Move a song to the trash.", "ID", example="1a2b3c4d")
    action("restore", "Take a song out of the trash.", "ID", example="1a2b3c4d")
    action("verify", "Check every file and row.")
    action("backup", "Write a copy of the database.", "FILE", example="library-backup.sqlite3")


def _run(session: Session, arguments: argparse.Namespace) -> dict[str, Any]:
    library = session.app.library
    if hasattr(arguments, "id"):
        arguments.id = song_id(library, arguments.id)
    match arguments.action:
        case "list":
            return {"items": [track.to_row() for track in library.tracks(filter=arguments.filter, limit=100_000)]}
        case "search":
            return {"items": [track.to_row() for track in library.tracks(one_line(arguments.query), limit=100_000)]}
        case "show":
            return _show_track(session, arguments.id)
        case "rename":
            title = one_line(arguments.title)
            if not title:
                raise UserError("A song needs a title; give one with at least one letter.")
            library.rename(arguments.id, title)
        case "star":
            library.star(arguments.id, not arguments.off)
        case "tag":
            library.set_tags(arguments.id, [tag for tag in map(one_line, arguments.tags) if tag])
        case "delete":
            library.delete(arguments.id)
        case "restore":
            library.restore(arguments.id)
        case "verify":
            report = library.verify()
            return {"checked": report.checked, "problems": list(report.problems), "ok": not report.problems}
        case "backup":
            target = user_path(arguments.file)
            library.backup(target)
            return {"file": str(target)}
    return dict(library.track(arguments.id).to_row())


def _show_track(session: Session, track_id: str) -> dict[str, Any]:
    library = session.app.library
    track = library.track(track_id)
    versions = [
        {
            "id": version.id,
            "parent_id": version.parent_id,
            "kind": version.kind,
            "name": version.name,
            "created_at": version.created_at,
            "files": {role: str(path) for role, path in version.files.items()},
            "loudness": version.loudness,
            "score": version.score,
        }
        for version in library.versions(track_id)
    ]
    return {
        **track.to_row(),
        "prompt": track.prompt,
        "brief": track.brief,
        "tags": list(track.tags),
        "versions": versions,
    }


def _show(result: dict[str, Any]) -> str:
    if "items" in result:
        if not result["items"]:
            return "No songs yet. Create one, or import audio."
        rows = [["id", "title", "length", "genre", "bpm", "key", "score", "made"]]
        for item in result["items"]:
            rows.append(
                [
                    item["id"][:8],
                    item["title"],
                    f"{item['duration'] or 0:.0f} s",
                    item["genre"] or "—",
                    f"{item['tempo']:g}" if item["tempo"] else "—",
                    item["key"] or "—",
                    f"{item['score']:.0f}" if item["score"] is not None else "—",
                    item["created_at"][:16].replace("T", " "),
                ]
            )
        return table(rows)
    if "problems" in result:
        sound = f"{result['checked']} checked, nothing is broken."
        return "\n".join(result["problems"]) if result["problems"] else sound
    if "file" in result:
        return str(result["file"])
    lines = [f"{result['title']} ({result['id']})"]
    detailed = result["versions"] if isinstance(result["versions"], list) else []
    for version in detailed:
        lines.append(f"  {version['kind']}: {version['name']}")
        lines += [f"    {role}: {path}" for role, path in version["files"].items()]
    return "\n".join(lines)


COMMANDS = [
    Command(
        name="library",
        summary="The songs that are kept.",
        example='grammy library search "bpm:80..100 rain"',
        declare=_declare,
        run=_run,
        show=_show,
    )
]
