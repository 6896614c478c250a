"""Playing sound, from a process of its own so that nothing the window does can interrupt it."""

from grammy_desktop.playback.player import Player
from grammy_desktop.playback.programme import OutputDevice, PlaybackState, Programme, Source

__all__ = ["OutputDevice", "PlaybackState", "Player", "Programme", "Source"]
