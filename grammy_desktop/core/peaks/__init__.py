"""What waveforms are drawn from (numpy only; soundfile on first use)."""

from grammy_desktop.core.peaks.pyramid import (
    Columns,
    ColumnSource,
    DamagedPeaks,
    PeakPyramid,
    build_peaks,
    column_edges,
    open_or_build_peaks,
    peaks_key,
)
from grammy_desktop.core.peaks.views import AudioView, EditedView

__all__ = [
    "AudioView",
    "ColumnSource",
    "Columns",
    "DamagedPeaks",
    "EditedView",
    "PeakPyramid",
    "build_peaks",
    "column_edges",
    "open_or_build_peaks",
    "peaks_key",
]
