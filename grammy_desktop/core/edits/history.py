"""Undo and redo over edit lists."""

from __future__ import annotations

from grammy_desktop.core.edits.edit_list import EditList

DEFAULT_DEPTH = 500


class EditHistory:
    """Edit lists one after another, each with the name of the operation that made it."""

    def __init__(self, start: EditList, *, depth: int = DEFAULT_DEPTH) -> None:
        """depth: how many operations can be undone; older ones are forgotten."""
        if depth < 1:
            raise ValueError(f"depth must be at least 1, not {depth}")
        self._steps: list[tuple[str, EditList]] = [("", start)]
        self._index = 0
        self._saved: int | None = 0
        self._depth = depth

    @property
    def current(self) -> EditList:
        return self._steps[self._index][1]

    @property
    def can_undo(self) -> bool:
        return self._index > 0

    @property
    def can_redo(self) -> bool:
        return self._index + 1 < len(self._steps)

    @property
    def undo_name(self) -> str:
        """Name of what `undo` would take back; empty when there is nothing."""
        return self._steps[self._index][0] if self.can_undo else ""

    @property
    def redo_name(self) -> str:
        """Name of what `redo` would do again; empty when there is nothing."""
        return self._steps[self._index + 1][0] if self.can_redo else ""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the operations in force, oldest first."""
        return tuple(name for name, _ in self._steps[1 : self._index + 1])

    @property
    def is_saved(self) -> bool:
        """True when `current` is what was last saved (also after undoing back to it)."""
        return self._saved == self._index

    def mark_saved(self) -> None:
        self._saved = self._index

    def apply(self, name: str, edits: EditList) -> EditList:
        """Make `edits` the current list. What had been undone is forgotten. Nothing happens if nothing changed."""
        if edits == self.current:
            return self.current
        del self._steps[self._index + 1 :]
        if self._saved is not None and self._saved > self._index:
            self._saved = None
        self._steps.append((name, edits))
        self._index += 1
        if self._index > self._depth:
            del self._steps[0]
            self._index -= 1
            self._saved = self._saved - 1 if self._saved else None
        return self.current

    def undo(self) -> EditList:
        """Go one operation back (nowhere at the beginning); returns the current list."""
        self._index = max(0, self._index - 1)
        return self.current

    def redo(self) -> EditList:
        """Go one operation forward again (nowhere at the end); returns the current list."""
        self._index = min(len(self._steps) - 1, self._index + 1)
        return self.current
