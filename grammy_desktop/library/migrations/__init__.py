"""The database's history as numbered files. Each `upgrade` runs in one transaction of its own (see `library.migrate`).

A migration gets a plain `sqlite3.Connection` with foreign keys off, so that rebuilding a table never cascades.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from grammy_desktop.library.migrations.m0001_initial import upgrade as m0001_initial

Migration = Callable[[sqlite3.Connection], None]

MIGRATIONS: tuple[Migration, ...] = (m0001_initial,)
"""In order; the n-th (from 1) leads to schema version n. Never change one that was released: append."""
