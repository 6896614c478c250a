"""The Meter panel: states of the gauge, the sentence's rule, cards and their signals."""

from __future__ import annotations

from typing import Any

import pytest
from editor_kit import listen
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from grammy_desktop.ui.meter.gauge import GaugeState, Phase, angle_of
from grammy_desktop.ui.meter.insight_card import Done
from grammy_desktop.ui.meter.meter_view import NOT_MUSIC, MeterView
from grammy_desktop.ui.meter.score_data import change_words, read_score, verdict
from grammy_desktop.ui.theme import Theme


def score_json(overall: float | None = 71.2) -> dict[str, Any]:
    kinds = {"production_quality": ("measured", 6), "radio_readiness": ("measured", 4), "innovation": ("estimate", 12)}
    return {
        "overall_score": overall,
        "band": 9.0,
        "production_quality": 78.4,
        "radio_readiness": 83,
        "emotional_impact": None,
        "commercial_appeal": 55,
        "innovation": 52,
        "categories": {name: {"kind": kind, "band": band, "evidence": "e"} for name, (kind, band) in kinds.items()},
        "insights": [
            {
                "id": "low_end",
                "text": "Low end 2.1 dB heavy",
                "detail": "Bass in the hook",
                "measured": {"value": 2.1, "unit": "dB", "reference": 0.0, "against": "released lo-fi"},
                "severity": "notable",
                "start": 32.0,
                "end": 53.0,
                "fix": {"id": "eq", "label": "−2 dB at 85 Hz", "chain": []},
                "source": "spectrum",
            },
            {"id": "lift", "text": "Hook lifts only 1.3 LU", "start": 60.0, "end": 70.0, "fix": None},
        ],
        "timeline": [{"start": 0, "end": 4, "score": 70, "short_term": -14.1}],
        "style": "lofi",
    }


@pytest.fixture
def meter(qtbot: QtBot) -> MeterView:
    view = MeterView(Theme("dark", reduced_motion=True))
    qtbot.addWidget(view)
    view.resize(320, 860)
    view.show()
    qtbot.waitExposed(view)
    return view


@pytest.mark.parametrize(
    ("overall", "band", "words"),
    [
        (71, 9, "Above a typical lo-fi release (50)"),
        (59, 9, "About like a typical lo-fi release (50)"),
        (59.1, 9, "Above a typical lo-fi release (50)"),
        (41, 9, "About like a typical lo-fi release (50)"),
        (40, 9, "Below a typical lo-fi release (50)"),
    ],
)
def test_the_sentence_keeps_to_the_band(overall: float, band: float, words: str) -> None:
    assert verdict(overall, band, "lo-fi") == words


def test_changes_inside_the_band_are_said() -> None:
    assert change_words(68, 71, 5) == ("68 → 71", True)
    assert change_words(71.1, 71.2, 9) == ("71 → 71, no clear change", False)
    assert change_words(71, 68, 9) == ("71 → 68, lower", False)


def test_the_arc_spans_252_degrees() -> None:
    assert angle_of(0) - angle_of(100) == 252
    assert angle_of(50) == 90
    assert angle_of(130) == angle_of(100)


def test_a_score_is_shown_whole_with_its_band(meter: MeterView) -> None:
    meter.show_score(read_score(score_json()), style_name="lo-fi")
    assert meter.gauge.state.phase is Phase.SCORED
    assert meter.gauge.accessibleName() == "Grammy Meter 71 of 100, plus or minus 9"
    assert meter.sentence.text() == "Above a typical lo-fi release (50)"
    assert meter.bars[0].accessibleName() == "Production quality 78 of 100, plus or minus 6, measured"
    assert "not measured" in meter.bars[2].accessibleName()
    assert "does not predict a hit" in meter.bars[3].toolTip()
    assert not meter.again.isVisible()


def test_the_gauge_paints_brass_up_to_the_score(meter: MeterView) -> None:
    accent = meter.theme.color("accent").rgb()

    def brass(score: float) -> int:
        meter.gauge.set_state(GaugeState(Phase.SCORED, score, 0.0))
        image = meter.gauge.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        return sum(image.pixel(x, y) == accent for x in range(image.width()) for y in range(image.height()))

    low, half, full = brass(5), brass(50), brass(100)
    assert low < half < full
    assert half == pytest.approx(full / 2, rel=0.12)


def test_states(meter: MeterView) -> None:
    meter.show_score(None)
    assert meter.gauge.state.phase is Phase.EMPTY
    assert meter.again.text() == "Score"
    meter.show_progress("Listening", 0.4)
    assert meter.gauge.progress_words() == "Listening · 40\u00a0%"
    assert "40" in meter.gauge.accessibleName()
    meter.show_score(read_score({"overall_score": None, "reason": ""}))
    assert meter.gauge.state.phase is Phase.NOT_MUSIC
    assert meter.sentence.text() == NOT_MUSIC
    assert not meter.bars_holder.isVisible()
    meter.show_score(read_score(score_json()), stale=True)
    assert meter.gauge.state.phase is Phase.STALE
    assert meter.again.isVisible()
    heard = listen(meter.score_again)
    meter.again.click()
    assert len(heard.calls) == 1


def test_cards_apply_show_and_explain(meter: MeterView, qtbot: QtBot) -> None:
    applied, shown = listen(meter.apply_fix), listen(meter.show_insight)
    score = read_score(score_json())
    meter.show_fixes(score.insights)
    first, second = meter.cards()
    assert first.insight.number == 1
    assert second.apply is None
    assert first.apply is not None
    assert first.apply.text() == "Apply −2 dB at 85 Hz"
    first.apply.click()
    assert applied.calls == [("low_end",)]
    qtbot.mouseClick(first, Qt.MouseButton.LeftButton)
    assert shown.calls == [(32.0, 53.0)]
    assert not meter.apply_all.isVisible()
    meter.set_busy(True)
    assert not first.apply.isEnabled()
    first.why.click()
    assert any(type(child).__name__ == "WhyPopover" and child.isVisible() for child in meter.window().children())


def test_a_long_fix_never_widens_the_panel(meter: MeterView) -> None:
    data = score_json()
    data["insights"][0]["fix"]["label"] = "Raise by +5.3 dB, peaks held at −1 dBTP, and a good deal more than that"
    meter.resize(288, 700)
    meter.show_score(read_score(data))
    meter.show_fixes(read_score(data).insights)
    QApplication.processEvents()
    button = meter.cards()[0].apply
    assert button is not None
    assert button.text().endswith("…")
    assert "a good deal more" in button.toolTip()
    assert "a good deal more" in button.accessibleName()
    assert meter.gauge.width() <= 288


def test_done_cards_offer_undo_first_where_nothing_rose(meter: MeterView) -> None:
    undone = listen(meter.undo_fix)
    meter.show_fixes((), [Done("Bass mono", 68, 71, 5, "v1"), Done("Air", 71, 71, 9, "v2")])
    better, same = meter.done_cards()
    assert not better.undo.isVisible()
    assert same.undo.isVisible()
    same.undo.click()
    assert undone.calls == [("v2",)]
    assert meter.fixes_line.text() == "2 done"


def test_the_number_counts_up(qtbot: QtBot) -> None:
    view = MeterView(Theme("dark"))
    qtbot.addWidget(view)
    view.show()
    qtbot.waitExposed(view)
    view.show_score(read_score(score_json(80.0)))
    assert view.gauge.shown < 80
    qtbot.waitUntil(lambda: view.gauge.shown == pytest.approx(80), timeout=3000)
