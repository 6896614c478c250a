"""How a file sounds elsewhere and what the services make of it: devices, codecs, platforms."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grammy_desktop.core.errors import UserError
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.core.progress import PartOfProgress, Progress


@dataclass(frozen=True)
class CheckRequest:
    """data_dir: where the user's own platforms and devices lie. every_codec: also those that decide nothing.

    renders: devices and codecs (ids; "all" for every one) whose versions are written for listening.
    """

    data_dir: str
    source: str
    codecs: bool = True
    every_codec: bool = False
    renders: tuple[str, ...] = ()


@dataclass(frozen=True)
class MadeCheck:
    """report: the JSON of `grammy check`. renders: id to a WAV in the staging folder, as loud as the original."""

    report: dict[str, Any]
    renders: dict[str, Path]


def make_check(request: CheckRequest, staging: Path, progress: Progress) -> MadeCheck:
    """Runs in a worker. Raises `UserError` for a file that is no audio or silent, and for a broken table or device."""
    from grammy_desktop.mastering.codec_trip import missing_reason
    from grammy_desktop.mastering.platforms import load_table
    from grammy_desktop.mastering.proof import prove
    from grammy_desktop.mastering.translation import check, load_devices
    from grammy_desktop.mastering.translation.check import codec_findings

    source, data_dir = Path(request.source), Path(request.data_dir)
    table = load_table(AppPaths(data_dir).user_platforms)
    devices = load_devices(AppPaths(data_dir).user_devices)
    # “all” means what this computer can; a codec that is named outright says why it cannot.
    lacking = {codec.id for codec in table.codecs if missing_reason(codec)}
    wanted = _wanted(request.renders, [*devices, *(codec.id for codec in table.codecs)], lacking)
    codecs = [codec for codec in table.codecs if request.codecs and (codec.judged or request.every_codec)]
    report = check(
        source, devices=tuple(devices.values()), work_dir=staging, progress=PartOfProgress(progress, 0.0, 0.3, "check")
    )
    proof = prove(
        source,
        codecs=codecs,
        user_table=AppPaths(data_dir).user_platforms,
        work_dir=staging,
        progress=PartOfProgress(progress, 0.3, 0.8 if wanted else 1.0, "check"),
    )
    renders = _render(request, wanted, staging, PartOfProgress(progress, 0.8, 1.0, "check"))
    sayings = [*report.findings, *codec_findings(proof.codecs)]
    proved = proof.to_json()
    return MadeCheck(
        report={
            "loudness": proved["loudness"],
            "true_peak_at": proved["true_peak_at"],
            "findings": [finding.to_json() for finding in sayings],
            "devices": [device.to_json() for device in report.devices],
            "codecs": proved["codecs"],
            "not_checked": proved["not_checked"],
            "platforms": proved["platforms"],
            "platforms_dated": proved["platforms_dated"],
            "problems": proved["problems"],
            "notes": proved["notes"],
        },
        renders=renders,
    )


def _wanted(names: tuple[str, ...], known: list[str], lacking: Collection[str] = ()) -> list[str]:
    if "all" in names:
        return [name for name in known if name not in lacking or name in names]
    for name in names:
        if name not in known:
            raise UserError(f"There is no device or codec “{name}”; there are {', '.join(known)}.")
    return list(dict.fromkeys(names))


def _render(request: CheckRequest, wanted: list[str], staging: Path, progress: Progress) -> dict[str, Path]:
    from grammy_desktop.mastering.platforms import load_table
    from grammy_desktop.mastering.translation import load_devices, render_codec, render_translation

    source, data_dir = Path(request.source), Path(request.data_dir)
    devices = load_devices(AppPaths(data_dir).user_devices)
    codecs = {codec.id: codec for codec in load_table(AppPaths(data_dir).user_platforms).codecs}
    made: dict[str, Path] = {}
    for number, name in enumerate(wanted):
        part = PartOfProgress(progress, number / len(wanted), (number + 1) / len(wanted))
        out = staging / f"{name}.wav"
        if name in devices:
            render_translation(source, devices[name], out, progress=part)
        else:
            render_codec(source, codecs[name], out, work_dir=staging, progress=part)
        made[name] = out
    return made
