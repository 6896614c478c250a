"""The one way times are written down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def now(*, days: float = 0.0) -> str:
    """UTC in ISO 8601 with milliseconds, moved by `days`; sorts as text."""
    return (datetime.now(UTC) + timedelta(days=days)).isoformat(timespec="milliseconds")
