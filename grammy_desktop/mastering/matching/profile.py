"""What is kept of a reference: enough to master after it without its audio."""

from __future__ import annotations

from dataclasses import dataclass

from grammy_desktop.mastering.matching.grid import Curve

SILENT_DB = -120.0


@dataclass(frozen=True, eq=False)
class ReferenceProfile:
    """A reference track in figures.

    name: for messages and the report. source_hash: SHA-256 of the file, '' when not from a file. sample_rate: Hz, of the
    file. duration: seconds. loudness: integrated, LUFS. rms_db: of mid and side together in the loudest pieces, dBFS.
    width_db: side relative to mid there, dB (-120 when mono). bandwidth: Hz, above it there is no signal.
    mid_db, side_db: mean magnitude spectra of the loudest pieces on `grid_frequencies()`, dB per root of Hz over the rms.
    """

    name: str
    source_hash: str
    sample_rate: int
    duration: float
    loudness: float
    rms_db: float
    width_db: float
    bandwidth: float
    mid_db: Curve
    side_db: Curve
