"""The assistant that listens: measures a mix against released music and proposes a preset, with a reason for each setting."""

from __future__ import annotations

from grammy_desktop.mastering.listen.curves import band_on, tonal_band
from grammy_desktop.mastering.listen.listen import listen
from grammy_desktop.mastering.listen.proposal import Finding, Proposal, Severity

__all__ = ["Finding", "Proposal", "Severity", "band_on", "listen", "tonal_band"]
