"""From a brief to a score: form, harmony, melody, bass, drums, chords, effects, then their performance, then what was revised."""

from __future__ import annotations

from collections.abc import Sequence

from grammy_desktop.core.brief import Brief
from grammy_desktop.core.idea import Idea
from grammy_desktop.core.progress import Progress
from grammy_desktop.core.revision import Revision
from grammy_desktop.core.song import Arrangement
from grammy_desktop.core.styles import Style
from grammy_desktop.generation.composer.composition import first_composition, plan_song
from grammy_desktop.generation.composer.revise.apply import revised

__all__ = ["compose", "plan_song"]


def compose(
    brief: Brief,
    style: Style,
    seed: int,
    progress: Progress | None = None,
    *,
    idea: Idea | None = None,
    revisions: Sequence[Revision] = (),
) -> Arrangement:
    """The score of a song: tempo and key exactly as the brief says, its length fitted to the brief's duration.

    The last chord is held so that its ring-out ends with the duration. The same brief, style, seed, idea and revisions give the
    same score. idea: the user's own hook or chords, which the song is made of. revisions: what was changed since, in order.
    Raises `Cancelled` when told to stop, `UserError` for a revision that the song has no place for.
    """
    song = first_composition(brief, style, seed, progress, idea=idea)
    for revision in revisions:
        song = revised(song, revision, progress)
    return song.arrangement
