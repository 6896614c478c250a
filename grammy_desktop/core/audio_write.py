"""Audio out: whole files or none, in one piece or as a stream, with everything a DAW wants to know in the metadata."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, Protocol, cast

import numpy as np

from grammy_desktop.core.atomic import atomic_file
from grammy_desktop.core.audio import AudioClip, Samples
from grammy_desktop.core.audio_encoder import ENCODINGS, EncodedWriter, disk_failure
from grammy_desktop.core.audio_metadata import AudioMetadata
from grammy_desktop.core.audio_tags_write import write_tags
from grammy_desktop.core.audio_wav_writer import WavSubtype, WavWriter
from grammy_desktop.core.dither import DitherMode
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.ffmpeg_encode import M4aWriter

AudioFormat = Literal["wav", "flac", "mp3", "ogg", "aiff", "opus", "m4a"]
AUDIO_FORMATS: tuple[AudioFormat, ...] = ("wav", "flac", "mp3", "ogg", "aiff", "opus", "m4a")
SUBTYPES: dict[str, tuple[str, ...]] = {
    "wav": ("PCM_24", "PCM_16", "PCM_32", "FLOAT"),
    "flac": ("PCM_24", "PCM_16"),
    "aiff": ("PCM_24", "PCM_16"),
    "mp3": ("MPEG_LAYER_III",),
    "ogg": ("VORBIS",),
    "opus": ("OPUS",),
    "m4a": ("AAC",),
}
"""What each format can hold; the first is used when none is named."""
_BLOCK_FRAMES = 65_536


class _Sink(Protocol):
    def write(self, block: Samples) -> None: ...
    def finish(self) -> None: ...
    def close(self) -> None: ...


class AudioWriter:
    """A file that is being written. Make it with `open_writer`."""

    def __init__(self, sink: _Sink, channels: int) -> None:
        self._sink = sink
        self._channels = channels
        self._frames = 0

    @property
    def frames(self) -> int:
        """Frames that were written so far."""
        return self._frames

    def write(self, block: Samples) -> None:
        """Append float32 [n, channels], n any number. Raises ValueError for another shape or what is not finite."""
        if block.ndim != 2 or block.shape[1] != self._channels:
            raise ValueError(f"a block must be [frames, {self._channels}], not {list(block.shape)}")
        if block.dtype != np.float32:
            raise ValueError(f"a block must be float32, not {block.dtype}")
        if not np.isfinite(block).all():
            raise ValueError("samples to write must be finite")
        self._sink.write(block)
        self._frames += len(block)


@contextmanager
def open_writer(
    path: Path,
    *,
    sample_rate: int,
    channels: int,
    format: AudioFormat = "wav",
    subtype: str | None = None,
    metadata: AudioMetadata | None = None,
    dither: DitherMode = "tpdf",
) -> Iterator[AudioWriter]:
    """Write a file block by block, atomically: it takes its name when the block ends well, else nothing is left.

    format: one of `AUDIO_FORMATS`; subtype: one of `SUBTYPES[format]`. A WAV beyond 4 GiB becomes an RF64. 16-bit files
    get the `dither`. Samples beyond full scale are clipped except in 'FLOAT'. With metadata: `bext`, cue points, labels,
    `acid` and LIST/INFO in a WAV, the format's own tags elsewhere. What a format cannot hold is converted: MP3 gets at
    most two channels and a rate up to 48 kHz, M4A two channels, Opus 48 kHz.
    Raises UserError for a format or subtype that cannot be written, otherwise as `atomic_file`.
    """
    path = Path(path)
    kind = _checked_subtype(format, subtype)
    if not 1 <= channels <= 8:
        raise ValueError(f"channels must be 1 to 8, not {channels}")
    with atomic_file(path) as temporary:
        sink: _Sink
        if format == "wav":
            wav_subtype = cast("WavSubtype", kind)
            sink = WavWriter(
                temporary,
                sample_rate=sample_rate,
                channels=channels,
                subtype=wav_subtype,
                metadata=metadata,
                dither=dither,
            )
        elif format == "m4a":
            sink = M4aWriter(temporary, path, sample_rate=sample_rate, channels=channels, metadata=metadata)
        else:
            encoding = ENCODINGS[format, kind]
            sink = EncodedWriter(temporary, path, encoding, sample_rate=sample_rate, channels=channels, dither=dither)
        try:
            yield AudioWriter(sink, channels)
            sink.finish()
        finally:
            sink.close()
        if metadata is not None and format != "wav":
            _tag(temporary, path, metadata, format)


def write_wav(
    path: Path,
    clip: AudioClip,
    *,
    metadata: AudioMetadata | None = None,
    subtype: WavSubtype = "PCM_24",
    dither: DitherMode = "tpdf",
) -> None:
    """Write a clip as WAV; all as `open_writer`."""
    write_audio(path, clip, "wav", metadata=metadata, subtype=subtype, dither=dither)


def write_audio(
    path: Path,
    clip: AudioClip,
    format: AudioFormat,
    *,
    metadata: AudioMetadata | None = None,
    subtype: str | None = None,
    dither: DitherMode = "tpdf",
) -> None:
    """Write a clip in any of `AUDIO_FORMATS`; all as `open_writer`."""
    with open_writer(
        path,
        sample_rate=clip.sample_rate,
        channels=clip.channels,
        format=format,
        subtype=subtype,
        metadata=metadata,
        dither=dither,
    ) as writer:
        for start in range(0, clip.frames, _BLOCK_FRAMES):
            writer.write(clip.samples[start : start + _BLOCK_FRAMES])


def _checked_subtype(format: str, subtype: str | None) -> str:
    if format not in SUBTYPES:
        raise UserError(f"“{format}” is not an audio format that can be written; use {', '.join(AUDIO_FORMATS)}.")
    known = SUBTYPES[format]
    if subtype is not None and subtype not in known:
        raise UserError(f"“{subtype}” is not a kind of {format} that can be written; use {', '.join(known)}.")
    return subtype or known[0]


def _tag(temporary: Path, path: Path, metadata: AudioMetadata, format: str) -> None:
    from mutagen import MutagenError

    try:
        write_tags(temporary, metadata, format)
    except MutagenError as error:
        raise disk_failure(path) from error
