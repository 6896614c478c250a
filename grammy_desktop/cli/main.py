"""Parses, runs one command, and turns every ending into the right words and exit code."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from grammy_desktop.cli.commands import all_commands
from grammy_desktop.cli.options import Command, build_parser
from grammy_desktop.cli.output import drop_output, error_json, print_json, print_text, say, use_utf8
from grammy_desktop.cli.places import user_path
from grammy_desktop.cli.session import Session
from grammy_desktop.core.errors import BugError, ErrorKind, GrammyError
from grammy_desktop.core.progress import Cancelled

EXIT_CODES = {ErrorKind.USER: 2, ErrorKind.ENVIRONMENT: 3, ErrorKind.BUG: 1}
CANCELLED = 130

WindowOpener = Callable[[str | None], int]
ScreenshotMaker = Callable[[str | None, str], list[str]]


def run_command_line(arguments: list[str], *, open_window: WindowOpener, make_screenshots: ScreenshotMaker) -> int:
    """Exit code: 0 done, 2 the user can mend it, 3 the environment failed, 130 cancelled, 1 our bug."""
    commands = [*all_commands(), _screenshots(make_screenshots)]
    as_json = "--json" in arguments
    use_utf8()
    try:
        options = build_parser(commands).parse_args(arguments)
        if options.command is None:
            return open_window(options.data_dir)
        with Session(options.data_dir, quiet=options.quiet) as session:
            return _run(options.selected, session, options)
    except GrammyError as error:
        return _fail(error, as_json)
    except (Cancelled, KeyboardInterrupt):
        say("Cancelled; nothing was kept half-made.")
        return CANCELLED
    except BrokenPipeError:
        drop_output()
        return CANCELLED


def _run(command: Command, session: Session, options: object) -> int:
    try:
        result = command.run(session, options)  # type: ignore[arg-type]
    except (GrammyError, Cancelled, KeyboardInterrupt, BrokenPipeError):
        raise
    except Exception as error:
        raise session.bug(error) from error
    if getattr(options, "json", False):
        print_json(result)
    elif command.show is not None:
        text = command.show(result)
        if text:
            print_text(text)
    return 2 if _some_failed(result) else 0


def _some_failed(result: object) -> bool:
    items = result.get("items") if isinstance(result, dict) else None
    return isinstance(items, list) and any(isinstance(item, dict) and "error" in item for item in items)


def _fail(error: GrammyError, as_json: bool) -> int:
    if as_json:
        print_json({"error": error_json(error)})
    say(error.message)
    if isinstance(error, BugError) and error.file:
        say(f"The report lies in {error.file}")
    return EXIT_CODES[error.kind]


def _declare_screenshots(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", metavar="DIR", required=True, help="folder for the pictures")


def _screenshots(make: ScreenshotMaker) -> Command:
    return Command(
        name="screenshots",
        summary="Every screen with demonstration content as PNG: dark and light, 1x and 2x.",
        example="grammy screenshots --out pictures",
        declare=_declare_screenshots,
        run=lambda session, options: {"files": make(options.data_dir, str(user_path(options.out)))},
        show=lambda result: "\n".join(result["files"]),
    )


if __name__ == "__main__":
    sys.exit("Run: python -m grammy_desktop")
