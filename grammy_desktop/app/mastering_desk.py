"""What a user does in the mastering suite besides mastering a song of the library: presets, files, folders, albums, checks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grammy_desktop.app import mastering_works, works
from grammy_desktop.app.hear_works import listen_work
from grammy_desktop.core.errors import UserError
from grammy_desktop.workflows.delivery import check_output, plan_outputs
from grammy_desktop.workflows.mastering_aim import Mastering, check_mastering
from grammy_desktop.workflows.naming import one_line

if TYPE_CHECKING:
    from grammy_desktop.app.app import App
    from grammy_desktop.mastering import Preset


class MasteringDesk:
    """`App.mastering`. Methods that start work return job ids, as the app's own."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._presets: dict[str, Preset] | None = None

    @property
    def presets(self) -> dict[str, Preset]:
        """The shipped ones and the user's own, by id."""
        if self._presets is None:
            from grammy_desktop.mastering import load_presets

            self._presets = load_presets(self._app.paths.user_presets)
        return self._presets

    def effects_file(self, source: Path, chain: str, out: Path, **options: Any) -> str:
        """Send a file through an effect chain, a name or a TOML file (options of `mastering_works.effects_file_work`).

        The result is the JSON of `grammy effects`.
        """
        check_output(source, out, options.get("bits"))
        return self._app.jobs.submit(mastering_works.effects_file_work(self._app.paths, source, chain, out, **options))

    def check_file(self, source: Path, **options: Any) -> str:
        """Translation check of a file (options of `mastering_works.check_work`); the result is the JSON of `grammy check`."""
        return self._app.jobs.submit(mastering_works.check_work(self._app.paths, source, **options))

    def check(self, track_id: str, **options: Any) -> str:
        """The same for what a listener hears of a song's newest version."""
        track = self._app.library.track(track_id)
        versions = self._app.library.versions(track_id)
        if not versions:
            raise UserError(f"“{track.title}” has no audio yet.")
        source = works.heard_file(versions[-1])[1]
        work = mastering_works.check_work(self._app.paths, source, title=track.title, track_id=track_id, **options)
        return self._app.jobs.submit(work)

    def master_to(self, source: Path, mastering: Mastering, out: Path, **options: Any) -> str:
        """Master a file to `out` with the proof (options of `mastering_works.file_master_work`): the JSON of `grammy master`."""
        check_mastering(mastering, self._app.paths)
        self._app.check_style(options.get("genre"))
        check_output(source, out, options.get("bits"))
        return self._app.jobs.submit(
            mastering_works.file_master_work(self._app.paths, source, mastering, out, **options)
        )

    def master_batch(
        self, sources: Sequence[Path], mastering: Mastering, *, out_dir: Path | None = None, **options: Any
    ) -> list[str]:
        """One job a file (`master_to`), “NAME master.wav” beside it or in `out_dir`; as many at a time as the queue has room."""
        outs = plan_outputs(sources, out_dir=out_dir)
        return [
            self.master_to(source, mastering, out, numbered=True, **options)
            for source, out in zip(sources, outs, strict=True)
        ]

    def listen_file(self, source: Path, genre: str | None = None) -> str:
        """What the assistant hears in a file; the result is the JSON of its proposal."""
        self._app.check_style(genre)
        return self._app.jobs.submit(listen_work(source, genre, one_line(source.name)))

    def plan_album(self, sources: Sequence[Path], mastering: Mastering, *, assistant: bool = False) -> str:
        """Measure the tracks of an album and aim each of them; the result is a `MadeAlbumPlan`."""
        check_mastering(mastering, self._app.paths)
        return self._app.jobs.submit(
            mastering_works.album_work(self._app.paths, sources, mastering, assistant=assistant)
        )

    def import_preset(self, file: Path) -> Preset:
        from grammy_desktop.mastering.preset_files import import_preset

        preset = import_preset(file, self._app.paths.user_presets)
        self._presets = None
        return preset

    def export_preset(self, preset_id: str, file: Path) -> Path:
        from grammy_desktop.mastering.preset_files import export_preset
        from grammy_desktop.mastering.presets import find_preset

        return export_preset(find_preset(self.presets, preset_id), file)

    def save_preset(self, preset: Preset, *, overwrite: bool = False) -> Preset:
        from grammy_desktop.mastering.preset_files import save_preset

        saved = save_preset(preset, self._app.paths.user_presets, overwrite=overwrite)
        self._presets = None
        return saved

    def delete_preset(self, preset_id: str) -> None:
        from grammy_desktop.mastering.preset_files import delete_preset

        delete_preset(preset_id, self._app.paths.user_presets)
        self._presets = None
