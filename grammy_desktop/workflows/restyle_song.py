"""A song in another style: a recording is analysed, or a score of our own read; then arranged, rendered, mastered, scored."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grammy_desktop import __version__
from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.core.progress import PartOfProgress, Progress
from grammy_desktop.core.score_file import arrangement_from_json
from grammy_desktop.core.song import Licence, Recipe, Song
from grammy_desktop.core.styles import Style, load_styles
from grammy_desktop.workflows.finish_song import MadeSong, mastered_song, take_of_song
from grammy_desktop.workflows.mastering_aim import Mastering
from grammy_desktop.workflows.naming import one_line
from grammy_desktop.workflows.stages import StageClock

if TYPE_CHECKING:
    from grammy_desktop.generation.composer.composition import Composition
    from grammy_desktop.generation.composer.restyle import LeadSheet

_RATE = 48_000
_LONGEST_NAME = 80
_READ = 1 << 20


@dataclass(frozen=True)
class RestyleRequest:
    """`source` is an audio file; or `score` (of `arrangement_to_json`) is a song of our own, composed in `score_style`.

    name: what the source is called. tempo, key, melody: as typed, 'keep' or what is wanted instead. licence: of a song of our own
    (`Licence` as JSON). finish: mastered and scored.
    """

    data_dir: str
    style: str
    seed: int
    name: str
    source: str | None = None
    score: dict[str, Any] | None = None
    score_style: str | None = None
    source_id: str | None = None
    licence: dict[str, Any] | None = None
    tempo: str = "keep"
    key: str = "keep"
    melody: str = "keep"
    preset: str = "spotify-loud"
    finish: bool = True


@dataclass(frozen=True)
class _Heard:
    """The sheet and what is told about it. facts: for the recipe; analysis: everything that was heard, as JSON."""

    sheet: LeadSheet
    facts: dict[str, Any]
    analysis: dict[str, Any] | None = None


def check_restyle(request: RestyleRequest, styles: dict[str, Style]) -> None:
    """Raise `UserError` before any work is done: no such style, an option that cannot be read, a file that is too short."""
    from grammy_desktop.core.audio_file import read_info
    from grammy_desktop.generation.composer.restyle import Kept
    from grammy_desktop.generation.composer.restyle.hear import check_length

    if request.style not in styles:
        raise UserError(f"There is no style “{request.style}”; choose one of {', '.join(sorted(styles))}.")
    Kept.read(request.tempo, request.key, request.melody)
    if request.source is not None:
        check_length(read_info(Path(request.source)).duration, request.name)


def make_restyle(request: RestyleRequest, staging: Path, progress: Progress) -> MadeSong:
    """Runs in a worker. `take_details["restyle"]` says what was heard and how sure that is.

    Raises `UserError` for what has no pulse, no chords, is silent, too short or too long; `Cancelled` when told to stop.
    """
    clock = StageClock(progress)
    paths = AppPaths(Path(request.data_dir))
    styles = load_styles(paths.user_styles)
    check_restyle(request, styles)
    style = styles[request.style]
    heard = _hear(request, styles, PartOfProgress(clock, 0.0, 0.2))
    song, facts = _song(request, heard, style, paths, PartOfProgress(clock, 0.2, 0.58 if request.finish else 0.9))
    details = {"restyle": {**facts, "analysis": heard.analysis}} if heard.analysis is not None else {"restyle": facts}
    made = take_of_song(song, staging, clock, details=details)
    if request.finish:
        made = mastered_song(song, made, Mastering(preset=request.preset), paths, staging, clock)
    return replace(made, seconds=clock.seconds())


def _hear(request: RestyleRequest, styles: dict[str, Style], progress: Progress) -> _Heard:
    from grammy_desktop.generation.composer.restyle import hear_sheet, judgements, sheet_of_score
    from grammy_desktop.generation.composer.restyle.certainty import notes_on

    facts: dict[str, Any] = {"source": request.name}
    if request.score is not None:
        progress.report(0.0, "read")
        sheet = sheet_of_score(arrangement_from_json(request.score), style=styles.get(request.score_style or ""))
        sure = ["tempo, chords and melody are the song's own: nothing was guessed"]
        return _Heard(sheet, {**facts, "source_id": request.source_id, "exact": True, "heard": [], "sure": sure})
    assert request.source is not None
    path = Path(request.source)
    progress.report(0.0, "read")
    clip, digest = _read(path)
    from grammy_desktop.analysis import analyse

    analysis = analyse(clip, progress=PartOfProgress(progress, 0.1, 1.0, "listen"))
    sheet = hear_sheet(analysis, name=request.name)
    said = judgements(analysis)
    facts |= {
        "sha256": digest,
        "exact": False,
        "heard": [judgement.to_json() for judgement in said],
        "sure": [judgement.sentence for judgement in said],
        "notes": [*notes_on(sheet), *analysis.cautions],
        "models": dict(analysis.model_versions),
    }
    return _Heard(sheet, facts, analysis.to_json())


def _read(path: Path) -> tuple[AudioClip, str]:
    """The audio and the SHA-256 of the file."""
    from grammy_desktop.core.audio_file import read_clip

    clip = read_clip(path)
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while block := handle.read(_READ):
            digest.update(block)
    return clip, digest.hexdigest()


def _song(
    request: RestyleRequest, heard: _Heard, style: Style, paths: AppPaths, progress: Progress
) -> tuple[Song, dict[str, Any]]:
    from grammy_desktop.generation.composer.restyle import Kept, moved, restyled_song
    from grammy_desktop.generation.composer.revise.retake import whole_take

    progress.report(0.0, "compose")
    kept = Kept.read(request.tempo, request.key, request.melody)
    sheet = moved(heard.sheet, kept)
    composition = restyled_song(sheet, style, request.seed, kept=kept, name=request.name, progress=progress)
    take = whole_take(composition, PartOfProgress(progress, 0.1, 1.0), patches=paths.user_patches)
    facts = {**heard.facts, "tempo": request.tempo, "key": request.key, "melody": request.melody}
    recipe = _recipe(request, composition, {**facts, "sheet": sheet.to_json()})
    stems = {name: AudioClip(samples, _RATE) for name, samples in take.stems.items()}
    own_name = Path(request.name).stem if request.source_id is None else request.name
    title = f"{one_line(own_name, _LONGEST_NAME) or 'Untitled'} ({style.name})"
    return Song(title, AudioClip(take.mix, _RATE), stems, recipe, composition.arrangement), facts


def _recipe(request: RestyleRequest, song: Composition, restyle: dict[str, Any]) -> Recipe:
    return Recipe(
        engine="composer",
        engine_version=__version__,
        seed=request.seed,
        brief=song.brief,
        licence=_licence(request),
        parameters={"style": song.style.id, "sample_rate": _RATE, "restyle": restyle},
    )


def _licence(request: RestyleRequest) -> Licence:
    """A song of our own stays ours; the rights to a recording's harmony and melody are the user's to judge."""
    if request.licence is not None:
        return Licence(**request.licence)
    reason = (
        f"Its harmony and melody are those of “{one_line(request.name, _LONGEST_NAME)}”: their rights are yours to judge; "
        "everything else was made on your computer."
    )
    return Licence("LicenseRef-own-recording", True, reason)
