"""The tonal balance of the two versions against released music of a style that can be chosen."""

from __future__ import annotations

from PySide6.QtCore import QObject

from grammy_desktop.core.styles import load_styles
from grammy_desktop.mastering.listen.curves import band_on
from grammy_desktop.ui.formats import sentence
from grammy_desktop.ui.master.comparison import Candidate
from grammy_desktop.ui.master.pictures_data import spectrum_of
from grammy_desktop.ui.master.tonal_plot import TonalPlot
from grammy_desktop.ui.session import SongSession

ANY = "any"
"""Music of all kinds."""


class ToneBand(QObject):
    """The song's own style until another is picked; a picked one stays for the song."""

    def __init__(self, plot: TonalPlot, session: SongSession) -> None:
        super().__init__(plot)
        self._plot, self._session = plot, session
        self._genres = [(ANY, "All music"), *((key, style.name) for key, style in load_styles().items())]
        self._picked: tuple[str, str] = ("", "")
        self._pair: tuple[Candidate | None, Candidate | None] = (None, None)
        plot.genre_picked.connect(self._pick)

    @property
    def genre(self) -> str:
        """A style id, or `ANY`."""
        track = self._session.track
        if track is None:
            return ANY
        if self._picked[0] == track.id:
            return self._picked[1]
        return track.genre if any(track.genre == key for key, _ in self._genres) else ANY

    def show(self, a: Candidate | None, b: Candidate | None) -> None:
        self._pair = (a, b)
        self._plot.set_names(a.short if a is not None else "Mix", b.short if b is not None else "Master")
        spectrum = spectrum_of(a, b)
        levels = spectrum.get("master_db") or spectrum.get("mix_db")
        name = ""
        if levels:
            band = band_on(None if self.genre == ANY else self.genre, spectrum["frequencies"], levels)
            spectrum |= band
            name = sentence(f"{band.get('band_name') or 'released songs'}, middle 80\u00a0%")
        self._plot.set_genres(self._genres if levels else (), self.genre)
        self._plot.set_spectrum(spectrum, name)

    def _pick(self, genre: object) -> None:
        track = self._session.track
        self._picked = (track.id if track is not None else "", str(genre))
        self.show(*self._pair)
