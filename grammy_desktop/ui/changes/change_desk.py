"""Everything a user can change of the open song, from menus, keys and the lanes: asks what must be asked, starts the job."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QPoint, QRectF, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from grammy_desktop.app import App
from grammy_desktop.core.chord_text import write_chord
from grammy_desktop.core.errors import GrammyError, UserError
from grammy_desktop.core.music import Key
from grammy_desktop.core.revision import Change as Kind
from grammy_desktop.core.styles.sounds import patch_names, shipped_patches
from grammy_desktop.ui.changes.questions import (
    ChordQuestion,
    InstrumentQuestion,
    LengthQuestion,
    LoopQuestion,
    VariationQuestion,
)
from grammy_desktop.ui.changes.song_changes import Change, SongChanges
from grammy_desktop.ui.changes.sound_question import SoundQuestion
from grammy_desktop.ui.command_list import Needs
from grammy_desktop.ui.commands import CommandTable
from grammy_desktop.ui.editor.editor_panel import EditorPanel
from grammy_desktop.ui.editor.notes.part_lanes import PART
from grammy_desktop.ui.editor.notes.sound_names import part_name, plain_name, sound_choices
from grammy_desktop.ui.editor.scene import Block, Mark
from grammy_desktop.ui.formats import length

IN_MENU = ("song.resize", "song.vary", "song.restyle", "song.loop", "song.add_part", "song.without_muted")
"""What the song's own menu holds, in this order."""


class ChangeDesk(QObject):
    """`failed` carries an error for the place that shows it."""

    failed = Signal(object)

    def __init__(self, app: App, editor: EditorPanel, changes: SongChanges, commands: CommandTable) -> None:
        super().__init__(editor)
        self._app, self._editor, self._changes, self._commands = app, editor, changes, commands
        self._session, self._scene, self._theme = editor.session, editor.scene, editor.theme
        self._anchor = QWidget(editor.ruler)
        """Where a chord's question opens."""
        self._anchor.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._anchor.setFocusProxy(editor.lanes)
        self._wire()
        self._bind()

    def _wire(self) -> None:
        editor, scene = self._editor, self._scene
        editor.desk.takes = self._changes
        editor.header.show_more()
        editor.header.more_wanted.connect(self._open_song_menu)
        editor.ruler.has_menus = True
        editor.ruler.chord_chosen.connect(lambda mark: self.ask_chord(mark.index))
        editor.ruler.section_menu.connect(lambda block, where: self.section_menu(block).popup(where))
        editor.ruler.chord_menu.connect(lambda mark, where: self.chord_menu(mark).popup(where))
        editor.strip.reroll_wanted.connect(self.reroll_section)
        scene.part_wished.connect(self._part_wished)
        scene.lane_focused.connect(self._show_available)
        scene.content_changed.connect(self._show_available)
        self._session.version_changed.connect(self._show_available)
        self._changes.progressed.connect(lambda: scene.set_busy(self._changes.busy))
        self._changes.stepped.connect(editor.desk.song_changed)
        self._changes.failed.connect(self.failed)

    def _bind(self) -> None:
        bind = self._commands.bind
        bind("song.reroll_part", lambda: self._with_part("reroll"))
        bind("song.sound", lambda: self._with_part("sound"))
        bind("song.remove_part", lambda: self._with_part("remove"))
        bind("song.add_part", self.ask_instrument)
        bind("song.reroll_section", self._reroll_section_here)
        bind("song.chord", lambda: self.ask_chord(self._chord_here()))
        bind("song.reroll_chord", lambda: self.reroll_chord(self._chord_here()))
        bind("song.resize", self.ask_length)
        bind("song.vary", self.ask_variation)
        bind("song.loop", self.ask_loop)
        bind("song.without_muted", self.mix_without_muted)
        self._show_available()

    def _show_available(self) -> None:
        composed = self._session.track is not None and self._session.arrangement is not None
        self._commands.set_available(Needs.SCORE, composed)
        self._editor.strip.can_reroll = composed
        self._commands.set_available(Needs.PART, composed and bool(self._part()))

    # parts

    def reroll_part(self, part: str) -> None:
        """Other notes for one part."""
        change = Change(PART + part, f"{part_name(part)} played anew")
        self._changes.start(change, lambda track, version: self._app.songs.reroll_part(track, version, part))

    def remove_part(self, part: str) -> None:
        change = Change(PART + part, f"{part_name(part)} removed")
        self._changes.start(change, lambda track, version: self._app.songs.remove_part(track, version, part))

    def set_sound(self, part: str, sound: str) -> None:
        change = Change(PART + part, f"{part_name(part)} plays on {plain_name(sound)}")
        self._changes.start(change, lambda track, version: self._app.songs.set_sound(track, version, part, sound))

    def ask_sound(self, part: str) -> None:
        known = next((p for p in self._parts() if p["name"] == part), None)
        if known is None:
            return
        patches = shipped_patches() | patch_names(self._app.paths.user_patches)
        score = self._editor.notes.score
        drums = score is not None and any(each.name == part and each.is_drums for each in score.parts)
        choices = sound_choices(patches, drums=drums)
        question = SoundQuestion(self._theme, self._window, part_name(part), choices, str(known.get("sound", "")))
        question.accepted.connect(lambda sound: self.set_sound(part, str(sound)))
        question.open_for(self._lane_anchor(part), focus=question.text)

    def add_part(self, instrument: str) -> None:
        change = Change("song", f"{instrument.capitalize()} added")
        self._changes.start(change, lambda track, version: self._app.songs.add_part(track, version, instrument))

    def ask_instrument(self) -> None:
        question = InstrumentQuestion(self._theme, self._window)
        question.accepted.connect(self.add_part)
        question.open_for(self._header_anchor, focus=question.text, align="right")

    def _part_wished(self, what: str, part: str) -> None:
        if what in ("drag", "copy"):
            self._editor.files.deliver_part(part, drag=what == "drag")
            return
        {"reroll": self.reroll_part, "sound": self.ask_sound, "remove": self.remove_part}[what](part)

    def _with_part(self, what: str) -> None:
        self._part_wished(what, self._part())

    def _part(self) -> str:
        """The focused part; '' where none is."""
        focused = self._scene.focused_lane
        return next((lane.part for lane in self._scene.content.lanes if lane.id == focused), "")

    def _parts(self) -> list[dict[str, Any]]:
        return list((self._session.arrangement or {}).get("parts", ()))

    # sections and chords

    def section_menu(self, block: Block) -> QMenu:
        menu = self._menu()
        menu.addAction(f"Play “{block.name}” anew", lambda: self.reroll_section(block)).setEnabled(self._free)
        menu.addAction(f"Export “{block.name}” as a loop…", lambda: self.ask_loop(block.index)).setEnabled(self._free)
        menu.addSeparator()
        menu.addAction("Select", lambda: self._scene.selection.select(block.start, block.end))
        menu.addAction("Loop while listening", lambda: self._loop(block))
        return menu

    def chord_menu(self, mark: Mark) -> QMenu:
        menu = self._menu()
        menu.addAction(f"Change {mark.text}…", lambda: self.ask_chord(mark.index)).setEnabled(self._free)
        menu.addAction("Another chord here", lambda: self.reroll_chord(mark.index)).setEnabled(self._free)
        return menu

    def reroll_section(self, block: Block) -> None:
        change = Change(f"section:{block.index}", f"“{block.name}” played anew")
        self._changes.start(change, lambda t, v: self._app.songs.reroll_section(t, v, block.index))

    def reroll_chord(self, index: int) -> None:
        """Another chord of the style that fits there."""
        if index >= 0:
            change = Change(f"chord:{index}", f"Another chord instead of {self._chord_text(index)}")
            self._changes.start(change, lambda t, v: self._app.songs.reroll_chord(t, v, index))

    def change_chord(self, index: int, text: str) -> None:
        change = Change(f"chord:{index}", f"{self._chord_text(index)} is {text} now")
        self._changes.start(change, lambda t, v: self._app.songs.change_chords(t, v, {index: text}))

    def ask_chord(self, index: int) -> None:
        """Write another chord in place of number `index`."""
        mark = next((each for each in self._scene.content.chords if each.index == index), None)
        if mark is None or index < 0:
            return
        grid = self._scene.snap.grid
        where = f"in bar {grid.position(mark.frame + 1)[0]}" if grid is not None else "here"
        question = ChordQuestion(self._theme, self._window, self._chord_text(index), where=where)
        question.accepted.connect(lambda text: self.change_chord(index, str(text)))
        question.another_wanted.connect(lambda: self.reroll_chord(index))
        box = self._editor.ruler.chord_rect(mark).intersected(QRectF(self._editor.ruler.well))
        self._anchor.setGeometry(box.toRect() if box.width() > 0 else self._editor.ruler.rect().adjusted(120, 0, 0, 0))
        question.open_for(self._anchor, focus=question.text)

    def _chord_here(self) -> int:
        mark = self._scene.chord_at(self._scene.playhead + 1)
        return mark.index if mark is not None else -1

    def _chord_text(self, index: int) -> str:
        """As it can be typed."""
        chords = (self._session.arrangement or {}).get("chords", ())
        key = (self._session.arrangement or {}).get("key")
        return write_chord(str(chords[index]["symbol"]), Key.parse(str(key)) if key else None)

    def _reroll_section_here(self) -> None:
        block = self._scene.section_at(self._scene.playhead)
        if block is not None:
            self.reroll_section(block)

    def _loop(self, block: Block) -> None:
        self._scene.selection.select(block.start, block.end)
        self._editor.commands.loop_selection()

    # the song

    def song_menu(self) -> QMenu:
        """What can be changed of the song as a whole, and what was changed last."""
        menu = self._menu()
        for command in IN_MENU:
            action = menu.addAction(self._commands.command(command).text, partial(self._commands.run, command))
            can = self._free and self._commands.action(command).isEnabled()
            if command == "song.without_muted":
                action.setEnabled(can and bool(self._silent()))
            else:
                action.setText(f"{action.text()}…")
                action.setEnabled(can)
        muted = self._muted_before()
        if muted:
            menu.addAction(f"Bring {_listed(muted)} back", lambda: self._mute(())).setEnabled(self._free)
        name = self._editor.desk.undo_name
        if name and self._changes.undo_name == name:
            menu.addSeparator()
            menu.addAction(f"Undo: {name}", self._editor.commands.undo)
        return menu

    def ask_length(self) -> None:
        question = LengthQuestion(self._theme, self._window, self._session.duration)
        question.accepted.connect(self.resize)
        question.open_for(self._header_anchor, focus=question.text, align="right")

    def resize(self, seconds: float) -> None:
        change = Change("song", f"The song lasts {length(seconds)} now")
        self._changes.start(change, lambda t, v: self._app.songs.resize(t, v, seconds))

    def ask_variation(self) -> None:
        question = VariationQuestion(self._theme, self._window)
        question.accepted.connect(self.vary)
        question.open_for(self._header_anchor, focus=question.text, align="right")

    def vary(self, words: str) -> None:
        self._changes.start(Change("song", f"Variation: {words}"), lambda t, v: self._app.songs.vary(t, v, words))

    def ask_loop(self, section: int | None = None) -> None:
        sections = {block.index: block.name for block in self._scene.content.sections}
        question = LoopQuestion(self._theme, self._window, list(sections.items()), section=section)
        question.accepted.connect(lambda wish: self.loop(*wish))
        question.open_for(self._header_anchor, focus=question.section, align="right")

    def loop(self, section: int | None, bars: int) -> None:
        """A take of whole bars that follow upon themselves."""
        named = next((b.name for b in self._scene.content.sections if b.index == section), "")
        what = f"Loop of “{named}”" if named else "Loop of the song"
        change = Change("song" if section is None else f"section:{section}", f"{what} made; Export writes it")
        self._changes.start(change, lambda t, v: self._app.songs.loop(t, v, section=section, bars=bars))

    def mix_without_muted(self) -> None:
        """A new take of the stems that sound now, mastered as the last one was."""
        silent = self._silent()
        if not silent:
            self.failed.emit(UserError("Nothing is muted. Mute a lane with M, or solo others with S, first."))
        elif len(silent) == len(self._session.stems):
            self.failed.emit(UserError("Everything is muted; a mix needs at least one stem that is heard."))
        else:
            self._mute((*self._muted_before(), *silent))

    def _mute(self, stems: tuple[str, ...]) -> None:
        words = f"Mixed without {_listed(stems)}" if stems else "All stems are heard again"
        self._changes.start(Change("song", words), lambda t, v: self._app.songs.mute(t, v, stems))

    def _silent(self) -> tuple[str, ...]:
        return tuple(stem for stem in self._session.stems if not self._scene.is_heard(stem))

    def _muted_before(self) -> tuple[str, ...]:
        """Stems that an earlier change left out of this take."""
        version = self._session.version
        if version is None or self._session.arrangement is None:
            return ()
        try:
            done = self._app.songs.revisions(version.id)
        except GrammyError:
            return ()
        return next((each.stems for each in reversed(done) if each.kind is Kind.MUTE), ())

    # where questions open

    @property
    def _free(self) -> bool:
        """Whether a change can be begun."""
        return not self._changes.busy

    @property
    def _window(self) -> QWidget:
        return self._editor.window()

    @property
    def _header_anchor(self) -> QWidget:
        return self._editor.header.more

    def _lane_anchor(self, part: str) -> QWidget:
        found = next((h for h in self._editor.lanes.headers if h.lane.part == part and h.isVisible()), None)
        return found or self._header_anchor

    def _open_song_menu(self) -> None:
        button = self._header_anchor
        self.song_menu().popup(button.mapToGlobal(QPoint(0, button.height() + 4)))

    def _menu(self) -> QMenu:
        menu = QMenu(self._editor)
        menu.setFont(self._theme.font("body"))
        return menu


def _listed(names: tuple[str, ...]) -> str:
    """'Drums and bass'."""
    words = [part_name(name) if place == 0 else name.replace("_", " ") for place, name in enumerate(names)]
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)
