"""A whole mix of known parts: an exact sum, at its style's levels, safe in mono."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from grammy_desktop.core.music import Key
from grammy_desktop.core.song import Arrangement, Note, Part, Section
from grammy_desktop.core.styles import Style, load_styles
from grammy_desktop.generation.composer.mix import Mixed, StemMixer, mix_song
from grammy_desktop.generation.composer.mix.balance import band_levels
from grammy_desktop.generation.composer.mix.levels import energies, gated
from grammy_desktop.generation.composer.mix.reference import slope_of, target_for
from grammy_desktop.generation.composer.render import RATE

SECONDS = 24
STYLE = load_styles()["house"]
SECTIONS = (
    Section("intro", 0, 2, 0.3),
    Section("drop", 2, 4, 1.0),
    Section("break", 6, 2, 0.35),
    Section("drop2", 8, 4, 1.0),
)


def nothing() -> None:
    return None


def score() -> Arrangement:
    kicks = tuple(Note(float(beat), 0.2, 36, 110) for beat in range(48))
    parts = tuple(
        Part(
            name,
            stem,
            kicks if name == "drums" else (Note(0.0, 40.0, 60, 90),),
            is_drums=name == "drums",
            sound="synth:pluck",
        )
        for name, stem in (("drums", "drums"), ("bass", "bass"), ("chords", "keys"), ("pad", "pad"))
    )
    return Arrangement(120.0, Key(0, "minor"), (4, 4), SECTIONS, (), parts)


def sounds(seed: int = 1) -> dict[str, np.ndarray]:
    """Hits, a low tone, and two noises with colour, one of them out of phase."""
    rng = np.random.default_rng(seed)
    frames = SECONDS * RATE
    t = np.arange(frames) / RATE
    hits = rng.standard_normal((frames, 2)) * np.exp(-((t % 0.5) * 30.0))[:, None]
    low = np.repeat(np.sign(np.sin(2 * np.pi * 55.0 * t))[:, None], 2, axis=1)
    noise = rng.standard_normal((frames, 2))
    chords = np.cumsum(noise, axis=0) * 0.02 + noise * 0.1
    wide = rng.standard_normal(frames)
    pad = np.stack([wide, -wide], axis=1)
    found = {"drums": hits, "bass": low, "chords": chords, "pad": pad}
    return {name: (0.1 * value).astype(np.float32) for name, value in found.items()}


def mixed(style: Style = STYLE) -> Mixed:
    song, parts = score(), sounds()
    return mix_song([(part, parts[part.name]) for part in song.parts], song, style, seed=3, check=nothing)


@pytest.fixture(scope="module")
def mix() -> Mixed:
    return mixed()


def db(value: float) -> float:
    return float(20 * np.log10(value))


def test_the_mix_is_the_exact_sum_of_its_stems(mix: Mixed) -> None:
    total = np.sum([stem.astype(np.float64) for stem in mix.stems.values()], axis=0)
    assert np.array_equal(total, mix.mix.astype(np.float64))
    assert np.array_equal(mix.mix * 2.0**23, np.round(mix.mix * 2.0**23))
    assert list(mix.stems) == ["drums", "bass", "keys", "pad"]
    assert db(np.abs(mix.mix).max()) == pytest.approx(-6.0, abs=0.2)


def test_left_and_right_never_work_against_each_other_and_the_bass_is_mono(mix: Mixed) -> None:
    for start in range(0, len(mix.mix) - RATE, RATE // 4):
        left, right = mix.mix[start : start + RATE].T.astype(np.float64)
        assert left @ right >= 0.0
    rows = np.fft.rfft(np.array([mix.mix[:, 0] + mix.mix[:, 1], mix.mix[:, 0] - mix.mix[:, 1]]))
    low = slice(30 * SECONDS, 120 * SECONDS)
    mid, side = (np.abs(rows[:, low]) ** 2).sum(axis=1)
    assert 10 * np.log10(side / mid) < -15.0


def test_drops_are_louder_than_breaks(mix: Mixed) -> None:
    steps = energies(mix.mix, nothing)
    drop, pause = gated(steps[40:120]), gated(steps[120:160])
    assert drop - pause >= 6.0
    assert dict(mix.gains)["break"] < 0.0


@pytest.mark.parametrize("crest", [9.0, 12.0])
def test_the_crest_factor_is_the_sheet_s(crest: float) -> None:
    mix = mixed(replace(STYLE, mix=replace(STYLE.mix, crest_db=crest))).mix
    loud = mix[4 * RATE : 12 * RATE]
    rms = np.sqrt(np.mean(np.square(loud.astype(np.float64))))
    assert db(np.abs(mix).max() / rms) <= crest + 1.5


def test_the_spectrum_comes_near_to_that_of_released_music(mix: Mixed) -> None:
    """Its slope does; a square wave's gaps between the partials are nothing to be filled."""
    before = np.sum([rebuilt(name, 3) for name in ("drums", "bass", "keys", "pad")], axis=0)
    wanted = slope_of(target_for(STYLE).middle)
    assert abs(slope_of(band_levels(before, nothing)) - wanted) > 1.0
    assert slope_of(band_levels(mix.mix, nothing)) == pytest.approx(wanted, abs=1.0)


def rebuilt(name: str, seed: int) -> np.ndarray:
    song, parts = score(), sounds(seed)
    mixer = StemMixer.prepare(song, STYLE, frames=SECONDS * RATE, seed=seed, check=nothing)
    return mixer.build(name, lambda part: parts[part.name])
