"""A song as a device or a codec plays it, written to a file that is as loud as the original: for listening and A/B/X."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from grammy_desktop.core.audio_file import open_source, open_writer
from grammy_desktop.core.audio_fit import Fitter
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.progress import PartOfProgress, Progress
from grammy_desktop.core.stream import blocks_of
from grammy_desktop.mastering.codec_trip import decoded_trip, missing_reason
from grammy_desktop.mastering.platforms import Codec
from grammy_desktop.mastering.translation.devices import Device
from grammy_desktop.mastering.translation.listening import hear, played_blocks


@dataclass(frozen=True)
class Rendered:
    """gain_db: what was added to make it as loud as the original (32-bit float: nothing is clipped on the way)."""

    path: Path
    gain_db: float


def render_translation(source_path: Path, device: Device, out: Path, *, progress: Progress) -> Rendered:
    """Write `source_path` as `device` plays it, with the original's integrated loudness, as a 32-bit float WAV.

    Same rate and length, aligned. Raises as `open_source` and `open_writer`.
    """
    with open_source(source_path) as source:
        before = hear(source, None, progress=PartOfProgress(progress, 0.0, 0.25)).integrated
        after = hear(source, device, progress=PartOfProgress(progress, 0.25, 0.6)).integrated
        gain_db = before - after if before is not None and after is not None else 0.0
        gain = np.float32(10 ** (gain_db / 20))
        channels = min(2, source.channels)
        with open_writer(out, sample_rate=source.sample_rate, channels=channels, subtype="FLOAT") as writer:
            for block in played_blocks(source, device, progress=PartOfProgress(progress, 0.6, 1.0, "store")):
                writer.write(block * gain)
    return Rendered(out, gain_db)


def render_codec(
    source_path: Path, codec: Codec, out: Path, *, work_dir: Path | None = None, progress: Progress
) -> Rendered:
    """Write `source_path` as it is after `codec`, at its own rate and length, aligned, as a 32-bit float WAV.

    Its level is what the codec makes of it. Raises UserError where the codec needs ffmpeg and there is none.
    """
    reason = missing_reason(codec)
    if reason:
        raise UserError(reason)
    with (
        open_source(source_path) as source,
        tempfile.TemporaryDirectory(prefix="grammy-codec-", dir=work_dir) as folder,
    ):
        encoding = PartOfProgress(progress, 0.0, 0.7)
        trip = decoded_trip(source, codec, first=0, end=source.frames, folder=Path(folder), progress=encoding)
        channels = min(2, source.channels)
        with (
            trip as decoded,
            open_writer(out, sample_rate=source.sample_rate, channels=channels, subtype="FLOAT") as writer,
        ):
            fitter = Fitter(decoded.sample_rate, decoded.channels, target_rate=source.sample_rate, max_channels=2)
            left = source.frames
            for block in blocks_of(decoded, progress=PartOfProgress(progress, 0.7, 1.0), stage="store"):
                ready = fitter.process(block)[:left]
                writer.write(ready)
                left -= len(ready)
            rest = fitter.finish()[:left]
            writer.write(rest)
            writer.write(np.zeros((left - len(rest), channels), np.float32))
    return Rendered(out, 0.0)
