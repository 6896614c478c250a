"""Audio in: one clear sentence for every bad file, no memory taken on the word of a header."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.audio_pipe import PipeDecoder, probe_stream
from grammy_desktop.core.audio_plain_wav import PlainWav
from grammy_desktop.core.audio_probe import probe
from grammy_desktop.core.audio_sentences import bad
from grammy_desktop.core.audio_sndfile import SndfileDecoder
from grammy_desktop.core.audio_source import AudioFileSource, AudioInfo, Decoder
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.ffmpeg_decode import decode_to_wav

BLOCK_FRAMES = 65_536
_MAX_SAMPLES = 2**30
"""Of one clip in memory: 4 GiB."""


def open_source(path: Path, *, max_seconds: float = 24 * 3600) -> AudioFileSource:
    """Open an audio file for streamed reading.

    WAV, RF64, W64, AIFF, FLAC, OGG (Vorbis, Opus), MP3 directly; M4A and other MP4 as a stream out of ffmpeg; AAC and
    others through ffmpeg into a temporary file (at most `max_seconds` of it). Surround channels come in WAV order.
    Raises UserError for anything that is not readable audio of 1 to 8 channels, 8 to 384 kHz; EnvironmentFailure when
    the disk fails.
    """
    path = Path(path)
    decoder = _decoder(path, max_seconds)
    try:
        return AudioFileSource(path, decoder)
    except BaseException:
        decoder.close()
        raise


def read_info(path: Path) -> AudioInfo:
    """The header's facts, checked for plausibility. Raises as `open_source`."""
    with open_source(path) as source:
        return source.info


def read_clip(path: Path, *, max_seconds: float = 3600) -> AudioClip:
    """A whole file in memory; mono stays mono. Raises UserError also when it is longer than `max_seconds`."""
    path = Path(path)
    with open_source(path, max_seconds=max_seconds) as source:
        if source.frames > max_seconds * source.sample_rate:
            raise bad(path, f"is longer than {_spoken(max_seconds)}, the longest that can be opened")
        if source.frames * source.channels > _MAX_SAMPLES:
            raise bad(path, "is too big to be opened as a whole; convert it to a lower sample rate or fewer channels")
        # Untouched pages of an empty array cost nothing: a header that lies takes address space, not memory.
        samples = np.empty((source.frames, source.channels), np.float32)
        filled = 0
        while filled < source.frames:
            block = source.read(filled, BLOCK_FRAMES)
            if len(block) == 0:
                break
            samples[filled : filled + len(block)] = block
            filled += len(block)
        return AudioClip(samples if filled == source.frames else samples[:filled].copy(), source.sample_rate)


def _decoder(path: Path, max_seconds: float) -> Decoder:
    seen = probe(path)
    if not seen.needs_ffmpeg:
        try:
            return SndfileDecoder(path)
        except UserError:
            if seen.wave is None or seen.wave.frames == 0:
                raise
            return PlainWav(path, seen.wave)
    info = probe_stream(path) if seen.is_mp4 else None
    if info is not None:
        return PipeDecoder(path, info)
    return SndfileDecoder(path, decode_to_wav(path, max_seconds=max_seconds))


def _spoken(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 120 else f"{seconds:.0f} s"
