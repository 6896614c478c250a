"""Prompt enhancement and templates."""

import json

import pytest

from grammy_desktop.assistant import enhance, load_templates, read_prompt
from grammy_desktop.core.brief import Origin
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.styles import load_styles

STYLES = load_styles()
KEYS = {
    "original_prompt", "enhanced_prompt", "sentiment", "suggestions", "genre", "mood", "suggested_bpm", "suggested_key",
    "duration", "instruments",
}  # fmt: skip


def test_json_has_the_contract_keys() -> None:
    values = enhance("sad piano lofi", STYLES).to_json()
    assert set(values) >= KEYS
    assert json.loads(json.dumps(values, allow_nan=False)) == values


@pytest.mark.parametrize(
    ("prompt", "sentiment"),
    [("happy sunny pop", "positive"), ("dark evil trap", "negative"), ("clean house", "neutral")],
)
def test_sentiment(prompt: str, sentiment: str) -> None:
    assert enhance(prompt, STYLES).sentiment == sentiment


def test_arousal_orders_moods() -> None:
    assert (
        enhance("calm pop", STYLES).arousal
        < enhance("happy pop", STYLES).arousal
        < enhance("angry pop", STYLES).arousal
    )


def test_the_enhanced_prompt_reads_as_the_same_brief() -> None:
    for prompt in (
        "sad lofi with sax",
        "epic trailer in D minor, 90 seconds",
        "happy pop 6/8, no drums",
        "only piano and strings, folk, very sad",
        "90s techno, no intro, fade out",
        "dark trap 142 bpm",
    ):
        first = read_prompt(prompt, STYLES)
        again = read_prompt(enhance(prompt, STYLES).enhanced_prompt, STYLES)
        assert again.genre.value == first.genre.value
        assert again.tempo.value == first.tempo.value
        assert again.key.value == first.key.value
        assert again.duration.value == first.duration.value
        assert again.metre.value == first.metre.value
        assert set(first.excluded.value) <= set(again.excluded.value)
        assert set(first.form.value) <= set(again.form.value)
        assert again.era.value == first.era.value
        if first.mood.origin is Origin.SAID:
            assert again.mood.value == first.mood.value


def test_every_style_reads_as_itself() -> None:
    for style in STYLES.values():
        prompt = enhance(f"{style.name}, 60 seconds", STYLES).enhanced_prompt
        assert read_prompt(prompt, STYLES).genre.value == style.id, prompt


def test_a_full_prompt_needs_few_suggestions() -> None:
    full = enhance("sad lofi with piano in D minor at 80 bpm, 60 seconds", STYLES)
    assert full.suggestions == ()
    assert len(enhance("music", STYLES).suggestions) >= 4


def test_excluded_instruments_are_not_promised() -> None:
    assert "drums" not in enhance("lofi without drums", STYLES).instruments


def test_empty_prompt() -> None:
    with pytest.raises(UserError):
        enhance(" ", STYLES)


def test_templates_make_the_style_they_promise() -> None:
    templates = load_templates()
    assert len(templates) >= 12
    assert len({template.id for template in templates}) == len(templates)
    for template in templates:
        brief = read_prompt(template.prompt, STYLES, duration=template.duration)
        assert brief.genre.value == template.style, template.id
        assert brief.not_understood == (), (template.id, brief.not_understood)
        assert json.dumps(template.to_json())
