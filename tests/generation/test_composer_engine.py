"""The built-in engine as a whole: what it promises about length, level, stems, seeds and cancelling."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from grammy_desktop.core.brief import Brief, Choice, Origin
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.music import Key
from grammy_desktop.core.progress import Cancelled, NoProgress
from grammy_desktop.core.song import Note, Part, Song
from grammy_desktop.core.styles import load_styles
from grammy_desktop.generation.composer.composer import ComposerEngine
from grammy_desktop.generation.composer.mix import mix_song
from grammy_desktop.generation.composer.mix.balance import band_levels
from grammy_desktop.generation.composer.mix.levels import energies, gated, lufs
from grammy_desktop.generation.composer.mix.reference import slope_of
from grammy_desktop.generation.composer.render import RATE, Stage, render_part
from grammy_desktop.generation.composer.titles import title_for
from grammy_desktop.generation.engine import Engine

SEED = 7


def brief(genre: str = "house", seconds: float = 12.0, prompt: str = "something") -> Brief:
    style = load_styles()[genre]
    values = {
        "genre": genre, "mood": style.moods[:2], "tempo": style.tempo.mode, "key": style.keys[0], "metre": "4/4",
        "duration": seconds, "instruments": (), "excluded": (), "vocals": False,
    }  # fmt: skip
    return Brief(prompt=prompt, **{name: Choice(value, Origin.DEFAULT) for name, value in values.items()})


def nothing() -> None:
    return None


@pytest.fixture(scope="module")
def song() -> Iterator[Song]:
    yield ComposerEngine().generate(brief(seconds=12.345), SEED, NoProgress())


class Watching:
    """Progress that remembers; cancels from `cancel_at` on and notes how long the engine still took."""

    def __init__(self, cancel_at: float = 2.0) -> None:
        self.reports: list[tuple[float, str]] = []
        self.cancel_at = cancel_at
        self.cancelled_at = 0.0
        self.gap = 0.0
        self._last = time.monotonic()

    def report(self, fraction: float, stage: str) -> None:
        self.reports.append((fraction, stage))
        self.check_cancelled()

    def check_cancelled(self) -> None:
        now = time.monotonic()
        self.gap = max(self.gap, now - self._last)
        self._last = now
        if self.reports and self.reports[-1][0] >= self.cancel_at:
            self.cancelled_at = self.cancelled_at or now
            raise Cancelled

    def publish(self, kind: str, path: Path) -> None:
        return None


def test_it_is_an_engine_whose_songs_may_be_sold() -> None:
    engine = ComposerEngine()
    assert isinstance(engine, Engine)
    assert engine.id == "composer"
    assert engine.licence.sellable


def test_the_length_is_exact_and_everything_agrees(song: Song) -> None:
    frames = round(12.345 * RATE)
    assert song.mix.frames == frames
    assert song.mix.sample_rate == RATE
    assert len(song.stems) >= 4
    assert all(stem.samples.shape == (frames, 2) and stem.samples.dtype == np.float32 for stem in song.stems.values())
    assert song.arrangement is not None
    assert song.recipe.seed == SEED
    assert song.recipe.engine == "composer"
    assert song.title


def test_the_mix_is_the_exact_sum_of_24_bit_stems(song: Song) -> None:
    steps = {name: stem.samples.astype(np.float64) * 2**23 for name, stem in song.stems.items()}
    assert all(np.array_equal(values, np.round(values)) for values in steps.values())
    assert np.array_equal(sum(steps.values()), song.mix.samples.astype(np.float64) * 2**23)


def test_levels_tail_and_hygiene(song: Song) -> None:
    mix = song.mix.samples
    assert np.isfinite(mix).all()
    assert -7.0 < 20 * np.log10(np.abs(mix).max()) <= -5.9
    assert -22.0 < gated(energies(mix, nothing)) < -16.0
    assert np.abs(mix.mean(axis=0)).max() < 1e-4
    assert np.abs(mix[-int(0.05 * RATE) :]).max() < 10 ** (-60 / 20)
    assert np.abs(mix[0]).max() < 1e-3
    assert np.corrcoef(mix.T)[0, 1] > 0.2


# Styles of their own; what is derived from them differs in notes more than in sound.
WHOLE = sorted(style for style, sheet in load_styles().items() if not sheet.parent)


@pytest.mark.parametrize("genre", WHOLE)
def test_every_style_is_within_its_sheet(genre: str) -> None:
    style = load_styles()[genre]
    song = ComposerEngine().generate(brief(genre, 20.0), 3, NoProgress())
    mix, score = song.mix.samples, song.arrangement
    assert score is not None
    assert slope_of(band_levels(mix, nothing)) == pytest.approx(style.mix.tilt, abs=0.7)
    mid, side = mix[:, 0] + mix[:, 1], mix[:, 0] - mix[:, 1]
    assert -16.0 < 10.0 * np.log10(float(side @ side) / float(mid @ mid)) < -6.0
    peak = 20 * np.log10(np.abs(mix).max())
    assert peak == pytest.approx(-6.0, abs=0.5) or gated(energies(mix, nothing)) == pytest.approx(-18.0, abs=0.3)
    # Peaks stand at -6 dBFS; how loud that is follows from the crest factor of the sheet.
    assert -25.0 < gated(energies(mix, nothing)) < -14.0
    times = score.section_times()
    loud = max(range(len(score.sections)), key=lambda index: score.sections[index].energy)
    steps = energies(mix, nothing)
    level = [
        lufs(float(steps[int(a * 10) : int(b * 10)].mean())) for _, a, b in times if b * 10 - a * 10 > 5 and a < 19
    ]
    assert max(level) - level[loud] < 1.5, "the section of the highest energy is the loudest"
    sections = [times[loud][1], min(times[loud][2], 20.0)]
    piece = mix[int(sections[0] * RATE) : int(sections[1] * RATE)]
    crest = 20 * np.log10(np.abs(piece).max() / np.sqrt((piece.astype(np.float64) ** 2).mean()))
    assert 9.0 < crest < 18.5


def test_silent_stems_do_not_exist(song: Song) -> None:
    for name, stem in song.stems.items():
        assert np.abs(stem.samples).max() > 1e-3, name


def test_the_same_seed_gives_the_same_samples_in_another_process(song: Song) -> None:
    program = (
        "import hashlib, sys; sys.path.insert(0, sys.argv[1])\n"
        "from test_composer_engine import ComposerEngine, NoProgress, SEED, brief\n"
        "song = ComposerEngine().generate(brief(seconds=12.345), SEED, NoProgress())\n"
        "print(hashlib.sha256(song.mix.samples.tobytes()).hexdigest(), song.title)"
    )
    command = [sys.executable, "-c", program, str(Path(__file__).parent)]
    answers = {subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() for _ in range(2)}
    assert answers == {f"{hashlib.sha256(song.mix.samples.tobytes()).hexdigest()} {song.title}"}


def test_another_seed_gives_another_song(song: Song) -> None:
    other = ComposerEngine().generate(brief(seconds=12.345), SEED + 1, NoProgress())
    assert not np.array_equal(other.mix.samples, song.mix.samples)
    assert other.arrangement != song.arrangement


def test_progress_goes_forward_through_its_stages() -> None:
    watching = Watching()
    ComposerEngine().generate(brief(seconds=8.0), 1, watching)
    fractions = [fraction for fraction, _ in watching.reports]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    stages = list(dict.fromkeys(stage for _, stage in watching.reports))
    assert stages == ["compose", "perform", "render", "mix"]


@pytest.mark.parametrize("cancel_at", [0.0, 0.05, 0.09, 0.5, 0.86])
def test_cancelling_stops_at_once_and_leaves_no_thread(cancel_at: float) -> None:
    watching = Watching(cancel_at)
    with pytest.raises(Cancelled):
        ComposerEngine().generate(brief(seconds=30.0), 1, watching)
    assert time.monotonic() - watching.cancelled_at < 1.0


def test_an_unknown_style_is_the_users_mistake() -> None:
    wrong = replace(brief(), genre=Choice("polka", Origin.SAID))
    with pytest.raises(UserError, match="polka"):
        ComposerEngine().generate(wrong, 1, NoProgress())


def test_a_very_short_song_and_another_key() -> None:
    wish = replace(brief("lofi", 5.0), key=Choice(Key(6, "minor"), Origin.SAID))
    song = ComposerEngine().generate(wish, 1, NoProgress())
    assert song.mix.frames == 5 * RATE
    assert np.abs(song.mix.samples[-2400:]).max() < 1e-3


def test_parts_the_style_does_not_know_are_mixed_too(song: Song) -> None:
    style = load_styles()["house"]
    assert song.arrangement is not None
    extra = Part("flute", "flute", (Note(0, 4, 72, 90), Note(4, 4, 74, 90)), program=73, sound="synth:pluck")
    score = replace(song.arrangement, parts=(*song.arrangement.parts[:2], extra))
    stage = Stage(60.0 / score.tempo, 6 * RATE, 0, nothing)
    rendered = [(part, render_part(part, stage)) for part in score.parts]
    before = [samples.copy() for _, samples in rendered]
    mixed = mix_song(rendered, score, style, seed=1, check=nothing)
    assert np.abs(mixed.stems["flute"]).max() > 0.01
    assert np.array_equal(sum(mixed.stems.values()), mixed.mix)
    assert all(np.array_equal(samples, copy) for (_, samples), copy in zip(rendered, before, strict=True))


def test_titles_come_from_the_prompt_and_the_seed() -> None:
    assert title_for(brief("lofi", prompt="lofi beat for a rooftop in the rain"), 1) == "Rooftop Rain"
    plain = [title_for(brief("lofi", prompt="lofi"), seed) for seed in range(20)]
    assert plain == [title_for(brief("lofi", prompt="lofi"), seed) for seed in range(20)]
    assert len(set(plain)) > 8
    assert all(title and title == title.strip() for title in plain)
