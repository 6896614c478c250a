"""What every delivered file says about itself."""

from __future__ import annotations

import json
from typing import Any

from grammy_desktop import __version__
from grammy_desktop.core.audio_file import AudioMetadata
from grammy_desktop.core.song import Arrangement


def song_metadata(title: str, recipe: dict[str, Any], arrangement: Arrangement | None) -> AudioMetadata:
    """Title, tempo, key, section markers, licence and recipe of a song made here."""
    return AudioMetadata(
        title=title,
        tempo=arrangement.tempo if arrangement else None,
        key=str(arrangement.key) if arrangement else "",
        markers=tuple((start, name) for name, start, _ in arrangement.section_times()) if arrangement else (),
        licence=str(recipe["licence"]["reason"]),
        recipe=json.dumps(recipe, ensure_ascii=False, sort_keys=True),
        software=f"Grammy Desktop {__version__}",
    )
