"""Mixing: levels, space and section dynamics; the mix is the sample-wise sum of its stems."""

from grammy_desktop.generation.composer.mix.finish import Mixed, finish_mix
from grammy_desktop.generation.composer.mix.mixer import StemMixer, mix_song

__all__ = ["Mixed", "StemMixer", "finish_mix", "mix_song"]
