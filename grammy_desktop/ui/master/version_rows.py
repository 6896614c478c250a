"""From the library's records to the rows of the Master page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from grammy_desktop.core.loudness import Loudness
from grammy_desktop.library import VersionRecord
from grammy_desktop.mastering import judge_platforms
from grammy_desktop.ui.formats import signed
from grammy_desktop.ui.master.version_list import VersionRow
from grammy_desktop.ui.master.version_names import is_master, long_names


def version_rows(
    versions: list[VersionRecord], slots: Mapping[str, str] | None = None, problems: Mapping[str, str] | None = None
) -> list[VersionRow]:
    """Depth first: each version under its parent. `slots`: by id, as what it is compared; `problems`: why it cannot be."""
    slots, problems = slots or {}, problems or {}
    names = long_names(versions)
    by_parent: dict[str | None, list[VersionRecord]] = {}
    known = {version.id for version in versions}
    for version in versions:
        parent = version.parent_id if version.parent_id in known else None
        by_parent.setdefault(parent, []).append(version)
    rows: list[VersionRow] = []

    def add(parent: str | None, depth: int) -> None:
        for version in by_parent.get(parent, ()):
            master = is_master(version)
            name = names[version.id] if master or version.kind in ("take", "import") else version.name
            row = VersionRow(version.id, name, version_note(version), depth, master)
            rows.append(replace(row, slots=slots.get(version.id, ""), problem=problems.get(version.id, "")))
            add(version.id, depth + 1)

    add(None, 0)
    return rows


def version_note(version: VersionRecord) -> str:
    """'71 ±9' where it was scored, else its loudness."""
    score = version.score or {}
    if score.get("overall_score") is not None:
        return f"{round(score['overall_score'])} ±{round(score.get('band') or 0)}"
    lufs = version.loudness.get("integrated")
    return f"{signed(lufs)}\u00a0LUFS" if lufs is not None else ""


def judged(figures: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the services make of a master whose report is not there, from its measured loudness."""
    if figures.get("integrated") is None or figures.get("true_peak") is None:
        return []
    known = {each.name for each in fields(Loudness)}
    loudness = Loudness(**{name: value for name, value in figures.items() if name in known})
    return [result.to_json() for result in judge_platforms(loudness)]
