"""Files that leave the editor by drag or copy: the song's own, or what is selected."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from grammy_desktop.core.audio import AudioSource
from grammy_desktop.core.errors import GrammyError
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.core.song import Arrangement
from grammy_desktop.ui.editor.drag_out import copy_files, name_files, render_span, start_drag, write_span
from grammy_desktop.ui.editor.selection import Span
from grammy_desktop.workflows.naming import file_stem

if TYPE_CHECKING:
    from grammy_desktop.ui.editor.editor_panel import EditorPanel


class EditorFiles:
    """Prepares on press, so that a drag always carries real files."""

    def __init__(self, panel: EditorPanel, paths: AppPaths) -> None:
        self._panel, self._paths = panel, paths

    def carried(self) -> dict[str, bool]:
        """What the song's handle would carry."""
        files = self._panel.session.files
        return {
            "Master" if files.master else "Mix": bool(files.master or files.mix),
            "stems": bool(files.stems),
            "MIDI": self._midi() is not None,
        }

    def song_files(self) -> list[Path]:
        """Master (or mix), stems and MIDI under readable names. OSError when the folder cannot be written."""
        session = self._panel.session
        if session.track is None:
            return []
        files = session.files
        listed: list[tuple[str, Path]] = []
        if files.master is not None:
            listed.append((self._stem("master"), files.master))
        elif files.mix is not None:
            listed.append((self._stem("mix"), files.mix))
        listed += [(self._stem(name), path) for name, path in files.stems.items()]
        midi = self._midi()
        if midi is not None:
            listed.append((self._stem("").removesuffix("_"), midi))
        return name_files(self._paths.exports, listed)

    def selection_file(self) -> Path | None:
        """The selection as it is heard, rendered to a 24-bit WAV."""
        panel = self._panel
        span, track = panel.scene.selection.span, panel.session.track
        sources = self._heard_sources()
        if span is None or track is None or not sources:
            return None
        clip = render_span(panel.session.history.current, sources, span)
        part = f"{panel.scene.channel(panel.scene.selection.lane) or panel.session.heard}_{self._place(span)}"
        return write_span(
            self._paths.exports, self._stem(part), clip, title=track.title, tempo=track.tempo, key=track.key or ""
        )

    def part_file(self, score: Arrangement, part: str) -> Path | None:
        """One part's notes as a MIDI file. Raises EnvironmentFailure when it cannot be written."""
        from grammy_desktop.generation.composer.midi.file import write_midi

        own = tuple(each for each in score.parts if each.name == part)
        if not own:
            return None
        self._paths.exports.mkdir(parents=True, exist_ok=True)
        path = self._paths.exports / f"{self._stem(part)}.mid"
        write_midi(replace(score, parts=own), path)
        return path

    def deliver_part(self, part: str, *, drag: bool) -> None:
        """Drag or copy the part's MIDI."""
        score = self._panel.notes.score
        try:
            path = self.part_file(score, part) if score is not None else None
        except GrammyError as error:
            self._panel.report(error)
            return
        if path is not None:
            self._with([path], drag=drag)

    def drag_song(self) -> None:
        self._with(self.song_files(), drag=True)

    def copy_song(self) -> None:
        self._with(self.song_files(), drag=False)

    def drag_selection(self) -> None:
        self._deliver_selection(drag=True)

    def copy_selection(self) -> None:
        self._deliver_selection(drag=False)

    def _deliver_selection(self, *, drag: bool) -> None:
        QGuiApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            path = self.selection_file()
        except GrammyError as error:
            self._panel.report(error)
            return
        finally:
            QGuiApplication.restoreOverrideCursor()
        if path is not None:
            self._with([path], drag=drag)

    def _with(self, paths: list[Path], *, drag: bool) -> None:
        if not paths:
            return
        if drag:
            start_drag(self._panel, self._panel.theme, paths)
        else:
            copy_files(paths)
            self._panel.said.emit(f"Copied {paths[0].name if len(paths) == 1 else f'{len(paths)} files'}.")

    def _heard_sources(self) -> list[tuple[AudioSource, float]]:
        """The selected stem alone, else the heard version; the mix with its faders when any was moved."""
        panel = self._panel
        lane = panel.scene.channel(panel.scene.selection.lane)
        if lane in panel.session.stems and lane in panel.views:
            return [(panel.views[lane], 10 ** (panel.session.stem_gain(lane).db / 20))]
        levels = panel.scene.levels
        moved = any(level.db or level.muted or level.soloed for level in levels.values())
        if panel.session.heard == "mix" and moved and set(levels) <= set(panel.views):
            return [(panel.views[n], 10 ** (s.db / 20)) for n, s in levels.items() if panel.scene.is_heard(n)]
        view = panel.views.get("mix")
        return [(view, 1.0)] if view is not None else []

    def _midi(self) -> Path | None:
        return next((v.files["midi"] for v in self._panel.session.files.chain if "midi" in v.files), None)

    def _stem(self, part: str) -> str:
        track = self._panel.session.track
        if track is None:
            return part
        stem = file_stem(track.title, track.tempo, track.key, part or "x")
        return stem if part else stem.removesuffix("_x")

    def _place(self, span: Span) -> str:
        grid = self._panel.scene.snap.grid
        if grid is None:
            return f"{span.start / self._panel.scene.axis.sample_rate:.1f}s"
        first, last = grid.position(span.start)[0], grid.position(span.end - 1)[0]
        return f"bar{first}" if first == last else f"bars{first}-{last}"
