"""What devices take away: signals whose loss in mono, on a phone and in a car is known beforehand."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from grammy_desktop.core.audio import AudioClip, Samples
from grammy_desktop.core.audio_file import read_clip, write_wav
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.loudness import measure
from grammy_desktop.core.progress import Cancelled, NoProgress
from grammy_desktop.core.stream import ClipSource
from grammy_desktop.mastering.platforms import load_table
from grammy_desktop.mastering.translation import (
    DeviceResult,
    check,
    find_device,
    load_devices,
    render_codec,
    render_translation,
)
from grammy_desktop.mastering.translation.bands import EDGES, BandMeter
from grammy_desktop.mastering.translation.listening import hear

RATE = 48_000


def saved(path: Path, samples: Samples, rate: int = RATE) -> Path:
    write_wav(path, AudioClip(np.ascontiguousarray(samples, np.float32), rate), subtype="FLOAT")
    return path


def sines(seconds: float, *parts: tuple[float, float, float]) -> Samples:
    """(Hz, level of the left, of the right: negative for inverted)."""
    time = np.arange(round(seconds * RATE)) / RATE
    out = np.zeros((len(time), 2))
    for frequency, left, right in parts:
        out += np.sin(2 * np.pi * frequency * time)[:, None] * (left, right)
    return out.astype(np.float32)


def pink(seconds: float, seed: int = 3, *, wide: bool = False, tilt: float = 0.5) -> Samples:
    """Noise that falls by 3 dB an octave (tilt 0.5); `wide`: unrelated channels."""
    rng = np.random.default_rng(seed)
    count = round(seconds * RATE)
    channels = []
    for _ in range(2 if wide else 1):
        spectrum = rng.standard_normal(count // 2 + 1) + 1j * rng.standard_normal(count // 2 + 1)
        spectrum[1:] /= np.arange(1, len(spectrum)) ** tilt
        spectrum[: round(25 * count / RATE)] = 0
        wave = np.fft.irfft(spectrum, count)
        channels.append(0.1 * wave / wave.std())
    return np.stack(channels * (1 if wide else 2), axis=1).astype(np.float32)


def results(path: Path) -> dict[str, DeviceResult]:
    return {result.device.id: result for result in check(path, progress=NoProgress()).devices}


def ids(result: DeviceResult) -> set[str]:
    return {finding.id for finding in result.findings}


def test_there_are_six_devices_in_order() -> None:
    assert list(load_devices()) == ["mono", "phone", "laptop", "small-speaker", "car", "earbuds"]


def test_a_balanced_song_has_nothing_to_fear(tmp_path: Path) -> None:
    found = results(saved(tmp_path / "pink.wav", pink(6)))
    assert {name: result.verdict for name, result in found.items()} == dict.fromkeys(found, "good")
    assert found["mono"].loudness_change == pytest.approx(0, abs=0.02)
    assert -9 < (found["phone"].loudness_change or 0) < -1


def test_inverted_bass_is_found_with_its_place_and_size(tmp_path: Path) -> None:
    samples = pink(8)
    samples += sines(8, (70, 0.3, 0.3))
    # From 4 to 6 s the right channel of the bass is nearly inverted: mono keeps a twentieth.
    part = slice(4 * RATE, 6 * RATE)
    samples[part] += sines(8, (70, 0.0, -0.57))[part]
    mono = results(saved(tmp_path / "phase.wav", samples))["mono"]
    (finding,) = [f for f in mono.findings if f.id == "low-end-phase"]
    assert finding.at in (4.0, 5.0) and "at times" in finding.text
    assert "left and right work against each other" in finding.text
    worse = results(saved(tmp_path / "worse.wav", pink(5) + sines(5, (70, 0.5, -0.5))))["mono"]
    (serious,) = [f for f in worse.findings if f.id == "low-end-phase"]
    assert serious.severity == "serious" and serious.value > 8


def test_a_lead_that_cancels_is_found_where_it_is(tmp_path: Path) -> None:
    found = results(saved(tmp_path / "lead.wav", pink(5) + sines(5, (1_500, 0.2, -0.19))))
    assert "mono-1000" in ids(found["mono"]) and "mono-1000" in ids(found["phone"])
    assert "where voices and leads are" in found["mono"].findings[0].text
    assert not ids(found["laptop"]) & {"mono-1000", "low-end-phase"}, "a laptop is no mono device"


def test_a_deep_bass_without_overtones_disappears_on_the_phone(tmp_path: Path) -> None:
    deep = saved(tmp_path / "deep.wav", 0.02 * pink(5) + sines(5, (55, 0.5, 0.5)))
    found = results(deep)
    assert "bass-overtones" in ids(found["phone"]) and "bass-overtones" in ids(found["laptop"])
    assert "bass-overtones" not in ids(found["small-speaker"])
    assert "quiet" in ids(found["phone"])


def test_quiet_parts_sink_in_road_noise(tmp_path: Path) -> None:
    samples = pink(30)
    samples[: 15 * RATE] *= 0.1
    found = results(saved(tmp_path / "dynamic.wav", samples))
    (finding,) = [f for f in found["car"].findings if f.id == "covered"]
    assert 30 < finding.value < 60 and finding.at == 0
    assert "covered" not in ids(found["mono"])


def test_band_powers_are_exact() -> None:
    meter = BandMeter(RATE)
    samples = sines(4, (90, 0.5, 0.5), (3_000, 0.2, -0.2))
    for start in range(0, len(samples), 10_007):
        meter.push(samples[start : start + 10_007])
    bands = meter.result()
    change = bands.mono_change_db()
    assert change[EDGES.index(60)] == pytest.approx(0, abs=0.01)
    assert change[EDGES.index(2_000)] < -60
    wide = BandMeter(RATE)
    wide.push(pink(10, wide=True))
    assert wide.result().mono_change_db()[3:] == pytest.approx(-3.0, abs=0.3)


def test_what_is_measured_in_blocks_is_the_loudness(tmp_path: Path) -> None:
    clip = AudioClip(pink(23.4) * np.linspace(0.1, 1, round(23.4 * RATE), dtype=np.float32)[:, None], RATE)
    heard = hear(ClipSource(clip), None, progress=NoProgress())
    assert heard.integrated == pytest.approx(measure(clip).integrated, abs=0.01)
    assert len(heard.short_term()) == pytest.approx(20, abs=1)


def test_a_render_is_as_loud_and_as_long(tmp_path: Path) -> None:
    song = saved(tmp_path / "song.wav", pink(5, wide=True))
    rendered = render_translation(song, find_device("phone"), tmp_path / "phone.wav", progress=NoProgress())
    before, after = read_clip(song), read_clip(tmp_path / "phone.wav")
    assert (after.frames, after.sample_rate, after.channels) == (before.frames, RATE, 2)
    assert measure(after).integrated == pytest.approx(measure(before).integrated, abs=0.05)
    assert rendered.gain_db > 1
    assert np.abs(after.samples[:, 0] - after.samples[:, 1]).max() < 1e-6
    spectrum = np.abs(np.fft.rfft(after.samples[:, 0]))
    hertz = np.fft.rfftfreq(after.frames, 1 / RATE)
    assert spectrum[hertz < 200].mean() < 0.05 * spectrum[(hertz > 800) & (hertz < 2_000)].mean()


@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_a_codec_render_lies_on_the_original(tmp_path: Path, rate: int) -> None:
    song = saved(tmp_path / "song.wav", pink(3), rate)
    opus = next(codec for codec in load_table().codecs if codec.id == "opus-128")
    render_codec(song, opus, tmp_path / "opus.wav", progress=NoProgress())
    before, after = read_clip(song), read_clip(tmp_path / "opus.wav")
    assert (after.frames, after.sample_rate) == (before.frames, rate)
    a, b = (clip.samples[rate : 2 * rate, 0] for clip in (before, after))
    assert float(a @ b) / float(np.sqrt((a @ a) * (b @ b))) > 0.95
    assert sorted(path.name for path in tmp_path.iterdir()) == ["opus.wav", "song.wav"]


def test_codecs_join_the_report_and_it_is_strict_json(tmp_path: Path) -> None:
    loud = np.clip(20 * pink(3), -0.99, 0.99)
    mp3 = [codec for codec in load_table().codecs if codec.id == "mp3-128"]
    report = check(saved(tmp_path / "loud.wav", loud), codecs=mp3, progress=NoProgress())
    assert [finding.id for finding in report.codec_findings] == ["codec-clips"]
    data = json.loads(json.dumps(report.to_json(), allow_nan=False))
    assert data["codecs"][0]["id"] == "mp3-128" and len(data["devices"]) == 6


def test_mono_short_and_odd_rates_go_through(tmp_path: Path) -> None:
    mono = saved(tmp_path / "mono.wav", pink(1.5)[:, :1], 8_000)
    assert all(result.loudness_change is not None for result in results(mono).values())
    surround = saved(tmp_path / "surround.wav", np.repeat(pink(1), 3, axis=1))
    assert results(surround)["mono"].loudness_change is not None
    with pytest.raises(UserError, match="silent"):
        check(saved(tmp_path / "silence.wav", np.zeros((RATE, 2), np.float32)), progress=NoProgress())


def test_a_user_adds_a_device_and_a_broken_one_is_named(tmp_path: Path) -> None:
    (tmp_path / "tv.toml").write_text('name = "TV"\nlowest_hz = 120\n[[chain]]\nkind = "highpass"\nfrequency = 120\n')
    assert "tv" in load_devices(tmp_path) and find_device("tv", tmp_path).lowest_hz == 120
    with pytest.raises(UserError, match="there are mono, phone"):
        find_device("moon")
    for text, said in (
        ("low = 3", "has no “low”"),
        ("mono = 3", "true or false"),
        ("noise_lu = 'x'", "number"),
        ("[", "could"),
    ):
        (tmp_path / "tv.toml").write_text(text)
        with pytest.raises(UserError, match=said):
            load_devices(tmp_path)


def test_a_cancel_is_heard(tmp_path: Path) -> None:
    class Stopped(NoProgress):
        def check_cancelled(self) -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        check(saved(tmp_path / "song.wav", pink(2)), progress=Stopped())
