"""The proof reads what was written, not what was meant."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from codec_signals import dense, tone, written

from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.audio_file import read_clip
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.loudness import measure
from grammy_desktop.core.progress import NoProgress
from grammy_desktop.core.stream import ClipSource
from grammy_desktop.core.true_peak import true_peak
from grammy_desktop.mastering.file_facts import read_facts
from grammy_desktop.mastering.platforms import load_table
from grammy_desktop.mastering.proof import prove


def test_the_figures_are_those_of_the_file(tmp_path: Path) -> None:
    path = written(tmp_path / "song.wav", dense(12, 44_100) * np.float32(0.6), 44_100)
    proof = prove(path, progress=NoProgress())
    clip = read_clip(path)
    known = measure(clip)
    assert proof.loudness.integrated == pytest.approx(known.integrated, abs=0.02)
    assert proof.loudness.range == pytest.approx(known.range, abs=0.1)
    assert proof.loudness.true_peak == pytest.approx(true_peak(clip, 16), abs=0.01)
    assert proof.loudness.sample_peak == pytest.approx(known.sample_peak, abs=0.01)
    assert (proof.info.sample_rate, proof.info.channels, proof.info.subtype) == (44_100, 2, "PCM_24")
    assert proof.passed and proof.problems == () and proof.codecs == ()


def test_a_broken_promise_is_named(tmp_path: Path) -> None:
    path = written(tmp_path / "song.wav", tone(4, 997, -6))
    kept = prove(path, ceiling_dbtp=-6.0, target_lufs=-6.0, progress=NoProgress())
    assert kept.passed, kept.problems
    broken = prove(path, ceiling_dbtp=-6.5, target_lufs=-14.0, progress=NoProgress())
    assert not broken.passed
    assert "above the ceiling of −6.5 dBTP" in broken.problems[0]
    assert "not at −14 LUFS" in broken.problems[1]


def test_peaks_between_samples_count(tmp_path: Path) -> None:
    # Samples at -1 dBFS of a tone at a quarter of the rate whose peaks lie between them, 3 dB higher.
    wave = (10 ** (-1 / 20) * np.sign(np.sin(2 * np.pi * np.arange(96_000) / 4 + np.pi / 4))).astype(np.float32)
    path = written(tmp_path / "tone.wav", np.repeat(wave[:, None], 2, axis=1))
    proof = prove(path, ceiling_dbtp=-1.0, progress=NoProgress())
    assert proof.loudness.sample_peak == pytest.approx(-1, abs=0.01)
    assert proof.loudness.true_peak is not None and proof.loudness.true_peak > 1.9
    assert not proof.passed and not any(p.passed for p in proof.platforms)


def test_clipping_offset_and_silence_are_found(tmp_path: Path) -> None:
    samples = tone(8, 440, -6)
    samples[100_000:100_005, 0] = 1.0
    samples[200_000:200_002, 1] = 1.0
    samples[: 3 * 48_000] = 0
    samples[7 * 48_000 + 24_000 :] = 0
    facts = read_facts(ClipSource(AudioClip(samples, 48_000)), progress=NoProgress())
    assert facts.clipped_runs == 0, "the run lies in what was silenced"
    samples[250_000:250_005, 0] = 1.0
    # Across the border between two blocks of 65,536 frames.
    samples[4 * 65_536 - 2 : 4 * 65_536 + 2, 1] = -1.0
    facts = read_facts(ClipSource(AudioClip(samples, 48_000)), progress=NoProgress())
    assert facts.clipped_runs == 2
    assert sorted(facts.clipped_at) == pytest.approx([250_000 / 48_000, (4 * 65_536 - 2) / 48_000])
    assert facts.silence_start == pytest.approx(3.0, abs=0.01) and facts.silence_end == pytest.approx(0.5, abs=0.01)
    path = written(tmp_path / "bad.wav", samples + np.float32(0.0))
    proof = prove(path, progress=NoProgress())
    assert any("clipped in 2 places" in problem for problem in proof.problems) and not proof.passed
    assert any("3.0 s of silence" in note for note in proof.notes)
    offset = written(tmp_path / "offset.wav", tone(2, 440, -6) + np.float32(0.1))
    assert any("offset of −20 dBFS" in note for note in prove(offset, progress=NoProgress()).notes)


def test_floats_beyond_full_scale_are_not_clipped_but_told(tmp_path: Path) -> None:
    path = written(tmp_path / "hot.wav", tone(2, 60, 9), subtype="FLOAT")
    proof = prove(path, progress=NoProgress())
    assert proof.facts.clipped_runs == 0 and not any("clipped" in problem for problem in proof.problems)
    assert any("up to +9.0 dBFS" in note for note in proof.notes)


def test_a_run_that_fills_whole_blocks_is_one() -> None:
    samples = np.zeros((4 * 65_536, 1), np.float32)
    samples[60_000:200_000] = 1.0
    facts = read_facts(ClipSource(AudioClip(samples, 48_000)), progress=NoProgress())
    assert facts.clipped_runs == 1 and facts.clipped_at == pytest.approx((60_000 / 48_000,))


def test_pass_needs_the_codecs_too(tmp_path: Path) -> None:
    dense_file = written(tmp_path / "dense.wav", dense(4, peak=0.8))
    plain = {p.id: p for p in prove(dense_file, progress=NoProgress()).platforms}
    assert "file" in plain["spotify"].peaks and len(plain["spotify"].peaks) == 1
    soft = written(tmp_path / "soft.wav", tone(4, 440, -9))
    proof = prove(soft, codecs=True, progress=NoProgress())
    assert {p.id: p.passed for p in proof.platforms}["spotify"]
    assert len(proof.codecs) == 3
    known = load_table().codecs
    over = prove(dense_file, codecs=[c for c in known if c.id == "opus-128"], progress=NoProgress())
    spotify = next(p for p in over.platforms if p.id == "spotify")
    assert not spotify.passed and "opus-128" in spotify.overs and spotify.peaks["opus-128"] > -1
    data = over.to_json()
    json.dumps(data, allow_nan=False)
    assert data["codecs"][0]["overs"] and data["platforms_dated"]


def test_a_codec_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path / "soft.wav", tone(3, 440, -9))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert shutil.which("ffmpeg") is None
    proof = prove(path, codecs=True, progress=NoProgress())
    assert [result.codec.id for result in proof.not_checked] == ["aac-256"]
    assert all("Not checked after aac-256." in p.note for p in proof.platforms)
    assert proof.to_json()["not_checked"][0]["id"] == "aac-256"


def test_silence_and_bad_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="silent"):
        prove(written(tmp_path / "silence.wav", np.zeros((48_000, 2), np.float32)), progress=NoProgress())
    short = written(tmp_path / "short.wav", tone(0.2, 440, -6))
    proof = prove(short, target_lufs=-14, progress=NoProgress())
    assert proof.loudness.integrated is None and not proof.passed
    json.dumps(proof.to_json(), allow_nan=False)
    bad = tmp_path / "bad.wav"
    bad.write_bytes(b"RIFF....WAVE")
    with pytest.raises(UserError, match="bad"):
        prove(bad, progress=NoProgress())
