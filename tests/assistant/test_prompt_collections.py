"""The prompts of issue 4's acceptance: sixty that mislead, a hundred and forty ordinary ones."""

import time
import warnings
from collections import Counter

import pytest

from grammy_desktop.assistant import read_prompt
from grammy_desktop.core.brief import Brief
from grammy_desktop.core.styles import load_styles
from tests.acceptance.issue_4.prompts_adversarial import ADVERSARIAL, Adversarial
from tests.acceptance.issue_4.prompts_judged import faults_of_adversarial, faults_of_ordinary
from tests.acceptance.issue_4.prompts_ordinary import ORDINARY, Ordinary

STYLES = load_styles()
BASE_STYLES = 28


def test_the_collections_are_whole() -> None:
    assert len(ADVERSARIAL) == len({case.prompt for case in ADVERSARIAL}) == 60
    assert len({case.prompt for case in ORDINARY}) == 140
    assert list(Counter(case.style for case in ORDINARY).values()) == [5] * BASE_STYLES


@pytest.mark.parametrize("case", ADVERSARIAL, ids=[case.prompt[:40] for case in ADVERSARIAL])
def test_adversarial(case: Adversarial) -> None:
    assert faults_of_adversarial(case, read_prompt(case.prompt, STYLES), STYLES) == []


@pytest.mark.parametrize("case", ORDINARY, ids=[case.prompt[:40] for case in ORDINARY])
def test_ordinary(case: Ordinary) -> None:
    if case.style not in STYLES:
        pytest.skip(f"there is no style sheet {case.style} yet")
    assert faults_of_ordinary(case, read_prompt(case.prompt, STYLES)) == []


def test_no_ordinary_prompt_is_skipped() -> None:
    lacking = {case.style for case in ORDINARY} - set(STYLES)
    if lacking:
        skipped = sum(case.style in lacking for case in ORDINARY)
        warnings.warn(f"{skipped} prompts skipped, no style sheet: {', '.join(sorted(lacking))}", stacklevel=1)
    if len(STYLES) >= BASE_STYLES:
        assert not lacking


def test_all_briefs_survive_json() -> None:
    for prompt in (case.prompt for case in (*ADVERSARIAL, *ORDINARY)):
        brief = read_prompt(prompt, STYLES)
        assert Brief.from_json(brief.to_json()) == brief


def test_reading_is_quick() -> None:
    read_prompt("warm up", STYLES)
    started = time.process_time()
    for case in ORDINARY:
        read_prompt(case.prompt, STYLES)
    assert (time.process_time() - started) / len(ORDINARY) < 0.005
