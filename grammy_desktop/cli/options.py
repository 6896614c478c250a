"""The parser: global options that are accepted before and after the subcommand, and the registry of commands."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from grammy_desktop import __version__
from grammy_desktop.core.errors import UserError


class Parser(argparse.ArgumentParser):
    """An argparse parser that reports a wrong call as a `UserError` (exit 2) instead of printing usage."""

    def error(self, message: str) -> NoReturn:
        raise UserError(f"{message[0].upper()}{message[1:].rstrip('.')}. See: {self.prog} --help")


@dataclass(frozen=True)
class Command:
    """A subcommand: its parser is filled by `declare`; `run` returns what `--json` prints."""

    name: str
    summary: str
    example: str
    declare: Callable[[argparse.ArgumentParser], None]
    run: Callable[[Any, argparse.Namespace], Any]
    """(Session, arguments) -> JSON-ready result."""

    show: Callable[[Any], str] | None = None
    """Result -> plain text for a person; None prints nothing but what `run` reported."""


def add_global_options(parser: argparse.ArgumentParser, *, top: bool) -> None:
    """The same options on every level; below the top their default is 'not given', so that they do not undo the top's."""
    default: Any = None if top else argparse.SUPPRESS
    off: Any = False if top else argparse.SUPPRESS
    group = parser.add_argument_group("global options")
    group.add_argument("--data-dir", metavar="DIR", default=default, help="library, settings, caches and logs in DIR")
    group.add_argument("--json", action="store_true", default=off, help="one JSON object on standard output")
    group.add_argument("--quiet", action="store_true", default=off, help="no progress")


def build_parser(commands: list[Command]) -> Parser:
    parser = Parser(
        prog="grammy",
        description="Grammy Desktop. Without a command the window opens.",
        epilog='example:  grammy create "Chill lo-fi hip hop, 90 BPM" --duration 60 --out songs',
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"Grammy Desktop {__version__}")
    add_global_options(parser, top=True)
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND")
    for command in commands:
        child = subparsers.add_parser(
            command.name,
            help=command.summary,
            description=command.summary,
            epilog=f"example:  {command.example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        add_global_options(child, top=False)
        command.declare(child)
        child.set_defaults(selected=command)
    return parser
