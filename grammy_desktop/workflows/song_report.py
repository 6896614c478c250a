"""The picture that is delivered with a song."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from grammy_desktop.core.song import Song
from grammy_desktop.core.styles import Style
from grammy_desktop.mastering import Mastered
from grammy_desktop.reports import SongReport, write_report_png
from grammy_desktop.workflows.pictures import HeardAudio, outline

_COLUMNS = 1_500
"""About one a pixel of the report's waveform."""


def write_song_report(
    path: Path, song: Song, mastered: Mastered, heard: HeardAudio, score: dict[str, Any], styles: dict[str, Style]
) -> None:
    """Draw title, brief, gold waveform, loudness, Grammy Meter and figures of a finished song as PNG. heard: its master."""
    report, recipe = mastered.report, song.recipe
    curve, columns = heard.loudness_over_time(0.1), outline(mastered.clip, _COLUMNS)
    genre = recipe.brief.genre.value
    write_report_png(
        path,
        SongReport(
            title=song.title,
            subtitle=styles[genre].name if genre in styles else genre,
            duration=song.mix.duration,
            brief=_brief_words(song),
            sections=song.arrangement.section_times() if song.arrangement else (),
            loudness_before=report.before.to_json(),
            loudness_after=report.after.to_json(),
            platforms=tuple(platform.to_json() for platform in report.platforms),
            score=score,
            style_name=styles[genre].name if genre in styles else "",
            low=np.array(columns["low"]),
            high=np.array(columns["high"]),
            rms=np.array(columns["rms"]),
            times=np.asarray(curve.times),
            short_term=np.asarray(curve.short_term),
            target_lufs=report.target_lufs,
            licence=recipe.licence.reason,
            sellable=recipe.licence.sellable,
            seed=recipe.seed,
            engine=recipe.engine,
            version=recipe.engine_version,
        ),
    )


def _brief_words(song: Song) -> dict[str, str]:
    brief = song.recipe.brief
    words = {"Tempo": f"{brief.tempo.value:g} BPM", "Key": str(brief.key.value), "Metre": brief.metre.value}
    if brief.mood.value:
        words["Mood"] = ", ".join(brief.mood.value)
    return words
