"""The proof of a master: the written file, read back from the disk and measured, and what each service makes of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from grammy_desktop.core.audio_file import AudioInfo, open_source
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.loudness import Loudness, measure_source
from grammy_desktop.core.progress import PartOfProgress, Progress
from grammy_desktop.mastering.codecs import WHOLE_UP_TO, CodecResult, check_codecs
from grammy_desktop.mastering.file_facts import FileFacts, read_facts
from grammy_desktop.mastering.peak_scan import PeakScan, scan_peaks
from grammy_desktop.mastering.platforms import Codec, PlatformResult, PlatformTable, judge_platforms, load_table

CEILING_SLACK = 0.02
"""dB above its ceiling that a written file may read at 16x."""
TARGET_SLACK = 0.2
"""LU around its target."""
_COMMON_CEILING = -1.0
"""dBTP: what most services ask for; codecs' overs are listed above it where no ceiling is given."""
_OFFSET = 10 ** (-60 / 20)
"""Mean above which an offset is worth a word: -60 dBFS."""
_LONG_SILENCE = 2.0
"""Seconds at an end that are worth a word."""


@dataclass(frozen=True)
class Proof:
    """What was found in a written file.

    loudness: of the whole file, its true peak read at 16x; true_peak_at: seconds. passed: the ceiling and target it was
    made for are kept (where they were given) and no samples are clipped; `problems` says in sentences what is not right,
    `notes` what else was noticed.
    not_checked: codecs that this computer lacks, each with the reason.
    """

    file: str
    info: AudioInfo
    loudness: Loudness
    true_peak_at: float
    facts: FileFacts
    ceiling_dbtp: float | None
    target_lufs: float | None
    codecs: tuple[CodecResult, ...]
    platforms: tuple[PlatformResult, ...]
    dated: str
    problems: tuple[str, ...]
    notes: tuple[str, ...]
    passed: bool

    @property
    def not_checked(self) -> tuple[CodecResult, ...]:
        return tuple(result for result in self.codecs if not result.checked)

    def to_json(self) -> dict[str, Any]:
        return {
            "file": self.file,
            "pass": self.passed,
            "problems": list(self.problems),
            "notes": list(self.notes),
            "loudness": self.loudness.to_json(),
            "true_peak_at": round(self.true_peak_at, 2),
            "ceiling_dbtp": self.ceiling_dbtp,
            "target_lufs": self.target_lufs,
            "format": self.info.format,
            "subtype": self.info.subtype,
            "sample_rate": self.info.sample_rate,
            "channels": self.info.channels,
            "duration": round(self.info.duration, 3),
            **self.facts.to_json(),
            "codecs": [result.to_json() for result in self.codecs],
            "not_checked": [{"id": result.codec.id, "reason": result.reason} for result in self.not_checked],
            "platforms": [platform.to_json() for platform in self.platforms],
            "platforms_dated": self.dated,
        }


def prove(
    path: Path,
    *,
    ceiling_dbtp: float | None = None,
    target_lufs: float | None = None,
    codecs: bool | Sequence[Codec] | Sequence[CodecResult] = False,
    longest: float = WHOLE_UP_TO,
    user_table: Path | None = None,
    work_dir: Path | None = None,
    progress: Progress,
) -> Proof:
    """Read `path` back, streamed, and measure it.

    ceiling_dbtp, target_lufs: what it was made for, if that is to be proved. codecs: True for the table's judged ones; results
    that are known already (of this very file) are taken as they are.
    longest: seconds that go through codecs (see `check_codecs`). user_table: the user's own `platforms.toml`.
    Raises as `open_source`, and UserError when the user's table is broken.
    """
    table = load_table(user_table)
    measured = 0.3 if codecs else 1.0
    reading = PartOfProgress(progress, 0.0, measured, "measure")
    with open_source(path) as source:
        info = source.info
        loudness = measure_source(source, true_peak=False, progress=PartOfProgress(reading, 0.0, 0.35))
        facts = read_facts(source, progress=PartOfProgress(reading, 0.35, 0.5))
        scan = scan_peaks(source, progress=PartOfProgress(reading, 0.5, 1.0))
    if loudness.sample_peak is None:
        raise UserError(f"“{path.name}” is silent: there is nothing to prove.", file=str(path))
    loudness = _with_true_peak(loudness, scan)
    results = tuple(given for given in codecs if isinstance(given, CodecResult)) if not isinstance(codecs, bool) else ()
    if codecs and not results:
        results = check_codecs(
            path,
            None if isinstance(codecs, bool) else [given for given in codecs if isinstance(given, Codec)],
            user_table=user_table,
            limit_dbtp=_COMMON_CEILING if ceiling_dbtp is None else ceiling_dbtp,
            longest=longest,
            work_dir=work_dir,
            progress=PartOfProgress(progress, measured, 1.0),
        )
    problems = _problems(loudness, scan, facts, ceiling_dbtp, target_lufs)
    progress.report(1.0, "measure")
    return Proof(
        file=str(path),
        info=info,
        loudness=loudness,
        true_peak_at=scan.at,
        facts=facts,
        ceiling_dbtp=ceiling_dbtp,
        target_lufs=target_lufs,
        codecs=results,
        platforms=judge_with_codecs(loudness, results, table),
        dated=table.dated.isoformat() if table.dated is not None else "",
        problems=problems,
        notes=_notes(loudness, facts),
        passed=not problems,
    )


def _with_true_peak(loudness: Loudness, scan: PeakScan) -> Loudness:
    peak = scan.true_peak
    plr = peak - loudness.integrated if peak is not None and loudness.integrated is not None else None
    return replace(loudness, true_peak=peak, plr=plr)


def judge_with_codecs(
    loudness: Loudness, results: Sequence[CodecResult], table: PlatformTable
) -> tuple[PlatformResult, ...]:
    """What each service makes of a file of this loudness that came out of the codecs like this."""
    peaks = {r.codec.id: r.true_peak for r in results if r.true_peak is not None}
    judged = {r.codec.id for r in results if r.codec.judged}
    judgements = judge_platforms(
        loudness,
        table.platforms,
        codec_peaks={name: peak for name, peak in peaks.items() if name in judged},
        information={name: peak for name, peak in peaks.items() if name not in judged},
    )
    missing = [r.codec.id for r in results if not r.checked]
    if not missing:
        return judgements
    words = f" Not checked after {', '.join(missing)}."
    return tuple(replace(judgement, note=judgement.note + words) for judgement in judgements)


def _problems(
    loudness: Loudness, scan: PeakScan, facts: FileFacts, ceiling: float | None, target: float | None
) -> tuple[str, ...]:
    found = []
    peak = scan.true_peak if scan.true_peak is not None else -math.inf
    if ceiling is not None and peak > ceiling + CEILING_SLACK:
        found.append(f"Its true peak is {peak:.2f} dBTP at {scan.at:.1f} s, above the ceiling of {ceiling:g} dBTP.")
    if target is not None:
        found += _missed(loudness, target)
    if facts.clipped_runs:
        where = f" (the first at {facts.clipped_at[0]:.1f} s)"
        found.append(f"It is clipped in {facts.clipped_runs} places{where}.")
    return tuple(_typeset(sentence) for sentence in found)


def _notes(loudness: Loudness, facts: FileFacts) -> tuple[str, ...]:
    found = []
    if loudness.sample_peak is not None and loudness.sample_peak > 0.0:
        found.append(
            f"Its samples go up to +{loudness.sample_peak:.1f} dBFS: whatever plays or converts it clips them."
        )
    if facts.dc_offset > _OFFSET:
        found.append(f"It has a constant offset of {20 * math.log10(facts.dc_offset):.0f} dBFS.")
    for words, seconds in (("begins", facts.silence_start), ("ends", facts.silence_end)):
        if seconds > _LONG_SILENCE:
            found.append(f"It {words} with {seconds:.1f} s of silence.")
    return tuple(_typeset(sentence) for sentence in found)


def _typeset(sentence: str) -> str:
    return sentence.replace(" -", " −")


def _missed(loudness: Loudness, target: float) -> list[str]:
    if loudness.integrated is None:
        return ["It is too quiet to have a loudness."]
    if abs(loudness.integrated - target) <= TARGET_SLACK:
        return []
    return [f"It is at {loudness.integrated:.1f} LUFS, not at {target:g} LUFS."]
