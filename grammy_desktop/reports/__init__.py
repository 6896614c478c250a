"""The page that goes out with a song: what it is, how it measures, how it scores. Pillow only, no Qt."""

from grammy_desktop.reports.report_data import SongReport
from grammy_desktop.reports.song_report import write_report_png

__all__ = ["SongReport", "write_report_png"]
