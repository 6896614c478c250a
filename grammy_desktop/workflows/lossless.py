"""How audio that may go beyond full scale is kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.audio_file import AudioMetadata


def write_whole(path: Path, clip: AudioClip, metadata: AudioMetadata) -> None:
    """A 24-bit WAV, or a float WAV where 24 bits would cut peaks off (a gain edit, a float mix). Raises as `write_wav`."""
    from grammy_desktop.core.audio_file import write_wav

    peak = float(np.abs(clip.samples).max(initial=0.0))
    write_wav(path, clip, metadata=metadata, subtype="FLOAT" if peak > 1.0 else "PCM_24")
