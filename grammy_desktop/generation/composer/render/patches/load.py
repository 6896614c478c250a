"""Loads the patches: the shipped ones, then the user's own, which may replace them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from grammy_desktop.core.resources import resource
from grammy_desktop.core.styles.reader import TableReader
from grammy_desktop.core.toml_file import read_toml
from grammy_desktop.generation.composer.render.bodies import Sustained
from grammy_desktop.generation.composer.render.patches.additive import read_additive
from grammy_desktop.generation.composer.render.patches.finish import Levelled, read_chain
from grammy_desktop.generation.composer.render.patches.fm import read_fm
from grammy_desktop.generation.composer.render.patches.kit import KitPatch, read_kit
from grammy_desktop.generation.composer.render.patches.strings import read_string
from grammy_desktop.generation.composer.render.patches.subtractive import read_subtractive, read_voice
from grammy_desktop.generation.composer.render.patches.texture import read_texture
from grammy_desktop.generation.composer.render.tone import Recipe, Voice

_READERS: dict[str, Callable[[TableReader], Voice | Sustained]] = {
    "subtractive": read_subtractive,
    "voice": read_voice,
    "fm": read_fm,
    "string": read_string,
    "additive": read_additive,
    "texture": read_texture,
}
KINDS = (*_READERS, "kit")


@dataclass(frozen=True)
class Patch:
    """A sound as data: a `recipe` for notes, or a `kit`. `steady`: runs from the first to the last bar (rain, hiss)."""

    name: str
    kind: str
    recipe: Recipe | None = None
    kit: KitPatch | None = None
    steady: bool = False


def load_patches(user_dir: Path | None = None) -> Mapping[str, Patch]:
    """All patches by name. A broken file raises UserError with one sentence naming file and field."""
    folders = [resource("patches")]
    if user_dir is not None and user_dir.is_dir():
        folders.append(user_dir)
    files = tuple((str(path), path.stat().st_mtime_ns) for folder in folders for path in sorted(folder.glob("*.toml")))
    return _load(files)


def patch_names(user_dir: Path | None = None) -> tuple[str, ...]:
    """Every patch that may follow `synth:`."""
    return tuple(load_patches(user_dir))


@lru_cache(maxsize=2)
def _load(files: tuple[tuple[str, int], ...]) -> Mapping[str, Patch]:
    patches: dict[str, Patch] = {}
    for path, _ in files:
        patches |= {patch.name: patch for patch in read_patches(Path(path))}
    return MappingProxyType(patches)


def read_patches(path: Path) -> tuple[Patch, ...]:
    """One file of patches. UserError when it cannot be read or a patch in it is not valid."""
    table = read_toml(path, "a file of patches")
    reader = TableReader(table, file=str(path))
    return tuple(_patch(name, reader.table(name)) for name in reader.names())


def _patch(name: str, reader: TableReader) -> Patch:
    kind = reader.text("kind", among=KINDS)
    if kind == "kit":
        patch = Patch(name, kind, kit=read_kit(name, reader))
    else:
        voice = _READERS[kind](reader)
        gain = 10.0 ** (reader.number("trim_db", 0.0, low=-60, high=60) / 20.0)
        chain = read_chain(reader, 1.0)
        # An amplifier's growl depends on what comes in, so the trim is applied behind it.
        own = 1.0 if chain.amplifier is not None else gain
        if chain.amplifier is not None:
            chain = read_chain(reader, gain)
        recipe = Recipe(
            Levelled(name, voice, own), mono=reader.flag("mono", False), finish=None if chain.is_empty else chain
        )
        patch = Patch(name, kind, recipe, steady=reader.flag("steady", False))
    reader.finish()
    return patch
