"""The report picture: size, what is drawn where, and what it says."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from grammy_desktop.core.errors import GrammyError
from grammy_desktop.reports import SongReport, write_report_png
from grammy_desktop.reports.canvas import COLOURS, Canvas
from grammy_desktop.reports.meter import verdict
from grammy_desktop.reports.words import clock, level

ACCENT = tuple(int(COLOURS["accent"][i : i + 2], 16) for i in (1, 3, 5))


def score(overall: float | None, band: float = 9.0) -> dict:
    names = ("production_quality", "radio_readiness", "emotional_impact", "commercial_appeal", "innovation")
    return {
        "overall_score": overall,
        "band": band,
        "style": "lofi",
        "reason": "This does not sound like music. No score is shown." if overall is None else "",
        **{name: overall for name in names},
        "categories": {name: {"kind": "measured", "band": 6.0} for name in names},
        "insights": [
            {
                "id": "muddy",
                "text": "Low mids 3.1 dB heavy",
                "detail": "200–400 Hz, against the median of released pop and rock; 95 % of it has less.",
                "start": 61.0,
                "end": 70.0,
                "fix": {"id": "cut", "label": "Apply −2 dB at 280 Hz", "chain": []},
            }
        ],
    }


def report(**changes) -> SongReport:
    times = np.arange(0.5, 120.0, 0.5)
    wave = np.abs(np.sin(np.arange(900) / 7))
    values = {
        "title": "Rooftop Rain",
        "subtitle": "Lo-fi hip hop",
        "duration": 120.0,
        "brief": {"Tempo": "90 BPM", "Key": "A minor"},
        "sections": (("Verse", 0.0, 60.0), ("Hook", 60.0, 120.0)),
        "loudness_before": {"integrated": -18.2, "true_peak": -4.0},
        "loudness_after": {"integrated": -14.0, "true_peak": -1.0},
        "platforms": ({"name": "Spotify", "pass": True, "gain_change": 0.0},),
        "score": score(71.0),
        "low": -wave,
        "high": wave,
        "rms": wave / 2,
        "times": times,
        "short_term": -14 + np.sin(times / 9),
        "target_lufs": -14.0,
        "licence": "CC0-1.0",
        "sellable": True,
        "seed": 4128,
        "engine": "Composer",
        "version": "1.0",
    }
    return SongReport(**(values | changes))


def pixels(tmp_path, made: SongReport) -> np.ndarray:
    path = tmp_path / "report.png"
    write_report_png(path, made)
    with Image.open(path) as image:
        assert image.format == "PNG"
        assert image.size == (1600, 1000)
        return np.asarray(image.convert("RGB"), dtype=int)


def is_accent(area: np.ndarray) -> np.ndarray:
    return np.abs(area - np.array(ACCENT)).max(axis=-1) < 40


def test_the_waveform_is_gold_and_follows_the_envelope(tmp_path):
    loud_then_soft = np.concatenate([np.full(500, 0.9), np.full(500, 0.1)])
    page = pixels(tmp_path, report(low=-loud_then_soft, high=loud_then_soft, rms=loud_then_soft))
    columns = is_accent(page[200:470, 60:1090]).sum(axis=0)
    assert columns[100:400].mean() > 6 * columns[650:950].mean() > 0


def test_the_arc_grows_with_the_score(tmp_path):
    areas = [
        is_accent(pixels(tmp_path, report(score=score(value, 0.0)))[80:320, 1200:1500]).sum()
        for value in (20.0, 50.0, 90.0)
    ]
    assert areas[0] < areas[1] < areas[2]


def test_same_report_same_bytes(tmp_path):
    write_report_png(tmp_path / "a.png", report())
    write_report_png(tmp_path / "b.png", report())
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


@pytest.mark.parametrize(
    "made",
    [
        SongReport(title=""),
        report(score=None),
        report(score=score(None)),
        report(sections=(), platforms=(), loudness_before={}, brief={}),
        report(title="A very long title that goes on and on " * 6, subtitle="x" * 400, brief={"Mood": "dreamy " * 60}),
        report(title="雨の屋上 – Żółć", duration=3725.0),
        report(loudness_after={"integrated": None, "true_peak": None}, times=np.zeros(0), short_term=np.zeros(0)),
        report(low=np.zeros(3), high=np.zeros(3), rms=np.zeros(3), duration=0.4),
    ],
)
def test_any_report_can_be_drawn(tmp_path, made):
    pixels(tmp_path, made)


def test_a_missing_folder_is_an_error_in_words_and_leaves_nothing(tmp_path):
    with pytest.raises(GrammyError):
        write_report_png(tmp_path / "none" / "report.png", report())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("overall", "band", "start"),
    [(71.0, 9.0, "Above"), (58.0, 9.0, "About like"), (41.0, 9.0, "About like"), (30.0, 9.0, "Below")],
)
def test_above_and_below_only_when_the_band_leaves_fifty(overall, band, start):
    words = verdict(report(score=score(overall, band), style_name="lo-fi hip hop"))
    assert words == f"{start} a typical lo-fi hip hop release (50)"


def test_text_is_cut_to_its_room():
    canvas = Canvas(100, 100)
    cut = canvas.fitted("A sentence that does not fit", 80)
    assert cut.endswith("…")
    assert canvas.width_of(cut) <= 80
    lines = canvas.wrapped("one two three four five six seven eight nine ten", 90, 2)
    assert len(lines) == 2
    assert all(canvas.width_of(line) <= 90 for line in lines)


def test_figures_are_written_as_in_the_window():
    assert level(-14.04, "LUFS") == "−14.0\u00a0LUFS"
    assert level(-0.01) == "0.0"
    assert level(None, "LU") == "–"
    assert clock(125.4) == "2:05"
