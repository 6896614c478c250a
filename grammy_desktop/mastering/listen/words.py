"""Figures as the assistant writes them."""

from __future__ import annotations


def signed(value: float, digits: int = 1) -> str:
    """'+2.1', '−1.6'."""
    return f"{value:+.{digits}f}".replace("-", "−")


def plain(value: float, digits: int = 1) -> str:
    return f"{value:.{digits}f}".replace("-", "−")


def hertz(frequency: float) -> str:
    """'90 Hz', '3.2 kHz'."""
    if frequency < 1000:
        return f"{frequency:.0f}\u00a0Hz"
    return f"{frequency / 1000:.2g}\u00a0kHz"
