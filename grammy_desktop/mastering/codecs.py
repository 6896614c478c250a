"""What a master is after upload: sent through the codecs of the services and measured again.

A codec keeps what is heard, not the shape of the wave: peaks that lay under the ceiling come out above it.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from grammy_desktop.core.audio import AudioSource
from grammy_desktop.core.audio_file import open_source
from grammy_desktop.core.errors import EnvironmentFailure
from grammy_desktop.core.loudness import integrated_of
from grammy_desktop.core.progress import PartOfProgress, Progress
from grammy_desktop.mastering.codec_trip import decoded_trip, encoder_name, missing_reason
from grammy_desktop.mastering.peak_scan import Over, PeakScan, Power, power_of, scan_peaks
from grammy_desktop.mastering.platform_table import Codec, load_table
from grammy_desktop.mastering.side_by_side import side_by_side

log = logging.getLogger(__name__)

WHOLE_UP_TO = 600.0
"""Seconds: longer files are checked where they are densest."""
MOST_LOWERED = 3.0
"""dB that a ceiling may be lowered for the codecs: beyond it the song is flattened, and they stray the further."""
_EXCERPTS = 3
_EDGE = 0.1
"""Seconds left out where an excerpt was cut: codecs ring at a hard edge."""
_DENSE = 0.7
"""Share of the file's highest sample that a second has to reach to count as near the ceiling."""


@dataclass(frozen=True)
class CodecResult:
    """A file after one codec.

    checked: False where this computer cannot (`reason` says why). true_peak: dBTP after decoding (16x), at `at` seconds.
    integrated: LUFS of what was heard; loudness_change: LU against the same stretch before. overs: places above the
    limit, worst first; over_count: tenths of a second that hold one. seconds: how much was heard; `part` says which.
    """

    codec: Codec
    checked: bool
    reason: str = ""
    encoder: str = ""
    true_peak: float | None = None
    at: float = 0.0
    integrated: float | None = None
    loudness_change: float | None = None
    overs: tuple[Over, ...] = ()
    over_count: int = 0
    seconds: float = 0.0
    part: str = ""

    def to_json(self) -> dict[str, Any]:
        head = {"id": self.codec.id, "name": self.codec.name, "judged": self.codec.judged, "checked": self.checked}
        if not self.checked:
            return {**head, "reason": self.reason}
        return {
            **head,
            "encoder": self.encoder,
            "true_peak": _rounded(self.true_peak),
            "at": round(self.at, 2),
            "integrated": _rounded(self.integrated),
            "loudness_change": _rounded(self.loudness_change),
            "overs": [over.to_json() for over in self.overs],
            "over_count": self.over_count,
            "seconds": round(self.seconds, 1),
            "part": self.part,
        }


def check_codecs(
    path: Path,
    codecs: Sequence[Codec] | None = None,
    *,
    user_table: Path | None = None,
    limit_dbtp: float = -1.0,
    longest: float = WHOLE_UP_TO,
    workers: int = 2,
    work_dir: Path | None = None,
    progress: Progress,
) -> tuple[CodecResult, ...]:
    """`path` through each codec (default: the judged ones of the table), in their order.

    user_table: the user's own `platforms.toml`. limit_dbtp: what `overs` lie above. longest: seconds that are checked; of
    longer files the densest stretches are.
    workers: codecs at a time. work_dir: where the temporary files go (a folder of their own, removed in every ending).
    Raises as `open_source`, EnvironmentFailure when the disk is full, and Cancelled.
    """
    chosen = (
        tuple(codec for codec in load_table(user_table).codecs if codec.judged) if codecs is None else tuple(codecs)
    )
    with open_source(path) as source:
        stretches, part = choose_stretches(source, longest, PartOfProgress(progress, 0.0, 0.03, "encode"))
        reading = PartOfProgress(progress, 0.03, 0.06, "measure")
        before = integrated_of(np.concatenate([_power(source, stretch, reading) for stretch in stretches]))

    def check(codec: Codec, own: Progress) -> CodecResult:
        reason = missing_reason(codec)
        if reason:
            return CodecResult(codec, False, reason)
        # Each opens the file itself: a reader has one position.
        with (
            tempfile.TemporaryDirectory(prefix="grammy-codec-", dir=work_dir) as folder,
            open_source(path) as own_source,
        ):
            try:
                scans = [_trip(own_source, codec, stretch, limit_dbtp, Path(folder), own) for stretch in stretches]
            except EnvironmentFailure as error:
                if codec.family != "aac":
                    raise
                log.info("%s could not be checked: %s", codec.id, error)
                return CodecResult(codec, False, error.message)
        return _result(codec, scans, part, before)

    tasks = [lambda own, codec=codec: check(codec, own) for codec in chosen]
    return tuple(side_by_side(tasks, workers=workers, progress=PartOfProgress(progress, 0.06, 1.0, "encode")))


def worst_excess(results: Sequence[CodecResult], ceiling_dbtp: float) -> float:
    """dB by which the highest of the results lies above `ceiling_dbtp`; 0 where none does."""
    return max([0.0, *(result.true_peak - ceiling_dbtp for result in results if result.true_peak is not None)])


def choose_stretches(
    source: AudioSource, longest: float, progress: Progress
) -> tuple[tuple[tuple[int, int], ...], str]:
    """(first, end) frames of what is checked, and that in words: everything, or the stretches densest near the ceiling."""
    rate = source.sample_rate
    if source.frames <= longest * rate:
        return ((0, source.frames),), "whole file"
    density = _density(source, progress)
    width = max(1, int(longest / _EXCERPTS))
    chosen: list[int] = []
    windows = np.convolve(density, np.ones(width), "valid")
    for _ in range(_EXCERPTS):
        second = int(np.argmax(windows))
        if windows[second] < 0:
            break
        chosen.append(second)
        windows[max(0, second - width + 1) : second + width] = -1.0
    stretches = tuple((second * rate, min(source.frames, (second + width) * rate)) for second in sorted(chosen))
    words = ", ".join(f"{first // rate // 60}:{first // rate % 60:02d}" for first, _ in stretches)
    return stretches, f"the {len(stretches)} densest stretches of {width} s (from {words})"


def _density(source: AudioSource, progress: Progress) -> Power:
    """For each second its mean level where it comes near the file's highest sample, else 0: where limiting was hardest."""
    rate = source.sample_rate
    tops, means = [], []
    for start in range(0, source.frames, rate):
        if start % (10 * rate) == 0:
            progress.report(start / source.frames, "encode")
            progress.check_cancelled()
        block = np.abs(source.read(start, rate))
        if len(block) == 0:
            break
        tops.append(float(block.max()))
        means.append(float(np.mean(block)))
    top = np.array(tops)
    return np.array(means) * (top >= _DENSE * max(1e-9, float(top.max(initial=0.0))))


def _trip(
    source: AudioSource, codec: Codec, stretch: tuple[int, int], limit: float, folder: Path, progress: Progress
) -> PeakScan:
    """The stretch after the codec."""
    first, end = stretch
    rate = source.sample_rate
    encoding = PartOfProgress(progress, 0.0, 0.8)
    with decoded_trip(source, codec, first=first, end=end, folder=folder, progress=encoding) as decoded:
        scale = decoded.sample_rate
        begin = round(_EDGE * scale) if first > 0 else 0
        last = decoded.frames - (round(_EDGE * scale) if end < source.frames else 0)
        offset = first / rate + begin / scale
        return scan_peaks(
            decoded, limit_dbtp=limit, first=begin, end=last, offset=offset, progress=PartOfProgress(progress, 0.8, 1.0)
        )


def _power(source: AudioSource, stretch: tuple[int, int], progress: Progress) -> Power:
    return power_of(source, first=stretch[0], end=stretch[1], progress=progress)


def _result(codec: Codec, scans: Sequence[PeakScan], part: str, before: float | None) -> CodecResult:
    after = integrated_of(np.concatenate([scan.power for scan in scans]))
    worst = max(scans, key=lambda scan: scan.true_peak if scan.true_peak is not None else -np.inf)
    overs = sorted((over for scan in scans for over in scan.overs), key=lambda over: -over.true_peak)
    return CodecResult(
        codec=codec,
        checked=True,
        encoder=encoder_name(codec),
        true_peak=worst.true_peak,
        at=worst.at,
        integrated=after,
        loudness_change=after - before if after is not None and before is not None else None,
        overs=tuple(overs[:10]),
        over_count=sum(scan.over_count for scan in scans),
        seconds=sum(scan.seconds for scan in scans),
        part=part,
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
