"""The opening: the song's own first bars, ahead of it, at its level; the song itself is the same with and without."""

from __future__ import annotations

import numpy as np
import pytest

from grammy_desktop.assistant import read_prompt
from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.progress import NoProgress
from grammy_desktop.core.styles import load_styles
from grammy_desktop.generation.composer import spill
from grammy_desktop.generation.composer.compose import compose
from grammy_desktop.generation.composer.composer import ComposerEngine
from grammy_desktop.generation.composer.opening import opening_of
from grammy_desktop.generation.composer.render.bodies import shared_bodies

STYLES = load_styles()


def test_an_opening_holds_the_first_bars_with_all_their_notes() -> None:
    style = STYLES["pop"]
    score = compose(read_prompt("a song", STYLES, style="pop", duration=60.0), style, 5)
    opening = opening_of(score, style, 60.0)
    assert opening is not None
    assert 4.0 < opening.seconds < 9.0
    edge = opening.arrangement.bars * score.beats_per_bar
    assert sum(section.bars for section in opening.arrangement.sections) * score.beats_per_bar == edge
    ahead = {part.name: part.notes for part in opening.arrangement.parts}
    for part in score.parts:
        assert ahead.get(part.name, ()) == tuple(note for note in part.notes if note.start < edge)
    assert 0.0 < opening.gain <= 1.0


def test_short_songs_and_loops_have_none() -> None:
    style = STYLES["pop"]
    short = compose(read_prompt("a song", STYLES, style="pop", duration=18.0), style, 5)
    assert opening_of(short, style, 18.0) is None
    loop = compose(read_prompt("a seamless loop", STYLES, style="lofi", duration=30.0), STYLES["lofi"], 5)
    if loop.ending == "loop":
        assert opening_of(loop, STYLES["lofi"], 30.0) is None


def test_the_song_is_the_same_with_and_without(monkeypatch: pytest.MonkeyPatch) -> None:
    brief = read_prompt("a song", STYLES, style="trap", duration=22.0)
    plain = ComposerEngine().generate(brief, 3, NoProgress(), styles=STYLES)
    heard: list[AudioClip] = []
    # With stems in files too: neither may change a sample.
    monkeypatch.setattr(spill, "_WORTH_IT", 0)
    song = ComposerEngine().generate(brief, 3, NoProgress(), styles=STYLES, on_opening=heard.append)
    assert song.stems.keys() == plain.stems.keys()
    assert all(np.array_equal(song.stems[name].samples, clip.samples) for name, clip in plain.stems.items())
    assert np.array_equal(song.mix.samples, plain.mix.samples)
    assert len(heard) == 1
    opening = heard[0]
    assert opening.sample_rate == song.mix.sample_rate
    assert 4.0 < opening.duration < 9.0
    assert not opening.samples[-200:].any()
    # The same beats at the same places: envelopes of 20 ms over three seconds.
    ahead, whole = (
        np.sqrt((clip.samples[: 3 * 48_000].reshape(-1, 960, 2) ** 2).mean(axis=(1, 2))) for clip in (opening, song.mix)
    )
    assert float(np.corrcoef(ahead, whole)[0, 1]) > 0.9
    assert shared_bodies().nbytes <= 48_000_000


def test_spilled_samples_are_the_same_ones() -> None:
    samples = np.random.default_rng(1).standard_normal((50_000, 2)).astype(np.float32)
    kept = spill.spilled(samples.copy())
    with spill.trimmed([kept]):
        kept *= np.float32(2.0)
    spill.give_back(kept, samples)
    assert np.array_equal(kept, samples * np.float32(2.0))
