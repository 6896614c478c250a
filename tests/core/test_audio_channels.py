from __future__ import annotations

import numpy as np
import pytest

from grammy_desktop.core.audio import loudest_of, mono_of


@pytest.mark.parametrize("channels", [1, 2, 6])
def test_channels_are_joined_as_numpy_joins_them(channels: int) -> None:
    samples = np.random.default_rng(channels).standard_normal((1001, channels)).astype(np.float32)
    before = samples.copy()
    np.testing.assert_allclose(mono_of(samples), samples.mean(axis=1), rtol=0, atol=1e-6)
    np.testing.assert_array_equal(loudest_of(samples), np.abs(samples).max(axis=1))
    np.testing.assert_array_equal(samples, before)
    assert mono_of(samples).dtype == loudest_of(samples).dtype == np.float32


def test_nothing_stays_nothing() -> None:
    empty = np.zeros((0, 2), np.float32)
    assert mono_of(empty).shape == loudest_of(empty).shape == (0,)
