"""The table of synthesised sounds that style sheets name as `synth:<recipe>`, besides the patches."""

from __future__ import annotations

from grammy_desktop.generation.composer.render import basses, effects, keys
from grammy_desktop.generation.composer.render.patches import patch_names
from grammy_desktop.generation.composer.render.tone import Recipe

RECIPES: dict[str, Recipe] = {
    "sub_bass": Recipe(basses.sub_bass, mono=True),
    "808": Recipe(basses.bass_808, mono=True),
    "reese": Recipe(basses.reese, mono=True),
    "house_bass": Recipe(basses.house_bass, mono=True),
    "fm_bell": Recipe(keys.fm_bell),
    "epiano": Recipe(keys.epiano, finish=keys.tremolo_pan),
    "vinyl": Recipe(effects.vinyl),
    "rain": Recipe(effects.rain),
    "riser": Recipe(effects.riser),
    "downlifter": Recipe(effects.downlifter),
    "impact": Recipe(effects.impact),
    "reverse_cymbal": Recipe(effects.reverse_cymbal),
    "sub_drop": Recipe(effects.sub_drop),
    "braam": Recipe(effects.braam, mono=True),
}


def synth_names() -> tuple[str, ...]:
    """Every name that may follow `synth:`."""
    return (*RECIPES, *patch_names())
