"""The Master page's widgets: curves, plots, blind test, sliders, tables."""

from __future__ import annotations

import random

import numpy as np
import pytest
from editor_kit import RATE, listen, tone
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from grammy_desktop.core.effects import Effect
from grammy_desktop.mastering import load_presets
from grammy_desktop.mastering.platforms import load_table
from grammy_desktop.ui.master.blind_test import BlindTest, chance_of
from grammy_desktop.ui.master.goniometer import Goniometer, correlation, polar
from grammy_desktop.ui.master.listen_box import ListenBox
from grammy_desktop.ui.master.measured_table import MeasuredTable
from grammy_desktop.ui.master.platform_table_view import CodecMarks, PlatformTable
from grammy_desktop.ui.master.reduction_plot import ReductionPlot
from grammy_desktop.ui.master.sound_panel import SoundPanel
from grammy_desktop.ui.master.targets_box import TargetsBox
from grammy_desktop.ui.master.tonal_plot import TonalPlot
from grammy_desktop.ui.master.tone_curve import tone_curve
from grammy_desktop.ui.theme import Theme


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    return Theme("dark", reduced_motion=True)


def test_tone_curves_against_known_points() -> None:
    at = np.array([100.0, 1000.0, 15_000.0])
    peak = tone_curve([Effect("peak", {"frequency": 1000.0, "gain_db": 6.0, "q": 1.0})], at)
    assert peak[1] == pytest.approx(6.0, abs=0.01)
    assert abs(peak[0]) < 0.3
    shelf = tone_curve([Effect("high_shelf", {"frequency": 3000.0, "gain_db": -4.0, "q": 0.7})], at)
    assert shelf[2] == pytest.approx(-4.0, abs=0.15)
    assert abs(shelf[0]) < 0.1
    low = tone_curve([Effect("low_shelf", {"frequency": 1000.0, "gain_db": 5.0, "q": 0.7})], at)
    assert low[0] == pytest.approx(5.0, abs=0.15)
    assert abs(low[2]) < 0.1
    cut = tone_curve([Effect("highpass", {"frequency": 100.0, "slope": 12.0})], at)
    assert cut[0] == pytest.approx(-3.01, abs=0.05)


def test_tone_curve_agrees_with_the_effect_itself() -> None:
    """The curve against an impulse sent through the chain that mastering uses."""
    from grammy_desktop.core.audio import AudioClip
    from grammy_desktop.core.effects import apply_effects
    from grammy_desktop.core.progress import NoProgress

    chain = [
        Effect("low_shelf", {"frequency": 130.0, "gain_db": 1.8, "q": 0.6}),
        Effect("peak", {"frequency": 2800.0, "gain_db": 3.0, "q": 0.7}),
        Effect("high_shelf", {"frequency": 8000.0, "gain_db": -2.5, "q": 0.6}),
    ]
    impulse = np.zeros((RATE, 2), np.float32)
    impulse[RATE // 2] = 0.5
    out = apply_effects(AudioClip(impulse, RATE), chain, progress=NoProgress()).samples[:, 0]
    spectrum = 20 * np.log10(np.abs(np.fft.rfft(out)) / 0.5 + 1e-12)
    for frequency in (60, 500, 2800, 12_000):
        expected = tone_curve(chain, np.array([float(frequency)]))[0]
        assert spectrum[frequency] == pytest.approx(expected, abs=0.25), frequency


def test_blind_test_counts_and_judges() -> None:
    test = BlindTest(random.Random(1))
    for _ in range(10):
        hidden = test.begin()
        assert test.begin() == hidden
        assert test.guess(hidden)
    assert test.words == "Blind test: 10 of 10 right"
    assert test.verdict.startswith("You hear the difference")
    assert chance_of(10, 10) == 1 / 1024
    assert chance_of(0, 10) == 1
    assert chance_of(9, 10) == pytest.approx(11 / 1024)
    test.start_over()
    with pytest.raises(ValueError, match="no trial"):
        test.guess("a")


def test_x_never_says_which_it_is(qtbot: QtBot, theme: Theme) -> None:
    box = ListenBox(theme, BlindTest(random.Random(3)))
    qtbot.addWidget(box)
    box.show()
    box.set_pair(("Mix", "Mix"), ("Master 1", "Master 1 · Club"))
    box.set_state("b", match_db=-3.8, can_compare=True)
    assert box.match.text() == "Level-matched −3.8\u00a0dB"
    hidden, opened, trials = listen(box.hear_hidden), listen(box.hear), listen(box.trial_changed)
    box.key_x.click()
    assert len(hidden.calls) == 1
    assert box.is_hidden
    assert not box.key_a.isChecked()
    assert not box.key_b.isChecked()
    assert box.question.isVisible()
    box.set_state("b", match_db=-3.8, can_compare=True)
    assert box.is_hidden, "what the session says does not uncover X"
    answer = str(hidden.calls[0][0])
    (box.is_a if answer == "a" else box.is_b).click()
    assert box.test.right == 1
    assert opened.calls[-1] == (answer,)
    assert not box.question.isVisible()
    assert trials.calls == [(True,), (False,)]
    assert box.count.text() == "Blind test: 1 of 1 right"
    box.set_pair(("Master 1", "Master 1 · Club"), ("Master 2", "Master 2 · Vinyl"))
    assert box.test.trials == 0, "another pair is another test"


def test_without_a_master_there_is_nothing_to_compare(qtbot: QtBot, theme: Theme) -> None:
    box = ListenBox(theme)
    qtbot.addWidget(box)
    box.set_state("a", match_db=0.0, can_compare=False)
    assert not box.key_b.isEnabled()
    assert not box.key_x.isEnabled()
    assert box.match.text() == ""


def test_targets_take_typed_numbers_and_reset(qtbot: QtBot, theme: Theme) -> None:
    box = TargetsBox(theme)
    qtbot.addWidget(box)
    box.show()
    box.set_targets(-14.0, -1.0)
    box.loudness.field.setText("-9,5 LUFS")
    box.loudness.field.editingFinished.emit()
    assert box.loudness.value == -9.5
    assert box.loudness.field.text() == "−9.5\u00a0LUFS"
    box.loudness.field.setText("-99")
    box.loudness.field.editingFinished.emit()
    assert box.loudness.value == -24.0
    qtbot.mouseDClick(box.loudness.slider, Qt.MouseButton.LeftButton)
    assert box.loudness.value == -14.0
    box.intensity.field.setText("60 %")
    box.intensity.field.editingFinished.emit()
    heard = listen(box.wanted)
    box.set_state(can=True, has_master=True)
    box.again.click()
    assert heard.calls == [(-14.0, -1.0, 0.6)]
    box.set_state(can=True, has_master=True, progress="Mastering · 40 %")
    assert not box.again.isEnabled()
    box.ask()
    assert len(heard.calls) == 1


def test_presets_and_reference(qtbot: QtBot, theme: Theme) -> None:
    panel = SoundPanel(theme, load_presets().values(), "spotify-loud")
    qtbot.addWidget(panel)
    panel.resize(272, 700)
    panel.show()
    chosen, reference = listen(panel.preset_chosen), listen(panel.reference_changed)
    other = next(card for key, card in panel.cards.items() if key != "spotify-loud")
    other.click()
    assert panel.preset == other.preset
    assert chosen.calls == [(other.preset,)]
    for name, taken in (("notes.txt", 0), ("song.flac", 1), ("song.flac", 1), ("house.gmref", 2)):
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(f"/nowhere/{name}")])
        copy, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
        panel.reference.drop.dropEvent(QDropEvent(QPointF(9, 9), copy, mime, Qt.MouseButton.LeftButton, none))
        assert len(panel.reference.references) == taken
    assert reference.calls
    assert [share for _, share in panel.reference.references] == [0.5, 0.5]
    panel.reference.rows[0].slider.setValue(25)
    assert [round(share, 2) for _, share in panel.reference.references] == [0.2, 0.8]
    assert panel.reference.rows[1].share.text() == "80\u00a0%"
    panel.reference.rows[0].removed.emit()
    assert [path.name for path, _ in panel.reference.references] == ["house.gmref"]


def test_correlation_and_the_stereo_picture() -> None:
    mono = tone(0.2)
    assert correlation(np.stack([mono, mono], 1)) == pytest.approx(1.0)
    assert correlation(np.stack([mono, -mono], 1)) == pytest.approx(-1.0)
    assert correlation(np.zeros((100, 2), np.float32)) is None
    points = polar(np.stack([mono, mono], 1))
    assert np.abs(points[:, 0]).max() < 1e-6
    assert points[:, 1].min() >= 0
    right_only = polar(np.stack([np.zeros_like(mono), mono], 1))
    loud = right_only[np.hypot(*right_only.T) > 0.1]
    assert np.allclose(np.degrees(np.arctan2(loud[:, 1], loud[:, 0])), 45, atol=1e-3)


def test_plots_show_what_they_are_told(qtbot: QtBot, theme: Theme) -> None:
    tonal, reduction, stereo = TonalPlot(theme), ReductionPlot(theme), Goniometer(theme)
    for plot in (tonal, reduction, stereo):
        qtbot.addWidget(plot)
        plot.resize(400, 260)
        assert not plot.has_data
        plot.grab()
    tonal.set_spectrum({"frequencies": [100.0, 1000.0], "mix_db": [-10.0, -20.0], "master_db": [-12.5, -20.0]})
    assert tonal.summary() == "most −2.5\u00a0dB at 100\u00a0Hz"
    accent = theme.color("accent_text").rgb()
    image = tonal.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    x = round((tonal.x_of(100) + tonal.x_of(1000)) / 2)
    middle = round((tonal.y_of(-12.5) + tonal.y_of(-20.0)) / 2)
    assert any(image.pixel(x, y) == accent for y in range(middle - 3, middle + 4))
    reduction.set_reduction({"times": [0.0, 1.0, 2.0], "db": [0.0, -1.9, -0.2]})
    assert reduction.note == "most 1.9\u00a0dB · 0:01"
    stereo.set_samples(np.stack([tone(0.1), tone(0.1)], 1))
    assert stereo.note_strong == "+1.00"
    for plot in (tonal, reduction, stereo):
        assert plot.has_data
        plot.grab()


def test_tables(qtbot: QtBot, theme: Theme) -> None:
    measured, platforms = MeasuredTable(theme), PlatformTable(theme, load_table())
    qtbot.addWidget(measured)
    qtbot.addWidget(platforms)
    measured.set_figures({"integrated": -17.8, "true_peak": None}, {"integrated": -14.0, "true_peak": -1.0})
    assert measured.cells["integrated", "before"].text() == "−17.8"
    assert measured.cells["integrated", "after"].text() == "−14.0\u00a0LUFS"
    assert measured.cells["true_peak", "before"].text() == "—"
    platforms.set_results([{"name": "Spotify", "pass": False, "gain_change": -1.9, "note": "Turned down by 1.9 dB."}])
    assert platforms.lines[0].accessibleName() == "Spotify: −1.9\u00a0dB, does not pass. Turned down by 1.9 dB."
    at_level = {"pass": False, "gain_change": 0.0, "note": ""}
    platforms.set_results([{"name": "Amazon Music", **at_level}, {"name": "Tidal", **at_level}], true_peak=-1.1)
    assert platforms.lines[0].accessibleName().startswith("Amazon Music: 0.9\u00a0dB over, does not pass")
    assert platforms.lines[1].accessibleName().startswith("Tidal: quieter, does not pass")
    platforms.set_results([])
    assert len(platforms.lines) == 1


def test_each_codec_has_its_mark(qtbot: QtBot, theme: Theme) -> None:
    platforms = PlatformTable(theme, load_table())
    qtbot.addWidget(platforms)
    peaks = {"file": -1.2, "opus-128": -0.4, "mp3-320": -1.1}
    result = {"name": "Spotify", "pass": False, "gain_change": 0.0, "note": "After opus-128 it is over."}
    platforms.set_results([{**result, "peaks": peaks, "overs": ["opus-128"]}], true_peak=-1.2)
    (marks,) = platforms.findChildren(CodecMarks)
    assert marks.states == (True, False, None)
    assert "Opus 128 kbit/s: −0.4\u00a0dBTP · over" in platforms.lines[0].toolTip()
    assert platforms.lines[0].accessibleName().startswith("Spotify: 0.6\u00a0dB over")
    marks.grab()
