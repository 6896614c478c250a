"""A master's report as text: what was asked for, what was measured on the file, what the services make of it. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grammy_desktop.ui.formats import signed, with_unit

FIGURES = (
    ("integrated", "Integrated", "LUFS"),
    ("short_term_max", "Loudest 3 s", "LUFS"),
    ("momentary_max", "Loudest 0.4 s", "LUFS"),
    ("range", "Loudness range", "LU"),
    ("true_peak", "True peak", "dBTP"),
    ("sample_peak", "Sample peak", "dBFS"),
    ("plr", "Peak to loudness", "dB"),
    ("psr", "Peak to short-term", "dB"),
)


def report_text(title: str, version: str, figures: Mapping[str, Any], details: Mapping[str, Any]) -> str:
    """Lines of plain text, in the words and signs of the window."""
    lines = [f"{title}, {version}", ""]
    wanted = [
        with_unit(details.get("target_lufs"), "LUFS") if details.get("target_lufs") is not None else "",
        with_unit(details.get("ceiling_dbtp"), "dBTP") if details.get("ceiling_dbtp") is not None else "",
    ]
    if any(wanted):
        lines += [f"Made for {', '.join(part for part in wanted if part)}.", str(details.get("note") or ""), ""]
    lines.append("Measured on the file")
    lines += [
        f"  {name}: {with_unit(figures[key], unit)}" for key, name, unit in FIGURES if figures.get(key) is not None
    ]
    results = details.get("platforms") or []
    if results:
        lines += ["", "After upload"]
    for result in results:
        verdict = "passes" if result.get("pass") else "does not pass"
        change = f"{signed(float(result['gain_change']), plus=True)}\u00a0dB"
        lines.append(f"  {result['name']}: {change}, {verdict}. {result.get('note') or ''}".rstrip())
        for where, peak in (result.get("peaks") or {}).items():
            over = " (over)" if where in (result.get("overs") or ()) else ""
            lines.append(f"    {where}: {with_unit(float(peak), 'dBTP')}{over}")
    proof = details.get("proof") or {}
    lines += [f"  {sentence}" for sentence in (*proof.get("problems", ()), *proof.get("notes", ()))]
    return "\n".join(line for index, line in enumerate(lines) if line or lines[index - 1]) + "\n"
