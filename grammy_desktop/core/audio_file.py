"""Every container in and out: the door to reading, writing, converting. Only these modules touch soundfile."""

from __future__ import annotations

from grammy_desktop.core.audio_convert import resample, to_stereo
from grammy_desktop.core.audio_metadata import DISCLOSURE, SOFTWARE, AudioMetadata, short_key
from grammy_desktop.core.audio_read import AudioFileSource, AudioInfo, open_source, read_clip, read_info
from grammy_desktop.core.audio_write import AUDIO_FORMATS, AudioFormat, WavSubtype, write_audio, write_wav

__all__ = [
    "AUDIO_FORMATS",
    "DISCLOSURE",
    "SOFTWARE",
    "AudioFileSource",
    "AudioFormat",
    "AudioInfo",
    "AudioMetadata",
    "WavSubtype",
    "open_source",
    "read_clip",
    "read_info",
    "resample",
    "short_key",
    "to_stereo",
    "write_audio",
    "write_wav",
]
