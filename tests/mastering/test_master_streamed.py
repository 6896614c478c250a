"""Masters of files: planned and carried out in blocks, the same as in memory."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from grammy_desktop.core.audio import AudioClip, Samples
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.loudness import true_peak
from grammy_desktop.core.progress import Cancelled, NoProgress
from grammy_desktop.core.stream import ClipSource, process_samples
from grammy_desktop.mastering import load_presets, master, spool
from grammy_desktop.mastering.matching import MatchPlan, analyse_reference, analyse_target, plan_match
from grammy_desktop.mastering.plan import MasterPlan, carry_out
from grammy_desktop.mastering.spool import Spool
from grammy_desktop.mastering.streamed import master_source, plan_master

RATE = 44_100
PRESETS = load_presets()
QUIET = NoProgress()


class Kept:
    """A sink that remembers."""

    def __init__(self) -> None:
        self.blocks: list[Samples] = []

    def write(self, block: Samples) -> None:
        self.blocks.append(block.copy())

    def samples(self) -> Samples:
        return np.concatenate(self.blocks)


def beats(seconds: float, *, channels: int = 2, seed: int = 0) -> AudioClip:
    rng = np.random.default_rng(seed)
    t = np.arange(round(seconds * RATE)) / RATE
    sound = 0.7 * np.sin(2 * np.pi * 55 * t) * np.exp(-(t % 0.5) * 9)
    sound = sound[:, None] + 0.3 * rng.standard_normal((len(t), channels)) * np.exp(-(t % 0.25) * 25)[:, None]
    sound += 0.1 * np.sin(2 * np.pi * 330 * t)[:, None]
    return AudioClip((sound * (0.5 + 0.5 * (t > seconds / 2))[:, None]).astype(np.float32), RATE)


@pytest.mark.parametrize("on_disk", [False, True])
def test_a_file_gets_the_master_of_a_clip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, on_disk: bool) -> None:
    monkeypatch.setattr(spool, "IN_MEMORY", 0 if on_disk else 1 << 30)
    clip, sink = beats(6.0), Kept()
    report = master_source(
        ClipSource(clip), PRESETS["radio-ready"], out=sink, name="x.wav", work_dir=tmp_path, progress=QUIET
    )
    same = master(clip, PRESETS["radio-ready"], progress=QUIET)
    np.testing.assert_array_equal(sink.samples(), same.clip.samples)
    assert report.reached and report.to_json() == same.report.to_json()
    assert true_peak(AudioClip(sink.samples(), RATE), 16) <= PRESETS["radio-ready"].ceiling_dbtp
    assert list(tmp_path.iterdir()) == []


def test_a_plan_gives_the_same_sound_on_a_part() -> None:
    """What is long is compared by its first minutes: the plan is made once, look-aheads end with the block."""
    clip = beats(12.0)
    plan = plan_master(ClipSource(clip), PRESETS["spotify-loud"], progress=QUIET)
    whole, part = Kept(), Kept()
    carry_out(plan, ClipSource(clip), whole, QUIET)
    carry_out(plan, ClipSource(AudioClip(clip.samples[: 8 * RATE], RATE)), part, QUIET)
    difference = np.abs(whole.samples()[: 6 * RATE] - part.samples()[: 6 * RATE]).max()
    assert difference <= 10 ** (-120 / 20)
    np.testing.assert_allclose(
        whole.samples(), master(clip, PRESETS["spotify-loud"], progress=QUIET).clip.samples, atol=1e-6
    )


def test_the_plan_says_what_it_will_do() -> None:
    clip = beats(5.0)
    plan = plan_master(ClipSource(clip), PRESETS["club"], intensity=0.5, target_lufs=-10.0, progress=QUIET)
    assert isinstance(plan, MasterPlan)
    assert (plan.preset, plan.reference, plan.intensity) == ("club", "", 0.5)
    assert plan.target_lufs == -10.0 and plan.end.ceiling_dbtp == plan.ceiling_dbtp == PRESETS["club"].ceiling_dbtp
    assert plan.before.integrated is not None
    assert plan.level_db == pytest.approx(-18.0 - plan.before.integrated)
    assert process_samples(clip.samples, plan.processor(RATE, 2)).shape == clip.samples.shape


def test_a_match_plan_is_an_aim_too() -> None:
    clip, reference = beats(5.0), beats(6.0, seed=4)
    profile = analyse_reference(ClipSource(reference), name="loud.wav", progress=QUIET)
    matched = plan_match(analyse_target(ClipSource(clip), progress=QUIET), profile, intensity=0.7)
    assert isinstance(matched, MatchPlan)
    sink = Kept()
    report = master_source(ClipSource(clip), matched, out=sink, target_lufs=-13.0, progress=QUIET)
    assert (report.preset, report.reference, report.intensity) == ("", "loud.wav", 0.7)
    assert report.reached and report.after.integrated == pytest.approx(-13.0, abs=0.1)


def test_surround_is_mixed_to_stereo_and_mono_stays() -> None:
    for channels, expected in ((6, 2), (1, 1)):
        sink = Kept()
        master_source(ClipSource(beats(2.0, channels=channels)), PRESETS["spotify-loud"], out=sink, progress=QUIET)
        assert sink.samples().shape == (2 * RATE, expected)


def test_cancel_comes_through_at_once_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "IN_MEMORY", 0)

    class Impatient(NoProgress):
        def __init__(self, after: int) -> None:
            self.left = after
            self.asked = 0

        def check_cancelled(self) -> None:
            self.asked += 1
            self.left -= 1
            if self.left < 0:
                raise Cancelled

    clip = beats(8.0)
    patient = Impatient(10**9)
    master_source(ClipSource(clip), PRESETS["radio-ready"], out=Kept(), work_dir=tmp_path, progress=patient)
    # Every block of every pass: 1.5 s of sound, far less than 200 ms of work.
    assert patient.asked >= 5 * -(-clip.frames // 65_536)
    for after in (1, 8, patient.asked - 3):
        with pytest.raises(Cancelled):
            master_source(
                ClipSource(clip), PRESETS["radio-ready"], out=Kept(), work_dir=tmp_path, progress=Impatient(after)
            )
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_mastered_is_said_with_its_name() -> None:
    preset = PRESETS["spotify-loud"]

    def refusal(samples: Samples) -> str:
        with pytest.raises(UserError) as caught:
            master_source(ClipSource(AudioClip(samples, RATE)), preset, out=Kept(), name="x.wav", progress=QUIET)
        return str(caught.value)

    good = beats(2.0).samples
    spoilt = good.copy()
    spoilt[70_000] = np.nan
    assert refusal(np.zeros_like(good)) == "“x.wav” is silent throughout, so there is nothing to master."
    assert "not numbers" in refusal(spoilt)
    assert "0.20 s long" in refusal(good[:8_820])
    assert "nothing in it is above -70 LUFS" in refusal(good * np.float32(1e-4))


def test_a_spool_gives_back_what_it_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    samples = beats(1.0).samples
    for limit in (0, 1 << 30):
        monkeypatch.setattr(spool, "IN_MEMORY", limit)
        with Spool(len(samples), 2, RATE, work_dir=tmp_path) as kept:
            for _ in range(2):
                kept.restart()
                for start in range(0, len(samples), 10_000):
                    kept.write(samples[start : start + 10_000])
            np.testing.assert_array_equal(kept.read(0, len(samples) + 5), samples)
            np.testing.assert_array_equal(kept.read(40_000, 9_000), samples[40_000:][:9_000])
            assert len(kept.read(len(samples), 10)) == 0
            with pytest.raises(ValueError, match="frames for a spool"):
                kept.write(samples)
    assert list(tmp_path.iterdir()) == []
