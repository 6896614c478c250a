"""The edit history under the editor: applies operations, moves song marks along, holds the clipboard."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from grammy_desktop.core.edits import EditHistory, EditList, Segment
from grammy_desktop.ui.editor.scene import Block, Mark


class EditPort(Protocol):
    """What keeps the edits of the open song: the window's session."""

    @property
    def history(self) -> EditHistory: ...

    def apply_edits(self, name: str, edits: EditList) -> None: ...

    def undo(self) -> None: ...

    def redo(self) -> None: ...


class TakePort(Protocol):
    """Steps between takes: what is undone once no edit is left. A name is '' where there is no step."""

    @property
    def undo_name(self) -> str: ...

    @property
    def redo_name(self) -> str: ...

    def undo(self) -> None: ...

    def redo(self) -> None: ...


class EditDesk(QObject):
    """One for the editor; the port is handed in with each song."""

    edited = Signal()
    """The current edit list changed (also by undo and redo)."""
    song_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.port: EditPort | None = None
        self.takes: TakePort | None = None
        self.clipboard: tuple[Segment, ...] = ()

    @property
    def undo_name(self) -> str:
        """What Undo takes back: the last edit, else the last change of the take; '' for nothing."""
        history = self.history
        if history is not None and history.can_undo:
            return history.undo_name
        return self.takes.undo_name if history is not None and self.takes is not None else ""

    @property
    def redo_name(self) -> str:
        history = self.history
        if history is not None and history.can_redo:
            return history.redo_name
        return self.takes.redo_name if history is not None and self.takes is not None else ""

    @property
    def can_undo(self) -> bool:
        return bool(self.undo_name)

    @property
    def can_redo(self) -> bool:
        return bool(self.redo_name)

    @property
    def history(self) -> EditHistory | None:
        return self.port.history if self.port is not None else None

    @property
    def current(self) -> EditList | None:
        return self.port.history.current if self.port is not None else None

    def set_port(self, port: EditPort | None) -> None:
        self.port = port
        self.clipboard = ()
        self.song_changed.emit()

    def apply(self, name: str, operation: Callable[[EditList], EditList]) -> bool:
        """Do `operation` as one undo step; True when it changed something."""
        if self.port is None:
            return False
        before = self.port.history.current
        after = operation(before)
        if after == before:
            return False
        self.port.apply_edits(name, after)
        self.edited.emit()
        return True

    def undo(self) -> None:
        """The last edit; where there is none, back to the take before this one."""
        if self.port is not None and self.port.history.can_undo:
            self.port.undo()
            self.edited.emit()
        elif self.can_undo and self.takes is not None:
            self.takes.undo()

    def redo(self) -> None:
        if self.port is not None and self.port.history.can_redo:
            self.port.redo()
            self.edited.emit()
        elif self.can_redo and self.takes is not None:
            self.takes.redo()


def moved_spans(edits: EditList, start: int, end: int) -> list[tuple[int, int]]:
    """Where the source frames [start, end) are heard after `edits`, pieces that touch joined."""
    pieces: list[tuple[int, int, int]] = []
    for at, segment in zip(edits.starts, edits.segments, strict=False):
        if not segment.layers:
            continue
        source = segment.layers[-1].source_start
        first, last = max(start, source), min(end, source + segment.frames)
        if first >= last:
            continue
        piece = (at + first - source, at + last - source, last)
        if pieces and pieces[-1][1] == piece[0]:
            piece = (pieces.pop()[0], piece[1], piece[2])
        pieces.append(piece)
    return [(first, last) for first, last, _ in pieces]


def moved_blocks(edits: EditList, blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Sections after the edit; a silenced stretch stays part of its section."""
    made = [Block(b.name, first, last, b.index) for b in blocks for first, last in moved_spans(edits, b.start, b.end)]
    made.sort(key=lambda block: block.start)
    closed: list[Block] = []
    for block in made:
        before = closed[-1] if closed else None
        if (
            before is not None
            and (before.name, before.index) == (block.name, block.index)
            and before.end >= block.start
        ):
            block = Block(block.name, closed.pop().start, block.end, block.index)
        closed.append(block)
    return tuple(closed)


def moved_marks(edits: EditList, marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Chords and markers at every place where their frame is still heard."""
    made = [
        Mark(first, mark.text, mark.index)
        for mark in marks
        for first, _ in moved_spans(edits, mark.frame, mark.frame + 1)
    ]
    return tuple(sorted(made, key=lambda mark: mark.frame))
