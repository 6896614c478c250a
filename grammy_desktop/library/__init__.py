"""Everything the user made: songs, their versions, scores, tags, and the journal of work."""

from grammy_desktop.library.library import Library
from grammy_desktop.library.records import Marker, NewTrack, NewVersion, TrackRecord, VerifyReport, VersionRecord
from grammy_desktop.library.search import SearchQuery, Token, parse_query

__all__ = [
    "Library",
    "Marker",
    "NewTrack",
    "NewVersion",
    "SearchQuery",
    "Token",
    "TrackRecord",
    "VerifyReport",
    "VersionRecord",
    "parse_query",
]
