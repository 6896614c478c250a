"""Which plug-in a chain means."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PluginChoice:
    """path: a .vst3 file or folder, or the name of one in the system's folders.

    name: which one, where the file holds several. preset: a .vstpreset file, loaded before the parameters are set.
    amount: 0 (the plug-in is not heard) to 1 (nothing else is).
    """

    path: str
    name: str = ""
    preset: str = ""
    amount: float = 1.0
