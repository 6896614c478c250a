"""`grammy preset import|export|delete`: mastering presets of the user's own, as files (`grammy presets` lists them all)."""

from __future__ import annotations

import argparse
from typing import Any

from grammy_desktop.cli.options import Command, add_global_options
from grammy_desktop.cli.places import user_path
from grammy_desktop.cli.session import Session

_WORDS = {"ID": "the preset's id, as `grammy presets` shows it", "FILE": "a preset as a TOML file"}


def _declare(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    for name, summary, arguments, example in (
        ("import", "Take a preset file in.", ("FILE",), "warm.toml"),
        ("export", "Write a preset to a file that others can import.", ("ID", "FILE"), "vinyl-warm warm.toml"),
        ("delete", "Remove one of your own presets.", ("ID",), "late-night-warm"),
    ):
        child = actions.add_parser(
            name,
            help=summary,
            description=summary,
            epilog=f"example:  grammy preset {name} {example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        add_global_options(child, top=False)
        for argument in arguments:
            child.add_argument(argument.lower(), metavar=argument, help=_WORDS[argument])


def _run(session: Session, arguments: argparse.Namespace) -> dict[str, Any]:
    app = session.app
    if arguments.action == "import":
        preset = app.mastering.import_preset(user_path(arguments.file))
        return {**preset.to_json(), "imported": True}
    if arguments.action == "export":
        return {"id": arguments.id, "file": str(app.mastering.export_preset(arguments.id, user_path(arguments.file)))}
    app.mastering.delete_preset(arguments.id)
    return {"id": arguments.id, "deleted": True}


def _show(result: dict[str, Any]) -> str:
    if "file" in result:
        return str(result["file"])
    return f"{result['id']}: {'deleted' if result.get('deleted') else 'imported'}"


COMMANDS = [
    Command(
        name="preset",
        summary="Import, export or delete a mastering preset of your own.",
        example="grammy preset export vinyl-warm warm.toml",
        declare=_declare,
        run=_run,
        show=_show,
    )
]
