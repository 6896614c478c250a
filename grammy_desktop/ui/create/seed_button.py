"""The dice: draw a seed, lock it, or type one."""

from __future__ import annotations

import secrets

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSpinBox

from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import Button, IconButton, Label, Popover, column, row

LARGEST_SEED = 2**31 - 1
_DRAWN_BELOW = 100_000
"""Short enough to read out."""


class SeedButton(Button):
    """Unlocked: every creation draws a new seed. Locked: shows lock and number."""

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "", kind="field", icon="dice-5", name="Seed: drawn anew each time")
        self.seed: int | None = None
        self.setToolTip("Seed: the same seed and prompt make the same song. Drawn anew each time.")
        self.clicked.connect(self._open)
        self._show()

    def set_seed(self, seed: int | None) -> None:
        """Lock a seed; None draws again each time."""
        self.seed = seed
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        locked = self.seed is not None
        self.setText(str(self.seed) if locked else "")
        self.set_icon("lock" if locked else "dice-5")
        self.setAccessibleName(f"Seed {self.seed}, locked" if locked else "Seed: drawn anew each time")
        self.setMaximumWidth(120 if locked else self._theme.row(34))

    def _open(self) -> None:
        popover = Popover(self._theme, self.window(), width=280)
        field = QSpinBox()
        field.setRange(0, LARGEST_SEED)
        field.setValue(self.seed if self.seed is not None else secrets.randbelow(_DRAWN_BELOW))
        field.setFont(self._theme.font("body"))
        field.setAccessibleName("Seed")
        dice = IconButton(self._theme, "dice-5", "Draw a seed")
        dice.clicked.connect(lambda: field.setValue(secrets.randbelow(_DRAWN_BELOW)))
        lock = Button(self._theme, "Lock this seed", kind="outline")
        free = Button(self._theme, "Draw each time", kind="ghost")

        def choose(seed: int | None) -> None:
            popover.close_popover()
            self.set_seed(seed)

        lock.clicked.connect(lambda: choose(field.value()))
        free.clicked.connect(lambda: choose(None))
        why = Label(self._theme, "The same seed and prompt make the same song again.", "small", "text_2")
        why.setWordWrap(True)
        popover.content.addLayout(column(why, row(field, dice), row(lock, free, None), margins=(14, 12, 14, 12)))
        popover.setFocusProxy(field)
        popover.closed.connect(popover.deleteLater)
        popover.open_at(self)
