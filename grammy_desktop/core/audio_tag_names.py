"""How each tag format spells what all of them can hold."""

from __future__ import annotations

from dataclasses import dataclass

FREE_ATOM = "----:com.apple.iTunes:"
LARGEST_COVER = 16 * 2**20
"""Bytes; a FLAC picture block holds no more."""


@dataclass(frozen=True)
class TagNames:
    """Vorbis comment, ID3v2.4 frame, MP4 atom, LIST/INFO id ('' where there is none)."""

    vorbis: str
    id3: str
    mp4: str
    info: bytes = b""


CREDITS = {
    "artist": TagNames("artist", "TPE1", "\xa9ART", b"IART"),
    "album": TagNames("album", "TALB", "\xa9alb", b"IPRD"),
    "album_artist": TagNames("albumartist", "TPE2", "aART"),
    "track": TagNames("tracknumber", "TRCK", "trkn", b"ITRK"),
    "disc": TagNames("discnumber", "TPOS", "disk"),
    "date": TagNames("date", "TDRC", "\xa9day", b"ICRD"),
    "genre": TagNames("genre", "TCON", "\xa9gen", b"IGNR"),
    "composer": TagNames("composer", "TCOM", "\xa9wrt"),
    "isrc": TagNames("isrc", "TSRC", f"{FREE_ATOM}ISRC"),
}
"""Who made it and where it belongs, in the order in which it is written."""


def image_type(cover: bytes) -> str:
    """'image/jpeg', 'image/png', or '' for what not every format can hold."""
    if cover.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    return "image/png" if cover.startswith(b"\x89PNG\r\n\x1a\n") else ""
