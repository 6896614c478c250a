"""What the app writes into its audio files beside the sound, and how tag formats spell it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from grammy_desktop.core.music import Key

DISCLOSURE = "made with AI"
SOFTWARE = "Grammy Desktop"


@dataclass(frozen=True)
class AudioMetadata:
    """Everything that goes into a file's metadata; empty fields are left out.

    tempo: BPM. key: 'A minor'. markers: (seconds, name). recipe: JSON that makes the song again. licence: SPDX id.
    disclosure: '' for audio that no generator had a part in (a user's own recording). created: for `bext`; None writes
    no date, so that the same song gives the same bytes.
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


def write_tags(path: Path, metadata: AudioMetadata, kind: str) -> None:
    """Tag an existing FLAC, OGG, MP3 or AIFF file in place. Raises OSError."""
    if kind in ("flac", "ogg"):
        _write_vorbis_comments(path, metadata, kind)
    else:
        _write_id3(path, metadata, kind)


def _write_vorbis_comments(path: Path, metadata: AudioMetadata, kind: str) -> None:
    from mutagen.flac import FLAC
    from mutagen.oggvorbis import OggVorbis

    audio: Any = FLAC(path) if kind == "flac" else OggVorbis(path)
    fields = {
        "TITLE": metadata.title,
        "BPM": f"{metadata.tempo:g}" if metadata.tempo else "",
        "KEY": metadata.key,
        "INITIALKEY": short_key(metadata.key),
        "COMMENT": metadata.full_comment,
        "LICENSE": metadata.licence,
        "ENCODED-BY": metadata.software,
        "RECIPE": metadata.recipe,
        "DISCLOSURE": metadata.disclosure,
    }
    for number, (seconds, name) in enumerate(metadata.markers, start=1):
        minutes, rest = divmod(max(0.0, seconds), 60)
        fields[f"CHAPTER{number:03}"] = f"{int(minutes) // 60:02}:{int(minutes) % 60:02}:{rest:06.3f}"
        fields[f"CHAPTER{number:03}NAME"] = name
    for name, text in fields.items():
        if text:
            audio[name] = text
    audio.save()


def _write_id3(path: Path, metadata: AudioMetadata, kind: str) -> None:
    from mutagen import id3
    from mutagen.aiff import AIFF
    from mutagen.mp3 import MP3

    audio: Any = MP3(path) if kind == "mp3" else AIFF(path)
    if audio.tags is None:
        audio.add_tags()
    tags = audio.tags
    texts = {
        "TIT2": metadata.title,
        "TBPM": f"{round(metadata.tempo)}" if metadata.tempo else "",
        "TKEY": short_key(metadata.key),
        "TCOP": metadata.licence,
        "TSSE": metadata.software,
    }
    for name, text in texts.items():
        if text:
            tags.add(getattr(id3, name)(encoding=3, text=text))
    tempo = f"{metadata.tempo:g}" if metadata.tempo else ""
    extra = {"LICENSE": metadata.licence, "RECIPE": metadata.recipe, "DISCLOSURE": metadata.disclosure}
    for name, text in (extra | {"KEY": metadata.key, "BPM": tempo}).items():
        if text:
            tags.add(id3.TXXX(encoding=3, desc=name, text=text))
    if metadata.full_comment:
        tags.add(id3.COMM(encoding=3, lang="eng", desc="", text=metadata.full_comment))
    _add_chapters(tags, metadata.markers, round(audio.info.length * 1000))
    audio.save(v2_version=3) if kind == "mp3" else audio.save()


def _add_chapters(tags: Any, markers: tuple[tuple[float, str], ...], end_ms: int) -> None:
    from mutagen import id3

    ordered = sorted(markers)
    starts = [round(seconds * 1000) for seconds, _ in ordered]
    for number, (start, (_, name)) in enumerate(zip(starts, ordered, strict=True)):
        end = starts[number + 1] if number + 1 < len(starts) else max(end_ms, start)
        title = id3.TIT2(encoding=3, text=name)
        tags.add(id3.CHAP(element_id=f"chp{number}", start_time=start, end_time=end, sub_frames=[title]))
    if ordered:
        names = [f"chp{number}" for number in range(len(ordered))]
        tags.add(id3.CTOC(element_id="toc", flags=3, child_element_ids=names))
