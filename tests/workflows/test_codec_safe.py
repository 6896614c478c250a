"""A ceiling that is to hold after codecs: lowered so far, and no further."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from workflow_helpers import saved

from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.progress import NoProgress
from grammy_desktop.workflows.master_batch import FileMasterRequest, make_file_master
from grammy_desktop.workflows.mastering_aim import Mastering


def test_the_ceiling_is_lowered_so_far_and_what_is_left_is_said(tmp_path: Path) -> None:
    noise = np.clip(np.random.default_rng(4).standard_normal((96_000, 2)) * 0.6, -0.9, 0.9).astype(np.float32)
    song = saved(tmp_path / "noise.wav", AudioClip(noise, 48_000))
    staging = tmp_path / "staging"
    staging.mkdir()
    loud = Mastering(loudness=-6.0, ceiling=-1.0, codec_safe=True)
    request = FileMasterRequest(str(tmp_path), str(song), loud, str(tmp_path / "m.wav"))
    report = make_file_master(request, staging, NoProgress()).report
    assert -4.0 <= report["codec_safe_ceiling_dbtp"] < -1.0 and report["ceiling_dbtp"] == -1.0
    worst = max(codec["true_peak"] for codec in report["proof"]["codecs"] if codec["checked"])
    assert (worst > -0.95) == ("Codecs still lift its peaks" in report["note"])
    assert [path.name for path in staging.iterdir()] == ["master.wav"]
