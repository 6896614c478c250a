"""Derived styles: a sheet says only what differs from its parent; everything else is the parent's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from grammy_desktop.core.errors import UserError
from grammy_desktop.core.toml_file import read_toml

Table = dict[str, Any]
_OWN = ("id", "name", "description", "words", "parent")
"""Never inherited."""


class Sheets:
    """The style files of one or more folders; later folders win. A file is read once, and only when it is needed."""

    def __init__(self, folders: list[Path]) -> None:
        self.files = [sorted(folder.glob("*.toml")) for folder in folders]
        self._tables: dict[Path, Table] = {}

    def table(self, path: Path) -> Table:
        if path not in self._tables:
            self._tables[path] = read_toml(path, "a style")
        return self._tables[path]

    def whole(self, path: Path, table: Table, level: int | None = None) -> Table:
        """`table` with everything that it inherits. `level`: its folder's place; parents are sought there and before it.

        A parent of the same id is the one of an earlier folder: a user's `house` may derive from the shipped `house`.
        """
        return self._whole(path, table, len(self.files) - 1 if level is None else level, ())

    def _whole(self, path: Path, table: Table, level: int, seen: tuple[Path, ...]) -> Table:
        parent = table.get("parent")
        if parent is None:
            return table
        if not isinstance(parent, str):
            raise UserError(f"{path}: parent must be text.", file=str(path))
        if path in seen:
            names = " -> ".join(file.name for file in (*seen, path))
            raise UserError(f"{path}: parent goes round in a circle ({names}).", file=str(path))
        found = self._find(parent, level - 1 if parent == table.get("id") and level else level)
        if found is None:
            raise UserError(f"{path}: parent names {parent!r}, which is no style.", file=str(path))
        return derive(self._whole(*found, (*seen, path)), table, path)

    def _find(self, wanted: str, level: int) -> tuple[Path, Table, int] | None:
        for place in range(level, -1, -1):
            # A style usually lies in the file of its name.
            for path in sorted(self.files[place], key=lambda path: path.stem != wanted):
                if self.table(path).get("id") == wanted:
                    return path, self.table(path), place
        return None


def derive(parent: Table, child: Table, path: Path) -> Table:
    """The child's table laid over its parent's: tables merge key by key, lists and values replace."""
    inherited = {name: value for name, value in parent.items() if name not in _OWN}
    return _merged(inherited, child, path, ())


def _merged(below: Table, above: Table, path: Path, where: tuple[str, ...]) -> Table:
    result = dict(below)
    for name, value in above.items():
        here = (*where, name)
        if isinstance(value, dict) and value.get("remove") is True:
            if len(here) != 2 or here[0] != "parts" or len(value) > 1 or name not in below:
                field = ".".join(here)
                raise UserError(
                    f"{path}: {field} has remove, which only takes away a part of the parent.", file=str(path)
                )
            del result[name]
        elif isinstance(value, dict) and isinstance(below.get(name), dict) and here != ("ending",):
            # How songs end is one choice: weights do not mix with the parent's.
            result[name] = _merged(below[name], value, path, here)
        else:
            result[name] = value
    return result
