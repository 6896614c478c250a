"""Which command of the table runs which method of the editor."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from grammy_desktop.ui.command_list import Needs
from grammy_desktop.ui.commands import CommandTable
from grammy_desktop.ui.editor.editor_commands import EditorCommands


def bindings(do: EditorCommands) -> dict[str, Callable[[], object]]:
    """Command id to what it does."""
    snap = do.scene.snap
    return {
        "view.zoom_in": do.zoom_in,
        "view.zoom_out": do.zoom_out,
        "view.zoom_fit": do.zoom_fit,
        "view.zoom_selection": do.zoom_selection,
        "edit.undo": do.undo,
        "edit.redo": do.redo,
        "edit.cut": do.cut,
        "edit.copy": do.copy,
        "edit.paste": do.paste,
        "edit.duplicate": do.duplicate,
        "edit.split": do.split,
        "edit.trim": do.trim_to_selection,
        "edit.silence": do.silence_selection,
        "edit.delete": do.delete_selection,
        "edit.delete_gap": do.silence_selection,
        "edit.select_all": do.select_all,
        "edit.select_none": do.select_none,
        "edit.snap": lambda: snap.set_on(not snap.on),
        "edit.zero_crossing": do.select_to_zero_crossings,
        "edit.marker": do.add_marker,
        "edit.marker_selection": do.add_marker_at_selection,
        "edit.mute": do.mute_lane,
        "edit.solo": do.solo_lane,
        "edit.next_lane": do.next_lane,
        "edit.previous_lane": do.previous_lane,
        "play.selection": do.play_selection,
        "play.loop_selection": do.loop_selection,
        "play.loop": do.toggle_loop,
        "move.back_beat": partial(do.move, "beat", -1),
        "move.on_beat": partial(do.move, "beat", 1),
        "move.back_bar": partial(do.move, "bar", -1),
        "move.on_bar": partial(do.move, "bar", 1),
        "select.back_beat": partial(do.move, "beat", -1, extend=True),
        "select.on_beat": partial(do.move, "beat", 1, extend=True),
        "select.back_bar": partial(do.move, "bar", -1, extend=True),
        "select.on_bar": partial(do.move, "bar", 1, extend=True),
        "move.next_marker": do.next_marker,
        "move.previous_marker": do.previous_marker,
        "move.next_section": do.next_section,
        "move.previous_section": do.previous_section,
    }


def bind_editor(commands: CommandTable, do: EditorCommands) -> None:
    """Bind every editor command and keep undo, redo and selection available only when they can act."""
    for command_id, run in bindings(do).items():
        commands.bind(command_id, run)

    def show_history() -> None:
        commands.set_available(Needs.UNDO, do.desk.can_undo)
        commands.set_available(Needs.REDO, do.desk.can_redo)

    def show_selection() -> None:
        commands.set_available(Needs.SELECTION, do.scene.selection.span is not None)

    do.desk.edited.connect(show_history)
    do.desk.song_changed.connect(show_history)
    do.scene.selection.changed.connect(show_selection)
    show_history()
    show_selection()
