"""Effect chains with a name: the app's own (`resources/effects`) and the user's."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from grammy_desktop.core.effects.chain import Effect
from grammy_desktop.core.effects.chain_data import parse_chain, read_chain_file
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.resources import resource


@dataclass(frozen=True)
class EffectChain:
    """description: a sentence that says what it is for."""

    id: str
    name: str
    description: str
    chain: tuple[Effect, ...]


def load_chains(user_dir: Path | None = None, *, problems: list[UserError] | None = None) -> dict[str, EffectChain]:
    """Every named chain by id; a user's chain with the id of a built-in one takes its place.

    A user's file that is no chain goes into `problems` and the others are loaded; without that list it raises UserError.
    """
    chains = {chain.id: chain for chain in map(_read, sorted(resource("effects").glob("*.toml")))}
    for path in sorted(user_dir.glob("*.toml")) if user_dir is not None else []:
        try:
            chain = _read(path)
        except UserError as error:
            if problems is None:
                raise
            problems.append(error)
            continue
        chains[chain.id] = chain
    return chains


def find_chain(name_or_file: str, user_dir: Path | None = None) -> EffectChain:
    """A chain by its id, or from a TOML file. Raises UserError listing what there is."""
    if name_or_file.lower().endswith(".toml"):
        return _read(Path(name_or_file))
    # Another chain's fault is no reason not to find this one.
    problems: list[UserError] = []
    chains = load_chains(user_dir, problems=problems)
    if name_or_file in chains:
        return chains[name_or_file]
    if user_dir is not None and (user_dir / f"{name_or_file}.toml").is_file():
        return _read(user_dir / f"{name_or_file}.toml")
    raise UserError(f"There is no effect chain “{name_or_file}”; there are {', '.join(sorted(chains))}.")


def _read(path: Path) -> EffectChain:
    data = read_chain_file(path)
    chain = parse_chain(data.get("chain"), path.name)
    texts = {key: data.get(key, "") for key in ("id", "name", "description")}
    for key, text in texts.items():
        if not isinstance(text, str):
            raise UserError(f"“{path.name}”: “{key}” must be a text.", file=str(path))
    chain_id = str(texts["id"] or path.stem)
    return EffectChain(chain_id, str(texts["name"] or chain_id), str(texts["description"]), chain)
