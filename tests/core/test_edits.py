"""Edit lists against a naive sample array that does the same operations."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.edits import Curve, EditHistory, EditList
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.progress import Cancelled, NoProgress

FRAMES = 20_000
RATE = 48_000


@dataclasses.dataclass
class ArraySource:
    samples: Samples
    sample_rate: int = RATE

    @property
    def frames(self) -> int:
        return len(self.samples)

    @property
    def channels(self) -> int:
        return self.samples.shape[1]

    def read(self, start: int, count: int) -> Samples:
        return self.samples[start : start + count]


@pytest.fixture
def source() -> ArraySource:
    noise = np.random.default_rng(1).uniform(-1, 1, (FRAMES, 2)).astype(np.float32)
    return ArraySource(noise)


class Naive:
    """The same operations on float64 samples; every state is kept for undo."""

    def __init__(self, samples: Samples) -> None:
        self.states = [samples.astype(np.float64)]
        self.index = 0

    @property
    def now(self) -> NDArray[np.float64]:
        return self.states[self.index]

    def push(self, samples: NDArray[np.float64]) -> None:
        del self.states[self.index + 1 :]
        self.states.append(samples)
        self.index += 1


def operate(
    rng: np.random.Generator, edits: EditList, naive: NDArray[np.float64], clipboard: list
) -> tuple[str, EditList, NDArray[np.float64]]:
    """One random operation on both."""
    start, end = sorted(int(value) for value in rng.integers(0, edits.frames + 1, 2))
    out = naive.copy()
    # Trims and deletes shorten: small ones, or nothing would be left after a few.
    small = min(end, start + 1 + edits.frames // 30)
    kind = rng.choice(["trim", "delete", "silence", "gain", "fade_in", "fade_out", "copy", "paste", "split", "gap"])
    if kind == "trim":
        start, end = edits.frames // 40, edits.frames - edits.frames // 50
        return kind, edits.trim(start, end), out[start:end]
    if kind == "delete":
        return kind, edits.delete(start, small), np.delete(out, slice(start, small), 0)
    if kind == "silence":
        out[start:small] = 0
        return kind, edits.silence(start, small), out
    if kind == "gain":
        gain_db = float(rng.uniform(-6, 3))
        out[start:end] *= 10 ** (gain_db / 20)
        return kind, edits.gain(start, end, gain_db), out
    if kind in ("fade_in", "fade_out"):
        curve = Curve(rng.choice(["linear", "equal_power"]))
        ramp = np.linspace(0, 1, end - start) if kind == "fade_in" else np.linspace(1, 0, end - start)
        out[start:end] *= (ramp if curve is Curve.LINEAR else np.sin(np.pi / 2 * ramp))[:, None]
        return kind, getattr(edits, kind)(start, end, curve=curve), out
    if kind == "copy":
        clipboard[:] = [(edits.copy(start, small), naive[start:small])]
        return kind, edits, out
    if kind == "paste" and clipboard:
        segments, samples = clipboard[0]
        return kind, edits.insert(start, segments), np.insert(out, [start] * len(samples), samples, axis=0)
    if kind == "gap":
        return kind, edits.insert_silence(start, 77), np.insert(out, [start] * 77, 0.0, axis=0)
    return "split", edits.split(start), out


@pytest.mark.parametrize("seed", range(6))
def test_a_hundred_random_edits_undos_and_redos_equal_the_naive_array(source: ArraySource, seed: int) -> None:
    rng = np.random.default_rng(seed)
    history, naive, clipboard = EditHistory(EditList.whole(FRAMES)), Naive(source.samples), []
    for _ in range(100):
        choice = rng.random()
        if choice < 0.15:
            history.undo()
            naive.index = max(0, naive.index - 1)
        elif choice < 0.25:
            history.redo()
            naive.index = min(len(naive.states) - 1, naive.index + 1)
        else:
            name, edits, samples = operate(rng, history.current, naive.now, clipboard)
            if edits != history.current:  # otherwise the history takes no step
                naive.push(samples)
            history.apply(name, edits)
        assert history.current.frames == len(naive.now)
        assert history.can_undo == (naive.index > 0)
        assert history.can_redo == (naive.index + 1 < len(naive.states))
    again = EditList.from_json(history.current.to_json())
    assert again == history.current
    assert np.abs(again.render(source).samples - naive.now).max() < 1e-6
    while history.can_undo:
        history.undo()
    assert history.current.is_whole
    assert np.array_equal(history.current.render(source).samples, source.samples)


def test_reading_in_pieces_equals_reading_at_once(source: ArraySource) -> None:
    edits = EditList.whole(FRAMES).delete(3000, 4000, crossfade_frames=480).fade_in(0, 5000).gain(100, 9000, -3)
    whole = edits.read(source, 0, edits.frames)
    pieces = [edits.read(source, start, 777) for start in range(0, edits.frames, 777)]
    assert np.array_equal(np.concatenate(pieces), whole)
    assert edits.read(source, edits.frames - 5, 100).shape == (5, 2)
    assert edits.read(source, edits.frames, 10).shape == (0, 2)


def test_a_fade_ends_in_full_silence_and_full_level(source: ArraySource) -> None:
    samples = EditList.whole(FRAMES).fade_in(0, 100).fade_out(FRAMES - 100, FRAMES).render(source).samples
    assert not samples[0].any() and not samples[-1].any()
    assert np.array_equal(samples[99:-99], source.samples[99:-99])


def test_a_crossfaded_join_is_smooth_and_of_the_same_length() -> None:
    time = np.arange(FRAMES) / RATE
    sine = np.sin(2 * np.pi * 100 * time).astype(np.float32)[:, None]
    hard = EditList.whole(FRAMES).delete(5000, 9111)
    soft = EditList.whole(FRAMES).delete(5000, 9111, crossfade_frames=480)
    assert hard.frames == soft.frames == FRAMES - 4111
    assert hard.joins == (5000,)
    step = [np.abs(np.diff(edits.render(ArraySource(sine)).samples[:, 0])).max() for edits in (hard, soft)]
    assert step[0] > 0.5  # the cut clicks
    assert step[1] < 0.03  # a 100 Hz sine moves by 0.013 a frame
    # Outside the blended 480 frames nothing differs.
    hard_samples, soft_samples = (edits.render(ArraySource(sine)).samples for edits in (hard, soft))
    differs = np.flatnonzero((hard_samples != soft_samples).any(axis=1))
    assert differs.min() >= 5000 - 240 and differs.max() < 5000 + 240


def test_an_equal_power_crossfade_keeps_the_power_of_unlike_sound() -> None:
    noise = np.random.default_rng(3).normal(0, 0.1, (400_000, 1)).astype(np.float32)
    edits = EditList.whole(400_000).delete(100_000, 250_000, crossfade_frames=100_000)
    samples = edits.render(ArraySource(noise)).samples[50_000:150_000]
    assert np.sqrt(np.mean(samples**2)) == pytest.approx(0.1, rel=0.02)


def test_positions_map_through_edits() -> None:
    edits = EditList.whole(1000).delete(100, 300).insert_silence(50, 10)
    assert edits.source_frame(20) == 20
    assert edits.source_frame(55) is None
    assert edits.source_frame(110) == 300
    assert edits.edited_frame(300) == 110
    assert edits.edited_frame(200) is None
    assert edits.source_frame(edits.frames) is None


def test_the_envelope_is_the_gain_of_each_frame() -> None:
    edits = EditList.whole(1000).gain(200, 400, -6).fade_out(800, 1000).silence(500, 600)
    ones = ArraySource(np.ones((1000, 1), np.float32))
    frames = np.arange(1000)
    assert np.allclose(edits.envelope(frames), edits.render(ones).samples[:, 0], atol=1e-7)


def test_the_same_edits_on_stems_sum_to_the_edited_mix(source: ArraySource) -> None:
    stem = ArraySource(source.samples * np.float32(0.25))
    rest = ArraySource(source.samples - stem.samples)
    edits = EditList.whole(FRAMES).delete(1000, 2000, crossfade_frames=200).fade_out(9000, 12000).gain(0, 500, 2.5)
    total = edits.render(stem).samples + edits.render(rest).samples
    assert np.abs(total - edits.render(source).samples).max() < 1e-6


def test_everything_can_be_cut_away(source: ArraySource) -> None:
    edits = EditList.whole(FRAMES).delete(0, FRAMES)
    assert edits.frames == 0
    assert edits.render(source).samples.shape == (0, 2)
    assert EditList.from_json(edits.to_json()) == edits


@pytest.mark.parametrize(("start", "end"), [(-1, 5), (5, 4), (0, FRAMES + 1)])
def test_ranges_outside_the_song_are_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="range"):
        EditList.whole(FRAMES).trim(start, end)


def test_segments_of_a_longer_source_are_not_pasted() -> None:
    foreign = EditList.whole(2 * FRAMES).copy(FRAMES, 2 * FRAMES)
    with pytest.raises(ValueError, match="outside the source"):
        EditList.whole(FRAMES).insert(0, foreign)


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"version": 1, "source_frames": 5, "segments": [[0, []]]}', '{"version": 99}', "null"]
)
def test_damaged_edit_lists_are_the_users_to_mend(text: str) -> None:
    with pytest.raises(UserError):
        EditList.from_json(text)


def test_rendering_can_be_cancelled(source: ArraySource) -> None:
    class Stop(NoProgress):
        def check_cancelled(self) -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        EditList.whole(FRAMES).render(source, progress=Stop())


def test_history_names_saved_mark_and_depth() -> None:
    start = EditList.whole(100)
    history = EditHistory(start, depth=3)
    assert history.is_saved and not history.can_undo and history.undo_name == ""
    trimmed = history.apply("Trim", start.trim(0, 90))
    history.apply("Silence", trimmed.silence(0, 10))
    assert history.names == ("Trim", "Silence") and history.undo_name == "Silence" and not history.is_saved
    history.undo()
    assert history.current == trimmed and history.redo_name == "Silence"
    history.mark_saved()
    history.redo()
    assert not history.is_saved
    history.undo()
    assert history.is_saved
    history.apply("Gain", trimmed.gain(0, 10, 1))
    assert not history.can_redo
    history.undo()
    assert history.is_saved
    for count in range(5):
        history.apply(f"Gain {count}", history.current.gain(0, 10, 1))
    assert len(history.names) == 3 and not history.is_saved
    for _ in range(9):
        history.undo()
    assert not history.is_saved, "the saved list was forgotten, an older one is not it"
    assert history.apply("Nothing", history.current) == history.current
    assert not history.can_undo
