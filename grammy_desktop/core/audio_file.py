"""Every container in and out: the door to reading, writing, converting. Only these modules touch soundfile."""

from __future__ import annotations

from grammy_desktop.core.audio_convert import resample, to_stereo
from grammy_desktop.core.audio_metadata import DISCLOSURE, SOFTWARE, AudioMetadata, Broadcast, short_key
from grammy_desktop.core.audio_read import open_source, read_clip, read_info
from grammy_desktop.core.audio_source import AudioFileSource, AudioInfo
from grammy_desktop.core.audio_wav_writer import WavSubtype
from grammy_desktop.core.audio_write import (
    AUDIO_FORMATS,
    SUBTYPES,
    AudioFormat,
    AudioWriter,
    open_writer,
    write_audio,
    write_wav,
)
from grammy_desktop.core.dither import DitherMode

__all__ = [
    "AUDIO_FORMATS",
    "DISCLOSURE",
    "SOFTWARE",
    "SUBTYPES",
    "AudioFileSource",
    "AudioFormat",
    "AudioInfo",
    "AudioMetadata",
    "AudioWriter",
    "Broadcast",
    "DitherMode",
    "WavSubtype",
    "open_source",
    "open_writer",
    "read_clip",
    "read_info",
    "resample",
    "short_key",
    "to_stereo",
    "write_audio",
    "write_wav",
]
