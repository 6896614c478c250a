"""Audio out: whole files or none, with everything a DAW or a player wants to know in the metadata."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Literal

import numpy as np

from grammy_desktop.core.atomic import atomic_file
from grammy_desktop.core.audio import AudioClip, Samples
from grammy_desktop.core.audio_convert import resample, to_stereo
from grammy_desktop.core.audio_metadata import AudioMetadata, write_tags
from grammy_desktop.core.errors import EnvironmentFailure, UserError
from grammy_desktop.core.wav_chunks import (
    acid_chunk,
    bext_chunk,
    cue_chunks,
    file_header,
    format_chunk,
    info_chunk,
)

AudioFormat = Literal["wav", "flac", "mp3", "ogg", "aiff"]
WavSubtype = Literal["PCM_16", "PCM_24", "PCM_32", "FLOAT"]
AUDIO_FORMATS: tuple[AudioFormat, ...] = ("wav", "flac", "mp3", "ogg", "aiff")

_BITS = {"PCM_16": 16, "PCM_24": 24, "PCM_32": 32, "FLOAT": 32}
_ENCODINGS = {
    "flac": ("FLAC", "PCM_24"),
    "aiff": ("AIFF", "PCM_24"),
    "mp3": ("MP3", "MPEG_LAYER_III"),
    "ogg": ("OGG", "VORBIS"),
}
# 0 is the best of either encoder: 320 kbit/s constant for MP3; Vorbis at 0.2 is its quality 8, transparent.
_COMPRESSION = {"mp3": 0.0, "ogg": 0.2}
_MP3_RATES = (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)
_BLOCK_FRAMES = 65_536
"""soundfile crashes on a minute of Vorbis in one call; blocks also bound the memory that quantising takes."""


def write_wav(
    path: Path, clip: AudioClip, *, metadata: AudioMetadata | None = None, subtype: WavSubtype = "PCM_24"
) -> None:
    """Write a WAV (RF64 beyond 4 GiB), atomically. Samples beyond full scale are clipped except in 'FLOAT'.

    With metadata: `bext`, LIST/INFO and `acid` before the sound's end, `cue ` points and labels for the markers.
    16-bit files get triangular dither unless the samples already are 16-bit. Raises as `atomic_file`; ValueError for
    samples that are not finite.
    """
    _require_finite(clip)
    bits = _BITS[subtype]
    is_float = subtype == "FLOAT"
    before = format_chunk(clip.channels, clip.sample_rate, bits, is_float=is_float)
    if is_float:
        before += b"fact\x04\0\0\0" + min(clip.frames, 0xFFFFFFFF).to_bytes(4, "little")
    after = b""
    if metadata is not None:
        before = _bext(clip, metadata, bits) + before
        after = _trailing_chunks(clip, metadata)
    data_bytes = clip.frames * clip.channels * bits // 8
    with atomic_file(path) as temporary, temporary.open("wb") as handle:
        handle.write(file_header(before, data_bytes, after, clip.frames))
        _write_samples(handle, clip, subtype)
        handle.write(b"\0" * (data_bytes % 2) + after)


def write_audio(path: Path, clip: AudioClip, format: AudioFormat, *, metadata: AudioMetadata | None = None) -> None:
    """Write wav, flac, aiff (24-bit), mp3 (320 kbit/s) or ogg (Vorbis), atomically, with tags.

    What a format cannot hold is converted: MP3 gets at most two channels and a rate up to 48 kHz.
    Raises UserError for an unknown format, otherwise as `write_wav`.
    """
    path = Path(path)
    if format == "wav":
        write_wav(path, clip, metadata=metadata)
        return
    if format not in _ENCODINGS:
        raise UserError(f"“{format}” is not an audio format that can be written; use {', '.join(AUDIO_FORMATS)}.")
    _require_finite(clip)
    if format == "mp3":
        clip = _fit_for_mp3(clip)
    with atomic_file(path) as temporary:
        _encode(temporary, path, clip, format)
        if metadata is not None:
            _tag(temporary, path, metadata, format)


def _encode(temporary: Path, path: Path, clip: AudioClip, format: str) -> None:
    import soundfile

    container, subtype = _ENCODINGS[format]
    options = {"compression_level": _COMPRESSION[format]} if format in _COMPRESSION else {}
    if format == "mp3":
        options["bitrate_mode"] = "CONSTANT"  # type: ignore[assignment]
    try:
        with soundfile.SoundFile(
            temporary, "w", clip.sample_rate, clip.channels, subtype, format=container, **options
        ) as handle:
            for block in _blocks(clip):
                handle.write(np.clip(block, -1.0, 1.0))
    except (soundfile.SoundFileError, AssertionError) as error:
        # libsndfile says 'System error' for a full disk, soundfile asserts on a short write.
        raise _disk_failure(path) from error


def _tag(temporary: Path, path: Path, metadata: AudioMetadata, format: str) -> None:
    from mutagen import MutagenError

    try:
        write_tags(temporary, metadata, format)
    except MutagenError as error:
        raise _disk_failure(path) from error


def _disk_failure(path: Path) -> EnvironmentFailure:
    free = shutil.disk_usage(path.parent).free
    reason = "the disk is full" if free < 2**20 else "the disk refused it"
    return EnvironmentFailure(f"“{path.name}” could not be written: {reason} ({path.parent}).", file=str(path))


def _fit_for_mp3(clip: AudioClip) -> AudioClip:
    if clip.channels > 2:
        clip = to_stereo(clip)
    if clip.sample_rate not in _MP3_RATES:
        clip = resample(clip, 44_100 if clip.sample_rate % 44_100 == 0 else 48_000)
    return clip


def _bext(clip: AudioClip, metadata: AudioMetadata, bits: int) -> bytes:
    mode = {1: "mono", 2: "stereo"}.get(clip.channels, "multi")
    description = "; ".join(text for text in (metadata.title, metadata.disclosure, metadata.licence) if text)
    history = f"A=PCM,F={clip.sample_rate},W={bits},M={mode},T={metadata.software}"
    return bext_chunk(
        description=description, originator=metadata.software, coding_history=history, created=metadata.created
    )


def _trailing_chunks(clip: AudioClip, metadata: AudioMetadata) -> bytes:
    markers = [(min(clip.frames, max(0, round(s * clip.sample_rate))), name) for s, name in sorted(metadata.markers)]
    info = [
        (b"INAM", metadata.title),
        # INFO has no key; as a keyword it survives where the recipe does not say it (`acid` knows no minor).
        (b"IKEY", metadata.key),
        (b"ICOP", metadata.licence),
        (b"ICMT", metadata.full_comment),
        (b"ISFT", metadata.software),
    ]
    acid = acid_chunk(tempo=metadata.tempo, key=metadata.key, duration=clip.duration)
    return cue_chunks(markers) + acid + info_chunk(info)


def _write_samples(handle: BinaryIO, clip: AudioClip, subtype: str) -> None:
    rng = np.random.default_rng(0)
    for block in _blocks(clip):
        if subtype == "FLOAT":
            encoded = np.ascontiguousarray(block, "<f4").tobytes()
        elif subtype == "PCM_16":
            encoded = _to_16_bit(block, rng).tobytes()
        else:
            wide = _to_integer(block, 24 if subtype == "PCM_24" else 32)
            encoded = wide.tobytes()
            if subtype == "PCM_24":
                encoded = np.frombuffer(encoded, np.uint8).reshape(-1, 4)[:, :3].tobytes()
        handle.write(encoded)


def _to_integer(block: Samples, bits: int) -> np.ndarray[tuple[int, ...], np.dtype[np.int32]]:
    scale = float(2 ** (bits - 1))
    scaled = np.rint(block.astype(np.float64) * scale)
    return np.clip(scaled, -scale, scale - 1).astype("<i4")


def _to_16_bit(block: Samples, rng: np.random.Generator) -> np.ndarray[tuple[int, ...], np.dtype[np.int16]]:
    scaled = block.astype(np.float64) * 32768.0
    if not np.array_equal(scaled, np.rint(scaled)):
        # Triangular dither of two least significant bits (Lipshitz, Wannamaker, Vanderkooy 1992).
        scaled += rng.random(scaled.shape) - rng.random(scaled.shape)
    return np.clip(np.rint(scaled), -32768, 32767).astype("<i2")


def _blocks(clip: AudioClip) -> Iterator[Samples]:
    return (clip.samples[start : start + _BLOCK_FRAMES] for start in range(0, clip.frames, _BLOCK_FRAMES))


def _require_finite(clip: AudioClip) -> None:
    if not all(bool(np.isfinite(block).all()) for block in _blocks(clip)):
        raise ValueError("samples to write must be finite")
