"""Master files outside the library: one or many, to any format, with a ceiling that survives codecs, and the proof."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grammy_desktop.core.paths import AppPaths
from grammy_desktop.core.progress import PartOfProgress, Progress
from grammy_desktop.workflows.delivery import format_for, subtype_for
from grammy_desktop.workflows.mastering_aim import Mastering
from grammy_desktop.workflows.written_master import WrittenMaster, write_master

if TYPE_CHECKING:
    from grammy_desktop.core.audio_file import AudioFileSource
    from grammy_desktop.mastering import Preset

_EXACT_FORMATS = ("wav", "flac", "aiff")


@dataclass(frozen=True)
class FileMasterRequest:
    """out: its ending says the format. bits: 16, 24, 32f or None (the format's own); `mastering.subtype` is not looked at.

    proof: the codecs are tried on the written file too. assistant: listens and takes the preset's place; genre: the style id
    that it compares with.
    """

    data_dir: str
    source: str
    mastering: Mastering
    out: str
    bits: str | None = None
    proof: bool = False
    assistant: bool = False
    genre: str | None = None


@dataclass(frozen=True)
class MadeFileMaster:
    """path: the master in the staging folder, in the format of `out`. report: the JSON of `grammy master` without `file`."""

    path: Path
    report: dict[str, Any]


def make_file_master(request: FileMasterRequest, staging: Path, progress: Progress) -> MadeFileMaster:
    """Runs in a worker, streamed. What is reported as `after` was read back from the written file.

    Raises `UserError` for bad files and goals, silence, and a format without such bits.
    """
    from grammy_desktop.mastering.proof import prove

    out, data_dir = Path(request.out), Path(request.data_dir)
    format = format_for(out)
    made = staging / f"master{out.suffix}"
    aim = _Assistant(request) if request.assistant else None
    job = WrittenMaster(
        data_dir, Path(request.source), made, request.mastering, format, subtype_for(format, request.bits), aim
    )
    written = write_master(job, PartOfProgress(progress, 0.0, 0.85))
    promised = written.report.ceiling_dbtp
    exact = format in _EXACT_FORMATS
    proof = prove(
        made,
        # A lossy file is a codec's work already: its peaks are told, not held against the limiter.
        ceiling_dbtp=promised if exact else None,
        target_lufs=written.report.target_lufs if exact and written.report.reached else None,
        codecs=written.tried or request.proof,
        user_table=AppPaths(data_dir).user_platforms,
        work_dir=staging,
        progress=PartOfProgress(progress, 0.85, 1.0, "measure"),
    ).to_json()
    report = written.report.to_json() | (aim.told if aim is not None else {})
    del report["gain_reduction"]
    report |= {"after": proof["loudness"], "platforms": proof.pop("platforms")}
    report["proof"] = {name: value for name, value in proof.items() if name != "file"}
    if request.mastering.codec_safe:
        report["codec_safe_ceiling_dbtp"] = round(written.ceiling_dbtp, 2)
    return MadeFileMaster(made, report)


class _Assistant:
    """The assistant's own preset for a source, heard once however often it is asked; `told` is for the report."""

    def __init__(self, request: FileMasterRequest) -> None:
        self._request = request
        self._preset: Preset | None = None
        self.told: dict[str, Any] = {}

    def __call__(self, source: AudioFileSource, progress: Progress) -> Preset:
        from grammy_desktop.mastering.listen import listen

        if self._preset is None:
            name = Path(self._request.source).name
            proposal = listen(source, genre=self._request.genre, name=name, progress=progress)
            findings = [finding.to_json() for finding in proposal.findings]
            self.told = {"assistant": proposal.to_json()["preset"], "findings": findings, "preset": "assistant"}
            self._preset = proposal.preset
        return self._preset
