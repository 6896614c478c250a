"""Where everything lives, as an object. Making one touches nothing on disk."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class AppPaths:
    """All of the app's own files are under `data_dir`; `--data-dir` or GRAMMY_DATA_DIR isolates a run."""

    data_dir: Path

    @classmethod
    def for_user(cls) -> AppPaths:
        """GRAMMY_DATA_DIR, else the platform's data folder."""
        override = os.environ.get("GRAMMY_DATA_DIR")
        if override:
            return cls(Path(override).expanduser().absolute())
        from platformdirs import user_data_path

        return cls(user_data_path("GrammyDesktop", appauthor=False))

    @property
    def database(self) -> Path:
        return self.data_dir / "library.sqlite3"

    @property
    def audio(self) -> Path:
        """Content-addressed files: `audio/ab/abcdef....wav`."""
        return self.data_dir / "audio"

    @property
    def staging(self) -> Path:
        """One folder a running job; what is left of a dead job is swept at the next start."""
        return self.data_dir / "staging"

    @property
    def exports(self) -> Path:
        """Files prepared for drag and drop."""
        return self.data_dir / "exports"

    @property
    def cache(self) -> Path:
        return self.data_dir / "cache"

    @property
    def logs(self) -> Path:
        return self.data_dir / "logs"

    @property
    def settings_file(self) -> Path:
        return self.data_dir / "settings.toml"

    @property
    def user_styles(self) -> Path:
        return self.data_dir / "styles"

    @property
    def user_patches(self) -> Path:
        """Sounds of the user's own, for their styles."""
        return self.data_dir / "patches"

    @property
    def soundfonts(self) -> Path:
        """The user's own sound fonts (SF2, SF3): `font:NAME:BANK:PROGRAM` in a style sheet."""
        return self.data_dir / "soundfonts"

    @property
    def instrument_presets(self) -> Path:
        """`.vstpreset` files for the user's VST3 instruments: `vst3:NAME:PRESET` in a style sheet."""
        return self.data_dir / "instruments"

    @property
    def instrument_cache(self) -> Path:
        """What was measured of the user's instruments."""
        return self.cache / "instruments"

    @property
    def user_presets(self) -> Path:
        return self.data_dir / "presets"

    @property
    def user_effects(self) -> Path:
        return self.data_dir / "effects"

    @property
    def user_devices(self) -> Path:
        """What "hear it on" and the translation check know beside the app's own devices."""
        return self.data_dir / "translation"

    @property
    def user_platforms(self) -> Path:
        """The user's changes to the table of platforms."""
        return self.data_dir / "platforms.toml"

    @property
    def reference_cache(self) -> Path:
        return self.cache / "references"
