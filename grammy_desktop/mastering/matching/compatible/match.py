"""A target after a reference exactly as matchering 2.0.6 does it, streamed: files of any length in little memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from grammy_desktop.core.atomic import atomic_file
from grammy_desktop.core.audio import AudioSource, Samples
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.progress import PartOfProgress, Progress
from grammy_desktop.mastering.matching.compatible.convolution import filter_track, matching_filters
from grammy_desktop.mastering.matching.compatible.correction import correct_level
from grammy_desktop.mastering.matching.compatible.hyrax import LATENCY, THRESHOLD, Hyrax, limiter_is_needed
from grammy_desktop.mastering.matching.compatible.pcm import Block, PcmFile, Subtype
from grammy_desktop.mastering.matching.compatible.pcm_source import open_quickly
from grammy_desktop.mastering.matching.compatible.smoothing import FFT_SIZE, Curve
from grammy_desktop.mastering.matching.compatible.spectra import mean_spectrum, measure_levels
from grammy_desktop.mastering.matching.compatible.track import (
    BLOCK,
    MOST_KEPT,
    RATE,
    Track,
    blocks_of_track,
    open_track,
)
from grammy_desktop.mastering.matching.mid_side import left_and_right

_LEAST = 1e-6


@dataclass(frozen=True)
class MatchedFile:
    """One result to be written: limited, or else normalised, or neither."""

    path: Path
    subtype: Subtype = "PCM_24"
    use_limiter: bool = True
    normalize: bool = True


@dataclass(frozen=True, eq=False)
class _Reference:
    """scale: by what the reference was divided to reach the threshold, and the limited result is multiplied."""

    scale: float
    rms: float
    spectrum: Curve


def match_compatibly(
    target: AudioSource,
    reference: AudioSource,
    results: Sequence[MatchedFile],
    *,
    target_name: str = "",
    reference_name: str = "",
    most_kept: int = MOST_KEPT,
    progress: Progress,
) -> None:
    """Write `results` as 44.1 kHz stereo WAV, atomically, all or none.

    Within -105 dBFS of matchering's output for the same two tracks, but without its limit of 15 minutes. Mono counts as
    stereo; surround is mixed down. Raises UserError for silence, fewer than 4097 frames at 44.1 kHz, samples that are not
    numbers; EnvironmentFailure when the disk fails. most_kept: frames of a track that may stay in memory; longer ones are
    read and filtered again in every pass.
    """
    heard = _hear_reference(reference, reference_name, most_kept, PartOfProgress(progress, 0.0, 0.25))
    track = open_track(target, PartOfProgress(progress, 0.25, 0.4), "read", most_kept=most_kept)
    result, gain, peak = _match(track, heard, target_name, PartOfProgress(progress, 0.4, 0.7))
    limited = limiter_is_needed(peak * gain) and any(file.use_limiter for file in results)
    with ExitStack() as stack:
        files = []
        for file in results:
            path = stack.enter_context(atomic_file(file.path))
            opened = PcmFile(path, frames=track.frames, sample_rate=RATE, subtype=file.subtype)
            files.append((file, stack.enter_context(opened)))
        for mid_side, reduction in _blocks(result, gain, limited, PartOfProgress(progress, 0.7, 1.0)):
            made: dict[tuple[bool, bool], Block] = {}
            for file, opened in files:
                kind = (file.use_limiter, file.normalize)
                if kind not in made:
                    made[kind] = Block(_finished(mid_side, reduction, file, heard.scale, peak * gain))
                opened.write(made[kind])


def match_files(target: Path, reference: Path, results: Sequence[MatchedFile], *, progress: Progress) -> None:
    """`match_compatibly` for files; raises also for files that are not readable audio."""
    with open_quickly(target) as first, open_quickly(reference) as second:
        match_compatibly(
            first, second, results, target_name=target.name, reference_name=reference.name, progress=progress
        )


def _hear_reference(source: AudioSource, name: str, most_kept: int, progress: Progress) -> _Reference:
    track = open_track(source, PartOfProgress(progress, 0.0, 0.6), "read", most_kept=most_kept)
    levels = measure_levels(track, PartOfProgress(progress, 0.6, 0.7))
    _check(track, levels.peak, name, "it cannot be a reference", "a reference needs")
    scale = max(_LEAST, levels.peak / THRESHOLD) if levels.peak < THRESHOLD else 1.0
    spectrum = mean_spectrum(track, levels, PartOfProgress(progress, 0.7, 1.0))
    return _Reference(scale, levels.loudest.rms / scale, spectrum / scale)


def _match(track: Track, reference: _Reference, name: str, progress: Progress) -> tuple[Track, float, float]:
    """The filtered track, the gain that it still needs, and its peak before this gain."""
    levels = measure_levels(track, PartOfProgress(progress, 0.0, 0.1))
    _check(track, levels.peak, name, "there is nothing to match", "matching needs")
    gain = reference.rms / max(_LEAST, levels.loudest.rms)
    spectrum = mean_spectrum(track, levels, PartOfProgress(progress, 0.1, 0.3)) * gain
    filters = matching_filters(spectrum, reference.spectrum) * gain
    result = filter_track(track, filters, PartOfProgress(progress, 0.3, 0.8))
    correction = correct_level(result, reference.rms, PartOfProgress(progress, 0.8, 1.0))
    return result, correction.gain, correction.peak


def _check(track: Track, peak: float, name: str, useless: str, needs: str) -> None:
    spoken = f"“{name}”" if name else "The audio"
    if track.frames <= FFT_SIZE:
        raise UserError(f"{spoken} is too short; {needs} more than 0.1 s.", file=name or None)
    if not np.isfinite(peak):
        raise UserError(f"{spoken} holds samples that are not numbers (NaN or infinity).", file=name or None)
    if peak == 0:
        raise UserError(f"{spoken} is silent throughout, so {useless}.", file=name or None)


def _blocks(track: Track, gain: float, limited: bool, progress: Progress) -> Iterator[tuple[Samples, Samples | None]]:
    """Mid and side with `gain`, block by block, and the limiter's gain for them."""
    factor = np.float32(gain)
    if not limited:
        for start, count in blocks_of_track(track, progress, "write"):
            yield track.read(start, count) * factor, None
        return
    limiter = Hyrax(track.frames, BLOCK)
    held = np.zeros((2, LATENCY + BLOCK), np.float32)
    given = -LATENCY
    for start in range(0, track.frames + LATENCY, BLOCK):
        progress.report(start / (track.frames + LATENCY), "write")
        progress.check_cancelled()
        held[:, :LATENCY] = held[:, BLOCK:]
        np.multiply(track.read(start, BLOCK), factor, out=held[:, LATENCY:])
        magnitude = np.abs(held[:, LATENCY:])
        reduction = limiter.push(magnitude[0] + magnitude[1])
        first, last = max(0, -given), min(BLOCK, track.frames - given)
        given += BLOCK
        if first < last:
            yield held[:, first:last], reduction[first:last]


def _finished(mid_side: Samples, reduction: Samples | None, file: MatchedFile, scale: float, peak: float) -> Samples:
    """[2, n], left and right, as the file wants it. peak: of the result before limiting or normalising."""
    factor = 1.0
    if file.use_limiter:
        factor = scale
        if reduction is not None:
            mid_side = mid_side * (reduction * np.float32(scale))
            factor = 1.0
    elif file.normalize:
        factor = 1 / max(_LEAST, peak / THRESHOLD)
    if factor != 1:
        mid_side = mid_side * np.float32(factor)
    return left_and_right(mid_side, np.empty_like(mid_side).T).T
