"""Users' own presets: saved, shared as files, taken in, removed."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from grammy_desktop.core.atomic import atomic_file, write_failure
from grammy_desktop.core.effects import check_chain
from grammy_desktop.core.errors import UserError
from grammy_desktop.mastering.platforms import load_platforms
from grammy_desktop.mastering.preset_data import MAX_NAME, Preset, preset_from_json, preset_to_json_full, preset_to_toml
from grammy_desktop.mastering.presets import builtin_ids, read_preset, user_presets

_LONGEST_ID = 48
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
"""Names that Windows keeps for devices, whatever their suffix."""


def preset_id(name: str) -> str:
    """An id and file name out of a name: 'Late Night (warm)' becomes 'late-night-warm'; letters of any script stay.

    Raises UserError where nothing is left.
    """
    letters = unicodedata.normalize("NFKC", name).casefold()
    words = "".join(c if c.isalnum() else " " for c in letters).split()
    made = "-".join(words)[:_LONGEST_ID].strip("-")
    if not made:
        raise UserError(f"“{name.strip()}” cannot name a preset: it needs at least one letter or digit.")
    return f"preset-{made}" if made in _RESERVED else made


def save_preset(preset: Preset, user_dir: Path, *, overwrite: bool = False) -> Preset:
    """Keep `preset` among the user's under the id made from its name; what was saved comes back.

    A preset that began as another carries its id in `based_on`. Raises UserError when the name is one of the app's own
    presets, when one of the user's has it and not `overwrite`, or when the preset itself cannot be (ranges, a ceiling
    above what one of its platforms takes); EnvironmentFailure when it cannot be written.
    """
    chosen = check_name(preset.name)
    taken = {found.id: path for path, found in user_presets(user_dir) if isinstance(found, Preset)}
    path = taken.get(chosen, user_dir / f"{chosen}.toml")
    if (chosen in taken or path.exists()) and not overwrite:
        raise UserError(
            f"There is a preset “{preset.name}” already; choose another name or replace it.", file=str(path)
        )
    began_as = preset.based_on or (preset.id if preset.id != chosen else "")
    saved = check_preset(replace(preset, id=chosen, based_on=began_as, own=True))
    _write(saved, path)
    return saved


def check_name(name: str) -> str:
    """The id that `name` would give a user's preset. Raises UserError for a name that none can have."""
    chosen = preset_id(name)
    if chosen in builtin_ids():
        raise UserError(f"“{name}” is one of the app's own presets and stays as it is; choose another name.")
    return chosen


def import_preset(file: Path, user_dir: Path) -> Preset:
    """Take a shared preset file in. A name that is taken gets a number; the same preset twice stays one.

    Raises UserError naming the file and what is wrong in it, EnvironmentFailure when it cannot be kept.
    """
    shared = check_preset(read_preset(Path(file), own=True), where=Path(file).name)
    known = {found.id: found for _, found in user_presets(user_dir) if isinstance(found, Preset)}
    same = [found for found in known.values() if _same(found, shared)]
    if same:
        return same[0]
    name = _free_name(shared.name, {*known, *builtin_ids(), *_stems(user_dir)})
    imported = replace(shared, id=preset_id(name), name=name)
    _write(imported, user_dir / f"{imported.id}.toml")
    return imported


def export_preset(preset: Preset, file: Path) -> Path:
    """Write `preset` to a file that others can import; '.toml' is added where the name has no suffix.

    Raises UserError for a folder, EnvironmentFailure when it cannot be written.
    """
    file = Path(file)
    if file.is_dir():
        raise UserError(f"“{file}” is a folder; name a file, such as “{file / preset.id}.toml”.", file=str(file))
    file = file if file.suffix else file.with_suffix(".toml")
    with atomic_file(file) as temporary:
        temporary.write_text(preset_to_toml(preset), encoding="utf-8")
    return file


def delete_preset(preset: str, user_dir: Path) -> None:
    """Remove one of the user's presets by its id; a broken file by its name without '.toml'. Raises UserError."""
    for path, found in user_presets(user_dir):
        if (found.id if isinstance(found, Preset) else path.stem) == preset:
            try:
                path.unlink()
            except OSError as error:
                raise write_failure(path, error) from error
            return
    if preset in builtin_ids():
        raise UserError(f"“{preset}” is one of the app's own presets and cannot be deleted.")
    raise UserError(f"There is no preset “{preset}” of yours to delete.")


def check_preset(preset: Preset, *, where: str = "") -> Preset:
    """The same preset, if it can be written, read and used. Raises UserError."""
    named = where or preset.name
    check_chain(preset.chain, named)
    again = replace(preset_from_json(preset_to_json_full(preset), where=named), own=preset.own)
    for platform in load_platforms():
        if platform.id in preset.platforms and preset.ceiling_dbtp > platform.ceiling_dbtp:
            raise UserError(
                f"“{named}” is made for {platform.name}, which takes true peaks up to {platform.ceiling_dbtp:g} dBTP;"
                f" its ceiling is {preset.ceiling_dbtp:g} dBTP."
            )
    return again


def _same(one: Preset, other: Preset) -> bool:
    """The same in all but the id and the name that one of them was given here."""
    return replace(one, id="", name="", own=True) == replace(other, id="", name="", own=True)


def _free_name(name: str, taken: Collection[str]) -> str:
    wanted, number = name, 2
    while preset_id(wanted) in taken:
        wanted = f"{name[: min(MAX_NAME, _LONGEST_ID) - 5].rstrip()} {number}"
        number += 1
    return wanted


def _stems(folder: Path) -> set[str]:
    return {path.stem for path in folder.glob("*.toml")} if folder.is_dir() else set()


def _write(preset: Preset, path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_failure(path, error) from error
    with atomic_file(path) as temporary:
        temporary.write_text(preset_to_toml(preset), encoding="utf-8")
