"""Versions that are compared play equally loud, and none of them clips."""

from __future__ import annotations

import pytest

from grammy_desktop.core.errors import UserError
from grammy_desktop.core.loudness import Loudness
from grammy_desktop.mastering.ab import matched_gains


def level(integrated: float | None, peak: float) -> Loudness:
    return Loudness(integrated, None, None, None, peak, peak, None)


def test_all_come_down_to_the_quietest() -> None:
    assert matched_gains([level(-20, -6), level(-9, -1), level(-14, -1)]) == pytest.approx((0, -11, -6))
    assert matched_gains([level(-14, -1), level(-14, -2)]) == (0, 0)


def test_a_version_that_is_too_high_takes_all_down() -> None:
    gains = matched_gains([level(-20, 3), level(-18, -1)])
    assert gains == pytest.approx((-4, -6))


def test_silence_cannot_be_matched() -> None:
    with pytest.raises(UserError, match="silent"):
        matched_gains([level(None, -90), level(-14, -1)])
