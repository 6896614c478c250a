"""How a recording or a song is to be restyled: the style, and what of tempo, key and melody is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QDoubleSpinBox, QMenu, QWidget

from grammy_desktop.app.restyle_works import RestyleOptions
from grammy_desktop.core.errors import GrammyError
from grammy_desktop.core.music import Key
from grammy_desktop.core.styles import Style
from grammy_desktop.ui.changes.ask_popover import AskPopover
from grammy_desktop.ui.create.chip_editors import style_menu
from grammy_desktop.ui.formats import key_name
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import Button, Label, Segmented, Select, row

FROM_SCORE = "Nothing is guessed: tempo, chords and melody are read from the song's own score."
BY_EAR = "Tempo, key, chords and melody are heard from the recording; then you read how sure each one is."
UNKEPT = " An edit that is not kept is not part of it."
SAME_MODE = "Chords and melody move along; minor stays minor, major stays major."
USUAL_TEMPO = 120.0
_NAMES, _SWITCH = 52, 124


@dataclass(frozen=True)
class RestyleSource:
    """A file, or a song of the library at a version. exact: its score is read. tempo, key: where they are known.

    edited: there is an edit of it that is not kept.
    """

    name: str
    file: Path | None = None
    track: str | None = None
    take: str | None = None
    exact: bool = False
    tempo: float | None = None
    key: Key | None = None
    edited: bool = False


class RestyleQuestion(AskPopover):
    """`start` begins the job; a GrammyError that it raises is said here, and the question stays open."""

    def __init__(
        self,
        theme: Theme,
        window: QWidget,
        source: RestyleSource,
        styles: Iterable[Style],
        start: Callable[[RestyleOptions], object],
        *,
        style: str = "",
    ) -> None:
        note = (FROM_SCORE if source.exact else BY_EAR) + (UNKEPT if source.edited else "")
        name = source.name if len(source.name) <= 34 else source.name[:33] + "…"
        super().__init__(theme, window, f"Restyle “{name}”", "Restyle", note=note, width=344)
        self._source, self._start = source, start
        self.style_field = StyleField(theme, {each.id: each for each in styles}, style)
        self.style_field.changed = self._check
        self.tempo = self._switch("Tempo", "Other")
        self.bpm = QDoubleSpinBox()
        self.bpm.setRange(30.0, 300.0)
        self.bpm.setDecimals(1)
        self.bpm.setSuffix(" BPM")
        self.bpm.setFont(theme.font("body"))
        self.bpm.setAccessibleName("Tempo in BPM")
        self.bpm.lineEdit().returnPressed.connect(self._accept)
        self.key = self._switch("Key", "Other")
        self.keys = Select(theme, _keys(source.key), name="Key", tip=SAME_MODE)
        self.melody = self._switch("Melody", "New")
        for widget in (self.bpm, self.keys):
            keeps_place = widget.sizePolicy()
            keeps_place.setRetainSizeWhenHidden(True)
            widget.setSizePolicy(keeps_place)
            widget.hide()
        self._add_row("Style", self.style_field)
        self._add_row("Tempo", self.tempo, self.bpm)
        self._add_row("Key", self.key, self.keys)
        self._add_row("Melody", self.melody)
        self.tempo.chosen.connect(self._tempo_switched)
        self.key.chosen.connect(self._key_switched)
        for changed in (self.melody.chosen, self.bpm.valueChanged, self.keys.picked):
            changed.connect(lambda _value: self._check())
        self._check()

    @property
    def options(self) -> RestyleOptions:
        """What would be made."""
        source = self._source
        made = RestyleOptions(self.style_field.value, source.file, source.track, source.take)
        if self.tempo.value == "other":
            made = replace(made, tempo=f"{self.bpm.value():g}")
        if self.key.value == "other":
            made = replace(made, key=str(self.keys.value))
        return replace(made, melody="new" if self.melody.value == "other" else "keep")

    def _switch(self, name: str, other: str) -> Segmented:
        switch = Segmented(self._theme, [("keep", "Keep", ""), ("other", other, "")], name=name)
        switch.set_value("keep")
        switch.setFixedWidth(self._theme.row(_SWITCH))
        return switch

    def _add_row(self, name: str, field: QWidget, value: QWidget | None = None) -> None:
        label = Label(self._theme, name, "small", "text_2")
        label.setFixedWidth(_NAMES)
        line = row(label, spacing=10)
        line.addWidget(field, 1 if isinstance(field, StyleField) else 0)
        if value is not None:
            line.addWidget(value, 1)
        elif not isinstance(field, StyleField):
            line.addStretch(1)
        self.add(line)

    def _tempo_switched(self, chosen: str) -> None:
        self.bpm.setVisible(chosen == "other")
        if chosen == "other":
            style = self.style_field.style_
            usual = style.tempo.mode if style is not None else USUAL_TEMPO
            self.bpm.setValue(self._source.tempo or usual)
            self.bpm.setFocus(Qt.FocusReason.OtherFocusReason)
            self.bpm.selectAll()
        self._check()

    def _key_switched(self, chosen: str) -> None:
        self.keys.setVisible(chosen == "other")
        self._check()

    def _check(self) -> None:
        self.refuse("")
        self.button.setEnabled(bool(self.style_field.value))

    def _accept(self) -> None:
        if not self.button.isEnabled():
            return
        options = self.options
        try:
            self._start(options)
        except GrammyError as error:
            self.refuse(error.message)
            return
        self.close_popover()
        self.accepted.emit(options)


class StyleField(Button):
    """A field with the style's name that opens the menu of families. `changed` is called when the user has chosen."""

    def __init__(self, theme: Theme, styles: dict[str, Style], value: str) -> None:
        super().__init__(theme, "", kind="field", name="Style")
        self._styles = styles
        self.value = ""
        self.changed: Callable[[], object] = lambda: None
        self.set_value(value)
        self.clicked.connect(self._open_menu)

    @property
    def style_(self) -> Style | None:
        return self._styles.get(self.value)

    def set_value(self, value: str) -> None:
        """'' or what is no style: none is chosen yet."""
        style = self._styles.get(value)
        self.value = style.id if style is not None else ""
        self.setText(style.name if style is not None else "Choose a style")
        self.setAccessibleName(f"Style: {self.text()}")

    def families(self) -> QMenu:
        """Not shown yet."""
        return style_menu(self._theme, self, self._styles.values(), self.value, self._pick)

    def _open_menu(self) -> None:
        self.families().popup(self.mapToGlobal(QPoint(0, self.height() + 4)))

    def _pick(self, value: object) -> None:
        self.set_value(str(value))
        self.changed()

    @property
    def trailing(self) -> int:
        return 17

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        chevron = self._theme.pixmap("chevron-down", 14, "text_2", ratio=self.devicePixelRatioF())
        painter.drawPixmap(self.width() - 23, (self.height() - 14) // 2, chevron)


def _keys(known: Key | None) -> list[tuple[object, str]]:
    """The keys to choose from: those of the source's mode where it is known."""
    modes = ("major", "minor") if known is None else (known.mode,)
    keys = [Key(tonic, mode) for mode in modes for tonic in range(12)]
    return [(str(key), key_name(str(key))) for key in keys if key != known]
