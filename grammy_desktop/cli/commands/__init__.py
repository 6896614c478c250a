"""One file per group of commands; `all_commands` is the whole command line (but for `screenshots`, which needs the window)."""

from __future__ import annotations

from grammy_desktop.cli.options import Command


def all_commands() -> list[Command]:
    from grammy_desktop.cli.commands import create, doctor, jobs, library, lists, master, measure, selftest, transfer

    return [
        *create.COMMANDS,
        *master.COMMANDS,
        *measure.COMMANDS,
        *lists.COMMANDS,
        *library.COMMANDS,
        *transfer.COMMANDS,
        *jobs.COMMANDS,
        *doctor.COMMANDS,
        *selftest.COMMANDS,
    ]
