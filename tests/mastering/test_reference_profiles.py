"""References as profiles: kept, shared, blended, found again."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grammy_desktop.bench.signals import brickwalled, dense_music
from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.audio_file import write_wav
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.progress import Cancelled, NoProgress
from grammy_desktop.mastering.matching import ReferenceProfile, blend_profiles, load_profile, save_profile
from grammy_desktop.mastering.matching.grid import grid_frequencies
from grammy_desktop.mastering.reference import load_reference, load_references, master_to_reference

QUIET = NoProgress()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("references")
    for name, brightness, drive, rate in (("dull", 0.2, 3.0, 44_100), ("bright", 1.0, 12.0, 48_000)):
        samples = brickwalled(dense_music(5.0, rate, seed=8, brightness=brightness), drive_db=drive)
        write_wav(made / f"{name}.wav", AudioClip(samples, rate))
    return made


def assert_same(first: ReferenceProfile, second: ReferenceProfile, within: float = 1e-3) -> None:
    for key, value in asdict(first).items():
        other = getattr(second, key)
        if isinstance(value, str):
            assert value == other
        else:
            assert np.allclose(value, other, atol=within)


def test_a_profile_survives_its_file(folder: Path, tmp_path: Path) -> None:
    profile = load_reference(folder / "bright.wav", progress=QUIET)
    assert profile.name == "bright.wav"
    assert len(profile.source_hash) == 64
    assert profile.sample_rate == 48_000
    save_profile(tmp_path / "my reference.gmref", profile)
    assert_same(load_profile(tmp_path / "my reference.gmref"), profile)
    assert_same(load_reference(tmp_path / "my reference.gmref", progress=QUIET), profile)
    assert json.loads((tmp_path / "my reference.gmref").read_text("utf-8"))["name"] == "bright.wav"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"format": "other"}, "is not a reference profile"),
        ({"version": 99}, "another version"),
        ({"grid": {}}, "another version"),
        ({"loudness": "loud"}, "“loudness” must be a number"),
        ({"loudness": True}, "“loudness” must be a number"),
        ({"bandwidth": -1}, "“bandwidth” must be a number"),
        ({"name": 7}, "“name” must be text"),
        ({"mid_db": [1.0]}, "“mid_db” must be 271 numbers"),
        ({"side_db": [None] * 271}, "“side_db” must be 271 numbers"),
        ({"side_db": [1e9] * 271}, "“side_db” must be 271 numbers"),
    ],
)
def test_a_damaged_profile_is_named(folder: Path, tmp_path: Path, change: dict[str, Any], words: str) -> None:
    path = tmp_path / "x.gmref"
    save_profile(path, load_reference(folder / "dull.wav", progress=QUIET))
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | change), "utf-8")
    with pytest.raises(UserError, match=r"“x\.gmref”") as caught:
        load_profile(path)
    assert words in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[]", b"{" * 100_000, b"NaN", b" " * 2_000_000])
def test_what_is_no_profile_at_all(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.gmref").write_bytes(content)
    with pytest.raises(UserError, match=r"“x\.gmref” is"):
        load_profile(tmp_path / "x.gmref")
    with pytest.raises(UserError, match=r"“gone\.gmref” could not be read"):
        load_profile(tmp_path / "gone.gmref")


def test_a_profile_is_found_again_by_its_audio(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    first = load_reference(folder / "dull.wav", cache_dir=cache, progress=QUIET)
    (kept,) = cache.iterdir()
    # That it is taken from there shows when what is kept says something else.
    data = json.loads(kept.read_text("utf-8"))
    kept.write_text(json.dumps(data | {"loudness": -3.5}), "utf-8")
    assert load_reference(folder / "dull.wav", cache_dir=cache, progress=QUIET).loudness == -3.5
    kept.write_text("damaged", "utf-8")
    assert_same(load_reference(folder / "dull.wav", cache_dir=cache, progress=QUIET), first)
    assert_same(load_profile(kept), first)
    load_reference(folder / "bright.wav", cache_dir=cache, progress=QUIET)
    assert len(list(cache.iterdir())) == 2


def test_a_copy_by_another_name_keeps_its_own_name(folder: Path, tmp_path: Path) -> None:
    load_reference(folder / "dull.wav", cache_dir=tmp_path / "cache", progress=QUIET)
    (tmp_path / "copy.wav").write_bytes((folder / "dull.wav").read_bytes())
    assert load_reference(tmp_path / "copy.wav", cache_dir=tmp_path / "cache", progress=QUIET).name == "copy.wav"


def test_bad_references_are_named(tmp_path: Path) -> None:
    (tmp_path / "text.wav").write_text("no audio")
    write_wav(tmp_path / "silent.wav", AudioClip(np.zeros((48_000, 2), np.float32), 48_000))
    for name, words in (
        ("text.wav", "“text.wav”"),
        ("silent.wav", "“silent.wav” is silent"),
        ("gone.wav", "“gone.wav”"),
    ):
        with pytest.raises(UserError) as caught:
            load_reference(tmp_path / name, cache_dir=tmp_path / "cache", progress=QUIET)
        assert words in str(caught.value)
    assert not (tmp_path / "cache").exists()


def test_a_blend_lies_between(folder: Path) -> None:
    paths = [folder / "dull.wav", folder / "bright.wav"]
    dull, bright = (load_reference(path, progress=QUIET) for path in paths)
    even = load_references(paths, progress=QUIET)
    assert even.name == "dull.wav + bright.wav"
    assert even.loudness == pytest.approx((dull.loudness + bright.loudness) / 2)
    low = slice(0, 200)
    assert np.allclose(even.mid_db[low], (dull.mid_db[low] + bright.mid_db[low]) / 2)
    tilted = load_references(paths, weights=[3, 1], progress=QUIET)
    assert np.allclose(tilted.mid_db[low], 0.75 * dull.mid_db[low] + 0.25 * bright.mid_db[low])
    # Above what the one can hold, the other alone counts.
    between = (grid_frequencies() > 22_100) & (grid_frequencies() < 23_900)
    assert np.allclose(even.mid_db[between], bright.mid_db[between])
    assert blend_profiles([bright]) is bright
    only = blend_profiles([dull, bright], [0, 2])
    inside = grid_frequencies() < 23_900
    assert np.allclose(only.mid_db[inside], bright.mid_db[inside], atol=1e-6)


@pytest.mark.parametrize("weights", [[1.0], [0.0, 0.0], [-1.0, 2.0], [float("nan"), 1.0]])
def test_impossible_weights(folder: Path, weights: list[float]) -> None:
    profile = load_reference(folder / "dull.wav", progress=QUIET)
    with pytest.raises(UserError, match="weights"):
        blend_profiles([profile, profile], weights)
    with pytest.raises(UserError, match="at least one"):
        blend_profiles([])


def test_mastering_to_a_profile(folder: Path) -> None:
    profile = load_reference(folder / "bright.wav", progress=QUIET)
    clip = AudioClip(dense_music(4.0, 44_100, seed=3, brightness=0.2, peak=0.4), 44_100)
    mastered = master_to_reference(clip, profile, target_lufs=-14, progress=QUIET)
    assert mastered.report.reached, mastered.report.note
    assert mastered.report.reference == "bright.wav"
    assert mastered.clip.samples.shape == clip.samples.shape


def test_loading_can_be_cancelled(folder: Path, tmp_path: Path) -> None:
    class Stop(NoProgress):
        def check_cancelled(self) -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        load_reference(folder / "dull.wav", cache_dir=tmp_path / "cache", progress=Stop())
    assert not (tmp_path / "cache").exists()
