"""Non-destructive editing of a song (numpy only)."""

from grammy_desktop.core.edits.edit_list import EditList
from grammy_desktop.core.edits.history import EditHistory
from grammy_desktop.core.edits.segments import Curve, Layer, Ramp, Segment

__all__ = ["Curve", "EditHistory", "EditList", "Layer", "Ramp", "Segment"]
