"""The assistant finds damage that was done on purpose, mends it, and leaves what is well alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy import signal

from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.audio_file import open_source, write_wav
from grammy_desktop.core.effects import Effect, apply_effects, check_chain
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.loudness import measure
from grammy_desktop.core.progress import Cancelled, NoProgress
from grammy_desktop.core.resources import resource
from grammy_desktop.core.styles import lineage, load_styles
from grammy_desktop.mastering.listen import Proposal, band_on, listen, tonal_band
from grammy_desktop.mastering.listen.curves import tone_curve
from grammy_desktop.mastering.listen.ear import CENTRES
from grammy_desktop.mastering.listen.filters import response_db
from grammy_desktop.mastering.preset_data import preset_from_json

QUIET = NoProgress()
RATE = 48_000


def levelled(clip: AudioClip, lufs: float = -18.0) -> AudioClip:
    loudness = measure(clip, true_peak=False).integrated
    assert loudness is not None
    return AudioClip((clip.samples * 10 ** ((lufs - loudness) / 20)).astype(np.float32), clip.sample_rate)


def song(genre: str = "pop", seconds: float = 10.0, seed: int = 0) -> AudioClip:
    """Noise with beats, its long-term balance exactly the genre's median: nothing is to be mended in it."""
    rng = np.random.default_rng(seed)
    frames = round(seconds * RATE)
    t = np.arange(frames) / RATE
    curve = tone_curve(genre)
    bins = np.fft.rfftfreq(frames, 1 / RATE)
    places, known = np.log2(np.maximum(bins, 1.0)), np.isfinite(curve.middle_db)
    # Third-octave levels are power times bandwidth; outside of what is known it falls off.
    density = np.interp(places, np.log2(curve.frequencies[known]), curve.middle_db[known]) - 10 * np.log10(
        np.maximum(bins, 1.0)
    )
    density -= 12 * np.maximum(0, places - np.log2(10_000)) + 24 * np.maximum(0, np.log2(28) - places)
    beat = 0.55 + 0.9 * np.exp(-(t % 0.5) * 9)
    middle, side = (rng.standard_normal(frames) * beat for _ in range(2))
    shape = 10 ** (density / 20)
    middle, side = (np.fft.irfft(np.fft.rfft(part) * shape, frames) for part in (middle, side))
    side = signal.sosfiltfilt(signal.butter(3, 180, "high", fs=RATE, output="sos"), side) * 0.4
    return levelled(AudioClip(np.stack([middle + side, middle - side], axis=1).astype(np.float32), RATE))


def boomy(clip: AudioClip) -> AudioClip:
    return apply_effects(clip, [Effect("peak", {"frequency": 90, "gain_db": 6, "q": 0.8})], progress=QUIET)


def dull(clip: AudioClip) -> AudioClip:
    return apply_effects(clip, [Effect("high_shelf", {"frequency": 4000, "gain_db": -6, "q": 0.7})], progress=QUIET)


def wide_bass(clip: AudioClip) -> AudioClip:
    low = signal.sosfiltfilt(signal.butter(4, 130, fs=clip.sample_rate, output="sos"), clip.samples, axis=0)
    out = clip.samples - low
    out[:, 0] += low[:, 0]
    out[:, 1] -= 0.8 * np.roll(low[:, 0], 300)
    return AudioClip(out.astype(np.float32), clip.sample_rate)


def sibilant(clip: AudioClip) -> AudioClip:
    rng = np.random.default_rng(5)
    t = np.arange(clip.frames) / clip.sample_rate
    hiss = signal.sosfilt(
        signal.butter(4, (5500, 9000), "bandpass", fs=clip.sample_rate, output="sos"), rng.standard_normal(clip.frames)
    )
    bursts = np.where(t % 1.1 < 0.09, np.sin(np.pi * np.minimum(1, (t % 1.1) / 0.09)), 0.0)
    return AudioClip((clip.samples + 0.35 * (hiss * bursts)[:, None]).astype(np.float32), clip.sample_rate)


def crushed(clip: AudioClip) -> AudioClip:
    return AudioClip((np.tanh(clip.samples * 14) * 0.7).astype(np.float32), clip.sample_rate)


def heard(clip: AudioClip, genre: str | None = "pop") -> Proposal:
    return listen(clip, genre=genre, progress=QUIET)


def mended(clip: AudioClip, proposal: Proposal) -> Proposal:
    return heard(apply_effects(levelled(clip), proposal.preset.chain, progress=QUIET), proposal.genre or None)


def distance(proposal: Proposal, other: Proposal) -> float:
    """Root mean square of the difference of two balances over the known bands, dB."""
    known = np.isfinite(proposal.spectrum.middle_db)
    difference = proposal.spectrum.level_db[known] - other.spectrum.level_db[known]
    return float(np.sqrt(np.nanmean(difference**2)))


@pytest.mark.parametrize("genre", ["pop", "edm", "trap", "jazz_ballad", None])
def test_what_is_well_is_left_alone(genre: str | None) -> None:
    proposal = heard(song(genre or "none"), genre)
    assert proposal.preset.chain == ()
    assert all(finding.severity == "fine" for finding in proposal.findings), [f.text for f in proposal.findings]
    assert proposal.deviation < 0.1


@pytest.mark.parametrize("damage", [boomy, dull])
@pytest.mark.parametrize("genre", ["pop", "edm", "trap"])
def test_damage_to_the_tone_shrinks(damage: Callable[[AudioClip], AudioClip], genre: str) -> None:
    clean = song(genre)
    before = heard(levelled(damage(clean)), genre)
    whole = heard(clean, genre)
    assert distance(before, whole) > 1.3
    moves = [effect for effect in before.preset.chain if effect.kind in ("peak", "low_shelf", "high_shelf")]
    assert moves
    for effect in moves:
        gain, frequency = effect.parameters["gain_db"], effect.parameters["frequency"]
        assert (gain < 0 and frequency < 250) if damage is boomy else (gain > 0 and frequency > 2000)
        assert -3.0 <= gain <= 2.0
    after = mended(damage(clean), before)
    assert after.deviation < 0.7 * before.deviation
    assert distance(after, whole) < distance(before, whole)


def test_reasons_have_figures() -> None:
    proposal = heard(levelled(boomy(boomy(song()))))
    (finding,) = [finding for finding in proposal.findings if finding.id.startswith("tone")]
    assert finding.severity == "problem"
    assert finding.setting is not None and finding.setting in proposal.preset.chain
    assert finding.high is not None and finding.value > finding.high
    assert "over the middle 80 % of released pop and rock at" in finding.text
    assert "−3.0 dB at" in finding.text


def test_nothing_is_moved_by_more_than_asked() -> None:
    clip = boomy(boomy(dull(dull(song()))))
    for strongest in (3.0, 1.5):
        chain = listen(clip, genre="pop", strongest_db=strongest, progress=QUIET).preset.chain
        total = sum(
            response_db(e.kind, *(e.parameters[k] for k in ("frequency", "gain_db", "q")), CENTRES) for e in chain
        )
        assert 0.5 < np.max(np.abs(total)) <= strongest + 0.25


def test_what_is_not_there_is_not_lifted() -> None:
    clip = song()
    low = signal.sosfilt(signal.butter(8, 3500, fs=RATE, output="sos"), clip.samples, axis=0)
    proposal = heard(levelled(AudioClip(low.astype(np.float32), RATE)))
    assert any(finding.id == "tone_missing_treble" for finding in proposal.findings)
    boosted = [
        e for e in proposal.preset.chain if e.parameters.get("gain_db", 0) > 0 and e.parameters["frequency"] > 5000
    ]
    assert boosted == []


def test_wide_bass_becomes_mono() -> None:
    clip = wide_bass(song())
    before = heard(clip)
    finding = next(finding for finding in before.findings if finding.id == "low_mono")
    assert finding.severity != "fine" and before.figures["correlation_low"] < 0.8
    assert before.figures["mono_loss_low_db"] > 0.6
    assert finding.setting is not None and finding.setting.kind == "width"
    after = mended(clip, before)
    assert after.figures["correlation_low"] > 0.9
    assert after.figures["mono_loss_low_db"] < 0.3


def test_sibilance_is_tamed_and_the_rest_stays_bright() -> None:
    clip = sibilant(song())
    before = heard(clip)
    assert any(finding.id == "sibilance" for finding in before.findings)
    assert [effect.kind for effect in before.preset.chain if effect.parameters.get("frequency", 0) > 3500] == [
        "de_esser"
    ]
    after = mended(clip, before)
    assert after.figures["sibilance_db"] < before.figures["sibilance_db"] - 2.0


def test_the_crushed_are_not_crushed_more() -> None:
    proposal = heard(crushed(song()))
    assert any(finding.id == "crushed" and finding.severity == "problem" for finding in proposal.findings)
    assert not {"glue", "multiband", "saturation", "compressor"} & {effect.kind for effect in proposal.preset.chain}
    assert proposal.preset.clip is None


def test_mono_offset_balance_and_noise() -> None:
    clip = song()
    mono = heard(AudioClip(np.ascontiguousarray(clip.samples[:, :1]), RATE))
    assert any(finding.id == "mono" for finding in mono.findings)
    assert not any(effect.kind == "width" for effect in mono.preset.chain)
    assert any(f.id == "offset" for f in heard(AudioClip(clip.samples + np.float32(0.02), RATE)).findings)
    loud_left = clip.samples * np.array([1.6, 1.0], np.float32)
    balance = next(f for f in heard(AudioClip(loud_left, RATE)).findings if f.id == "balance")
    assert balance.severity == "notice" and balance.value == pytest.approx(20 * np.log10(1.6), abs=0.3)
    assert "left channel" in balance.text and balance.setting is None
    gap = clip.samples.copy()
    gap[4 * RATE : 6 * RATE] = 0
    gap += 0.002 * np.random.default_rng(3).standard_normal(gap.shape).astype(np.float32)
    assert any(finding.id == "noise" for finding in heard(AudioClip(gap, RATE)).findings)
    assert not any(finding.id == "noise" for finding in heard(clip).findings)


def test_the_answer_is_strict_json_and_a_whole_preset() -> None:
    proposal = heard(levelled(sibilant(wide_bass(boomy(song())))), "house")
    data = json.loads(json.dumps(proposal.to_json(), allow_nan=False))
    preset = preset_from_json(data["preset"])
    assert preset == proposal.preset
    check_chain(preset.chain)
    assert (preset.target_lufs, preset.ceiling_dbtp) == (-14.0, -2.0)
    assert data["genre"] == "house"
    assert len(data["spectrum"]["frequencies"]) == len(data["spectrum"]["band_low_db"]) == 31
    assert data["spectrum"]["band_high_db"][-1] is None, "nothing is known above 10 kHz"
    assert {"id", "text", "value", "low", "high", "unit", "severity", "setting"} == set(data["findings"][0])


def test_a_file_is_heard_like_a_clip(tmp_path: Path) -> None:
    clip = levelled(boomy(song(seconds=6.0)))
    write_wav(tmp_path / "x.wav", clip, subtype="FLOAT")
    with open_source(tmp_path / "x.wav") as source:
        streamed = listen(source, genre="pop", progress=QUIET)
    assert streamed.to_json() == heard(clip).to_json()


@pytest.mark.parametrize("rate", [22_050, 44_100, 96_000])
def test_the_sample_rate_does_not_matter(rate: int) -> None:
    clip = levelled(boomy(song()))
    other = AudioClip(signal.resample_poly(clip.samples, rate, RATE, axis=0).astype(np.float32), rate)
    assert distance(heard(other), heard(clip)) < 0.6


def test_what_cannot_be_heard() -> None:
    with pytest.raises(UserError, match=r"“x\.wav” is silent or too quiet"):
        listen(AudioClip(np.zeros((5 * RATE, 2), np.float32), RATE), name="x.wav", progress=QUIET)
    with pytest.raises(UserError, match=r"2\.0 s long; listening needs at least 3 s"):
        listen(AudioClip(np.ones((2 * RATE, 2), np.float32), RATE), progress=QUIET)
    broken = song(seconds=4.0).samples.copy()
    broken[7] = np.nan
    with pytest.raises(UserError):
        listen(AudioClip(broken, RATE), progress=QUIET)


def test_cancel() -> None:
    class Impatient(NoProgress):
        def check_cancelled(self) -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        listen(song(seconds=4.0), progress=Impatient())


def test_the_band_for_plots() -> None:
    frequencies, low, high, middle = tonal_band("trap")
    assert len(frequencies) == len(low) == len(high) == len(middle) >= 24
    assert frequencies[-1] < 10_500 and np.all(low < middle) and np.all(middle < high)
    plot = 1000 * 2 ** (np.arange(-16, 14) / 3)
    level = np.interp(np.log2(plot), np.log2(frequencies), middle) - 31.5
    band = band_on("trap", list(plot), list(level))
    assert band["band_high_db"][-1] is None and band["band_low_db"][10] < level[10] < band["band_high_db"][10]
    assert band["band_middle_db"][10] == pytest.approx(level[10], abs=0.2)
    assert band["band_name"] == "released rap"


def test_every_style_has_a_curve_and_the_data_says_where_it_is_from() -> None:
    data = json.loads(resource("tone", "curves.json").read_text(encoding="utf-8"))
    for style in load_styles():
        assert (tone_curve(style).id != data["fallback"]) == ("cinematic" not in lineage(style)), style
    assert all(group["tracks"] >= 20 for group in data["groups"].values())
    assert data["licence"] and data["sources"]
    assert resource("tone", "README.txt").is_file()
    assert max(data["frequencies"]) < 10_500
