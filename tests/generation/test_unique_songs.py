"""A thin slice of the proof that songs of one style are songs of their own (tests/acceptance/issue_4/unique.py)."""

from __future__ import annotations

import pytest

from grammy_desktop.assistant import read_prompt
from grammy_desktop.core.styles import load_styles
from grammy_desktop.generation.composer.compose import compose
from tests.acceptance.issue_4.fingerprints import Fingerprint, fingerprint

STYLES = load_styles()
SEEDS = 10


def song(style: str, seed: int) -> Fingerprint:
    brief = read_prompt(f"{style} song", STYLES, style=style, duration=60.0)
    return fingerprint(compose(brief, STYLES[style], seed), STYLES[style])


def test_a_fingerprint_tells_a_song_from_others_and_knows_it_again() -> None:
    one = song("lofi", 1)
    assert one == song("lofi", 1) and one.melodies and one.patterns


@pytest.mark.parametrize("style", ["lofi", "pop", "house"])
def test_songs_share_no_melody_and_no_pattern(style: str) -> None:
    melodies: set[object] = set()
    patterns: set[object] = set()
    for seed in range(SEEDS):
        print_of = song(style, seed)
        assert not melodies & print_of.melodies and not patterns & print_of.patterns
        melodies |= print_of.melodies
        patterns |= print_of.patterns
