"""`App`: settings, paths, library, jobs, player, and one method for each thing a user does."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grammy_desktop.app import works
from grammy_desktop.app.mastering_desk import MasteringDesk
from grammy_desktop.app.options import CreateOptions
from grammy_desktop.app.song_desk import SongDesk
from grammy_desktop.core.brief import Brief
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.log import set_up_logging
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.core.settings import SettingsStore
from grammy_desktop.core.styles import Style, load_styles
from grammy_desktop.jobs import Executor, JobQueue, Lane
from grammy_desktop.library import Library, VersionRecord
from grammy_desktop.playback import Player
from grammy_desktop.workflows.delivery import check_out_dir, format_for
from grammy_desktop.workflows.first_song import FIRST_SONG
from grammy_desktop.workflows.mastering_aim import Mastering, check_mastering

if TYPE_CHECKING:
    from grammy_desktop.assistant import Enhancement, Template
    from grammy_desktop.mastering import Preset
    from grammy_desktop.workflows.idea_from_midi import BriefedIdea

logger = logging.getLogger(__name__)

LARGEST_DRAWN_SEED = 100_000
"""Seeds that the app draws are short enough to read out; any 32-bit seed may be given."""


class App:
    """Made by `App.open`, closed by `close()`. Methods that start work return job ids at once and raise `UserError` before any
    work is done when the request cannot succeed."""

    def __init__(
        self, *, paths: AppPaths, settings: SettingsStore, library: Library, jobs: JobQueue, player: Player, log: Any
    ) -> None:
        self.paths = paths
        self.settings = settings
        self.library = library
        self.jobs = jobs
        self.player = player
        self._log = log
        self._styles: dict[str, Style] | None = None
        self.mastering = MasteringDesk(self)
        self.songs = SongDesk(self)

    @classmethod
    def open(cls, paths: AppPaths, *, executor: Executor | None = None) -> App:
        """Open (or make) the data folder. Raises `EnvironmentFailure` where it cannot be written, `UserError` for a newer one."""
        library = Library.open(paths)
        log = set_up_logging(paths)
        jobs = JobQueue(library.journal, paths.staging, executor=executor, log_path=log.file)
        return cls(
            paths=paths,
            settings=SettingsStore(paths.settings_file),
            library=library,
            jobs=jobs,
            player=Player(),
            log=log,
        )

    def close(self) -> None:
        """End every job, worker and the audio process; safe to call twice."""
        self.jobs.close(cancel=True)
        self.player.close()
        self.library.close()
        self._log.close()

    # What there is

    @property
    def styles(self) -> dict[str, Style]:
        if self._styles is None:
            self._styles = load_styles(self.paths.user_styles)
        return self._styles

    @property
    def templates(self) -> tuple[Template, ...]:
        from grammy_desktop.assistant import load_templates

        return load_templates()

    def read_brief(self, prompt: str, *, style: str | None = None, duration: float | None = None) -> Brief:
        from grammy_desktop.assistant import read_prompt

        # Bytes that are no text (a shell can type them) cannot be kept in the library.
        prompt = prompt.encode("utf-8", "replace").decode("utf-8")
        return read_prompt(prompt, self.styles, style=style, duration=duration)

    def read_idea(self, midi: Path, brief: Brief) -> BriefedIdea:
        """A MIDI file's idea, and the brief with what the file adds to it. Raises UserError naming the file."""
        from grammy_desktop.workflows.idea_from_midi import idea_from_midi

        style = self.styles.get(brief.genre.value)
        return idea_from_midi(midi, brief, metres=style.metres if style is not None else ())

    def enhance(self, prompt: str) -> Enhancement:
        from grammy_desktop.assistant import enhance

        return enhance(prompt, self.styles)

    # What a user does

    def create(self, options: CreateOptions) -> list[str]:
        """Start one job a take. The result of each is the JSON of `grammy create`."""
        started = time.monotonic()
        brief = options.brief or self.read_brief(options.prompt, style=options.style, duration=options.duration)
        check_mastering(_aim(options), self.paths)
        if options.engine != "composer":
            raise UserError(f"There is no engine “{options.engine}”; available: composer.")
        if options.out_dir is not None:
            check_out_dir(options.out_dir)
        seed = options.seed if options.seed is not None else secrets.randbelow(LARGEST_DRAWN_SEED)
        reading = time.monotonic() - started
        return [
            self.jobs.submit(works.create(self.library, self.paths, options, brief, seed + take, reading))
            for take in range(options.takes)
        ]

    def master(
        self,
        track_id: str,
        version_id: str,
        *,
        preset: str = "spotify-loud",
        reference: Path | None = None,
        references: Sequence[Path] = (),
        weights: Sequence[float] = (),
        custom: Preset | None = None,
        loudness: float | None = None,
        ceiling: float | None = None,
        intensity: float = 1.0,
        codec_safe: bool = False,
    ) -> str:
        """Master a version's mix again, as `Mastering` says; the result is the new `VersionRecord`."""
        from grammy_desktop.mastering.presets import preset_to_json_full

        mastering = Mastering(
            preset=preset,
            reference=str(reference) if reference else None,
            references=tuple(str(path) for path in references),
            weights=tuple(weights),
            custom=preset_to_json_full(custom) if custom is not None else None,
            loudness=loudness,
            ceiling=ceiling,
            intensity=intensity,
            codec_safe=codec_safe,
        )
        check_mastering(mastering, self.paths)
        track, version = self.library.track(track_id), self._with_mix(track_id, version_id)
        return self.jobs.submit(works.master(self.library, self.paths, track, version, mastering))

    def score(self, version_id: str) -> str:
        """Score a version's master (or mix) again; the result is the score's JSON, kept with the version."""
        version = self.library.version(version_id)
        track = self.library.track(version.track_id)
        return self.jobs.submit(works.score(self.library, track, version))

    def score_file(self, source: Path, style: str | None) -> str:
        self.check_style(style)
        return self.jobs.submit(works.score_file(source, style))

    def fix_file(self, source: Path, insights: tuple[str, ...], style: str | None, out: Path) -> str:
        self.check_style(style)
        _check_target(source, out)
        return self.jobs.submit(works.fix_file(source, insights, style, out))

    def apply_fix(self, version_id: str, insight_id: str) -> str:
        """Carry out the fix of one insight ('all': every one); the result is the new `VersionRecord`."""
        version = self.library.version(version_id)
        track = self.library.track(version.track_id)
        return self.jobs.submit(works.fix(self.library, track, version, insight_id))

    def import_files(self, files: Sequence[Path]) -> list[str]:
        """One job a file; the result of each is the new `TrackRecord`."""
        return [self.jobs.submit(works.import_file(self.library, path)) for path in files]

    def export(self, track_id: str, *, format: str, out_dir: Path, stems: bool, midi: bool) -> str:
        """Write the newest version's master and mix, and what else is asked for, to `out_dir`; the result maps roles to paths."""
        track = self.library.track(track_id)
        check_out_dir(out_dir)
        files = self.files_of(track_id)
        wanted = {
            role: path
            for role, path in files.items()
            if role in ("master", "mix") or (stems and role.startswith("stem:")) or (midi and role == "midi")
        }
        return self.jobs.submit(works.export(track, wanted, format, out_dir))

    def render_edit(self, version_id: str, edits: str) -> str:
        """Make an edit list (`EditList.to_json()`) audio; the result is the new `VersionRecord`."""
        version = self.library.version(version_id)
        track = self.library.track(version.track_id)
        return self.jobs.submit(works.edit(self.library, track, version, edits))

    def resume_interrupted(self) -> list[str]:
        """Start songs again that a crash interrupted, with the same brief and seed."""
        return [self.create_again(entry) for entry in works.interrupted_songs(self.library)]

    def create_again(self, entry: Any) -> str:
        options, brief, seed = works.read_request(entry.request)
        job_id = self.jobs.submit(works.create(self.library, self.paths, options, brief, seed, 0.0))
        self.library.journal.forget(entry.id)
        return job_id

    def files_of(self, track_id: str) -> dict[str, Path]:
        """The files of the newest version, and what it was made from where it has no such file itself: never an old master
        beside an edited mix."""
        versions = {version.id: version for version in self.library.versions(track_id)}
        version = list(versions.values())[-1] if versions else None
        files: dict[str, Path] = {}
        while version is not None:
            files = version.files | files
            version = versions.get(version.parent_id or "")
        return files

    def prewarm(self) -> None:
        """Let a worker import what the first song needs, before it is asked for."""
        self.jobs.prewarm(Lane.GENERATION, FIRST_SONG)

    def _with_mix(self, track_id: str, version_id: str) -> VersionRecord:
        """The version, or its nearest ancestor that holds a mix."""
        versions = {version.id: version for version in self.library.versions(track_id)}
        version: VersionRecord | None = versions.get(version_id)
        while version is not None and "mix" not in version.files:
            version = versions.get(version.parent_id or "")
        return version or self.library.version(version_id)

    def check_style(self, style: str | None) -> None:
        """Raises UserError for an unknown one; None is none."""
        if style is not None and style not in self.styles:
            raise UserError(f"There is no style “{style}”; available: {', '.join(sorted(self.styles))}.")


def _aim(options: CreateOptions) -> Mastering:
    return Mastering(preset=options.preset, reference=options.reference)


def _check_target(source: Path, out: Path) -> None:
    if out.is_dir():
        raise UserError(f"“{out}” is a folder; name a file, such as “{out / source.stem} master.wav”.", file=str(out))
    format_for(out)
    if source.exists() and out.exists() and source.samefile(out):
        raise UserError(f"“{source.name}” would be overwritten by its own result; choose another --out.", file=str(out))
    check_out_dir(out.parent)
