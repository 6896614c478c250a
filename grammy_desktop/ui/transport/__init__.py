"""The bar at the bottom: playing, position, level, loudness, output."""

from grammy_desktop.ui.transport.clock import PlaybackClock
from grammy_desktop.ui.transport.transport_panel import TransportPanel

__all__ = ["PlaybackClock", "TransportPanel"]
