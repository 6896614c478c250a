"""Reads delivered audio with other people's programs."""

from __future__ import annotations

import hashlib
import re
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import soundfile


def ffmpeg_loudness(path: Path) -> dict[str, float]:
    """Integrated loudness (LUFS) and true peak (dBTP) as ffmpeg's ebur128 reads them."""
    command = ["ffmpeg", "-nostdin", "-hide_banner", "-i", str(path), "-af", "ebur128=peak=true", "-f", "null", "-"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    summary = text[text.rindex("Summary:") :]
    integrated = float(re.search(r"I:\s+(-?[\d.]+|-inf) LUFS", summary)[1])  # type: ignore[index]
    peak = float(re.search(r"Peak:\s+(-?[\d.]+|-inf) dBFS", summary)[1])  # type: ignore[index]
    return {"integrated": integrated, "true_peak": peak}


def samples(path: Path) -> Any:
    """float64 [frames, channels]."""
    return soundfile.read(path, always_2d=True, dtype="float64")[0]


def sample_hash(path: Path) -> str:
    return hashlib.sha256(soundfile.read(path, always_2d=True, dtype="int32")[0].tobytes()).hexdigest()


def db(value: float) -> float:
    return float(20 * np.log10(max(value, 1e-12)))
