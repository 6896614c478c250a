"""What the assistant heard: each finding with its reason, and its setting to be taken for the next master."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from grammy_desktop.core.effects import Effect
from grammy_desktop.ui.master.effect_words import effect_words
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import Button, IconButton, Label, column, row

MARKS = {"fine": ("check", "ok"), "notice": ("info", "info"), "problem": ("triangle-alert", "warn")}


@dataclass(frozen=True)
class HeardFinding:
    """`severity`: fine, notice or problem. `setting`: what was set because of it, None where nothing was."""

    id: str
    text: str
    severity: str
    setting: Effect | None = None


class FindingCard(QFrame):
    """A sentence and, where something can be done, a button that says exactly what."""

    toggled = Signal(bool)

    def __init__(self, theme: Theme, finding: HeardFinding) -> None:
        super().__init__()
        self.finding = finding
        self.setProperty("surface", "card")
        icon, token = MARKS.get(finding.severity, MARKS["notice"])
        mark = Label(theme)
        mark.setPixmap(theme.pixmap(icon, 14, token, ratio=self.devicePixelRatioF()))
        words = Label(theme, finding.text, "small", "text")
        words.setWordWrap(True)
        line = row(column(2, mark, None, spacing=0), words, spacing=8)
        line.setStretchFactor(words, 1)
        self.apply: Button | None = None
        parts: list[object] = [line]
        if finding.setting is not None:
            self.apply = Button(theme, "", kind="outline", size="card")
            self.apply.setCheckable(True)
            self.apply.toggled.connect(self._toggled)
            parts.append(row(22, self.apply, None, spacing=0))
        self.setLayout(column(*parts, spacing=6, margins=(10, 8, 10, 8)))  # type: ignore[arg-type]
        self.setAccessibleName(f"{finding.severity}: {finding.text}")
        self._show(False)

    def set_applied(self, applied: bool) -> None:
        if self.apply is not None:
            self.apply.setChecked(applied)

    @property
    def applied(self) -> bool:
        return self.apply is not None and self.apply.isChecked()

    def _toggled(self, applied: bool) -> None:
        self._show(applied)
        self.toggled.emit(applied)

    def _show(self, applied: bool) -> None:
        if self.apply is None or self.finding.setting is None:
            return
        words = effect_words(self.finding.setting)
        self.apply.setText(
            words if applied else f"Apply {words[:1].lower() + words[1:] if words[1:2].islower() else words}"
        )
        self.apply.set_icon("check" if applied else None, "ok")
        self.apply.setAccessibleName(f"{words}, {'applied' if applied else 'not applied'}")
        self.apply.setToolTip("In the next master. Click: leave it out" if applied else "Use it in the next master")


class FindingsBox(QWidget):
    """Hidden until there is something. `changed` when another set of settings is taken; `closed` when it is put away."""

    changed = Signal()
    closed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.cards: list[FindingCard] = []
        self._has_reference = False
        self.title = Label(theme, "What it heard", "body_bold")
        self.against = Label(theme, "", "caption", "text_3")
        self.all = Button(theme, "Apply all", kind="link", size="card")
        self.all.clicked.connect(self.apply_all)
        dismiss = IconButton(theme, "x", "Put away what it heard", side=24, icon_size=14)
        dismiss.clicked.connect(self._dismiss)
        self.use = Label(theme, "", "small", "accent_text")
        self.use.setWordWrap(True)
        self._box = QVBoxLayout()
        self._box.setSpacing(6)
        head = row(self.title, None, self.all, dismiss, spacing=4)
        self.setLayout(column(head, self.against, self.use, self._box, spacing=6, margins=(16, 2, 10, 12)))
        self.setAccessibleName("What the assistant heard")
        self.hide()

    def show_findings(self, findings: Sequence[HeardFinding], against: str) -> None:
        """What must be mended first, then what could be, then what is well. `against`: what it was compared with."""
        self._clear()
        order = {"problem": 0, "notice": 1, "fine": 2}
        for finding in sorted(findings, key=lambda each: order.get(each.severity, 1)):
            card = FindingCard(self._theme, finding)
            card.toggled.connect(lambda _: self._changed())
            self.cards.append(card)
            self._box.addWidget(card)
        self.against.setText(f"Held against {against}" if against else "")
        self.against.setVisible(bool(against))
        self.all.setVisible(any(card.apply is not None for card in self.cards))
        self.show()
        self._changed()

    @property
    def applied(self) -> list[Effect]:
        """The settings that are taken."""
        return [card.finding.setting for card in self.cards if card.applied and card.finding.setting is not None]

    def apply_all(self) -> None:
        for card in self.cards:
            card.set_applied(True)

    def leave_out(self) -> None:
        """No settings; the findings stay."""
        for card in self.cards:
            card.set_applied(False)

    def set_reference(self, there: bool) -> None:
        """A reference takes the place of any chain, of these settings too."""
        self._has_reference = there
        if self.cards:
            self._changed()

    def put_away(self) -> None:
        """No findings, no settings."""
        self._clear()
        self.hide()
        self.changed.emit()

    def _dismiss(self) -> None:
        self.put_away()
        self.closed.emit()

    def _changed(self) -> None:
        count, can = len(self.applied), sum(card.apply is not None for card in self.cards)
        if not can:
            self.use.setText("Nothing needs to be done: any preset can follow.")
        elif count and self._has_reference:
            self.use.setText("Not used while there is a reference: the next master is matched to that.")
        elif count:
            what = "this setting" if count == 1 else f"these {count} settings"
            self.use.setText(f"The next master uses {what} in place of the preset's sound.")
        else:
            self.use.setText("")
        self.use.setVisible(bool(self.use.text()))
        self.all.setEnabled(count < can)
        self.changed.emit()

    def _clear(self) -> None:
        for card in self.cards:
            self._box.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = []
