"""Every sound that a style sheet may name: shipped presets and patches, the user's patches, sound fonts, VST3 instruments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grammy_desktop.core.errors import GrammyError
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.core.plugins import find_plugins, read_plugin
from grammy_desktop.core.plugins.catalogue import plugin_kind
from grammy_desktop.core.resources import resource
from grammy_desktop.core.styles.sounds import patch_names
from grammy_desktop.core.styles.style import SYNTH_RECIPES
from grammy_desktop.core.toml_file import read_toml
from grammy_desktop.generation.composer.render.font_file import find_fonts, read_font

PRESET, PATCH, FONT, VST3 = "preset", "patch", "font", "vst3"
KINDS = (PRESET, PATCH, FONT, VST3)


@dataclass(frozen=True)
class InstrumentEntry:
    """id: what a sheet writes. own: the user's, not shipped. kind: one of `KINDS`. licence: as the font says, '' elsewhere."""

    id: str
    name: str
    kind: str
    own: bool
    description: str
    licence: str = ""


@dataclass(frozen=True)
class InstrumentList:
    """problems: sentences about what could not be used."""

    entries: tuple[InstrumentEntry, ...]
    problems: tuple[str, ...]


def list_instruments(paths: AppPaths, *, kind: str | None = None, check: bool = False) -> InstrumentList:
    """What there is. check: load every VST3 plug-in in a process of its own, so that effects and broken ones are known."""
    problems: list[str] = []
    entries: list[InstrumentEntry] = []
    if kind in (None, PRESET):
        entries += _shipped_presets()
    if kind in (None, PATCH):
        entries += _patches(paths)
    if kind in (None, FONT):
        for font in find_fonts(paths.soundfonts):
            entries += _font_entries(font, problems)
    if kind in (None, VST3):
        entries += _plugins(problems, check=check)
    return InstrumentList(tuple(entries), tuple(problems))


def _shipped_presets() -> Iterator[InstrumentEntry]:
    info = read_font(resource("soundfonts", "fluid_core.sf3"))
    for preset in info.presets:
        kit = "drum kit" if preset.bank == 128 else "shipped sound font"
        yield InstrumentEntry(f"sf:{preset.bank}:{preset.program}", preset.name, PRESET, False, kit, "MIT")


def _patches(paths: AppPaths) -> Iterator[InstrumentEntry]:
    own = _patch_kinds(paths.user_patches)
    shipped = _patch_kinds(resource("patches"))
    for name in sorted({*SYNTH_RECIPES, *shipped, *own}):
        kind = own.get(name) or shipped.get(name) or "built in"
        yield InstrumentEntry(f"synth:{name}", name.replace("_", " "), PATCH, name in own, kind)


def _patch_kinds(folder: Path) -> dict[str, str]:
    """What every patch of a folder is ('fm', 'string', 'kit'...); '' where its file cannot be read."""
    kinds = dict.fromkeys(patch_names(folder), "patch")
    for path in sorted(folder.glob("*.toml")) if folder.is_dir() else ():
        try:
            table = read_toml(path, "a patch file")
        except GrammyError:
            continue
        kinds |= {
            name: str(patch["kind"]) for name, patch in table.items() if isinstance(patch, dict) and "kind" in patch
        }
    return kinds


def _font_entries(path: Path, problems: list[str]) -> Iterator[InstrumentEntry]:
    try:
        info = read_font(path)
    except GrammyError as error:
        problems.append(error.message)
        return
    for preset in info.presets:
        yield InstrumentEntry(
            id=f"font:{info.name}:{preset.bank}:{preset.program}",
            name=preset.name,
            kind=FONT,
            own=True,
            description=f"“{info.title or info.name}”" + (f" by {info.author}" if info.author else ""),
            licence=info.licence,
        )


def _plugins(problems: list[str], *, check: bool) -> Iterator[InstrumentEntry]:
    for plugin in find_plugins():
        kind = plugin_kind(plugin.path)
        if kind == "effect":
            continue
        description = "VST3 instrument" if kind else "VST3 plug-in; --check tells whether it is an instrument"
        if check:
            try:
                info = read_plugin(str(plugin.path), instrument=True)
            except GrammyError as error:
                if "an effect, not an instrument" not in error.message:
                    problems.append(error.message)
                continue
            description = f"VST3 instrument {info.version} by {info.maker}".strip()
        yield InstrumentEntry(f"vst3:{plugin.name}", plugin.name, VST3, True, description)
