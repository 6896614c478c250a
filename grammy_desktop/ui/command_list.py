"""Every command of the window, as data. Menu, palette, shortcut page and tests are made from this list."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Needs(StrEnum):
    """When a command can be used; `WHY` says it in words."""

    NOTHING = "nothing"
    SONG = "song"
    CHOSEN = "chosen"
    SELECTION = "selection"
    UNDO = "undo"
    REDO = "redo"
    MASTER = "master"
    TAKES = "takes"
    PAIR = "pair"
    TRIAL = "trial"
    SCORE = "score"
    PART = "part"


WHY: dict[Needs, str] = {
    Needs.NOTHING: "",
    Needs.SONG: "Open a song first",
    Needs.CHOSEN: "Open or choose a song first",
    Needs.SELECTION: "Select something in the waveform first",
    Needs.UNDO: "Nothing to undo",
    Needs.REDO: "Nothing to redo",
    Needs.MASTER: "Master this song first",
    Needs.TAKES: "Create takes first",
    Needs.PAIR: "Master this song first: there is nothing to compare",
    Needs.TRIAL: "Press X first",
    Needs.SCORE: "Open a song that was composed here first",
    Needs.PART: "Choose a part in the Notes view first",
}


@dataclass(frozen=True)
class Command:
    """`keys` in Qt's portable text, the first is shown; `scope` 'window' acts everywhere, else with focus there."""

    id: str
    text: str
    keys: tuple[str, ...] = ()
    category: str = "Song"
    needs: Needs = Needs.NOTHING
    icon: str = ""
    scope: str = "window"
    repeat: bool = False


_S, _SEL, _M, _P = Needs.SONG, Needs.SELECTION, Needs.MASTER, Needs.PAIR

COMMANDS: tuple[Command, ...] = (
    # Play
    Command("play.toggle", "Play or stop", ("Space",), "Play", _S, "play"),
    Command("play.pause", "Pause here", ("P", "Ctrl+Space"), "Play", _S, "pause"),
    Command("play.stop", "Stop", (), "Play", _S, "square"),
    Command("play.selection", "Play the selection", ("Shift+Space",), "Play", _SEL, "play"),
    Command("play.loop", "Loop on or off", ("L",), "Play", _S, "repeat"),
    Command("play.loop_selection", "Loop the selection", ("Shift+L",), "Play", _SEL, "maximize"),
    Command("play.start", "Go to the start", ("Home",), "Play", _S, "skip-back"),
    Command("play.end", "Go to the end", ("End",), "Play", _S),
    Command("play.metronome", "Metronome on or off", ("K",), "Play", _S, "metronome"),
    Command("play.mix", "Hear the mix", (), "Play", _S, "ear"),
    Command("play.master", "Hear the master", (), "Play", _M, "ear"),
    Command("play.record", "Record", ("R",), "Play", _S, "mic"),
    # Move
    Command("move.back_beat", "Back by a beat", ("Left",), "Move", _S, scope="editor", repeat=True),
    Command("move.on_beat", "On by a beat", ("Right",), "Move", _S, scope="editor", repeat=True),
    Command("move.back_bar", "Back by a bar", ("Ctrl+Left",), "Move", _S, scope="editor", repeat=True),
    Command("move.on_bar", "On by a bar", ("Ctrl+Right",), "Move", _S, scope="editor", repeat=True),
    Command("move.previous_marker", "Previous marker", ("Alt+Left",), "Move", _S),
    Command("move.next_marker", "Next marker", ("Alt+Right",), "Move", _S),
    Command("move.previous_section", "Previous section", ("Alt+Up",), "Move", _S),
    Command("move.next_section", "Next section", ("Alt+Down",), "Move", _S),
    Command("select.back_beat", "Extend selection back by a beat", ("Shift+Left",), "Move", _S, scope="editor"),
    Command("select.on_beat", "Extend selection on by a beat", ("Shift+Right",), "Move", _S, scope="editor"),
    Command("select.back_bar", "Extend selection back by a bar", ("Ctrl+Shift+Left",), "Move", _S, scope="editor"),
    Command("select.on_bar", "Extend selection on by a bar", ("Ctrl+Shift+Right",), "Move", _S, scope="editor"),
    # Edit
    Command("edit.undo", "Undo", ("Ctrl+Z",), "Edit", Needs.UNDO, "undo-2"),
    Command("edit.redo", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), "Edit", Needs.REDO, "redo-2"),
    Command("edit.cut", "Cut", ("Ctrl+X",), "Edit", _SEL, "scissors", "editor"),
    Command("edit.copy", "Copy", ("Ctrl+C",), "Edit", _SEL, "copy", "editor"),
    Command("edit.paste", "Paste", ("Ctrl+V",), "Edit", _S, "", "editor"),
    Command("edit.duplicate", "Duplicate", ("Ctrl+D",), "Edit", _SEL, "", "editor"),
    Command("edit.split", "Split at the playhead", ("Ctrl+I",), "Edit", _S, "scissors"),
    Command("edit.trim", "Trim to the selection", ("Ctrl+T",), "Edit", _SEL),
    Command("edit.silence", "Silence the selection", ("Ctrl+L",), "Edit", _SEL),
    Command("edit.delete", "Delete and close the gap", ("Delete",), "Edit", _SEL, "trash-2", "editor"),
    Command("edit.delete_gap", "Delete and leave a gap", ("Ctrl+Alt+K",), "Edit", _SEL),
    Command("edit.select_all", "Select all", ("Ctrl+A",), "Edit", _S, "", "editor"),
    Command("edit.select_none", "Select none", ("Escape",), "Edit", _SEL, "", "editor"),
    Command("edit.snap", "Snap on or off", ("Ctrl+4",), "Edit", _S, "magnet"),
    Command("edit.zero_crossing", "Move the selection to zero crossings", ("Z",), "Edit", _SEL),
    Command("edit.marker", "Marker at the playhead", ("Ctrl+M",), "Edit", _S, "flag"),
    Command("edit.marker_selection", "Marker at the selection", ("Ctrl+B",), "Edit", _SEL, "flag"),
    Command("edit.mute", "Mute the lane", ("M",), "Edit", _S),
    Command("edit.solo", "Solo the lane", ("S",), "Edit", _S),
    Command("edit.next_lane", "Next lane", ("Down",), "Edit", _S, "", "editor"),
    Command("edit.previous_lane", "Previous lane", ("Up",), "Edit", _S, "", "editor"),
    # View
    Command("view.zoom_in", "Zoom in", ("Ctrl+1", "+", "="), "View", _S, "zoom-in", repeat=True),
    Command("view.zoom_out", "Zoom out", ("Ctrl+3", "-"), "View", _S, "zoom-out", repeat=True),
    Command("view.zoom_selection", "Zoom to the selection", ("Ctrl+E",), "View", _SEL),
    Command("view.zoom_fit", "Show the whole song", ("Ctrl+F",), "View", _S, "maximize"),
    Command("view.spectrogram", "Waveform or spectrogram", ("W",), "View", _S),
    Command("view.notes", "Waveform or notes", ("N",), "View", _S, "music"),
    Command("view.overlays", "Overlays", ("O",), "View", _S, "eye"),
    Command("view.create", "Create", (), "View", icon="audio-lines"),
    Command("view.master", "Master", (), "View", icon="sliders-horizontal"),
    Command("view.library", "Library", (), "View", icon="library"),
    Command("view.previous_page", "Previous page", ("Ctrl+PgUp",), "View"),
    Command("view.next_page", "Next page", ("Ctrl+PgDown",), "View"),
    Command("view.left", "Left panel", ("F7",), "View", icon="panel-left"),
    Command("view.right", "Right panel", ("F8",), "View", icon="panel-right"),
    Command("view.next_region", "Next region", ("F6",), "View"),
    Command("view.full_screen", "Full screen", ("F11",), "View", icon="maximize"),
    Command("view.jobs", "Jobs", ("Ctrl+J",), "View", icon="layers"),
    Command("view.palette", "Search or run a command", ("Ctrl+K",), "View", icon="search"),
    # Song
    Command("song.create", "Create takes", ("Ctrl+Return", "Ctrl+Enter"), "Song", icon="sparkles"),
    Command("song.prompt", "Go to the prompt, or search the library", ("/",), "Song", icon="pencil"),
    Command("song.enhance", "Enhance the prompt", (), "Song", icon="wand-sparkles"),
    *(Command(f"song.take_{n}", f"Audition take {n}", (str(n),), "Takes", Needs.TAKES) for n in range(1, 10)),
    Command("song.regenerate", "Regenerate the selection", ("Ctrl+R",), "Song", _SEL, "refresh-cw"),
    Command("song.reroll_part", "Play the part anew", ("Ctrl+Shift+R",), "Change", Needs.PART, "dice-5"),
    Command("song.sound", "Change the sound of the part", (), "Change", Needs.PART, "music"),
    Command("song.remove_part", "Remove the part", (), "Change", Needs.PART, "trash-2"),
    Command("song.add_part", "Add an instrument", (), "Change", Needs.SCORE, "plus"),
    Command("song.reroll_section", "Play the section anew", ("Ctrl+Alt+R",), "Change", Needs.SCORE, "dice-5"),
    Command("song.chord", "Change the chord at the playhead", ("C",), "Change", Needs.SCORE, "pencil"),
    Command("song.reroll_chord", "Another chord at the playhead", ("Shift+C",), "Change", Needs.SCORE, "dice-5"),
    Command("song.resize", "Extend or shorten", (), "Change", Needs.SCORE, "clock"),
    Command("song.vary", "Variation", (), "Change", Needs.SCORE, "wand-sparkles"),
    Command("song.loop", "Export a loop", (), "Change", Needs.SCORE, "repeat"),
    Command("song.restyle", "Restyle this song", (), "Change", Needs.CHOSEN, "shuffle"),
    Command("song.restyle_file", "Restyle an audio file", (), "Song", icon="shuffle"),
    Command("song.without_muted", "Mix without muted lanes", (), "Change", Needs.SCORE, "volume-x"),
    Command("song.star", "Star", ("*",), "Song", Needs.CHOSEN, "star"),
    Command("song.rename", "Rename", ("F2",), "Song", Needs.CHOSEN, "pencil"),
    Command("song.import", "Import audio", ("Ctrl+Shift+I",), "Song", icon="file-audio"),
    Command("song.export", "Export", ("Ctrl+Shift+E",), "Song", Needs.CHOSEN, "upload"),
    Command("song.delete", "Move to Trash", (), "Song", Needs.CHOSEN, "trash-2"),
    Command("song.copy_file", "Copy the file", ("Ctrl+Shift+C",), "Song", Needs.CHOSEN, "copy"),
    # Master and meter
    Command("master.a", "Hear A", ("A",), "Master", _S, "ear"),
    Command("master.b", "Hear B", ("B",), "Master", _P, "ear"),
    Command("master.switch", "Bypass: the other of A and B", ("Y",), "Master", _P, "repeat"),
    Command("master.x", "Hear X, one of the two", ("X",), "Master", _P, "ear"),
    Command("master.is_a", "Answer: X is A", ("Shift+A",), "Master", Needs.TRIAL),
    Command("master.is_b", "Answer: X is B", ("Shift+B",), "Master", Needs.TRIAL),
    Command("master.start_over", "Start the blind test over", (), "Master", _P),
    Command("master.choose_a", "Choose what A is", ("Alt+A",), "Master", _P),
    Command("master.choose_b", "Choose what B is", ("Alt+B",), "Master", _P),
    Command("master.again", "Master again", ("Ctrl+Shift+M",), "Master", _S, "disc-3"),
    Command("master.listen", "Listen first: what this mix needs", (), "Master", _S, "ear"),
    Command("master.files", "Master files or a folder", (), "Master", Needs.NOTHING, "layers"),
    Command("master.save_preset", "Save the settings as a preset", (), "Master", Needs.NOTHING, "plus"),
    Command("master.import_preset", "Import a preset", (), "Master", Needs.NOTHING, "folder-open"),
    Command("master.copy_report", "Copy the master's report", (), "Master", _M, "copy"),
    Command("master.save_report", "Save the master's report", (), "Master", _M),
    Command("meter.score", "Score again", ("Ctrl+G",), "Meter", _S, "gauge"),
    *(Command(f"meter.fix_{n}", f"Apply fix {n}", (f"Alt+{n}",), "Meter", _S) for n in range(1, 10)),
    Command("meter.say_levels", "Say levels", ("Shift+F10",), "Meter", _S, "volume-2"),
    # Window
    Command("app.settings", "Settings", ("Ctrl+,",), "Window", icon="settings"),
    Command("app.keys", "Keys", ("Ctrl+?",), "Window", icon="info"),
    Command("app.help", "Help", ("F1",), "Window", icon="circle-question-mark"),
    Command("app.look", "Look: dark, light or system", (), "Window", icon="settings"),
    Command("app.about", "About Grammy Desktop", (), "Window", icon="info"),
    Command("app.quit", "Quit", ("Ctrl+Q",), "Window"),
)
