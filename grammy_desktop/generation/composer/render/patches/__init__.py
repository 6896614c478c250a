"""Patches: sounds written as data (resources/patches/*.toml and the user's own); docs/patches.md says how."""

from grammy_desktop.generation.composer.render.patches.load import Patch, load_patches, patch_names, read_patches

__all__ = ["Patch", "load_patches", "patch_names", "read_patches"]
