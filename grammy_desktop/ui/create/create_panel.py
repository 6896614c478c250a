"""What the Create panel does: reads the prompt as you type, keeps your edits, starts the takes."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, QTimer, Signal
from PySide6.QtWidgets import QMenu

from grammy_desktop.app import App, CreateOptions
from grammy_desktop.core.brief import Brief
from grammy_desktop.core.errors import GrammyError
from grammy_desktop.generation.midi_import import ImportedIdea, brief_with_idea, import_idea
from grammy_desktop.jobs import Lane
from grammy_desktop.jobs.limits import resolve_slots
from grammy_desktop.ui.commands import CommandTable
from grammy_desktop.ui.create.brief_chips import with_wishes
from grammy_desktop.ui.create.brief_text import remarks_of
from grammy_desktop.ui.create.create_view import CreateView
from grammy_desktop.ui.create.estimate import Pace
from grammy_desktop.ui.create.idea_bar import without_report
from grammy_desktop.ui.errors import show_error
from grammy_desktop.ui.formats import NBSP, duration_words
from grammy_desktop.ui.memory import Memory
from grammy_desktop.ui.theme import Theme

READ_AFTER_MS = 250
_HISTORY = 30
SELLABLE = "yours to sell"


class CreatePanel(CreateView):
    """`created` carries the job ids of the takes."""

    created = Signal(list)

    def __init__(self, theme: Theme, app: App, commands: CommandTable, memory: Memory) -> None:
        super().__init__(
            theme, app.styles, commands.shortcut_text("song.create").replace("Return", "↵").replace("+", " ")
        )
        self._theme, self._app, self._memory = theme, app, memory
        self.pace = Pace(memory)
        self.brief: Brief | None = None
        self.idea: ImportedIdea | None = None
        """The user's own MIDI file, which the takes are made of."""
        self._wishes: dict[str, Any] = {}
        self._low = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(READ_AFTER_MS)
        self._timer.timeout.connect(self.read)
        self.prompt.typed.connect(lambda text: self._timer.start())
        self.prompt.restored.connect(self.enhanced.hide)
        self.prompt.wand.clicked.connect(self.enhance)
        self.chips.wished.connect(self._wish)
        self.idea_bar.removed.connect(partial(self._keep_idea, None))
        self.takes.set_value(int(memory.recall("takes", 4)))
        self.takes.picked.connect(self._takes_picked)
        self.create_button.clicked.connect(self.start)
        self.templates.clicked.connect(self._open_templates)
        self.history.clicked.connect(self._open_history)
        theme.changed.connect(self._show_note)
        commands.bind("song.create", self.start)
        commands.bind("song.enhance", self.enhance)
        self.read()

    # The brief

    def read(self) -> None:
        """Re-read the prompt; the user's own edits stay on top."""
        prompt = self.prompt.text
        self.create_button.setEnabled(bool(prompt))
        if not prompt:
            self.brief = None
            self.chips.hide()
            self.legend.hide()
            self.remarks.hide()
            self._show_note()
            return
        try:
            brief = self._app.read_brief(prompt)
            if self.idea is not None:
                metres = self._app.styles[brief.genre.value].metres
                brief = brief_with_idea(brief, self.idea, metres=metres)
            self.brief = with_wishes(brief, self._wishes)
        except GrammyError as error:
            show_error(self._theme, error, self._app.paths, place=self.errors)
            return
        self.chips.show_brief(self.brief)
        self.chips.show()
        self.remarks.setText(remarks_of(without_report(self.brief, self.idea)))
        self.remarks.setVisible(bool(self.remarks.text()))
        self.legend.setVisible(not self._low)
        self._show_note()

    def set_low(self, low: bool) -> None:
        """The legend goes first."""
        self._low = low
        self.legend.setVisible(not low and self.brief is not None)

    def set_prompt(self, prompt: str, *, wishes: dict[str, Any] | None = None) -> None:
        self._wishes = dict(wishes or {})
        self.prompt.set_text(prompt)
        self._timer.stop()
        self.read()

    def take_idea(self, path: Path) -> None:
        """Make the next takes of a MIDI file's hook and chords. Raises `UserError` for a file that holds none."""
        self._keep_idea(import_idea(path))
        self.prompt.setFocus()

    def _keep_idea(self, idea: ImportedIdea | None) -> None:
        self.idea = idea
        self.idea_bar.show_idea(idea)
        self.read()

    def _wish(self, field: str, value: object) -> None:
        if value is None:
            self._wishes.pop(field, None)
        else:
            self._wishes[field] = value
        self.read()

    def enhance(self) -> None:
        """The built-in rules say the prompt more clearly; what stood there is shown below, Esc brings it back."""
        if not self.prompt.text:
            return
        before = self.prompt.text
        try:
            enhancement = self._app.enhance(before)
        except GrammyError as error:
            show_error(self._theme, error, self._app.paths, place=self.errors)
            return
        self.prompt.show_enhanced(enhancement.enhanced_prompt)
        self.enhanced.setText(f"Before: {before}  (Esc brings it back)")
        self.enhanced.show()
        self.prompt.setFocus()
        self._timer.stop()
        self.read()

    # Making

    @property
    def options(self) -> CreateOptions:
        """What would be made now."""
        takes = self.takes.value
        return CreateOptions(
            prompt=self.prompt.text,
            brief=self.brief,
            seed=self.seed.seed,
            takes=takes if isinstance(takes, int) else 1,
            engine=str(self.engine.value),
            idea=self.idea.idea if self.idea is not None else None,
            preset=str(self._memory.recall("preset", "spotify-loud")),
        )

    def start(self) -> None:
        """Create the takes. Errors appear under the button."""
        self._timer.stop()
        self.read()
        if self.brief is None:
            self.prompt.setFocus()
            return
        try:
            job_ids = self._app.create(self.options)
        except GrammyError as error:
            show_error(self._theme, error, self._app.paths, place=self.errors)
            return
        self.enhanced.hide()
        self.keep_prompt(self.prompt.text)
        self.created.emit(job_ids)

    def _takes_picked(self, value: object) -> None:
        self._memory.remember("takes", value)
        self._show_note()

    def _show_note(self) -> None:
        takes = self.takes.value if isinstance(self.takes.value, int) else 1
        self.create_button.setText(f"Create {takes} takes" if takes > 1 else "Create a take")
        self.create_button.setAccessibleName(f"{self.create_button.text()}, Ctrl+Enter")
        ok = f'<span style="color:{self._theme.hex("ok")}">{SELLABLE}</span>'
        seconds = None
        if self.brief is not None:
            at_once = resolve_slots(None)[Lane.GENERATION]
            seconds = self.pace.estimate(self.brief.duration.value, takes, at_once)
        about = f"About {duration_words(seconds)} on this computer{NBSP}· " if seconds is not None else "Composer · "
        self.note.setText(about + ok)

    # Templates and history

    def _open_templates(self) -> None:
        menu = self._menu()
        for template in self._app.templates:
            action = menu.addAction(template.name, partial(self.use_template, template))
            action.setToolTip(template.description)
        menu.setToolTipsVisible(True)
        menu.popup(self.templates.mapToGlobal(QPoint(0, self.templates.height() + 4)))

    def use_template(self, template: Any) -> None:
        self.set_prompt(template.prompt, wishes={"duration": float(template.duration)})
        self.prompt.setFocus()

    def _open_history(self) -> None:
        menu = self._menu()
        prompts = self.earlier_prompts()
        for prompt in prompts:
            short = prompt if len(prompt) <= 64 else prompt[:63] + "…"
            menu.addAction(short.replace("&", "&&"), partial(self.set_prompt, prompt))
        if not prompts:
            menu.addAction("No earlier prompts yet.").setEnabled(False)
        menu.popup(self.history.mapToGlobal(QPoint(0, self.history.height() + 4)))

    def earlier_prompts(self) -> list[str]:
        """Newest first, each once."""
        stored = self._memory.recall("prompts") or []
        return [str(prompt) for prompt in stored]

    def keep_prompt(self, prompt: str) -> None:
        """Among the earlier prompts, as the newest."""
        others = [old for old in self.earlier_prompts() if old != prompt]
        self._memory.remember("prompts", [prompt, *others][:_HISTORY])

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setFont(self._theme.font("body"))
        return menu
