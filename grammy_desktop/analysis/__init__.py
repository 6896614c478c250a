"""What can be read from any audio: tempo, key, onsets, chroma. Shared by scoring, import and the tests."""

from grammy_desktop.analysis.key import estimate_key
from grammy_desktop.analysis.tempo import TempoEstimate, estimate_tempo

__all__ = ["TempoEstimate", "estimate_key", "estimate_tempo"]
