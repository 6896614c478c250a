"""The panel's layout: header, gauge, sentence, five bars, fixes. Shows what it is told."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from grammy_desktop.ui.meter.category_bar import CategoryBar
from grammy_desktop.ui.meter.gauge import Gauge, GaugeState, Phase
from grammy_desktop.ui.meter.insight_card import Done, DoneCard, InsightCard
from grammy_desktop.ui.meter.score_data import CATEGORIES, Category, Insight, Score, verdict
from grammy_desktop.ui.meter.why_popover import WhyPopover
from grammy_desktop.ui.theme import Theme
from grammy_desktop.ui.widgets import Button, Label, Select, column, hline, panel_header, row

NOT_MUSIC = "This does not sound like music. No score is shown."
ABOUT = (
    "50 is a typical released song of this style. The band says how sure the number is. "
    "It measures the sound; it does not predict a hit."
)


class MeterView(QWidget):
    """`apply_fix` carries an insight's id, or 'all'; `show_insight` its start and end in seconds."""

    apply_fix = Signal(str)
    score_again = Signal()
    show_insight = Signal(float, float)
    undo_fix = Signal(str)
    version_picked = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.score: Score | None = None
        self.style_name = ""
        self._busy = False
        help_ = Button(
            theme, "", kind="ghost", size="card", icon="circle-question-mark", name="About the Meter", tip=ABOUT
        )
        help_.setFixedWidth(26)
        self.version = Select(theme, [], name="Version")
        self.version.picked.connect(lambda value: self.version_picked.emit(str(value)))
        self.version.hide()
        self.gauge = Gauge(theme)
        self.sentence = Label(theme, "", "small", "text_2")
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sentence.setWordWrap(True)
        self.again = Button(theme, "Score again", kind="outline", size="card", tip="Score again  Ctrl+G")
        self.again.clicked.connect(self.score_again)
        self.bars = [CategoryBar(theme, Category(id_, title, None, 0.0, "")) for id_, title in CATEGORIES.items()]
        self.fixes_line = Label(theme, "", "small", "text_2")
        self.apply_all = Button(theme, "Apply all", kind="link", size="card")
        self.apply_all.clicked.connect(lambda: self.apply_fix.emit("all"))
        self.fixes_head = row(
            Label(theme, "Fixes", "body_bold"), self.fixes_line, None, self.apply_all, margins=(16, 8, 12, 2)
        )
        self._cards = QVBoxLayout()
        self._cards.setSpacing(6)
        self._cards.setContentsMargins(16, 0, 16, 16)
        self._build(panel_header(theme, "Grammy Meter", help_, None, self.version))
        self.show_state(GaugeState(Phase.EMPTY))
        self.show_fixes(())

    def _build(self, header: QWidget) -> None:
        body = QFrame()
        body.setProperty("surface", "clear")
        bars = column(*self.bars, spacing=6, margins=(16, 12, 16, 12))
        self.bars_holder = QWidget()
        self.bars_holder.setLayout(bars)
        self.fixes_holder = QWidget()
        self.fixes_holder.setLayout(column(hline(), self.fixes_head, 2, self._cards, spacing=0))
        again = row(None, self.again, None, margins=(16, 8, 16, 0))
        sentence = row(self.sentence, margins=(16, 2, 16, 0))
        body.setLayout(column(self.gauge, sentence, again, self.bars_holder, self.fixes_holder, None, spacing=0))
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(body)
        self.setLayout(column(header, scroll, spacing=0))

    # what is shown

    def show_score(self, score: Score | None, *, style_name: str = "", stale: bool = False) -> None:
        """A score, or None where there is none yet. `stale`: the song was edited since."""
        self.score, self.style_name = score, style_name
        if score is None:
            self.show_state(GaugeState(Phase.EMPTY))
        elif score.overall is None:
            self.show_state(GaugeState(Phase.NOT_MUSIC), score.reason or NOT_MUSIC)
        else:
            phase = Phase.STALE if stale else Phase.SCORED
            text = "The song was edited since." if stale else verdict(score.overall, score.band, style_name)
            self.show_state(GaugeState(phase, score.overall, score.band), text)
        shown = score is not None and score.overall is not None
        self.bars_holder.setVisible(shown)
        if score is not None:
            for bar, category in zip(self.bars, score.categories, strict=True):
                bar.set_category(category, stale=stale)

    def show_progress(self, words: str, fraction: float | None) -> None:
        """While a score is being made."""
        old = self.score
        score = old.overall if old is not None else None
        self.show_state(GaugeState(Phase.SCORING, score, 0.0, fraction, words))

    def show_state(self, state: GaugeState, sentence: str = "") -> None:
        self.gauge.set_state(state)
        self.sentence.setText(sentence)
        self.sentence.setVisible(bool(sentence))
        self.again.setVisible(state.phase in (Phase.STALE, Phase.EMPTY, Phase.NOT_MUSIC))
        self.again.setText("Score" if state.phase is Phase.EMPTY else "Score again")
        if state.phase is Phase.EMPTY:
            self.bars_holder.setVisible(False)

    def show_fixes(self, insights: Sequence[Insight], done: Sequence[Done] = ()) -> None:
        """Cards of what can still be done, then of what was done."""
        for old in self._items():
            self._cards.removeWidget(old)
            old.hide()
            old.deleteLater()
        for insight in insights:
            card = InsightCard(self.theme, insight)
            card.apply_wanted.connect(lambda chosen: self.apply_fix.emit(chosen.id))
            card.show_wanted.connect(lambda chosen: self.show_insight.emit(chosen.start, chosen.end))
            card.why_wanted.connect(self._open_why)
            card.set_busy(self._busy)
            self._cards.addWidget(card)
        for each in done:
            small = DoneCard(self.theme, each)
            small.undo_wanted.connect(lambda chosen: self.undo_fix.emit(chosen.back_to))
            self._cards.addWidget(small)
        fixable = [insight for insight in insights if insight.fix_label]
        counts = ([f"{len(done)} done"] if done else []) + ([f"{len(insights)} left"] if insights else [])
        self.fixes_line.setText(" · ".join(counts))
        self.apply_all.setText("Apply both" if len(fixable) == 2 else "Apply all")
        self.apply_all.setVisible(len(fixable) > 1)
        self.fixes_holder.setVisible(bool(insights or done))

    def set_busy(self, busy: bool) -> None:
        """No second fix while one is carried out."""
        self._busy = busy
        self.apply_all.setEnabled(not busy)
        self.again.setEnabled(not busy)
        for card in self.cards():
            card.set_busy(busy)

    def cards(self) -> list[InsightCard]:
        return [item for item in self._items() if isinstance(item, InsightCard)]

    def done_cards(self) -> list[DoneCard]:
        return [item for item in self._items() if isinstance(item, DoneCard)]

    def _items(self) -> list[QWidget]:
        items = (self._cards.itemAt(index) for index in range(self._cards.count()))
        widgets = [item.widget() for item in items if item is not None]
        return [widget for widget in widgets if widget is not None]

    def set_versions(self, versions: Sequence[tuple[str, str]], current: str | None) -> None:
        """(id, name) of the versions that can be looked at."""
        self.version.setVisible(bool(versions))
        if versions:
            self.version.set_options(versions, current)

    def _open_why(self, insight: Insight) -> None:
        card = next((each for each in self.cards() if each.insight == insight), None)
        if card is not None:
            popover = WhyPopover(self.theme, self.window(), insight)
            popover.closed.connect(popover.deleteLater)
            popover.open_at(card.why, align="right")
