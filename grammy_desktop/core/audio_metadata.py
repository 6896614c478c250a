"""What the app writes into its audio files beside the sound, and keeps of what others wrote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from grammy_desktop.core.music import Key

DISCLOSURE = "made with AI"
SOFTWARE = "Grammy Desktop"


@dataclass(frozen=True)
class Broadcast:
    """What a broadcast WAV's `bext` says (EBU Tech 3285), kept so that a master still fits its session.

    start_time: seconds since midnight at which the sound starts. history: one line for each step of processing.
    """

    description: str = ""
    originator: str = ""
    reference: str = ""
    start_time: float = 0.0
    history: str = ""


@dataclass(frozen=True)
class AudioMetadata:
    """Everything that goes into a file's metadata; empty fields are left out.

    tempo: BPM. key: 'A minor'. markers: (seconds, name). recipe: JSON that makes the song again. licence: SPDX id.
    disclosure: '' for audio that no generator had a part in (a user's own recording). created: for `bext`; None writes
    no date, so that the same song gives the same bytes. credits: (name, text), names as in `audio_tag_names.CREDITS`
    ('artist', 'album'...). cover: a JPEG or PNG as it is. ixml: the iXML chunk of a field recorder as it is.
    """

    title: str = ""
    tempo: float | None = None
    key: str = ""
    comment: str = ""
    licence: str = ""
    markers: tuple[tuple[float, str], ...] = ()
    recipe: str = ""
    software: str = SOFTWARE
    disclosure: str = DISCLOSURE
    created: datetime | None = None
    credits: tuple[tuple[str, str], ...] = ()
    cover: bytes = b""
    broadcast: Broadcast | None = None
    ixml: bytes = b""

    @property
    def full_comment(self) -> str:
        """Comment, disclosure and recipe in one text, for formats with one field."""
        parts = [self.comment, self.disclosure if self.disclosure not in self.comment else "", self.recipe]
        return "; ".join(part for part in parts if part)


def short_key(key: str) -> str:
    """'A minor' as DJ software and ID3's TKEY want it: 'Am', 'Eb'; other modes by their third."""
    if not key:
        return ""
    parsed = Key.parse(key)
    return parsed.tonic_name + ("m" if parsed.is_minor else "")
