"""What there is: `templates`, `styles`, `presets`, `engines`; and `enhance`, which reads a prompt aloud."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from grammy_desktop.cli.options import Command
from grammy_desktop.cli.output import say
from grammy_desktop.cli.session import Session
from grammy_desktop.cli.wrap import list_table


def _nothing(parser: argparse.ArgumentParser) -> None:
    return None


def _templates(session: Session, arguments: argparse.Namespace) -> dict[str, Any]:
    from grammy_desktop.assistant import load_templates

    return {
        "items": [
            {
                "id": template.id,
                "name": template.name,
                "description": template.description,
                "prompt": template.prompt,
                "licence": "GPL-3.0-or-later",
            }
            for template in load_templates()
        ]
    }


def _styles(session: Session, arguments: argparse.Namespace) -> dict[str, Any]:
    from grammy_desktop.core.styles import load_styles

    return {
        "items": [
            {"id": style.id, "name": style.name, "description": style.description, "licence": "GPL-3.0-or-later"}
            for style in load_styles(session.paths.user_styles).values()
        ]
    }


def _presets(session: Session, arguments: argparse.Namespace) -> dict[str, Any]:
    from grammy_desktop.mastering import load_presets
    from grammy_desktop.mastering.presets import preset_problems

    problems = preset_problems(session.paths.user_presets)
    for problem in problems:
        say(problem)
    return {
        "items": [
            {
                "id": preset.id,
                "name": preset.name,
                "description": preset.description,
                "target_lufs": preset.target_lufs,
                "ceiling_dbtp": preset.ceiling_dbtp,
                "platforms": list(preset.platforms),
                "own": preset.own,
                "licence": None if preset.own else "GPL-3.0-or-later",
            }
            for preset in load_presets(session.paths.user_presets).values()
        ],
        "problems": list(problems),
    }


def _engines(session: Session, arguments: argparse.Namespace) -> dict[str, Any]:
    from grammy_desktop.workflows.create_song import find_engine

    engine = find_engine("composer")
    return {
        "items": [
            {
                "id": engine.id,
                "name": engine.name,
                "description": engine.licence.reason,
                "licence": engine.licence.id,
                "sellable": engine.licence.sellable,
            }
        ]
    }


def _declare_enhance(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("prompt", metavar="PROMPT", help="what it should sound like")
    parser.add_argument("--offline", action="store_true", help="use the built-in rules (what this version always does)")


def _enhance(session: Session, arguments: argparse.Namespace) -> dict[str, Any]:
    from grammy_desktop.assistant import enhance
    from grammy_desktop.core.styles import load_styles

    result: dict[str, Any] = enhance(arguments.prompt, load_styles(session.paths.user_styles)).to_json()
    return result


def _show_items(result: dict[str, Any]) -> str:
    return list_table([[item["id"], item["name"], item["description"]] for item in result["items"]])


def _show_enhanced(result: dict[str, Any]) -> str:
    return "\n".join([result["enhanced_prompt"], *(f"- {suggestion}" for suggestion in result["suggestions"])])


Runner = Callable[[Session, argparse.Namespace], dict[str, Any]]


def _list(name: str, summary: str, run: Runner) -> Command:
    return Command(
        name=name, summary=summary, example=f"grammy {name} --json", declare=_nothing, run=run, show=_show_items
    )


COMMANDS = [
    Command(
        name="enhance",
        summary="What the app hears in a prompt, and a fuller prompt.",
        example='grammy enhance "sad piano" --offline',
        declare=_declare_enhance,
        run=_enhance,
        show=_show_enhanced,
    ),
    _list("templates", "Prompts to start from.", _templates),
    _list("styles", "The styles the composer knows.", _styles),
    _list("presets", "Mastering presets.", _presets),
    _list("engines", "What can make a song here.", _engines),
]
