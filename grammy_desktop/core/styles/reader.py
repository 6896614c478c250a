"""Reads a TOML table field by field and says in one sentence what is wrong where."""

from __future__ import annotations

from typing import Any, NoReturn

from grammy_desktop.core.errors import UserError


class TableReader:
    """A table of a style file. Every field asked for is ticked off; `finish` complains about the rest."""

    def __init__(self, table: Any, *, file: str, path: str = "") -> None:
        self._file = file
        self._path = path
        if not isinstance(table, dict):
            self.fail("", "must be a table")
        self._table: dict[str, Any] = table
        self._seen: set[str] = set()

    def fail(self, field: str, problem: str) -> NoReturn:
        where = ".".join(name for name in (self._path, field) if name) or "the file"
        raise UserError(f"{self._file}: {where} {problem}.", file=self._file)

    def has(self, field: str) -> bool:
        return field in self._table

    def names(self) -> tuple[str, ...]:
        return tuple(self._table)

    def _take(self, field: str, default: Any) -> Any:
        self._seen.add(field)
        if field in self._table:
            return self._table[field]
        if default is None:
            self.fail(field, "is missing")
        return default

    def text(self, field: str, default: str | None = None, *, among: tuple[str, ...] = ()) -> str:
        value = self._take(field, default)
        if not isinstance(value, str):
            self.fail(field, "must be text")
        if among and value not in among:
            self.fail(field, f"must be one of {', '.join(among)}, not {value!r}")
        return value

    def texts(self, field: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        value = self._take(field, default)
        if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
            self.fail(field, "must be a list of texts")
        if default is None and not value:
            self.fail(field, "must not be empty")
        return tuple(value)

    def number(self, field: str, default: float | None = None, *, low: float = -1e9, high: float = 1e9) -> float:
        value = self._take(field, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.fail(field, "must be a number")
        if not low <= value <= high:
            self.fail(field, f"must lie between {low:g} and {high:g}, not {value:g}")
        return float(value)

    def optional_number(self, field: str, *, low: float, high: float) -> float | None:
        return self.number(field, low=low, high=high) if self.has(field) else None

    def flag(self, field: str, default: bool) -> bool:
        value = self._take(field, default)
        if not isinstance(value, bool):
            self.fail(field, "must be true or false")
        return value

    def numbers(self, field: str, default: dict[str, float] | None = None) -> dict[str, float]:
        """A sub-table of numbers."""
        table = self.table(field, default)
        return {name: table.number(name) for name in table.names()}

    def weights(self, field: str, default: dict[str, float], *, among: tuple[str, ...]) -> dict[str, float]:
        """A sub-table of chances by name, not all of them 0."""
        table = self.table(field, default)
        values = {name: table.number(name, low=0, high=1000) for name in table.names()}
        for name in values:
            if name not in among:
                self.fail(field, f"names {name!r}; known are {', '.join(among)}")
        if not any(values.values()):
            self.fail(field, "must give at least one of them a weight above 0")
        return values

    def pair(self, field: str, *, low: int, high: int) -> tuple[int, int]:
        """Two whole numbers, the first below the second."""
        value = self._take(field, None)
        ok = isinstance(value, list) and len(value) == 2 and all(isinstance(item, int) for item in value)
        if not ok or not low <= value[0] < value[1] <= high:
            self.fail(field, f"must be two rising whole numbers between {low} and {high}")
        return value[0], value[1]

    def table(self, field: str, default: dict[str, Any] | None = None) -> TableReader:
        return TableReader(self._take(field, default), file=self._file, path=self._name(field))

    def tables(self, field: str, *, optional: bool = False) -> tuple[TableReader, ...]:
        value = self._take(field, [] if optional else None)
        if not isinstance(value, list) or not (value or optional):
            self.fail(field, "must be a list of tables")
        return tuple(
            TableReader(item, file=self._file, path=f"{self._name(field)}[{index}]") for index, item in enumerate(value)
        )

    def raw(self, field: str, default: Any = None) -> Any:
        return self._take(field, default)

    def _name(self, field: str) -> str:
        return f"{self._path}.{field}" if self._path else field

    def finish(self) -> None:
        """UserError when the table holds fields that nobody asked for."""
        unknown = [name for name in self._table if name not in self._seen]
        if unknown:
            self.fail(unknown[0], "is not a known field")
