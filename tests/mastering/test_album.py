"""An album's plan: the whole lands on its target, and the tracks keep their distances."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.loudness import measure
from grammy_desktop.core.progress import NoProgress
from grammy_desktop.mastering.album import AlbumTrack, album_loudness, album_report, plan_album
from grammy_desktop.mastering.master import master
from grammy_desktop.mastering.presets import load_presets

TRACKS = (
    AlbumTrack("opener", -14.0, 200.0, -1.0, -12.0),
    AlbumTrack("ballad", -20.0, 240.0, -6.0, -17.0),
    AlbumTrack("single", -11.0, 180.0, -0.2, -9.5),
    AlbumTrack("interlude", -27.0, 45.0, -14.0, -24.0),
)


def mean(targets: list[float]) -> float:
    return album_loudness([replace(t, integrated=x) for t, x in zip(TRACKS, targets, strict=True)])


def test_relations_are_kept_and_the_album_lands() -> None:
    aims = plan_album(TRACKS, -14.0)
    assert mean([aim.target_lufs for aim in aims]) == pytest.approx(-14.0, abs=0.01)
    gains = [aim.gain_db for aim in aims]
    assert max(gains) - min(gains) < 0.01
    assert not any(aim.held for aim in aims)
    assert "under the album" in aims[1].note and aims[1].note.endswith(".")
    assert json.loads(json.dumps([aim.to_json() for aim in aims], allow_nan=False))[0]["name"] == "opener"


@pytest.mark.parametrize("keep", [0.0, 0.5])
def test_relations_kept_in_part(keep: float) -> None:
    aims = plan_album(TRACKS, -12.0, keep_relations=keep, most_limiting=24.0)
    targets = [aim.target_lufs for aim in aims]
    assert mean(targets) == pytest.approx(-12.0, abs=0.01)
    assert targets[2] - targets[3] == pytest.approx(keep * 16.0, abs=0.01)


def test_a_track_without_room_is_held_back() -> None:
    peaky = (*TRACKS[:3], AlbumTrack("drums", -24.0, 60.0, -0.5))
    aims = plan_album(peaky, -10.0, keep_relations=0.0, most_limiting=6.0)
    assert aims[3].held and aims[3].limiting == pytest.approx(6.0, abs=0.01)
    assert aims[3].target_lufs == pytest.approx(-24.0 - 0.5 + 6.0, abs=0.01)
    assert "held back because its peaks leave no room" in aims[3].note
    assert -10.0 < aims[0].target_lufs <= -9.0
    assert all(aim.limiting <= 6.01 for aim in aims)


def test_an_album_beyond_reach_stays_below() -> None:
    aims = plan_album(TRACKS, -6.0, ceiling_dbtp=-2.0)
    assert all(aim.held for aim in aims[:1])
    assert all(aim.target_lufs <= -5.0 and aim.limiting <= 6.01 for aim in aims)


@pytest.mark.parametrize(
    ("tracks", "words"),
    [
        ((), "at least one track"),
        ((replace(TRACKS[0], integrated=float("-inf")),), "“opener” has no loudness"),
        ((replace(TRACKS[0], duration=0.0),), "“opener” has no length"),
    ],
)
def test_what_is_no_album(tracks: tuple[AlbumTrack, ...], words: str) -> None:
    with pytest.raises(UserError, match=words):
        plan_album(tracks, -14.0)


def test_wrong_wishes() -> None:
    with pytest.raises(UserError, match="may be 0 to 1"):
        plan_album(TRACKS, -14.0, keep_relations=1.5)
    with pytest.raises(UserError, match="cannot be a target"):
        plan_album(TRACKS, 3.0)


def test_masters_of_an_album_keep_their_distances() -> None:
    rng = np.random.default_rng(0)
    t = np.arange(4 * 44_100) / 44_100
    clips = []
    for level in (-14.0, -19.0, -23.0):
        noise = rng.standard_normal((len(t), 2)) * (0.4 + np.exp(-(t % 0.5) * 8))[:, None]
        clip = AudioClip(noise.astype(np.float32), 44_100)
        loudness = measure(clip).integrated
        assert loudness is not None
        clips.append(AudioClip((clip.samples * 10 ** ((level - loudness) / 20)).astype(np.float32), 44_100))
    before = [track(str(number), clip) for number, clip in enumerate(clips)]
    aims = plan_album(before, -16.0, ceiling_dbtp=-2.0)
    preset = load_presets()["apple-music"]
    masters = [
        master(clip, preset, target_lufs=aim.target_lufs, ceiling_dbtp=aim.ceiling_dbtp, progress=NoProgress()).clip
        for clip, aim in zip(clips, aims, strict=True)
    ]
    after = [track(str(number), clip) for number, clip in enumerate(masters)]
    report = album_report(before, aims, after, target_lufs=-16.0)
    assert report.album_lufs == pytest.approx(-16.0, abs=0.15)
    assert report.largest_shift < 0.2
    assert "Every track keeps its distance" in report.note
    assert json.dumps(report.to_json(), allow_nan=False)


def test_the_report_names_what_moved() -> None:
    aims = plan_album(TRACKS, -14.0)
    after = [replace(t, integrated=aim.target_lufs) for t, aim in zip(TRACKS, aims, strict=True)]
    after[1] = replace(after[1], integrated=after[1].integrated - 3.0)
    report = album_report(TRACKS, aims, after, target_lufs=-14.0)
    assert report.largest_shift > 2.0 and "“ballad” moved most" in report.note


def track(name: str, clip: AudioClip) -> AlbumTrack:
    found = measure(clip)
    assert found.integrated is not None
    return AlbumTrack(name, found.integrated, clip.duration, found.true_peak, found.short_term_max)
