"""The references of the next master: one or several songs or profiles, blended by weight."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QSizePolicy, QSlider, QVBoxLayout, QWidget

from grammy_desktop.ui.master.reference_drop import PROFILE, ReferenceDrop
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import Button, ElidedLabel, IconButton, Label, column, row

MOST = 8
FULL = 100


class ReferenceRow(QFrame):
    """A file's name, its share of the blend, and how to take it away."""

    weight_changed = Signal()
    removed = Signal()

    def __init__(self, theme: Theme, path: Path) -> None:
        super().__init__()
        self._theme, self.path = theme, path
        self.setProperty("surface", "card")
        kind = "profile" if path.suffix.lower() == PROFILE else "song"
        icon = Label(theme)
        icon.setPixmap(
            theme.pixmap(
                "layers" if kind == "profile" else "file-headphone", 14, "text_2", ratio=self.devicePixelRatioF()
            )
        )
        name = ElidedLabel(theme, path.stem, "small_medium")
        name.setToolTip(str(path))
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(1, FULL)
        self.slider.setValue(FULL)
        self.slider.setFixedWidth(56)
        self.slider.setMinimumHeight(24)
        self.slider.setAccessibleName(f"Weight of {path.name}")
        self.slider.valueChanged.connect(self.weight_changed)
        self.share = Label(theme, "", "small", "text_2")
        self.share.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.share.setFixedWidth(40)
        remove = IconButton(theme, "x", f"Remove {path.name}", side=24, icon_size=14)
        remove.clicked.connect(self.removed)
        layout = row(icon, name, self.slider, self.share, remove, spacing=6, margins=(10, 2, 4, 2))
        layout.setStretchFactor(name, 1)
        self.setLayout(layout)
        self.setFixedHeight(theme.row(32))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"Reference {kind} {path.name}")

    def show_share(self, share: float, *, alone: bool) -> None:
        """`share` 0 to 1 of the blend; `alone`: there is no weight to set."""
        self.slider.setVisible(not alone)
        self.share.setVisible(not alone)
        self.share.setText(f"{round(share * 100)}\u00a0%")
        self.slider.setAccessibleDescription(self.share.text())


class ReferenceList(QWidget):
    """`changed` when files or weights change; `profile_wanted` to save the blend as a profile."""

    changed = Signal()
    profile_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.rows: list[ReferenceRow] = []
        self.drop = ReferenceDrop(theme)
        self.drop.dropped.connect(self.add)
        self.save = Button(
            theme, "Save as profile", kind="link", size="card", tip="Keep what is matched, without the song"
        )
        self.save.clicked.connect(self.profile_wanted)
        self.hint = Label(theme, "optional", "small", "text_2")
        self._box = QVBoxLayout()
        self._box.setSpacing(4)
        head = QWidget()
        head.setLayout(row(Label(theme, "Reference", "body_bold"), self.hint, None, self.save))
        head.setFixedHeight(theme.row(26))
        self.setLayout(column(head, self._box, self.drop, spacing=6, margins=(16, 8, 16, 12)))
        self._show()

    @property
    def references(self) -> list[tuple[Path, float]]:
        """Files with their shares, which add up to 1."""
        total = sum(each.slider.value() for each in self.rows) or 1
        return [(each.path, each.slider.value() / total) for each in self.rows]

    def add(self, paths: Sequence[Path]) -> None:
        """Those that are not there yet; no more than eight in all."""
        known = {each.path for each in self.rows}
        for path in dict.fromkeys(paths):
            if path not in known and len(self.rows) < MOST:
                self._add_row(path)
        self._show()
        self.changed.emit()

    def clear(self) -> None:
        self._drop_all()
        self._show()
        self.changed.emit()

    def _add_row(self, path: Path) -> None:
        made = ReferenceRow(self._theme, path)
        made.weight_changed.connect(self._weighted)
        made.removed.connect(lambda: self._remove(made))
        self.rows.append(made)
        self._box.addWidget(made)

    def _remove(self, gone: ReferenceRow) -> None:
        self.rows.remove(gone)
        self._let_go(gone)
        self._show()
        self.drop.setFocus()
        self.changed.emit()

    def _drop_all(self) -> None:
        for each in self.rows:
            self._let_go(each)
        self.rows = []

    def _let_go(self, gone: ReferenceRow) -> None:
        self._box.removeWidget(gone)
        gone.hide()
        gone.deleteLater()

    def _weighted(self) -> None:
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        for each, (_, share) in zip(self.rows, self.references, strict=True):
            each.show_share(share, alone=len(self.rows) == 1)
        self.drop.set_more(bool(self.rows))
        self.drop.setVisible(len(self.rows) < MOST)
        self.hint.setVisible(not self.rows)
        self.save.setVisible(bool(self.rows))
