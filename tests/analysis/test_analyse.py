"""The whole analysis on pieces whose score is known: made here from sinusoids and noise, by no engine of ours."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from grammy_desktop.analysis import Analysis, analyse
from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.music import Chord
from grammy_desktop.core.progress import Cancelled

RATE = 44_100
LOOP = ("C:maj", "A:min", "F:maj", "G:7")
TUNE = (67, 69, 72, 71, 69, 67, 64, 65)


def tone(midi: float, seconds: float, *, partials: int = 8, decay: float = 1.5) -> np.ndarray:
    time = np.arange(int(seconds * RATE)) / RATE
    hertz = 440 * 2 ** ((midi - 69) / 12)
    wave = sum(np.sin(2 * np.pi * hertz * k * time) / k for k in range(1, partials + 1))
    ramp = np.minimum(1.0, np.minimum(time / 0.004, (seconds - time) / 0.01))
    return wave * np.exp(-decay * time) * ramp


class Piece:
    """A piece with a bar of four beats whose beats lie where `times` says."""

    def __init__(self, times: np.ndarray, *, beats: int = 4, tuning: float = 0.0) -> None:
        self.times, self.beats, self.tuning = times, beats, tuning
        self.wave = np.zeros(int((times[-1] + 1.0) * RATE))
        self.rng = np.random.default_rng(5)

    def add(self, at: float, sound: np.ndarray, gain: float) -> None:
        first = int(at * RATE)
        room = self.wave[first : first + sound.size]
        room += gain * sound[: room.size]

    def at(self, beat: float) -> float:
        return float(np.interp(beat, np.arange(self.times.size), self.times))

    def play(self, loop: tuple[str, ...] = LOOP, *, tune: bool = True, drums: bool = True) -> AudioClip:
        burst = np.arange(int(0.15 * RATE)) / RATE
        kick = np.sin(2 * np.pi * 55 * burst + 3 * np.exp(-burst / 0.01)) * np.exp(-burst / 0.06)
        bars = (self.times.size - 1) // self.beats
        for bar in range(bars):
            chord = Chord.parse(loop[bar % len(loop)])
            for beat in range(self.beats):
                start, length = self.at(bar * self.beats + beat), self.at(bar * self.beats + beat + 1)
                length -= start
                root = 36 + chord.root + self.tuning
                self.add(start, tone(root, length), 0.5)
                for number in chord.pitch_classes:
                    self.add(start, tone(55 + (number - 55) % 12 + self.tuning, length * 0.95), 0.14)
                if drums and beat % self.beats == 0:
                    self.add(start, kick, 1.0)
                elif drums and (self.beats == 3 or beat % 2 == 1):
                    self.add(start, self.rng.standard_normal(burst.size) * np.exp(-burst / 0.04), 0.35)
                for half in (0.0, 0.5) if drums else ():
                    hat = np.diff(self.rng.standard_normal(burst.size + 1)) * np.exp(-burst / 0.012)
                    self.add(start + half * length, hat, 0.12)
                if tune:
                    note = TUNE[(bar * self.beats + beat) % len(TUNE)] + 12 + self.tuning
                    self.add(start, tone(note, length * 0.9, partials=5, decay=0.5), 0.45)
        wave = 0.3 * self.wave / np.abs(self.wave).max()
        return AudioClip(np.repeat(wave[:, None], 2, axis=1).astype(np.float32), RATE)


def steady(bpm: float, bars: int, beats: int = 4, first: float = 0.0) -> np.ndarray:
    return first + np.arange(bars * beats + 1) * 60 / bpm


@pytest.fixture(scope="module")
def song() -> Analysis:
    return analyse(Piece(steady(104.0, 16)).play())


def test_tempo_is_exact_and_the_grid_lies_on_the_beats(song):
    beats = song.beats
    assert beats is not None and beats.steady
    assert beats.tempo.value == pytest.approx(104.0, abs=0.01)
    assert beats.metre.value == (4, 4)
    bar = 240 / 104.0
    off = beats.downbeats - np.round(beats.downbeats / bar) * bar
    assert np.abs(off).max() < 0.02
    assert beats.quarter_at(np.array([0.0, bar])) == pytest.approx([0.0, 4.0], abs=0.05)


def test_chords_and_key_are_the_ones_played(song):
    bar = 240 / 104.0
    middles = (np.arange(16) + 0.5) * bar
    said = [next(span.harte for span in song.chords if span.start <= middle < span.end) for middle in middles]
    right = [Chord.parse(one).root == Chord.parse(LOOP[number % 4]).root for number, one in enumerate(said)]
    third = [Chord.parse(one).is_minor == Chord.parse(LOOP[number % 4]).is_minor for number, one in enumerate(said)]
    assert np.mean(right) >= 0.9 and np.mean(third) >= 0.9
    assert song.key is not None and str(song.key.value) == "C major"
    assert song.chords[0].start == 0.0 and song.chords[-1].end == pytest.approx(song.duration)
    assert all(one.end == other.start for one, other in zip(song.chords[:-1], song.chords[1:], strict=True))


def test_the_melody_is_the_one_played(song):
    beat = 60 / 104.0
    middles = (np.arange(64) + 0.4) * beat
    said = [next((n.pitch for n in song.melody if n.start <= middle < n.end), 0) for middle in middles]
    right = [(pitch - TUNE[number % 8]) % 12 == 0 for number, pitch in enumerate(said) if pitch]
    assert len(right) >= 40 and np.mean(right) >= 0.8


def test_everything_says_how_sure_it_is_and_goes_into_json(song):
    values = json.loads(json.dumps(song.to_json()))
    assert values["tempo"]["value"] == pytest.approx(104.0, abs=0.01)
    assert {"beats", "tempo", "chords", "key", "sections", "melody"} == set(values["confidence"])
    assert all(0.0 <= share <= 1.0 for share in values["confidence"].values())
    assert all(0.0 <= chord["probability"] <= 1.0 for chord in values["chords"])
    assert set(values["model_versions"]) == {"metre", "chords", "melody", "sections"}


def test_a_bar_of_three_and_a_start_that_is_not_at_zero():
    found = analyse(Piece(steady(132.0, 18, 3, first=0.4), beats=3).play(tune=False))
    assert found.beats is not None
    assert found.beats.tempo.value == pytest.approx(132.0, abs=0.05)
    assert found.beats.metre.value == (3, 4)


def test_a_tempo_that_moves_is_followed():
    bpm = np.linspace(96, 118, 64)
    times = np.concatenate([[0.0], np.cumsum(60 / bpm)])
    found = analyse(Piece(times).play(tune=False))
    assert found.beats is not None and not found.beats.steady
    nearest = np.abs(found.beats.times[:, None] - times[None]).min(axis=0)
    level = found.beats.times.size / times.size
    assert np.mean(nearest[2:-2] < 0.05) > 0.85 or level == pytest.approx(0.5, abs=0.1)
    assert any("tempo moves" in caution for caution in found.cautions)


def test_the_tuning_is_heard():
    found = analyse(Piece(steady(110.0, 6), tuning=0.3).play())
    assert found.tuning == pytest.approx(30.0, abs=8.0)
    assert found.key is not None and str(found.key.value) == "C major"


def test_noise_is_no_music():
    noise = np.random.default_rng(1).standard_normal((12 * RATE, 1)).astype(np.float32) * 0.1
    found = analyse(AudioClip(noise, RATE))
    assert found.cautions
    assert found.beats is None or found.beats.probability < 0.3
    assert found.confidence["chords"] < 0.3 and found.confidence["key"] < 0.4


def test_clicks_at_random_are_no_beat():
    wave = (np.random.default_rng(0).random(15 * RATE) < 3 / RATE).astype(np.float32)
    found = analyse(AudioClip(wave[:, None], RATE))
    assert found.beats is None or found.beats.probability < 0.6


@pytest.mark.parametrize("frames", [0, 200, RATE * 5])
def test_silence_and_moments_give_nothing_and_no_error(frames):
    found = analyse(AudioClip(np.zeros((frames, 2), np.float32), RATE))
    assert (found.beats, found.key, found.chords, found.melody) == (None, None, (), ())
    assert found.cautions == ("There is nothing to hear in this recording.",)
    json.dumps(found.to_json())


@pytest.mark.parametrize("seconds", [1.0, 3.0, 7.0])
def test_short_clips_are_heard_as_far_as_it_goes(seconds):
    clip = Piece(steady(120.0, 4)).play()
    found = analyse(AudioClip(clip.samples[: int(seconds * RATE)], RATE))
    assert found.duration == pytest.approx(seconds)
    json.dumps(found.to_json())


def test_the_same_audio_gives_the_same_analysis():
    clip = Piece(steady(97.0, 6)).play()
    assert analyse(clip).to_json() == analyse(clip).to_json()


class _Stopped:
    def report(self, fraction: float, stage: str) -> None:
        if fraction > 0.15:
            raise Cancelled

    def check_cancelled(self) -> None:
        return None

    def publish(self, kind: str, path: Path) -> None:
        return None


def test_it_can_be_cancelled():
    with pytest.raises(Cancelled):
        analyse(Piece(steady(120.0, 4)).play(), progress=_Stopped())
