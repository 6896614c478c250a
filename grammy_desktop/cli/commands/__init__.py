"""One file per group of commands; `all_commands` is the whole command line (but for `screenshots`, which needs the window)."""

from __future__ import annotations

from grammy_desktop.cli.options import Command


def all_commands() -> list[Command]:
    from grammy_desktop.cli.commands import (
        bench,
        check,
        create,
        doctor,
        effects,
        instruments,
        jobs,
        library,
        listen,
        lists,
        master,
        measure,
        preset,
        restyle,
        selftest,
        song,
        transfer,
    )

    return [
        *create.COMMANDS,
        *song.COMMANDS,
        *restyle.COMMANDS,
        *master.COMMANDS,
        *effects.COMMANDS,
        *listen.COMMANDS,
        *check.COMMANDS,
        *measure.COMMANDS,
        *lists.COMMANDS,
        *instruments.COMMANDS,
        *preset.COMMANDS,
        *library.COMMANDS,
        *transfer.COMMANDS,
        *jobs.COMMANDS,
        *doctor.COMMANDS,
        *bench.COMMANDS,
        *selftest.COMMANDS,
    ]
