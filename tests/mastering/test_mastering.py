from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from scipy import signal

from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.audio_file import write_wav
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.loudness import measure, true_peak
from grammy_desktop.core.progress import Cancelled, NoProgress
from grammy_desktop.mastering import (
    DEFAULT_PRESET,
    Mastered,
    load_presets,
    master,
    master_to_reference,
)

PRESETS = load_presets()
QUIET = NoProgress()


def mix(seconds: float = 8.0, *, rate: int = 44_100, lufs: float = -18.0, seed: int = 0) -> AudioClip:
    """Drums, bass, pad and a lead in a quiet and a loud half: dynamic, with peaks near full scale."""
    rng = np.random.default_rng(seed)
    t = np.arange(round(seconds * rate)) / rate
    hit = np.exp(-(t % 0.5) * 14)
    snare = np.exp(-((t + 0.5) % 1.0) * 20)
    hats = signal.sosfilt(
        signal.butter(2, 7000, "high", fs=rate, output="sos"), rng.standard_normal((len(t), 2)), axis=0
    )
    sound = (1.2 * hit * np.sin(2 * np.pi * 52 * t))[:, None] + 0.5 * snare[:, None] * rng.standard_normal((len(t), 2))
    sound += 0.15 * hats * np.exp(-(t % 0.125) * 50)[:, None]
    for voice, (frequency, pan) in enumerate([(110, 0.5), (220, 0.2), (277, 0.8), (330, 0.4), (880, 0.6)]):
        tone = signal.sawtooth(2 * np.pi * frequency * t + voice) * 0.12
        tone = signal.sosfilt(signal.butter(2, 3000, fs=rate, output="sos"), tone)
        sound += tone[:, None] * np.array([np.cos(pan * np.pi / 2), np.sin(pan * np.pi / 2)])
    sound *= np.where(t < seconds / 2, 0.4, 1.0)[:, None]
    clip = AudioClip(sound.astype(np.float32), rate)
    loudness = measure(clip, true_peak=False).integrated
    assert loudness is not None
    return AudioClip(clip.samples * np.float32(10 ** ((lufs - loudness) / 20)), rate)


def assert_on_target(mastered: Mastered, clip: AudioClip, target: float, ceiling: float) -> None:
    report = mastered.report
    assert report.reached, report.note
    assert report.after.integrated == pytest.approx(target, abs=0.1)
    assert true_peak(mastered.clip, 16) <= ceiling
    assert mastered.clip.samples.shape == clip.samples.shape
    assert mastered.clip.sample_rate == clip.sample_rate
    assert mastered.clip.samples.dtype == np.float32


@pytest.mark.parametrize("preset", ["spotify-loud", "vinyl-warm", "radio-ready"])
@pytest.mark.parametrize(("rate", "channels"), [(44_100, 2), (48_000, 1)])
def test_every_preset_reaches_its_target(preset: str, rate: int, channels: int) -> None:
    source = mix(rate=rate)
    clip = AudioClip(np.ascontiguousarray(source.samples[:, :channels]), rate)
    mastered = master(clip, PRESETS[preset], progress=QUIET)
    expected = {"spotify-loud": -14, "vinyl-warm": -16, "radio-ready": -8}[preset]
    assert_on_target(mastered, clip, expected, -1.0)


def test_at_a_high_sample_rate() -> None:
    clip = mix(4.0, rate=96_000)
    assert_on_target(master(clip, PRESETS["spotify-loud"], progress=QUIET), clip, -14, -1.0)


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")
def test_ffmpeg_agrees_with_a_loud_master(tmp_path: Path) -> None:
    mastered = master(mix(rate=48_000), PRESETS["radio-ready"], progress=QUIET)
    write_wav(tmp_path / "x.wav", mastered.clip)
    command = [
        "ffmpeg",
        "-nostdin",
        "-hide_banner",
        "-i",
        str(tmp_path / "x.wav"),
        "-af",
        "ebur128=peak=true",
        "-f",
        "null",
        "-",
    ]
    text = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stderr
    assert float(re.findall(r"Peak:\s+(-?[\d.]+) dBFS", text)[-1]) <= -1.0
    assert float(re.findall(r"I:\s+(-?[\d.]+) LUFS", text)[-1]) == pytest.approx(-8, abs=0.15)


@pytest.mark.parametrize(("target", "ceiling"), [(-30.0, -1.0), (-10.0, -3.0), (-14.0, 0.0), (-6.0, -0.5)])
def test_own_target_and_ceiling(target: float, ceiling: float) -> None:
    clip = mix(5.0)
    mastered = master(clip, PRESETS["spotify-loud"], target_lufs=target, ceiling_dbtp=ceiling, progress=QUIET)
    assert_on_target(mastered, clip, target, ceiling)


@pytest.mark.parametrize("level", [-50.0, -3.0])
def test_the_level_of_the_mix_does_not_matter(level: float) -> None:
    usual = master(mix(6.0), PRESETS["vinyl-warm"], progress=QUIET).clip.samples
    other = master(mix(6.0, lufs=level), PRESETS["vinyl-warm"], progress=QUIET).clip.samples
    assert np.abs(usual - other).max() < 2e-3


def test_the_sound_is_not_moved_in_time() -> None:
    clip = mix(6.0)
    for preset, intensity, slack in ((PRESETS["radio-ready"], 0.0, 0), (PRESETS["vinyl-warm"], 1.0, 1)):
        result = master(clip, preset, intensity=intensity, progress=QUIET).clip
        part = slice(120_000, 180_000)
        before = signal.sosfilt(signal.butter(2, 2000, "high", fs=44_100, output="sos"), clip.samples[part, 0])
        after = signal.sosfilt(signal.butter(2, 2000, "high", fs=44_100, output="sos"), result.samples[part, 0])
        lag = int(np.argmax(signal.correlate(after, before, method="fft"))) - (len(before) - 1)
        # A low-pass turns the phase of what is near it; the master as a whole is not late.
        assert abs(lag) <= slack, preset.id


def bands(clip: AudioClip) -> dict[str, float]:
    """Level of bands relative to the whole, dB."""
    spectrum = np.abs(np.fft.rfft(clip.samples.mean(axis=1))) ** 2
    frequency = np.fft.rfftfreq(clip.frames, 1 / clip.sample_rate)
    total = spectrum.sum()
    edges = {"low": (40, 150), "mid": (400, 2500), "high": (8000, 15_000), "top": (18_000, 20_000)}
    return {
        n: 10 * float(np.log10(spectrum[(frequency > a) & (frequency < b)].sum() / total))
        for n, (a, b) in edges.items()
    }


def side_share(clip: AudioClip, below: float) -> float:
    """Side to mid below a frequency, dB."""
    spectra = np.abs(np.fft.rfft(clip.samples @ np.array([[1, 1], [1, -1]], np.float32), axis=0)) ** 2
    low = np.fft.rfftfreq(clip.frames, 1 / clip.sample_rate) < below
    return 10 * float(np.log10(spectra[low, 1].sum() / spectra[low, 0].sum()))


def test_the_presets_sound_different_in_the_way_they_say() -> None:
    clip = mix(6.0)
    masters = {name: master(clip, preset, progress=QUIET).clip for name, preset in PRESETS.items()}
    tone = {name: bands(result) for name, result in masters.items()}
    original = bands(clip)
    assert tone["vinyl-warm"]["high"] < original["high"] - 1
    assert tone["vinyl-warm"]["top"] < original["top"] - 4
    assert tone["radio-ready"]["mid"] > tone["vinyl-warm"]["mid"]
    assert tone["radio-ready"]["high"] > tone["vinyl-warm"]["high"] + 2
    assert tone["vinyl-warm"]["low"] - tone["vinyl-warm"]["high"] > original["low"] - original["high"] + 2
    assert side_share(masters["vinyl-warm"], 100) < side_share(clip, 100) - 15
    plr = {name: measure(result).plr or 0.0 for name, result in masters.items()}
    assert plr["radio-ready"] < plr["spotify-loud"] - 2


def test_intensity_goes_from_untouched_tone_to_the_whole_preset() -> None:
    clip = mix(4.0, lufs=-24)
    preset = PRESETS["vinyl-warm"]
    plain = master(clip, preset, target_lufs=-24, intensity=0, progress=QUIET).clip
    before, after = bands(clip), bands(plain)
    assert all(after[name] == pytest.approx(before[name], abs=0.1) for name in ("low", "mid", "high"))
    highs = [bands(master(clip, preset, intensity=share, progress=QUIET).clip)["top"] for share in (0.0, 0.5, 1.0)]
    assert highs[0] > highs[1] > highs[2]


def test_the_report_is_strict_json_with_the_contracts_keys() -> None:
    mastered = master(mix(6.0), PRESETS[DEFAULT_PRESET], progress=QUIET)
    data = json.loads(json.dumps(mastered.report.to_json(), allow_nan=False))
    assert {
        "before",
        "after",
        "preset",
        "reference",
        "target_lufs",
        "ceiling_dbtp",
        "platforms",
        "gain_reduction",
    } <= set(data)
    assert data["preset"] == "spotify-loud"
    assert data["reference"] is None
    assert data["before"]["integrated"] == pytest.approx(-18, abs=0.05)
    assert all({"name", "pass", "gain_change"} <= set(platform) for platform in data["platforms"])
    reduction = data["gain_reduction"]
    assert len(reduction["times"]) == len(reduction["db"]) == 120
    assert min(reduction["db"]) >= 0
    assert max(reduction["db"]) < 24


def test_what_cannot_be_reached_is_said() -> None:
    clicks = np.zeros((44_100 * 4, 2), np.float32)
    clicks[::22_050] = 0.9
    mastered = master(AudioClip(clicks, 44_100), PRESETS["radio-ready"], target_lufs=-6, intensity=0, progress=QUIET)
    assert not mastered.report.reached
    assert "-6 LUFS could not be reached" in mastered.report.note
    assert f"{mastered.report.after.integrated:.1f} LUFS is as loud as it gets" in mastered.report.note
    assert true_peak(mastered.clip, 16) <= -1.0


def test_what_cannot_be_mastered() -> None:
    preset = PRESETS["spotify-loud"]

    def refusal(samples: np.ndarray, **options: float) -> str:
        with pytest.raises(UserError) as caught:
            master(AudioClip(samples.astype(np.float32), 44_100), preset, name="x.wav", progress=QUIET, **options)  # type: ignore[arg-type]
        return str(caught.value)

    good = mix(2.0).samples
    assert refusal(np.zeros((44_100, 2))) == "“x.wav” is silent throughout, so there is nothing to master."
    assert "0.20 s long; mastering needs at least 0.5 s" in refusal(good[:8820])
    assert "0.00 s long" in refusal(good[:0])
    assert "nothing in it is above -70 LUFS" in refusal(good * 1e-4)
    for bad in (np.nan, np.inf):
        spoilt = good.copy()
        spoilt[100] = bad
        assert "not numbers" in refusal(spoilt)
    assert "-3 LUFS cannot be a target; it may be -40 to -5" in refusal(good, target_lufs=-3)
    assert "nan LUFS cannot be a target" in refusal(good, target_lufs=float("nan"))
    assert "1 dBTP cannot be a ceiling" in refusal(good, ceiling_dbtp=1)
    assert "The intensity is 2" in refusal(good, intensity=2)


def test_surround_becomes_stereo() -> None:
    stereo = mix(2.0).samples
    surround = np.concatenate([stereo, stereo[:, :1], stereo[:, :1] * 0, stereo * 0.3], axis=1)
    assert master(AudioClip(surround, 44_100), PRESETS["spotify-loud"], progress=QUIET).clip.channels == 2


def test_cancel() -> None:
    class Impatient(NoProgress):
        def report(self, fraction: float, stage: str) -> None:
            assert 0 <= fraction <= 1
            assert stage == "master"
            if fraction > 0.5:
                raise Cancelled

    with pytest.raises(Cancelled):
        master(mix(2.0), PRESETS["spotify-loud"], progress=Impatient())


def test_a_reference_lends_its_tone_and_loudness(tmp_path: Path) -> None:
    clip = mix(6.0, rate=48_000)
    dark = mix(9.0, seed=5, lufs=-11)
    dark = AudioClip(
        signal.sosfilt(signal.butter(1, 1500, fs=44_100, output="sos"), np.tanh(dark.samples * 2), axis=0).astype(
            np.float32
        ),
        44_100,
    )
    target = measure(dark).integrated
    assert target is not None
    mastered = master_to_reference(clip, dark, reference_name="dark.wav", work_dir=tmp_path, progress=QUIET)
    assert_on_target(mastered, clip, target, -1.0)
    assert list(tmp_path.iterdir()) == []
    assert mastered.report.to_json()["reference"] == "dark.wav"
    assert mastered.report.to_json()["preset"] is None
    before, after, wanted = bands(clip), bands(mastered.clip), bands(dark)
    assert abs(after["high"] - wanted["high"]) < 0.5 * abs(before["high"] - wanted["high"])
    part = slice(150_000, 230_000)
    correlation = signal.correlate(mastered.clip.samples[part, 0], clip.samples[part, 0], method="fft")
    assert int(np.argmax(correlation)) == 80_000 - 1


def test_a_reference_for_mono_with_an_own_target(tmp_path: Path) -> None:
    source = mix(4.0)
    clip = AudioClip(np.ascontiguousarray(source.samples[:, :1]), 44_100)
    mastered = master_to_reference(clip, source, target_lufs=-12, ceiling_dbtp=-2, work_dir=tmp_path, progress=QUIET)
    assert_on_target(mastered, clip, -12, -2.0)


def test_what_cannot_be_a_reference() -> None:
    clip = mix(2.0)
    silence = AudioClip(np.zeros((44_100 * 2, 2), np.float32), 44_100)
    with pytest.raises(UserError, match=r"“ref\.wav” is silent throughout, so it cannot be a reference\."):
        master_to_reference(clip, silence, reference_name="ref.wav", progress=QUIET)
    with pytest.raises(UserError, match=r"“mix\.wav” is silent throughout, so there is nothing to master\."):
        master_to_reference(silence, clip, name="mix.wav", progress=QUIET)
    broken = clip.samples.copy()
    broken[7] = np.nan
    with pytest.raises(UserError, match=r"“ref\.wav” holds samples that are not numbers"):
        master_to_reference(clip, AudioClip(broken, 44_100), reference_name="ref.wav", progress=QUIET)
    with pytest.raises(UserError, match=r"is 0\.09 s long; a reference needs at least 0\.5 s\."):
        master_to_reference(clip, AudioClip(clip.samples[:4000], 44_100), progress=QUIET)
    with pytest.raises(UserError, match="mastering needs at least"):
        master_to_reference(AudioClip(clip.samples[:4000], 44_100), clip, progress=QUIET)
    whisper = AudioClip(clip.samples * np.float32(1e-5), 44_100)
    with pytest.raises(UserError, match=r"“ref\.wav” is too quiet to be a reference"):
        master_to_reference(clip, whisper, reference_name="ref.wav", progress=QUIET)


@pytest.mark.parametrize("noise", [0.0, 3e-5])
def test_a_constant_is_no_sound(noise: float) -> None:
    """Its step at the beginning is measured as loud; what is left of it sounds like nothing."""
    clip = mix(2.0)
    wavering = np.random.default_rng(1).uniform(-noise, noise, clip.samples.shape)
    constant = AudioClip((wavering + np.array([0.4, -0.2])).astype(np.float32), 44_100)
    with pytest.raises(UserError, match=r"“mix\.wav” holds a constant offset \(DC\) and no sound, so there is nothing"):
        master(constant, PRESETS[DEFAULT_PRESET], name="mix.wav", progress=QUIET)
    with pytest.raises(UserError, match=r"“mix\.wav” holds a constant offset \(DC\) and no sound, so there is nothing"):
        master_to_reference(constant, clip, name="mix.wav", progress=QUIET)
    with pytest.raises(UserError, match=r"“ref\.wav” holds a constant offset .* it cannot be a reference"):
        master_to_reference(clip, constant, reference_name="ref.wav", progress=QUIET)


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_an_offset_is_no_thump_at_the_start(preset: str) -> None:
    time = np.arange(3 * 44_100) / 44_100
    sine = np.repeat(0.1 * np.sin(2 * np.pi * 440 * time)[:, None], 2, axis=1).astype(np.float32)
    plain, offset = (
        master(AudioClip(samples, 44_100), PRESETS[preset], progress=QUIET).clip.samples
        for samples in (sine, sine + np.float32(0.4))
    )
    start = round(0.05 * 44_100)
    highest, thump = (float(np.abs(samples[:start]).max()) for samples in (plain, offset))
    assert 20 * np.log10(thump / highest) < 0.1
    assert abs(float(offset[:start].mean() - plain[:start].mean())) < 1e-3


def test_an_offset_is_no_thump_in_a_master_by_reference() -> None:
    clip, reference = mix(4.0), mix(4.0, seed=5, lufs=-12.0)
    quiet = AudioClip(clip.samples * np.float32(0.2), 44_100)
    offset = AudioClip(quiet.samples + np.float32(0.4), 44_100)
    plain, shifted = (master_to_reference(each, reference, progress=QUIET).clip.samples for each in (quiet, offset))
    for part in (slice(0, 2_205), slice(-2_205, None)):
        highest, thump = (float(np.abs(samples[part]).max()) for samples in (plain, shifted))
        assert 20 * np.log10(thump / highest) < 1
        assert abs(float(shifted[part].mean() - plain[part].mean())) < 0.02
