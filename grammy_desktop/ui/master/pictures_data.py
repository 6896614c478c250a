"""What the plots of the Master page show, from the records of the two versions that are compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grammy_desktop.library import VersionRecord
from grammy_desktop.ui.master.comparison import Candidate
from grammy_desktop.ui.master.loudness_lane import LoudnessCurve
from grammy_desktop.ui.master.version_names import is_master


def spectrum_of(a: Candidate | None, b: Candidate | None) -> dict[str, Any]:
    """Third-octave levels of both as `TonalPlot.set_spectrum` takes them. A mix's are kept with each master made of it."""
    first, second = _levels(a, b), _levels(b, a)
    known = first or second
    if known is None:
        return {}
    spectrum: dict[str, Any] = {"frequencies": known[0]}
    for name, levels in (("mix_db", first), ("master_db", second)):
        if levels is not None and levels[0] == known[0]:
            spectrum[name] = levels[1]
    return spectrum


def _levels(candidate: Candidate | None, other: Candidate | None) -> tuple[list[float], list[float]] | None:
    if candidate is None:
        return None
    own = candidate.version.details.get("spectrum") or {}
    if is_master(candidate.version):
        return (own["frequencies"], own["master_db"]) if own.get("master_db") else None
    if own.get("db"):
        return own["frequencies"], own["db"]
    beside = (other.version.details.get("spectrum") or {}) if other is not None else {}
    return (beside["frequencies"], beside["mix_db"]) if beside.get("mix_db") else None


def curves_of(slots: Mapping[str, Candidate | None]) -> dict[str, LoudnessCurve]:
    return {slot: LoudnessCurve.of(each.version.details) for slot, each in slots.items() if each is not None}


def newest_master(slots: Mapping[str, Candidate | None]) -> VersionRecord | None:
    """The version whose report is shown: B where it is a master, else A."""
    for slot in ("b", "a"):
        each = slots[slot]
        if each is not None and is_master(each.version):
            return each.version
    return None


def figures_of(candidate: Candidate | None) -> dict[str, Any]:
    """Measured loudness and peaks of a version; from its proof where there is one."""
    if candidate is None:
        return {}
    proof = candidate.version.details.get("proof") or {}
    return {**candidate.version.loudness, **(proof.get("loudness") or {})}


def is_read_finely(candidate: Candidate | None) -> bool:
    """Whether the true peak was read at 16 times the rate: that of every written master is."""
    return candidate is not None and is_master(candidate.version)
