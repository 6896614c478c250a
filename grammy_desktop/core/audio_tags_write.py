"""Tags of finished FLAC, Ogg, Opus, MP3, AIFF and M4A files, through mutagen."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any

from grammy_desktop.core.audio_metadata import AudioMetadata, short_key
from grammy_desktop.core.audio_tag_names import CREDITS, FREE_ATOM, LARGEST_COVER, image_type


def write_tags(path: Path, metadata: AudioMetadata, kind: str) -> None:
    """Tag an existing file in place; `kind` as in `AUDIO_FORMATS`. Raises OSError or mutagen's MutagenError."""
    if kind in ("flac", "ogg", "opus"):
        _write_vorbis_comments(path, metadata, kind)
    elif kind == "m4a":
        _write_atoms(path, metadata)
    else:
        _write_id3(path, metadata, kind)


def id3_bytes(metadata: AudioMetadata) -> bytes:
    """Credits and cover as an ID3v2.3 tag, for the `id3 ` chunk of a WAV; nothing where there are none."""
    from mutagen import id3

    tags = id3.ID3()
    _add_credits(tags, metadata)
    if not tags:
        return b""
    tags.update_to_v23()
    target = io.BytesIO()
    tags.save(target, v2_version=3)
    return target.getvalue()


def _write_vorbis_comments(path: Path, metadata: AudioMetadata, kind: str) -> None:
    from mutagen.flac import FLAC
    from mutagen.oggopus import OggOpus
    from mutagen.oggvorbis import OggVorbis

    audio: Any = {"flac": FLAC, "ogg": OggVorbis, "opus": OggOpus}[kind](path)
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
    fields |= {CREDITS[name].vorbis.upper(): text for name, text in metadata.credits if name in CREDITS}
    for name, text in fields.items():
        if text:
            audio[name] = text
    if _usable_cover(metadata):
        picture = _picture(metadata)
        if kind == "flac":
            audio.add_picture(picture)
        else:
            audio["METADATA_BLOCK_PICTURE"] = base64.b64encode(picture.write()).decode()
    audio.save()


def _write_atoms(path: Path, metadata: AudioMetadata) -> None:
    """MP4 atoms; the chapters are written with the sound."""
    from mutagen.mp4 import MP4, MP4Cover

    audio: Any = MP4(path)
    if audio.tags is None:
        audio.add_tags()
    fields = {
        "\xa9nam": metadata.title,
        "\xa9cmt": metadata.full_comment,
        "cprt": metadata.licence,
        "\xa9too": metadata.software,
        f"{FREE_ATOM}BPM": f"{metadata.tempo:g}" if metadata.tempo else "",
        f"{FREE_ATOM}KEY": metadata.key,
        f"{FREE_ATOM}initialkey": short_key(metadata.key),
        f"{FREE_ATOM}LICENSE": metadata.licence,
        f"{FREE_ATOM}RECIPE": metadata.recipe,
        f"{FREE_ATOM}DISCLOSURE": metadata.disclosure,
    }
    fields |= {CREDITS[name].mp4: text for name, text in metadata.credits if name in CREDITS}
    for name, text in fields.items():
        if text:
            audio.tags[name] = [_atom(name, text)]
    if metadata.tempo:
        audio.tags["tmpo"] = [round(metadata.tempo)]
    if _usable_cover(metadata):
        is_png = image_type(metadata.cover) == "image/png"
        form = MP4Cover.FORMAT_PNG if is_png else MP4Cover.FORMAT_JPEG
        audio.tags["covr"] = [MP4Cover(metadata.cover, imageformat=form)]
    audio.save()


def _atom(name: str, text: str) -> Any:
    """MP4 keeps 'track 3 of 12' as numbers."""
    from mutagen.mp4 import MP4FreeForm

    if name in ("trkn", "disk"):
        first, _, second = text.partition("/")
        numbers = [int(part) if part.strip().isascii() and part.strip().isdigit() else 0 for part in (first, second)]
        return tuple(min(number, 0xFFFF) for number in numbers)
    return MP4FreeForm(text.encode()) if name.startswith(FREE_ATOM) else text


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
    _add_credits(tags, metadata)
    _add_chapters(tags, metadata.markers, round(audio.info.length * 1000))
    if kind == "mp3":
        tags.update_to_v23()
        audio.save(v2_version=3)
    else:
        audio.save()


def _add_credits(tags: Any, metadata: AudioMetadata) -> None:
    from mutagen import id3

    for name, text in metadata.credits:
        if name in CREDITS and text:
            tags.add(getattr(id3, CREDITS[name].id3)(encoding=3, text=text))
    if _usable_cover(metadata):
        mime = image_type(metadata.cover)
        tags.add(id3.APIC(encoding=3, mime=mime, type=3, desc="", data=metadata.cover))


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


def _usable_cover(metadata: AudioMetadata) -> bool:
    return bool(image_type(metadata.cover)) and len(metadata.cover) < LARGEST_COVER - 1024


def _picture(metadata: AudioMetadata) -> Any:
    from mutagen.flac import Picture

    picture = Picture()
    picture.type, picture.mime, picture.data = 3, image_type(metadata.cover), metadata.cover
    return picture
