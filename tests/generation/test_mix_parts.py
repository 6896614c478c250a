"""Strips, space and curves, each against a known answer."""

from __future__ import annotations

import numpy as np
import pytest

from grammy_desktop.core.music import Key
from grammy_desktop.core.song import Arrangement, Note, Part, Section
from grammy_desktop.core.styles import PartStyle, load_styles
from grammy_desktop.generation.composer.mix import balance, curves, deliver, levels, sections, space, strip, tape
from grammy_desktop.generation.composer.mix.blocks import BLOCK, Curve, merge, pair, split
from grammy_desktop.generation.composer.mix.filters import RunningFilter, band, butterworth
from grammy_desktop.generation.composer.mix.reference import CENTRES, slope_of, sloped, target_for
from grammy_desktop.generation.composer.render import RATE


def nothing() -> None:
    return None


def sine(hz: float, seconds: float, level: float = 0.5) -> np.ndarray:
    t = np.arange(int(seconds * RATE)) / RATE
    return np.repeat((level * np.sin(2 * np.pi * hz * t)).astype(np.float32)[:, None], 2, axis=1)


def noise(seconds: float, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((int(seconds * RATE), 2)).astype(np.float32) * np.float32(0.1)


def settings(**changes: object) -> PartStyle:
    values: dict[str, object] = {
        "name": "one", "role": "lead", "stem": "lead", "sound": "synth:pluck", "gain_db": 0.0, "range": (0, 127),
    }  # fmt: skip
    return PartStyle(**(values | changes))  # type: ignore[arg-type]


def arrangement(*notes: Note, sections: tuple[Section, ...] = (Section("a", 0, 4, 1.0),)) -> Arrangement:
    drums = Part("drums", "drums", notes, is_drums=True, sound="synth:kit_909")
    return Arrangement(120.0, Key(0, "major"), (4, 4), sections, (), (drums,))


def loudness(samples: np.ndarray) -> float:
    return levels.short_term_max(levels.energies(samples, nothing))


def no_duck(seconds: float) -> Curve:
    return Curve(np.zeros(int(seconds * RATE) // curves.DUCK_STEP + 2, np.float32), curves.DUCK_STEP)


def filtered(filter_: RunningFilter, samples: np.ndarray) -> np.ndarray:
    pieces = [filter_(samples[first : first + BLOCK].T).T for first in range(0, len(samples), BLOCK)]
    return np.concatenate(pieces)


# filters


@pytest.mark.parametrize(("low", "high"), [(24.0, 0.0), (22.0, 11_000.0), (500.0, 5000.0)])
def test_the_filters_are_those_of_scipy_wherever_blocks_are_cut(low: float, high: float) -> None:
    from scipy import signal

    source = noise(1.3)
    source[20_000:40_000] = 0.0
    expected = signal.sosfilt(band(low, high), source.astype(np.float64), axis=0)
    error = np.abs(filtered(RunningFilter(band(low, high)), source) - expected).max()
    assert 20 * np.log10(error / np.abs(expected).max()) < -100.0


def test_a_channel_in_silence_is_left_alone_until_it_rings_no_more() -> None:
    from scipy import signal

    high = butterworth(4, 140.0, "highpass")
    source = noise(3.0)
    source[:, 1] = 0.0
    source[100:200, 1] = 1.0
    source[int(1.2 * RATE) :, 0] = 0.0
    out = filtered(RunningFilter(high), source)
    assert np.abs(out - signal.sosfilt(high, source.astype(np.float64), axis=0)).max() < 1e-5
    assert not out[-BLOCK:].any()


def test_mid_and_side_and_back() -> None:
    source = noise(0.2)
    out = np.empty_like(source)
    merge(split(source, pair()), out)
    assert np.allclose(out, source, atol=1e-7)


def test_a_curve_is_straight_between_its_values() -> None:
    curve = Curve(np.array([0.0, 1.0, 3.0, 3.0], np.float32), 4)
    assert curve.whole(12).tolist() == [0, 0.25, 0.5, 0.75, 1, 1.5, 2, 2.5, 3, 3, 3, 3]
    assert curve.at(slice(4, 10)).tolist() == [1, 1.5, 2, 2.5, 3, 3]


# levels


def test_k_weighting_is_the_table_of_the_standard() -> None:
    shelf, highpass = levels.k_weighting(48_000)
    assert shelf == pytest.approx(
        [1.53512485958697, -2.69169618940638, 1.19839281085285, 1.0, -1.69065929318241, 0.73248077421585], abs=1e-9
    )
    assert highpass == pytest.approx([1.0, -2.0, 1.0, 1.0, -1.99004745483398, 0.99007225036621], abs=1e-9)


@pytest.mark.parametrize("hz", [60.0, 1000.0, 6000.0])
def test_gated_loudness_agrees_with_another_meter(hz: float) -> None:
    pyloudnorm = pytest.importorskip("pyloudnorm")
    signal = np.concatenate([sine(hz, 5.0, 0.5), sine(hz, 5.0, 0.01)]) + noise(10.0) * np.float32(0.01)
    ours = levels.gated(levels.energies(signal, nothing))
    assert ours == pytest.approx(pyloudnorm.Meter(RATE).integrated_loudness(signal), abs=0.15)


def test_a_stride_changes_the_level_by_less_than_a_decibel() -> None:
    for signal in (sine(60.0, 4.0), sine(1000.0, 4.0), noise(4.0)):
        exact = levels.energies(signal, nothing)
        rough = levels.energies(signal, nothing, stride=3)
        assert levels.short_term_max(rough) == pytest.approx(levels.short_term_max(exact), abs=1.0)


def test_silence_has_no_level() -> None:
    assert levels.gated(levels.energies(np.zeros((RATE, 2), np.float32), nothing)) == levels.SILENT


# strip


@pytest.mark.parametrize("gain", [0.0, -6.0, -13.0])
def test_a_part_stands_where_its_gain_says(gain: float) -> None:
    out = strip.process(noise(6.0), settings(gain_db=gain), no_duck(6.0), nothing)
    assert loudness(out.dry * np.float32(out.gain)) == pytest.approx(strip.LEAD_LUFS + gain, abs=0.5)
    assert levels.short_term_max(out.steps) == pytest.approx(strip.LEAD_LUFS + gain, abs=0.01)


def test_filters_and_sends() -> None:
    wish = settings(highpass=500.0, lowpass=5000.0, reverb_db=-6.0)
    out = strip.process(noise(4.0), wish, no_duck(4.0), nothing)
    power = np.abs(np.fft.rfft(out.dry[:, 0])) ** 2
    hertz = np.fft.rfftfreq(len(out.dry), 1 / RATE)
    middle = power[(hertz > 1000) & (hertz < 2000)].mean()
    assert power[(hertz > 100) & (hertz < 125)].mean() < middle / 200
    assert power[(hertz > 19_000) & (hertz < 20_000)].mean() < middle / 200
    assert out.delay is None
    assert out.reverb == pytest.approx(10 ** (-6 / 20))


def placed(source: np.ndarray, pan: float, width: float) -> np.ndarray:
    rows = np.array([source[:, 0] + source[:, 1], source[:, 0] - source[:, 1]]) / 2
    mid, edge = strip.placing(pan, width) @ rows
    return np.stack([mid + edge, mid - edge], axis=1)


@pytest.mark.parametrize("pan", [-1.0, -0.5, 0.0, 0.5, 1.0])
def test_pan_keeps_the_power(pan: float) -> None:
    source = sine(440.0, 1.0)
    out = placed(source, pan, 1.0)
    assert (out**2).sum() == pytest.approx((source**2).sum(), rel=1e-4)
    left, right = (out**2).sum(axis=0)
    assert (left > right) == (pan < 0) or pan == 0.0


def test_width_scales_the_side_only() -> None:
    source = noise(1.0)
    out = placed(source, 0.0, 0.25)
    assert np.allclose(out.sum(axis=1), source.sum(axis=1), atol=1e-6)
    assert np.allclose(out[:, 0] - out[:, 1], 0.25 * (source[:, 0] - source[:, 1]), atol=1e-6)


def test_the_kick_ducks_by_as_much_as_asked() -> None:
    song = arrangement(*[Note(beat, 0.2, 36, 110) for beat in range(16)])
    duck = curves.duck_curve(song, 8 * RATE).whole(8 * RATE)
    assert duck.max() == pytest.approx(1.0, abs=0.01)
    assert duck[RATE // 2] > 0.97, "fully down on the kick"
    assert duck[RATE - 1200] < 0.3, "nearly recovered before the next"
    assert not curves.duck_curve(arrangement(Note(0, 1, 38, 110)), RATE).values.any(), "a snare does not duck"


# space


@pytest.mark.parametrize("seconds", [0.6, 1.5, 3.0])
def test_the_room_rings_as_long_as_it_should(seconds: float) -> None:
    response = space.room_response(seconds, 0.02, np.random.default_rng(1))
    assert not response[: int(0.019 * RATE)].any(), "pre-delay"
    assert (response**2).sum() / 2 == pytest.approx(1.0, abs=0.02)
    decay = 10 * np.log10(np.cumsum((response**2).sum(axis=1)[::-1])[::-1] + 1e-12)
    decay -= decay[0]
    five, twenty_five = (int(np.argmax(decay < level)) for level in (-5.0, -25.0))
    measured = 3.0 * (twenty_five - five) / RATE
    assert measured == pytest.approx(seconds, rel=0.25)


def test_convolution_equals_the_direct_sum() -> None:
    rng = np.random.default_rng(2)
    send = rng.standard_normal(200_000).astype(np.float32)
    response = rng.standard_normal((3000, 2)).astype(np.float32)
    out = np.zeros((len(send), 2), np.float32)
    space.convolve_into(out, send, response, nothing)
    for at in (0, 2500, 70_000, 128_100, 199_999):
        first = max(0, at - 2999)
        expected = (send[first : at + 1][::-1, None] * response[: at - first + 1]).sum(axis=0)
        assert out[at] == pytest.approx(expected, abs=0.02)


def test_echoes_come_in_time_and_decay() -> None:
    send = np.zeros(2 * RATE, np.float32)
    send[100:400] = np.sin(2 * np.pi * 1000 * np.arange(300) / RATE)
    out, room = np.zeros((len(send), 2), np.float32), np.zeros(len(send), np.float32)
    space.echo_into(out, send, nothing, seconds=0.3, feedback=0.5, reverb=room)
    assert np.allclose(room, 0.1 * out.sum(axis=1), atol=1e-6)
    out = np.abs(out)
    sizes = [out[int(0.3 * RATE * n) : int(0.3 * RATE * n) + 800].max() for n in (1, 2, 3)]
    assert out[: int(0.3 * RATE)].max() == 0.0
    assert sizes[1] == pytest.approx(0.5 * sizes[0], rel=0.05)
    assert sizes[2] == pytest.approx(0.25 * sizes[0], rel=0.05)
    assert out[int(0.3 * RATE) :][:800, 1].max() > 2 * out[int(0.3 * RATE) :][:800, 0].max(), "the first goes right"


# curves


def test_sections_are_brought_to_their_levels_and_never_raised_much() -> None:
    parts = (Section("intro", 0, 2, 0.2), Section("drop", 2, 2, 1.0))
    song = arrangement(sections=parts)
    points = ((0.2, -7.0), (1.0, 0.0))
    loud, quiet = np.full(40, 0.01), np.full(40, 0.01 * 10**-1.5)
    gains = sections.section_gains(song, np.concatenate([loud, loud]), points)
    assert [gain for _, gain in gains] == pytest.approx([-7.0, 0.0])
    gains = sections.section_gains(song, np.concatenate([quiet, loud]), points)
    assert 0.0 <= gains[0][1] <= 2.0
    curve = curves.section_curve(song, [(parts[0], -6.0), (parts[1], 0.0)], 8 * RATE).whole(8 * RATE)
    assert curve[RATE] == pytest.approx(10 ** (-6 / 20), rel=0.01)
    assert curve[4 * RATE] == pytest.approx(1.0, rel=0.01)
    assert np.abs(np.diff(curve)).max() < 0.001


@pytest.mark.parametrize(
    ("soft", "loud", "least"), [("verse2", "chorus", 2.0), ("verse", "hook2", 2.0), ("break", "drop", 6.0)]
)
def test_what_a_listener_waits_for_is_louder(soft: str, loud: str, least: float) -> None:
    song = arrangement(sections=(Section(soft, 0, 2, 0.9), Section(loud, 2, 2, 1.0), Section(soft, 4, 2, 0.8)))
    steps = np.concatenate([np.full(40, 0.02), np.full(40, 0.01), np.full(40, 0.001)])
    gains = [gain for _, gain in sections.section_gains(song, steps, ((0.0, 0.0), (1.0, 0.0)))]
    after = 10 * np.log10([0.02, 0.01, 0.001]) + gains
    assert after[0] <= after[1] - least
    assert after[2] <= after[1] - least
    assert (
        sections.keep_promises(song, sections.section_gains(song, steps, ((0.0, 0.0), (1.0, 0.0))), steps)[0][1]
        < gains[0]
    )


def test_the_last_fade_ends_in_silence_without_a_step() -> None:
    for frames in (5 * RATE, 5 * RATE + 37):
        curve = curves.fade_curve(frames, 2.0).whole(frames)
        assert not curve[-int(0.05 * RATE) :].any()
        assert np.abs(np.diff(curve)).max() < 0.02
        assert curve[2 * RATE] == 1.0


# tape


def test_peaks_are_rounded_and_the_rest_is_left_alone() -> None:
    source = np.concatenate([sine(100.0, 0.5, 0.2), sine(100.0, 0.5, 1.0)])
    out = source.copy()
    tape.tame(out, 0.5)
    assert np.array_equal(out[: RATE // 2], source[: RATE // 2])
    assert np.abs(out).max() <= 0.5


def test_crushing_leaves_so_many_steps() -> None:
    source = sine(220.0, 0.5, 1.0)
    tape.crush(source, 6, nothing)
    assert len(np.unique(source)) <= 2**6 + 1


def test_wow_bends_the_pitch_by_its_cents() -> None:
    source = sine(1000.0, 6.0)
    tape.wear(source, nothing, cents=20.0)
    out = source[RATE:, 0]
    crossings = np.flatnonzero((out[:-1] < 0) & (out[1:] >= 0))
    exact = crossings + out[crossings] / (out[crossings] - out[crossings + 1])
    # Averaged over 40 periods to leave the flutter out of it.
    hertz = 40 * RATE / (exact[40:] - exact[:-40])
    cents = 1200 * np.log2(hertz / 1000.0)
    assert cents.max() == pytest.approx(20.0, abs=5.0)
    assert cents.min() == pytest.approx(-20.0, abs=5.0)


def test_wow_is_on_time_on_the_whole() -> None:
    # Clicks 0.1 s apart: as often early as late, and none further off than the wow swings.
    source = np.zeros((20 * RATE, 2), np.float32)
    source[RATE // 20 :: RATE // 10] = 1.0
    tape.wear(source, nothing, cents=20.0)
    power = np.square(source[:, 0].astype(np.float64)).reshape(-1, RATE // 10)
    places = (power @ np.arange(RATE // 10)) / power.sum(axis=1) - RATE // 20
    assert abs(places.mean()) < 3.0
    swing = 20.0 * np.log(2) / 1200 * RATE / (2 * np.pi * 0.6)
    assert swing < np.abs(places).max() < 1.1 * swing


def test_saturation_keeps_the_peak_and_rounds_what_is_below() -> None:
    source = sine(100.0, 0.5, 0.8)
    tape.wear(source, nothing, saturation_db=6.0)
    assert np.abs(source).max() == pytest.approx(0.8, rel=1e-3)
    assert np.sqrt(np.mean(source**2)) > 1.1 * 0.8 / np.sqrt(2)


# balance


def through(bus: balance.Bus, samples: np.ndarray) -> np.ndarray:
    out = np.empty_like(samples)
    for first in range(0, len(samples), BLOCK):
        merge(bus(split(samples[first : first + BLOCK], pair())), out[first : first + BLOCK])
    return out


def test_the_low_end_is_mono() -> None:
    source = noise(2.0)
    out = through(balance.Bus(np.zeros(len(balance.EQ_BANDS)), 0.0), source)
    rows = np.array([out[:, 0] + out[:, 1], out[:, 0] - out[:, 1]])
    power = np.abs(np.fft.rfft(rows)) ** 2
    low = (np.fft.rfftfreq(len(out), 1 / RATE) > 25) & (np.fft.rfftfreq(len(out), 1 / RATE) < 90)
    assert power[1][low].sum() < 0.01 * power[0][low].sum()


@pytest.mark.parametrize("slope", [-6.0, -4.5, -3.0])
def test_noise_is_brought_to_a_slope(slope: float) -> None:
    source = noise(8.0)
    assert slope_of(balance.band_levels(source, nothing)) == pytest.approx(0.0, abs=0.15)
    spectrum = np.fft.rfft(source, axis=0)
    spectrum /= np.sqrt(np.maximum(np.arange(len(spectrum)), 100))[:, None]
    pink = np.fft.irfft(spectrum, len(source), axis=0).astype(np.float32)
    gains = balance.equaliser_gains(balance.band_levels(pink, nothing), sloped(slope))
    assert slope_of(balance.band_levels(through(balance.Bus(gains, 0.0), pink), nothing)) == pytest.approx(
        slope, abs=0.7
    )


def test_a_song_far_from_its_style_is_brought_near_and_one_that_is_near_is_left() -> None:
    target = target_for(load_styles()["house"])
    assert np.abs(balance.equaliser_gains(target.middle, target)).max() < 0.3
    odd = target.middle + 7.0 * np.sin(np.log2(CENTRES / 31.0) * 1.4)
    odd -= 10.0 * np.log10(np.sum(10.0 ** (odd / 10.0)))
    gains = balance.equaliser_gains(odd, target)
    after = odd + balance.response_db(balance.equaliser(gains))
    after -= np.median(after - target.middle)
    assert np.abs(odd - target.middle).max() > 6.5
    # The lowest bands weigh little in the fit.
    assert np.abs(after - target.middle)[2:-2].max() < 4.0
    assert np.abs(after - target.middle)[3:-2].max() < 3.0
    assert -14.0 <= gains.min() < gains.max() <= 9.0


def test_a_wide_song_is_narrowed_and_no_moment_works_against_mono() -> None:
    steps = np.array([np.full(100, 1.0), np.full(100, 0.5)])
    assert balance.side_gains(steps)[50] ** 2 * 0.5 == pytest.approx(10 ** (-9 / 10), rel=0.01)
    steps[1] = 0.01
    steps[1, 40:60] = 30.0
    gains = balance.side_gains(steps)
    after = steps * np.array([np.ones(100), gains**2])
    for first in range(91):
        mid, edge = after[:, first : first + 10].sum(axis=1)
        assert edge < mid
    steps[1, 40:60] = 0.3
    assert balance.side_gains(steps)[10] == 1.0


def test_glue_holds_the_ceiling_and_leaves_quiet_places() -> None:
    source = sine(200.0, 3.0, 0.2)
    source[RATE : RATE + 4800] *= 4.0
    peaks = np.abs(source[:, 0]).reshape(-1, curves.GAIN_STEP).max(axis=1).astype(np.float64)
    curve = deliver.glue_curve(peaks, 0.5)
    gain = curve.whole(len(source))
    assert np.abs(source * gain[:, None]).max() <= 0.5 * 1.02
    assert np.abs(source * gain[:, None]).max() <= deliver.highest(peaks, curve) + 1e-6
    assert gain[: RATE // 2].min() == 1.0
    assert gain[2 * RATE :].min() == 1.0
    assert np.abs(np.diff(gain)).max() < 0.01
