from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from grammy_desktop.core.audio import AudioClip, Samples
from grammy_desktop.core.effects import Effect, apply_effects, load_chain, parse_chain
from grammy_desktop.core.effects.compression import GlueStage, gain_reduction
from grammy_desktop.core.effects.named_chains import find_chain, load_chains
from grammy_desktop.core.effects.specs import EFFECTS
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.oversampled import shape_waveform, soft_clipper
from grammy_desktop.core.progress import Cancelled, NoProgress
from grammy_desktop.core.stream import process_samples

RATE = 48_000


def sine(frequency: float, *, level: float = 0.25, seconds: float = 1.0, rate: int = RATE) -> Samples:
    t = np.arange(round(seconds * rate)) / rate
    return np.repeat((level * np.sin(2 * np.pi * frequency * t))[:, None], 2, axis=1).astype(np.float32)


def through(samples: Samples, *chain: Effect, rate: int = RATE) -> Samples:
    return apply_effects(AudioClip(samples, rate), chain, progress=NoProgress()).samples


def gain_at(frequency: float, *chain: Effect) -> float:
    """dB that a chain changes a sine by, once it has settled."""
    before = sine(frequency)
    after = through(before, *chain)
    half = len(before) // 2
    return 20 * float(np.log10(after[half:].std() / before[half:].std()))


def music() -> Samples:
    rng = np.random.default_rng(0)
    t = np.arange(RATE * 2) / RATE
    beat = np.exp(-(t % 0.5) * 10)
    samples = 0.3 * rng.standard_normal((len(t), 2)) * beat[:, None] + 0.2 * np.sin(2 * np.pi * 110 * t)[:, None]
    return samples.astype(np.float32)


@pytest.mark.parametrize("kind", EFFECTS)
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("rate", [8_000, 44_100])
def test_every_effect_keeps_length_channels_and_sanity(kind: str, channels: int, rate: int) -> None:
    samples = music()[: rate * 2, :channels]
    result = through(samples, Effect(kind), rate=rate)
    assert result.shape == samples.shape
    assert result.dtype == np.float32
    assert np.isfinite(result).all()


@pytest.mark.parametrize("kind", EFFECTS)
def test_at_zero_intensity_nothing_changes(kind: str) -> None:
    extreme = Effect(kind, {name: spec.highest for name, spec in EFFECTS[kind].parameters.items()})
    neutral = extreme.scaled(0.0)
    np.testing.assert_allclose(through(music(), neutral), music(), atol=2e-6)
    assert extreme.scaled(1.0).values() == pytest.approx(extreme.values())
    assert through(music(), extreme.scaled(0.5)).shape == music().shape


@pytest.mark.parametrize(
    ("effect", "frequency", "expected", "tolerance"),
    [
        (Effect("highpass", {"frequency": 1000, "slope": 12}), 125, -36, 1.0),
        (Effect("highpass", {"frequency": 100, "slope": 24}), 10_000, 0, 0.1),
        (Effect("lowpass", {"frequency": 500, "slope": 6}), 4_000, -18.2, 0.6),
        (Effect("low_shelf", {"frequency": 400, "gain_db": 6}), 40, 6, 0.2),
        (Effect("high_shelf", {"frequency": 4000, "gain_db": -6}), 16_000, -6, 0.4),
        (Effect("peak", {"frequency": 1000, "gain_db": 4, "q": 1}), 1000, 4, 0.1),
        (Effect("gain", {"gain_db": -7.5}), 1000, -7.5, 0.01),
        # -15.05 dBFS RMS is 9.95 dB over the threshold; a ratio of 2 takes half of that.
        (Effect("glue", {"threshold_db": -25, "ratio": 2, "knee_db": 0}), 1000, -4.98, 0.2),
        (Effect("width", {"width": 0}), 1000, 0, 0.01),
    ],
)
def test_an_effect_does_what_its_figures_say(
    effect: Effect, frequency: float, expected: float, tolerance: float
) -> None:
    assert gain_at(frequency, effect) == pytest.approx(expected, abs=tolerance)


def test_width_makes_the_bass_mono_and_leaves_the_mono_sum_alone() -> None:
    low, high = sine(60), sine(2_000)
    low[:, 1] = 0
    high[:, 1] *= -1
    mixed = low + high
    result = through(mixed, Effect("width", {"width": 1.5, "mono_below": 150}))
    np.testing.assert_allclose(result.sum(axis=1), mixed.sum(axis=1), atol=1e-5)
    side = (result[:, 0] - result[:, 1]) / 2
    spectrum = np.abs(np.fft.rfft(side * np.hanning(len(side))))
    assert spectrum[2_000] / spectrum[60] > 500
    assert np.abs(side[20_000:30_000]).max() == pytest.approx(0.25 * 1.5, rel=0.02)


def test_glue_links_the_channels() -> None:
    samples = sine(500)
    samples[:, 1] *= 0.1
    result = process_samples(samples, GlueStage(RATE, 2, threshold_db=-30, ratio=4))
    assert result[30_000:, 0].std() / result[30_000:, 1].std() == pytest.approx(10, rel=1e-3)


def test_the_soft_knee_meets_both_straight_lines() -> None:
    levels = np.array([-30.0, -23.0, -20.0, -17.0, -10.0])
    reduction = gain_reduction(levels, -20.0, 2.0, 6.0)
    np.testing.assert_allclose(reduction, [0, 0, 0.375, 1.5, 5], atol=1e-9)


def test_multiband_without_compression_adds_up_to_the_input() -> None:
    np.testing.assert_allclose(through(music(), Effect("multiband", {"ratio": 1})), music(), atol=1e-6)


def test_multiband_turns_down_the_loud_band_only() -> None:
    bass, presence = sine(60, level=0.5), sine(1_500, level=0.02)
    chain = Effect("multiband", {"low_threshold_db": -30, "mid_threshold_db": -20, "ratio": 4})
    result = through(bass + presence, chain)
    spectrum = np.abs(np.fft.rfft(result[24_000:, 0]))
    original = np.abs(np.fft.rfft((bass + presence)[24_000:, 0]))
    assert 20 * np.log10(spectrum[30] / original[30]) < -10
    assert 20 * np.log10(spectrum[750] / original[750]) == pytest.approx(0, abs=0.5)


def test_saturation_makes_even_harmonics_when_warm_and_no_offset() -> None:
    def harmonic(samples: Samples, number: int) -> float:
        spectrum = np.abs(np.fft.rfft(samples[:, 0] * np.hanning(len(samples))))
        return 20 * float(np.log10(spectrum[500 * number] / spectrum[500]))

    cold = through(sine(500, level=0.5), Effect("saturation", {"drive_db": 6, "warmth": 0}))
    warm = through(sine(500, level=0.5), Effect("saturation", {"drive_db": 6, "warmth": 0.5}))
    assert harmonic(cold, 2) < -90
    assert -40 < harmonic(warm, 2) < -15
    assert harmonic(cold, 3) > -40
    assert abs(warm[24_000:].mean()) < 2e-3
    quiet = sine(500, level=0.001)
    np.testing.assert_allclose(through(quiet, Effect("saturation", {"drive_db": 6})), quiet, atol=1e-5)


def test_clipping_between_the_samples_leaves_few_aliases() -> None:
    loud = sine(9_001, level=1.5, seconds=1.0)
    clipper = soft_clipper(0.5, 0.9)
    window = np.blackman(len(loud))

    def worst_alias(samples: Samples) -> float:
        spectrum = np.abs(np.fft.rfft(samples[:, 0] * window))
        level = spectrum[9_001]
        spectrum[8_990:9_012] = 0
        return 20 * float(np.log10(spectrum[20:19_000].max() / level))

    assert worst_alias(clipper(loud)) > -45
    assert worst_alias(shape_waveform(loud, RATE, clipper)) < -68


def test_quiet_stretches_pass_the_clipper_bit_for_bit() -> None:
    samples = music() * np.float32(0.2)
    shaped = shape_waveform(samples, RATE, soft_clipper(0.9, 1.2), straight_below=0.9)
    np.testing.assert_array_equal(shaped, samples)


def test_filters_are_those_of_pedalboard() -> None:
    import pedalboard as pb

    samples = music()
    for effect, plugin in (
        (Effect("highpass", {"frequency": 90, "slope": 6}), pb.HighpassFilter(90)),
        (Effect("lowpass", {"frequency": 900, "slope": 6}), pb.LowpassFilter(900)),
        (Effect("peak", {"frequency": 1_300, "gain_db": 6}), pb.PeakFilter(1_300, 6, 0.7071)),
        (Effect("low_shelf", {"frequency": 900, "gain_db": -4}), pb.LowShelfFilter(900, -4, 0.7071)),
        (Effect("high_shelf", {"frequency": 3_000, "gain_db": 5, "q": 0.5}), pb.HighShelfFilter(3_000, 5, 0.5)),
    ):
        expected = plugin(np.ascontiguousarray(samples.T), RATE).T
        np.testing.assert_allclose(through(samples, effect), expected, atol=3e-5)


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ([{"kind": "flanger"}], "there is no effect “flanger”; there are highpass, lowpass"),
        ([{"kind": "peak", "gain": 3}], "the effect “peak” has no parameter “gain”; it has frequency, gain_db, q"),
        ([{"kind": "peak", "gain_db": 99}], "“gain_db” of the effect “peak” is 99; it may be -24 to 24 dB"),
        ([{"kind": "peak", "gain_db": "loud"}], "“gain_db” of the effect “peak” must be a number"),
        ([{"kind": "peak", "gain_db": float("nan")}], "must be a number"),
        ([{"gain_db": 3}], "every [[chain]] table needs a “kind”"),
        ({"kind": "peak"}, "an effect chain is a list"),
    ],
)
def test_a_wrong_chain_is_named(entries: object, words: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_chain(entries, "mine.toml")
    assert words in str(caught.value)
    assert "“mine.toml”" in str(caught.value)


def test_a_chain_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_text('[[chain]]\nkind = "gain"\ngain_db = 3\n')
    assert load_chain(path) == (Effect("gain", {"gain_db": 3.0}),)
    path.write_text("[[chain")
    with pytest.raises(UserError, match=r"“c\.toml” could not be read as an effect chain"):
        load_chain(path)


def test_surround_and_cancel() -> None:
    surround = AudioClip(np.zeros((100, 6), np.float32), RATE)
    with pytest.raises(UserError, match="not 6 channels"):
        apply_effects(surround, [Effect("gain")], progress=NoProgress())

    class Impatient(NoProgress):
        def check_cancelled(self) -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        apply_effects(AudioClip(music(), RATE), [Effect("reverb")], progress=Impatient())


def test_shipped_chains_say_what_they_are_and_do_something() -> None:
    chains = load_chains()
    assert {"tape", "telephone", "hall", "vocal", "vinyl", "lo-fi", "wide", "crunch", "podcast-voice"} <= set(chains)
    for chain in chains.values():
        assert chain.name
        assert chain.description.endswith(".")
        result = through(music(), *chain.chain)
        assert np.isfinite(result).all()
        assert np.abs(result - music()).max() > 0.01
        assert np.abs(result).max() < 3
        # The built-in chains keep the level, so that switching one on does not startle.
        if chain.id != "telephone":
            assert 20 * np.log10(result.std() / music().std()) == pytest.approx(0, abs=9)
    telephone = through(music(), *chains["telephone"].chain)
    np.testing.assert_array_equal(telephone[:, 0], telephone[:, 1])


def test_chains_of_the_user(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('[[chain]]\nkind = "gain"\ngain_db = 3\n')
    (tmp_path / "hall.toml").write_text('name = "My hall"\n[[chain]]\nkind = "reverb"\n')
    assert find_chain("mine", tmp_path).chain == find_chain(str(tmp_path / "mine.toml")).chain
    assert load_chains(tmp_path)["hall"].name == "My hall"
    with pytest.raises(UserError, match="There is no effect chain “fuzz”; there are cassette, crunch"):
        find_chain("fuzz", tmp_path)
    (tmp_path / "wrong.toml").write_text('name = 3\n[[chain]]\nkind = "gain"\n')
    problems: list[UserError] = []
    assert "mine" in load_chains(tmp_path, problems=problems)
    assert [str(problem) for problem in problems] == ["“wrong.toml”: “name” must be a text."]
    assert find_chain("mine", tmp_path).id == "mine"
    for call in (lambda: load_chains(tmp_path), lambda: find_chain("wrong", tmp_path)):
        with pytest.raises(UserError, match=r"“wrong\.toml”"):
            call()
    assert load_chains(tmp_path / "missing")["tape"].name == "Tape"
