"""The translation check: a song on every device, and through the codecs, with what it loses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grammy_desktop.core.audio_file import open_source
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.progress import PartOfProgress, Progress
from grammy_desktop.mastering.codecs import CodecResult, check_codecs
from grammy_desktop.mastering.platforms import Codec
from grammy_desktop.mastering.translation.bands import EDGES
from grammy_desktop.mastering.translation.devices import Device, load_devices
from grammy_desktop.mastering.translation.findings import Finding, Severity, find_losses
from grammy_desktop.mastering.translation.listening import Heard, hear

_CLIPS = 0.0
"""dBTP above which a decoder clips."""


@dataclass(frozen=True)
class DeviceResult:
    """loudness_change: LU against the original at the same setting of the volume. bands: each octave's lowest frequency, and
    by how many dB its share of the whole power changes."""

    device: Device
    loudness_change: float | None
    bands: tuple[tuple[float, float], ...]
    findings: tuple[Finding, ...]

    @property
    def verdict(self) -> str:
        """'good', 'warning' or 'serious'."""
        return self.findings[0].severity if self.findings else "good"

    def to_json(self) -> dict[str, Any]:
        return {
            **self.device.to_json(),
            "verdict": self.verdict,
            "loudness_change": None if self.loudness_change is None else round(self.loudness_change, 2),
            "bands": [{"from_hz": low, "change_db": round(change, 1)} for low, change in self.bands],
            "findings": [finding.to_json() for finding in self.findings],
        }


@dataclass(frozen=True)
class TranslationReport:
    """One result a device, in their order, and one a codec."""

    file: str
    devices: tuple[DeviceResult, ...]
    codecs: tuple[CodecResult, ...]
    codec_findings: tuple[Finding, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        return (*(finding for result in self.devices for finding in result.findings), *self.codec_findings)

    def to_json(self) -> dict[str, Any]:
        return {
            "file": self.file,
            "devices": [result.to_json() for result in self.devices],
            "codecs": [result.to_json() for result in self.codecs],
            "codec_findings": [finding.to_json() for finding in self.codec_findings],
        }


def check(
    path: Path,
    *,
    devices: Sequence[Device] | None = None,
    codecs: bool | Sequence[Codec] = False,
    user_dir: Path | None = None,
    work_dir: Path | None = None,
    progress: Progress,
) -> TranslationReport:
    """How the file sounds on every device (default: `load_devices`) and after codecs (True: the judged ones).

    Streamed. Raises as `open_source`, and UserError for silence.
    """
    chosen = tuple(load_devices(user_dir).values()) if devices is None else tuple(devices)
    end = 0.5 if codecs else 1.0
    step = end / (len(chosen) + 1)
    with open_source(path) as source:
        original = hear(source, None, progress=PartOfProgress(progress, 0.0, step))
        if original.integrated is None:
            raise UserError(f"“{path.name}” is silent or too short to be checked.", file=str(path))
        results = tuple(
            _on(original, hear(source, device, progress=PartOfProgress(progress, n * step, (n + 1) * step)), device)
            for n, device in enumerate(chosen, 1)
        )
    trips: tuple[CodecResult, ...] = ()
    if codecs:
        listed = None if codecs is True else tuple(codecs)
        trips = check_codecs(path, listed, work_dir=work_dir, progress=PartOfProgress(progress, end, 1.0))
    progress.report(1.0, "measure")
    return TranslationReport(str(path), results, trips, codec_findings(trips))


def codec_findings(results: Sequence[CodecResult]) -> tuple[Finding, ...]:
    """A sentence for every codec after which the song clips."""
    found = []
    for result in results:
        peak = result.true_peak
        if peak is not None and peak > _CLIPS:
            text = (
                f"After {result.codec.name} its true peak is {peak:+.1f} dBTP (at {result.at:.1f} s): players clip it."
                f" A ceiling {peak + 1:.1f} dB lower would keep 1 dB of room."
            )
            level: Severity = "serious" if peak > 1.0 else "warning"
            found.append(Finding("codec-clips", result.codec.id, level, text, peak, "dBTP", result.at))
    return tuple(found)


def _on(original: Heard, heard: Heard, device: Device) -> DeviceResult:
    change = None
    if original.integrated is not None and heard.integrated is not None:
        change = heard.integrated - original.integrated
    before, after = original.bands.share_db(), heard.bands.share_db()
    bands = tuple((low, float(new - old)) for low, old, new in zip(EDGES, before, after, strict=False))
    return DeviceResult(device, change, bands, find_losses(original, heard, device))
