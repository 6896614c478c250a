"""The built-in engine: composes, performs, renders and mixes on this computer, without downloads or network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from grammy_desktop import __version__
from grammy_desktop.core.audio import AudioClip
from grammy_desktop.core.brief import Brief
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.idea import Idea
from grammy_desktop.core.progress import PartOfProgress, Progress
from grammy_desktop.core.score_file import idea_to_json
from grammy_desktop.core.song import Arrangement, Licence, Recipe, Song
from grammy_desktop.core.styles import Style, load_styles
from grammy_desktop.generation.composer.compose import compose
from grammy_desktop.generation.composer.mix import finish_mix
from grammy_desktop.generation.composer.opening import opening_of
from grammy_desktop.generation.composer.render import RATE
from grammy_desktop.generation.composer.render.user_sounds import licence_sentences
from grammy_desktop.generation.composer.take import Studio, render_stems, render_take
from grammy_desktop.generation.composer.titles import title_for
from grammy_desktop.generation.engine import OnOpening

_LICENCE = Licence(
    id="LicenseRef-own-work",
    sellable=True,
    reason="Composed by rule on your computer and played by its own synthesis and an MIT-licensed sound font: yours to sell.",
)


@dataclass(frozen=True)
class ComposerEngine:
    """Makes a song from a brief in seconds. The same brief, seed and version give the same samples."""

    id: str = "composer"
    name: str = "Built-in composer"
    version: str = __version__
    licence: Licence = _LICENCE

    def generate(
        self,
        brief: Brief,
        seed: int,
        progress: Progress,
        *,
        styles: Mapping[str, Style] | None = None,
        patches: Path | None = None,
        on_opening: OnOpening | None = None,
        idea: Idea | None = None,
    ) -> Song:
        """The finished song at 48 kHz, `brief.duration` seconds long to the frame; the mix is the sum of the stems.

        A loop lasts as many whole bars as come nearest to the duration. styles: style sheets by id (the shipped ones where
        None). patches: folder of the user's own sounds. on_opening: is handed the first bars as soon as they can be heard, unless
        the song is short or a loop; it changes nothing in the song. idea: the user's own hook or chords, which the song is made
        of. Raises UserError for an unknown style, `Cancelled`.
        """
        progress.report(0.0, "compose")
        style = _style(brief, load_styles() if styles is None else styles)
        arrangement = compose(brief, style, seed, PartOfProgress(progress, 0.0, 0.06, "compose"), idea=idea)
        if not arrangement.parts:
            raise UserError("Nothing is left to play; exclude fewer instruments.")
        progress.report(0.06, "perform")
        studio = Studio.of(seed, patches)
        seconds = brief.duration.value
        if on_opening is not None:
            _hand_over(arrangement, style, seconds, studio, on_opening, PartOfProgress(progress, 0.06, 0.11))
        take = render_take(arrangement, style, seconds, studio, progress)
        warnings = licence_sentences(arrangement.parts, studio.own)
        parameters: dict[str, Any] = {"style": style.id, "sample_rate": RATE}
        if idea is not None:
            parameters["idea"] = idea_to_json(idea)
        return Song(
            title=title_for(brief, seed),
            mix=AudioClip(take.mix, RATE),
            stems={name: AudioClip(samples, RATE) for name, samples in take.stems.items()},
            recipe=Recipe(
                engine=self.id,
                engine_version=self.version,
                seed=seed,
                brief=replace(brief, notes=(*brief.notes, *studio.own.told)),
                licence=replace(self.licence, reason=" ".join((self.licence.reason, *warnings))),
                parameters=parameters,
            ),
            arrangement=arrangement,
        )


def _style(brief: Brief, styles: Mapping[str, Style]) -> Style:
    style = styles.get(brief.genre.value)
    if style is None:
        raise UserError(f"There is no style {brief.genre.value!r}; choose one of {', '.join(sorted(styles))}.")
    return style


def _hand_over(
    arrangement: Arrangement, style: Style, seconds: float, studio: Studio, on_opening: OnOpening, progress: Progress
) -> None:
    """Make the song's opening and give it away; nothing where there is none."""
    opening = opening_of(arrangement, style, seconds)
    if opening is None:
        return
    frames = round(opening.seconds * RATE)
    stems = render_stems(opening.arrangement, opening.style, frames, studio, progress)
    mixed = finish_mix(stems, opening.arrangement, opening.style, progress.check_cancelled)
    on_opening(AudioClip(opening.at_level(mixed.mix), RATE))
