"""Parts played by the user's own instruments; where one fails, its stand-in plays and the user is told."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.errors import EnvironmentFailure, UserError
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.core.plugins.catalogue import locate_plugin
from grammy_desktop.core.song import Part
from grammy_desktop.core.styles.sounds import FontSound, Vst3Sound, own_sound, split_sound

log = logging.getLogger(__name__)

_BY_STEM = {
    "bass": "sf:0:33",
    "keys": "sf:0:4",
    "guitars": "sf:0:25",
    "strings": "sf:0:48",
    "brass": "sf:0:61",
    "pad": "synth:warm_pad",
    "lead": "synth:saw_lead",
    "fx": "synth:shimmer",
}
"""What plays a part of a stem whose VST3 instrument is missing."""


@dataclass(frozen=True)
class OwnInstruments:
    """Where the user's instruments lie, and what could not be played so far (sentences, in `told`).

    fonts: the folder of sound fonts; presets: of `.vstpreset` files; cache: of measurements and takes. None: there is none.
    """

    fonts: Path | None = None
    presets: Path | None = None
    cache: Path | None = None
    told: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, paths: AppPaths) -> OwnInstruments:
        return cls(paths.soundfonts, paths.instrument_presets, paths.instrument_cache)

    @classmethod
    def beside(cls, patches: Path | None) -> OwnInstruments:
        """Those that lie beside the folder of the user's patches."""
        return cls() if patches is None else cls.of(AppPaths(patches.parent))

    def tell(self, sentence: str) -> None:
        """Once each; appending is safe from any thread."""
        if sentence not in self.told:
            self.told.append(sentence)


def is_own(sound: str) -> bool:
    """Whether a part's sound is an instrument of the user's own."""
    return own_sound(sound) is not None


def stand_in(part: Part) -> str:
    """The shipped sound that plays a part whose own instrument cannot: what the sheet names behind “else”, else the General
    MIDI preset of a font's program, else what suits the stem."""
    own, named = own_sound(part.sound), split_sound(part.sound)[1]
    if named:
        return named
    if part.is_drums:
        return "sf:128:0"
    if isinstance(own, FontSound):
        return f"sf:128:{own.program}" if own.bank == 128 else f"sf:0:{own.program}"
    return _BY_STEM.get(part.stem, "sf:0:0")


def licence_sentences(parts: Sequence[Part], own: OwnInstruments) -> tuple[str, ...]:
    """What a user who sells the song has to know of its own fonts, a sentence a font that can be found; it says itself under
    which terms. What VST3 instruments play is the player's own by custom."""
    from grammy_desktop.generation.composer.render.font_file import locate_font, read_font

    sentences: dict[str, str] = {}
    for part in parts:
        sound = own_sound(part.sound)
        if not isinstance(sound, FontSound) or sound.font in sentences:
            continue
        try:
            info = read_font(locate_font(sound.font, own.fonts))
        except UserError:
            continue
        says = f"says of its rights: “{info.licence.rstrip('.')}”" if info.licence else "says nothing of its rights"
        sentences[sound.font] = f"Your sound font “{info.name}” {says}; make sure of them before you sell the song."
    return tuple(sentences.values())


def render_own(
    part: Part,
    own: OwnInstruments,
    *,
    clock: Callable[[float], float],
    frames: int,
    check: Callable[[], None],
    otherwise: Callable[[Part], Samples],
) -> Samples:
    """The whole part, float32 [frames, 2] at 48 kHz, unlevelled.

    clock: seconds of a beat; check: raises when the work was cancelled; otherwise: renders a part with a shipped sound.
    Whatever an own instrument does (missing, broken, crashed, hanging, silent), the part is played: by its stand-in, and
    `own.told` says so.
    """
    sound = own_sound(part.sound)
    if sound is None:
        return otherwise(part)
    out = np.zeros((frames, 2), np.float32)
    if not part.notes:
        return out
    try:
        _render(part, own, clock, out, check)
    except (UserError, EnvironmentFailure) as error:
        substitute = stand_in(part)
        log.warning("the part %s is played by %s: %s", part.name, substitute, error)
        own.tell(f"{error.message} The part “{part.name}” is played by {substitute} instead.")
        return otherwise(replace(part, sound=substitute))
    return out


def _render(
    part: Part, own: OwnInstruments, clock: Callable[[float], float], out: Samples, check: Callable[[], None]
) -> None:
    sound = own_sound(part.sound)
    if isinstance(sound, FontSound):
        from grammy_desktop.generation.composer.render.user_fonts import open_font_player

        player = open_font_player(sound, part.notes, fonts=own.fonts, cache=own.cache, is_drums=part.is_drums)
        player.render(part.notes, clock=clock, out=out, check=check)
    elif sound is not None:
        out += _vst_take(sound, part, own, clock, len(out), check)


def _vst_take(
    sound: Vst3Sound,
    part: Part,
    own: OwnInstruments,
    clock: Callable[[float], float],
    frames: int,
    check: Callable[[], None],
) -> Samples:
    """The part as the instrument played it first (kept), else played now."""
    from grammy_desktop.generation.composer.render.kept_takes import kept_take, take_key
    from grammy_desktop.generation.composer.render.vst_instrument import VstInstrument, find_preset

    path = locate_plugin(sound.plugin)
    preset = find_preset(sound.preset, path.stem, own.presets) if sound.preset else None

    def play() -> Samples:
        middle = 38 if part.is_drums else round(median(note.pitch for note in part.notes))
        made = np.zeros((frames, 2), np.float32)
        with VstInstrument(sound, presets=own.presets, range_middle=middle) as instrument:
            instrument.render(part.notes, clock=clock, out=made, check=check, is_drums=part.is_drums)
        return made

    return kept_take(own.cache, take_key(path, preset, part.notes, clock, frames, part.is_drums), frames, play)
