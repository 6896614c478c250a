"""Sound: sampled instruments and synthesis, part by part, at 48 kHz."""

from grammy_desktop.generation.composer.render.oscillators import RATE
from grammy_desktop.generation.composer.render.part import Stage, render_part
from grammy_desktop.generation.composer.render.recipes import synth_names

__all__ = ["RATE", "Stage", "render_part", "synth_names"]
