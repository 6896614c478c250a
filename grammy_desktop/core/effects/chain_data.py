"""Effect chains as TOML or JSON: tables `{kind = ..., parameter = number, ...}`.

A plug-in is `{kind = "vst3", plugin = "file or name", name = "...", preset = "file", amount = 1.0, parameters = {...}}`;
all but the first two may be left out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from pathlib import Path

from grammy_desktop.core.effects.chain import PLUGIN_KIND, Effect, check_chain
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.plugins.choice import PluginChoice
from grammy_desktop.core.toml_file import read_toml


def parse_chain(entries: object, where: str) -> tuple[Effect, ...]:
    """A chain from a list of tables; `where` is the file it comes from. Raises UserError."""
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise UserError(f"“{where}”: an effect chain is a list of [[chain]] tables.")
    chain = tuple(_parse_effect(entry, where) for entry in entries)
    check_chain(chain, where)
    return chain


def load_chain(path: Path) -> tuple[Effect, ...]:
    """A chain from a TOML file with `[[chain]]` tables. Raises UserError."""
    return parse_chain(read_chain_file(path).get("chain"), path.name)


def read_chain_file(path: Path) -> dict[str, object]:
    """The file's data. Raises UserError."""
    return read_toml(path, "an effect chain")


def entries_of(chain: Iterable[Effect]) -> list[dict[str, object]]:
    """The tables that `parse_chain` reads back as the same chain."""
    entries: list[dict[str, object]] = []
    for effect in chain:
        entry: dict[str, object] = {"kind": effect.kind}
        if effect.plugin is None:
            entries.append(entry | dict(effect.parameters))
            continue
        texts = {"plugin": effect.plugin.path, "name": effect.plugin.name, "preset": effect.plugin.preset}
        entry |= {key: text for key, text in texts.items() if text}
        entries.append(entry | {"amount": effect.plugin.amount, "parameters": dict(effect.parameters)})
    return entries


def _parse_effect(entry: Mapping[str, object], where: str) -> Effect:
    kind = entry.get("kind")
    if not isinstance(kind, str):
        raise UserError(f"“{where}”: every [[chain]] table needs a “kind”.")
    if kind == PLUGIN_KIND:
        return _parse_plugin(entry, where)
    return Effect(kind, _numbers({name: value for name, value in entry.items() if name != "kind"}, kind, where))


def _parse_plugin(entry: Mapping[str, object], where: str) -> Effect:
    rest = {name: value for name, value in entry.items() if name != "kind"}
    texts: dict[str, str] = {}
    for key in ("plugin", "name", "preset"):
        text = rest.pop(key, "")
        if not isinstance(text, str):
            raise UserError(f"“{where}”: “{key}” of the effect “{PLUGIN_KIND}” must be a text.")
        texts[key] = text
    parameters = rest.pop("parameters", {})
    if not isinstance(parameters, Mapping):
        raise UserError(f"“{where}”: “parameters” of the effect “{PLUGIN_KIND}” must be a table of numbers.")
    amount = _numbers({"amount": rest.pop("amount", 1.0)}, PLUGIN_KIND, where)["amount"]
    if rest:
        raise UserError(
            f"“{where}”: the effect “{PLUGIN_KIND}” has no “{next(iter(rest))}”; "
            "it has plugin, name, preset, amount and parameters."
        )
    choice = PluginChoice(texts["plugin"], texts["name"], texts["preset"], amount)
    return Effect(PLUGIN_KIND, _numbers(parameters, PLUGIN_KIND, where), choice)


def _numbers(values: Mapping[str, object], kind: str, where: str) -> dict[str, float]:
    numbers: dict[str, float] = {}
    for name, value in values.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise UserError(f"“{where}”: “{name}” of the effect “{kind}” must be a number.")
        numbers[name] = float(value)
    return numbers
