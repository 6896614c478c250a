"""'Hear it on' at work: makes the sound of a version through a device once, then switches it in at the same place."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from grammy_desktop.app.hear_works import hear_work
from grammy_desktop.core.errors import GrammyError
from grammy_desktop.core.journal import JobState
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.jobs import JobEvent, JobQueue
from grammy_desktop.ui.jobs_bridge import JobsBridge
from grammy_desktop.ui.master.comparison import Comparison, Through
from grammy_desktop.ui.master.device_chips import DeviceChips, DeviceChoice
from grammy_desktop.workflows.hear_on import heard_path, places

FIRST = ("phone", "laptop", "car", "mono")
"""Shown as chips; all others are in the menu."""


class HearOn(QObject):
    """One device at a time. The version that is heard is made first, the other of A and B after it."""

    failed = Signal(object)

    def __init__(
        self, queue: JobQueue, paths: AppPaths, comparison: Comparison, chips: DeviceChips, jobs: JobsBridge
    ) -> None:
        super().__init__(comparison)
        self._queue, self._paths, self._comparison, self._chips = queue, paths, comparison, chips
        self._made: dict[tuple[str, str], Through] = {}
        self._device = ""
        self._job: tuple[str, str] | None = None
        """Id of the running job and the version it is about."""
        self._quiet = False
        chips.wanted.connect(self.toggle)
        jobs.happened.connect(self._job_changed)
        comparison.changed.connect(self._pair_changed)

    def load_places(self) -> None:
        """Fill the chips; the user's own device files may be broken."""
        try:
            found = [DeviceChoice(each.id, each.name, each.description) for each in places(self._paths)]
        except GrammyError as error:
            self.failed.emit(error)
            return
        first = [each for wanted in FIRST for each in found if each.id == wanted]
        self._chips.set_devices([*first, *(each for each in found if each not in first)])

    @property
    def device(self) -> str:
        """What is on, or being made."""
        return self._device

    def toggle(self, device: str) -> None:
        """Turn it on; the one that is on, or being made, off."""
        self._cancel()
        self._device = "" if device == self._device else device
        self._go_on()

    def _wanted(self) -> list[str]:
        """Versions that must be made, the heard one first."""
        slots = sorted(self._comparison.slots.items(), key=lambda item: item[0] != self._comparison.heard)
        ids = [candidate.version.id for _, candidate in slots if candidate is not None]
        return [version for version in ids if (version, self._device) not in self._made]

    def _go_on(self) -> None:
        """Switch in what is there, make what is missing."""
        if self._device:
            self._made = {key: each for key, each in self._made.items() if each.path.is_file()}
            for version in self._wanted():
                self._find(version)
            there = {version: each for (version, device), each in self._made.items() if device == self._device}
            self._set_through(self._device, there)
            missing = self._wanted()
            if missing and self._job is None:
                self._start(missing[0])
        else:
            self._set_through("", {})
        self._show(0.0)

    def _start(self, version: str) -> None:
        candidate = self._comparison.candidates[version]
        title = f"{candidate.short} on {self._chips.name_of(self._device)}"
        self._job = (self._queue.submit(hear_work(self._paths, candidate.path, self._device, title)), version)

    def _find(self, version: str) -> None:
        """What was made before, perhaps in another session."""
        candidate = self._comparison.candidates[version]
        path = heard_path(self._paths, candidate.path, self._device)
        if path.is_file():
            with suppress(OSError):
                path.touch()  # the oldest are removed first
            self._made[version, self._device] = Through(path, candidate.lufs)

    def _set_through(self, device: str, there: dict[str, Through]) -> None:
        self._quiet = True
        self._comparison.set_through(device, there)
        self._quiet = False

    def _pair_changed(self) -> None:
        if self._quiet:
            return
        if not any(self._comparison.slots.values()):
            self._made.clear()
        if self._device:
            self._cancel()
            self._go_on()

    def _job_changed(self, event: JobEvent) -> None:
        if self._job is None or event.job_id != self._job[0]:
            return
        snapshot = event.snapshot
        if not snapshot.state.ended:
            self._show(snapshot.fraction)
            return
        version, device = self._job[1], self._device
        self._job = None
        if snapshot.state is JobState.DONE:
            self._made[version, device] = _through(
                self._queue.wait(event.job_id, 0.0).result, self._comparison, version
            )
        else:
            self._device = ""
            if snapshot.error is not None:
                self.failed.emit(snapshot.error)
        self._go_on()

    def _cancel(self) -> None:
        if self._job is not None:
            job, self._job = self._job[0], None
            self._queue.cancel(job)

    def _show(self, fraction: float) -> None:
        """Progress stands on the chip until the version that is heard is there."""
        heard = self._comparison.slots[self._comparison.heard]
        made = heard is not None and (heard.version.id, self._device) in self._made
        making = self._device if self._job is not None and not made else ""
        self._chips.set_state(self._device if made else "", making=making, progress=fraction)


def _through(result: Any, comparison: Comparison, version: str) -> Through:
    """The job's file, which is made as loud as the version itself."""
    candidate = comparison.candidates.get(version)
    return Through(Path(str(result["file"])), candidate.lufs if candidate is not None else None)
