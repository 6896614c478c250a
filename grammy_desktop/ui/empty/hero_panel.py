"""What the first-run page does."""

from __future__ import annotations

import shutil
from functools import partial

from PySide6.QtCore import QEvent, QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QResizeEvent

from grammy_desktop.app import App, CreateOptions
from grammy_desktop.assistant import Template
from grammy_desktop.core.errors import GrammyError
from grammy_desktop.playback.programme import OutputDevice
from grammy_desktop.ui.background import Background
from grammy_desktop.ui.commands import CommandTable
from grammy_desktop.ui.covers import CoverSpec, CoverStore
from grammy_desktop.ui.empty.hero_view import HeroView, StarterCard
from grammy_desktop.ui.errors import show_error
from grammy_desktop.ui.formats import key_name, size, tempo_text
from grammy_desktop.ui.memory import Memory
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.transport.output_menu import NO_DEVICE

_SHOWN = 6


class HeroPanel(HeroView):
    """`created` carries the job ids and the prompt."""

    created = Signal(list, str)

    def __init__(self, theme: Theme, app: App, commands: CommandTable, covers: CoverStore, memory: Memory) -> None:
        super().__init__(theme, commands.shortcut_text("song.create").replace("Return", "↵").replace("+", " "))
        self._app, self._covers, self._memory = app, covers, memory
        self._background = Background(self)
        self._first = 0
        self._cards: list[StarterCard] = []
        self.takes.set_value(int(memory.recall("takes", 4)))
        self.length.set_value(float(app.settings.current.default_duration))
        self.create_button.clicked.connect(self.start)
        self.prompt.typed.connect(self._typed)
        self.prompt.installEventFilter(self)
        self.others.clicked.connect(self._show_others)
        self.sound.acted.connect(app.player.play_tone)
        folder = QUrl.fromLocalFile(str(app.paths.data_dir))
        self.storage.acted.connect(lambda: QDesktopServices.openUrl(folder))
        self._show_starters()
        self._show_ready()
        self._typed("")

    def look_for_outputs(self) -> None:
        """Asks the audio process in the background; call after the first paint."""
        self._app.player.start()
        self._background.run(self._app.player.devices, self._show_outputs, self._no_outputs)

    def start(self) -> None:
        prompt = self.prompt.text
        if not prompt:
            self.prompt.setFocus()
            return
        takes, seconds = self.takes.value, self.length.value
        try:
            # A length in the prompt's own words wins over the menu.
            brief = self._app.read_brief(prompt)
            said = brief.duration.origin.value == "said"
            options = CreateOptions(
                prompt=prompt,
                duration=None if said or not isinstance(seconds, float) else seconds,
                takes=takes if isinstance(takes, int) else 1,
                preset=str(self._memory.recall("preset", "spotify-loud")),
            )
            job_ids = self._app.create(options)
        except GrammyError as error:
            show_error(self._theme, error, self._app.paths, place=self.errors)
            return
        self._memory.remember("takes", takes)
        self.created.emit(job_ids, prompt)

    def close(self) -> bool:
        self._background.close()
        return super().close()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # The page is the window without app bar and transport.
        self.fold(self.height() + 122)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.box.setProperty("focused", event.type() == QEvent.Type.FocusIn)
            self.box.style().unpolish(self.box)
            self.box.style().polish(self.box)
        return False

    def _typed(self, text: str) -> None:
        self.create_button.setEnabled(bool(text))
        for card in self._cards:
            card.set_filled(False)

    def _show_others(self) -> None:
        self._first += _SHOWN
        self._show_starters()

    def _show_starters(self) -> None:
        templates = _mixed(self._app.templates)
        for card in self._cards:
            card.hide()
            self.starters.removeWidget(card)
            card.deleteLater()
        self._cards = []
        for index in range(min(_SHOWN, len(templates))):
            template = templates[(self._first + index) % len(templates)]
            brief = self._app.read_brief(template.prompt, style=template.style)
            style = self._app.styles[brief.genre.value]
            key = str(brief.key.value)
            card = StarterCard(
                self._theme, template.name, f"{style.name} · {tempo_text(brief.tempo.value)} · {key_name(key)}"
            )
            spec = CoverSpec(sum(template.id.encode()), key, template.style)
            card.set_cover(self._covers.pixmap(spec, 48, 48, ratio=self.devicePixelRatioF(), radius=6))
            card.clicked.connect(partial(self._starter, card, template.prompt, float(template.duration)))
            self._cards.append(card)
            self.starters.addWidget(card, index // 3, index % 3)

    def _starter(self, card: StarterCard, prompt: str, seconds: float) -> None:
        if card.filled and self.prompt.text == prompt:
            self.start()
            return
        self.prompt.set_text(prompt)
        self.length.set_value(seconds)
        card.set_filled(True)
        self.prompt.setFocus()

    def _show_ready(self) -> None:
        self.sound.set_state(False, "Not looked at yet")
        free = shutil.disk_usage(self._app.paths.data_dir).free
        self.storage.set_state(True, f"{self._app.paths.data_dir}, {size(free)} free")
        self.extras.set_state(False, "OpenAI and sync are off. Nothing leaves this computer.")
        self.folded.setText(f"Library ready, {size(free)} free · nothing leaves this computer")

    def _show_outputs(self, devices: list[OutputDevice]) -> None:
        default = next((d for d in devices if d.default), devices[0] if devices else None)
        if default is None:
            self.sound.set_state(False, NO_DEVICE, problem=True)
        else:
            self.sound.set_state(True, default.name)

    def _no_outputs(self, error: GrammyError) -> None:
        self.sound.set_state(False, str(error), problem=True)


def _mixed(templates: tuple[Template, ...]) -> list[Template]:
    """One of every style, then the second of every style, and so on: the first six are six kinds of music."""
    rank: dict[str, int] = {}
    ranked = []
    for template in templates:
        rank[template.style] = rank.get(template.style, -1) + 1
        ranked.append((rank[template.style], template))
    return [template for _, template in sorted(ranked, key=lambda pair: pair[0])]
