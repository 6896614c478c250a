"""Effect chains with a name: the app's own (`resources/effects`) and the user's."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from grammy_desktop.core.effects import Effect, load_chain
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.resources import resource


@dataclass(frozen=True)
class EffectChain:
    id: str
    name: str
    description: str
    chain: tuple[Effect, ...]


def load_chains(user_dir: Path | None = None) -> dict[str, EffectChain]:
    """Every named chain by id; a user's chain with the id of a built-in one takes its place. Raises UserError."""
    folders = [resource("effects")]
    if user_dir is not None and user_dir.is_dir():
        folders.append(user_dir)
    chains: dict[str, EffectChain] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.toml")):
            chain = _read(path)
            chains[chain.id] = chain
    return chains


def find_chain(name_or_file: str, user_dir: Path | None = None) -> EffectChain:
    """A chain by its id, or from a TOML file. Raises UserError listing what there is."""
    if name_or_file.lower().endswith(".toml"):
        return _read(Path(name_or_file))
    chains = load_chains(user_dir)
    if name_or_file not in chains:
        raise UserError(f"There is no effect chain “{name_or_file}”; there are {', '.join(sorted(chains))}.")
    return chains[name_or_file]


def _read(path: Path) -> EffectChain:
    chain = load_chain(path)
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    chain_id = str(data.get("id", path.stem))
    return EffectChain(chain_id, str(data.get("name", chain_id)), str(data.get("description", "")), chain)
