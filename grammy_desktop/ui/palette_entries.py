"""What the palette offers besides commands: settings and songs."""

from __future__ import annotations

from collections.abc import Callable

from grammy_desktop.app import App
from grammy_desktop.core.errors import UserError
from grammy_desktop.ui.formats import tempo_text
from grammy_desktop.ui.palette import Entry
from grammy_desktop.ui.settings_dialog import PAGES

_SETTINGS = (
    ("Text size", "Look"),
    ("Reduce motion", "Look"),
    ("Sound output", "Sound"),
    ("How many takes", "Creating"),
    ("Mastering preset for new songs", "Creating"),
    ("Where songs are kept", "Storage"),
    ("Keys", "Keys"),
)


def setting_entries(app: App, open_page: Callable[[str], object]) -> list[Entry]:
    """One entry a setting; running it opens its page."""
    return [
        Entry("Settings", text, lambda page=page: open_page(page), "settings")  # type: ignore[misc]
        for text, page in _SETTINGS
        if page in PAGES
    ]


def song_entries(app: App, open_song: Callable[[str], object], words: str) -> list[Entry]:
    """Songs the library's search finds; none while a token is unfinished."""
    try:
        tracks = app.library.tracks(words, limit=30)
    except UserError:
        return []
    entries = []
    for track in tracks:
        style = app.styles.get(track.genre)
        parts = [style.name if style is not None else track.genre.capitalize(), tempo_text(track.tempo)]
        if track.score is not None:
            parts.append(str(round(track.score)))
        entries.append(
            Entry("Songs", track.title, lambda chosen=track.id: open_song(chosen), "music", " · ".join(parts))  # type: ignore[misc]
        )
    return entries
