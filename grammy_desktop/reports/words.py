"""Figures as the window writes them: true minus, non-breaking spaces, nothing where nothing was measured."""

from __future__ import annotations


def level(value: float | None, unit: str = "") -> str:
    """'−14.0 LUFS', or an en dash."""
    if value is None:
        return "–"
    sign = "−" if round(value, 1) < 0 else ""
    return f"{sign}{abs(value):.1f}" + (f"\u00a0{unit}" if unit else "")


def clock(seconds: float) -> str:
    """'2:05'."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02d}"
