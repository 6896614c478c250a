"""One trip through one codec: a stretch of a file is encoded as services do it and decoded again, in temporary files."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from grammy_desktop.core.audio import AudioSource, Samples
from grammy_desktop.core.audio_encoder import EncodedWriter, Encoding, nearest_rate
from grammy_desktop.core.audio_file import AudioFileSource, open_source, open_writer
from grammy_desktop.core.audio_fit import Fitter
from grammy_desktop.core.errors import EnvironmentFailure
from grammy_desktop.core.progress import Progress
from grammy_desktop.mastering.platform_table import Codec

_BLOCK = 32_768
"""Frames: LAME takes some 30 ms for them, so that a cancel is heard soon."""
_COMMON_RATES = (44_100, 48_000)
_OPUS_RATES = (48_000,)
_AAC_LEAD = 12 * 1024
"""Frames of silence encoded before the song: ffmpeg's encoder starves the first frames of a file, which then stand up to

6 dB above what went in. Encoders of the services do not; without this the worst peak would always be at 0.01 s."""
_POLL = 0.05
"""Seconds between two looks at the cancel while ffmpeg works."""
_LONGEST_ENCODE = 600.0
"""Seconds that ffmpeg may take before it is given up."""


def missing_reason(codec: Codec) -> str:
    """Why this computer cannot check `codec`; empty when it can."""
    if codec.family == "aac" and shutil.which("ffmpeg") is None:
        return "AAC needs ffmpeg, which is not installed."
    return ""


def encoder_name(codec: Codec) -> str:
    """Who encodes: results differ between encoders of the same format, of AAC most."""
    names = {"opus": "libopus", "mp3": "LAME", "vorbis": "libvorbis"}
    return names.get(codec.family) or f"ffmpeg {_aac_encoder(shutil.which('ffmpeg') or 'ffmpeg')}"


def _aac_encoder(program: str) -> str:
    """Apple's own and Fraunhofer's, which services use, before ffmpeg's, which now and then fails in a frame."""
    try:
        command = [program, "-nostdin", "-v", "error", "-encoders"]
        listed = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=10).stdout.split()
    except (OSError, subprocess.TimeoutExpired):
        return "aac"
    return next((name for name in ("aac_at", "libfdk_aac") if name.encode() in listed), "aac")


class _Behind:
    """A source without its first `lead` frames."""

    def __init__(self, source: AudioFileSource, lead: int) -> None:
        self._source, self._lead = source, lead

    @property
    def frames(self) -> int:
        return max(0, self._source.frames - self._lead)

    @property
    def channels(self) -> int:
        return self._source.channels

    @property
    def sample_rate(self) -> int:
        return self._source.sample_rate

    def read(self, start: int, count: int) -> Samples:
        return self._source.read(start + self._lead, count)


@contextmanager
def decoded_trip(
    source: AudioSource, codec: Codec, *, first: int, end: int, folder: Path, progress: Progress
) -> Iterator[AudioSource]:
    """Frames `first` to `end` of `source` after `codec`, open for reading at the codec's sample rate (see `trip_rate`).

    Aligned with what went in: encoder and decoder delays are taken off by gapless data (LAME tag, pre-skip, edit list).
    More than two channels are mixed to stereo. `folder` takes the temporary files; they are removed at the end.
    """
    encoded = folder / f"{codec.id}.{_SUFFIXES[codec.family]}"
    raw = folder / f"{codec.id}-in.wav"
    try:
        if codec.family == "aac":
            _write_wav(source, raw, first, end, progress)
            _encode_aac(raw, encoded, codec, source.channels, progress)
            raw.unlink()
        else:
            _encode(source, encoded, codec, first, end, progress)
        with open_source(encoded) as decoded:
            yield _Behind(decoded, _AAC_LEAD) if codec.family == "aac" else decoded
    finally:
        for path in (raw, encoded):
            path.unlink(missing_ok=True)


def trip_rate(sample_rate: int, codec: Codec) -> int:
    """Hz at which services encode a song of this rate: Opus knows 48 kHz only, the others 44.1 and 48."""
    return nearest_rate(sample_rate, _OPUS_RATES if codec.family == "opus" else _COMMON_RATES)


_SUFFIXES = {"opus": "ogg", "vorbis": "ogg", "mp3": "mp3", "aac": "m4a"}


def _encode(source: AudioSource, path: Path, codec: Codec, first: int, end: int, progress: Progress) -> None:
    channels = min(2, source.channels) if source.channels <= 2 else 2
    writer = EncodedWriter(
        path,
        path,
        _encoding(codec, channels),
        sample_rate=source.sample_rate,
        channels=source.channels,
        dither="none",
    )
    try:
        for start in range(first, end, _BLOCK):
            progress.report((start - first) / (end - first), "encode")
            progress.check_cancelled()
            writer.write(source.read(start, min(_BLOCK, end - start)))
        writer.finish()
    finally:
        writer.close()


def _encoding(codec: Codec, channels: int) -> Encoding:
    """libsndfile's settings. Its scales: LAME 320 to 32 kbit/s, Opus 256 to 6 kbit/s a channel, Vorbis quality 10 to -1."""
    kbps = codec.kbps * channels / 2
    if codec.family == "opus":
        # VBR like YouTube's; Encoding.rates makes 48 kHz of everything.
        level = 1 - (kbps / channels - 6) / 250
        return Encoding("OGG", "OPUS", 0, _OPUS_RATES, 2, (("compression_level", _share(level)),))
    if codec.family == "mp3":
        options = (("compression_level", _share((320 - kbps) / 288)), ("bitrate_mode", "CONSTANT"))
        return Encoding("MP3", "MPEG_LAYER_III", 0, _COMMON_RATES, 2, options)
    # Vorbis has qualities, not rates: at 44.1 kHz stereo, quality 5 is nominally 160 kbit/s and 9 is 320.
    quality = 5 + (codec.kbps - 160) / 40
    return Encoding("OGG", "VORBIS", 0, _COMMON_RATES, 2, (("compression_level", _share(1 - quality / 10)),))


def _share(value: float) -> float:
    return min(1.0, max(0.0, value))


def _write_wav(source: AudioSource, path: Path, first: int, end: int, progress: Progress) -> None:
    fitter = Fitter(
        source.sample_rate,
        source.channels,
        target_rate=nearest_rate(source.sample_rate, _COMMON_RATES),
        max_channels=2,
    )
    with open_writer(path, sample_rate=fitter.sample_rate, channels=fitter.channels, subtype="FLOAT") as writer:
        writer.write(np.zeros((_AAC_LEAD, fitter.channels), np.float32))
        for start in range(first, end, _BLOCK):
            progress.check_cancelled()
            writer.write(fitter.process(source.read(start, min(_BLOCK, end - start))))
        writer.write(fitter.finish())


def _encode_aac(wav: Path, path: Path, codec: Codec, channels: int, progress: Progress) -> None:
    program = shutil.which("ffmpeg")
    if program is None:
        raise EnvironmentFailure(missing_reason(codec) or "ffmpeg is not installed.")
    kbps = round(codec.kbps * min(2, channels) / 2)
    command = [program, "-nostdin", "-v", "error", "-i", f"file:{wav}", "-c:a", _aac_encoder(program)]
    command += ["-b:a", f"{kbps}k"]
    command += ["-f", "ipod", f"file:{path}"]
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(child, progress)
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()
    if child.returncode != 0:
        raise EnvironmentFailure("ffmpeg could not encode to AAC; its installation may lack that encoder.")


def _wait(child: subprocess.Popen[bytes], progress: Progress) -> None:
    waited = 0.0
    while True:
        try:
            child.wait(_POLL)
            return
        except subprocess.TimeoutExpired:
            waited += _POLL
            progress.report(min(0.95, waited / 30), "encode")
            progress.check_cancelled()
            if waited > _LONGEST_ENCODE:
                raise EnvironmentFailure("ffmpeg took longer than ten minutes to encode to AAC.") from None
