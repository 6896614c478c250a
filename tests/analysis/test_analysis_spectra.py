"""Our spectra against librosa, the oracle."""

from __future__ import annotations

import numpy as np
import pytest

from grammy_desktop.analysis import spectra
from grammy_desktop.analysis.onsets import beat_regularity, find_onsets, tempogram_mean
from grammy_desktop.core.audio import AudioClip

librosa = pytest.importorskip("librosa")


@pytest.fixture(scope="module")
def clicks_and_tone() -> spectra.Spectrogram:
    """Twelve seconds at 44.1 kHz: a changing chord with a click twice a second."""
    rate = 44_100
    time = np.arange(12 * rate) / rate
    wave = 0.2 * np.sin(2 * np.pi * 220 * time) + 0.1 * np.sin(2 * np.pi * np.where(time < 6, 277.2, 330) * time)
    for number in range(24):
        at = int(number * 0.5 * rate)
        wave[at : at + 2000] += np.random.default_rng(number).standard_normal(2000) * np.exp(-np.arange(2000) / 300)
    return spectra.Spectrogram.of(AudioClip(np.stack([wave, wave], axis=1).astype(np.float32), rate))


def test_magnitudes_are_those_of_librosa(clicks_and_tone):
    expected = np.abs(librosa.stft(clicks_and_tone.samples, n_fft=2048, hop_length=512))
    assert clicks_and_tone.magnitude.shape == expected.shape
    np.testing.assert_allclose(clicks_and_tone.magnitude, expected, atol=1e-4)


def test_filter_banks_are_those_of_librosa():
    np.testing.assert_allclose(
        spectra.mel_filters(96), librosa.filters.mel(sr=22_050, n_fft=2048, n_mels=96), atol=1e-6
    )
    np.testing.assert_allclose(
        spectra.chroma_filters(), librosa.filters.chroma(sr=22_050, n_fft=2048, tuning=0.0), atol=1e-5
    )


def test_onset_strength_onsets_and_tempogram_are_those_of_librosa(clicks_and_tone):
    mel = librosa.feature.melspectrogram(S=clicks_and_tone.power, sr=22_050, n_mels=96)
    expected = librosa.onset.onset_strength(S=librosa.power_to_db(mel), sr=22_050, hop_length=512)
    strength = clicks_and_tone.onset_strength
    np.testing.assert_allclose(strength, expected, atol=1e-3)
    theirs = librosa.onset.onset_detect(onset_envelope=expected, sr=22_050, hop_length=512)
    ours = find_onsets(strength, clicks_and_tone.frame_rate)
    assert len(set(map(int, ours)) ^ set(map(int, theirs))) <= 1  # the very edges may differ
    tempogram = librosa.feature.tempogram(onset_envelope=expected, sr=22_050, hop_length=512, win_length=384).mean(
        axis=1
    )
    np.testing.assert_allclose(tempogram_mean(strength), tempogram, atol=1e-3)


def test_a_beat_is_regular_and_noise_is_not(clicks_and_tone):
    noise = np.random.default_rng(0).standard_normal((12 * 22_050, 1)).astype(np.float32)
    hiss = spectra.Spectrogram.of(AudioClip(noise, 22_050))
    assert beat_regularity(clicks_and_tone.onset_strength, clicks_and_tone.frame_rate) > 0.5
    assert beat_regularity(hiss.onset_strength, hiss.frame_rate) < 0.15
