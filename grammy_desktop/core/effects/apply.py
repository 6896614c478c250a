"""From a chain as data to the processors that carry it out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack

import numpy as np

from grammy_desktop.core.audio import AudioClip, Samples
from grammy_desktop.core.effects.chain import PLUGIN_KIND, Effect, check_chain
from grammy_desktop.core.effects.equaliser import sections_of
from grammy_desktop.core.effects.stages import make_stages
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.filter_cascade import FilterCascade, Section
from grammy_desktop.core.plugins.stage import PluginStage
from grammy_desktop.core.progress import Progress
from grammy_desktop.core.stream import ClipSource, Pipeline, Processor, blocks_of, run_through

_MOST_SECTIONS = 8
"""In one cascade: its state's products grow with the square."""


class _Straight:
    """What a chain without effect is."""

    def __init__(self, channels: int) -> None:
        self._channels = channels

    def process(self, block: Samples) -> Samples:
        return block

    def finish(self) -> Samples:
        return np.zeros((0, self._channels), np.float32)


def make_processor(effect: Effect, sample_rate: int, channels: int) -> Processor:
    """One effect for one run; see `chain_processor`."""
    return chain_processor([effect], sample_rate, channels)


def chain_processor(chain: Sequence[Effect], sample_rate: int, channels: int) -> Pipeline:
    """The chain for one run: aligned, as many frames out as in, tails end with the input. The result may exceed full scale.

    Blocks that come out may have any memory order. A plug-in's process runs from here until `finish`, or until the
    pipeline is dropped. Raises UserError as `check_chain`, for more than two channels, and where a plug-in fails.
    """
    _check(chain, channels)
    return Pipeline(list(_stages(chain, sample_rate, channels)) or [_Straight(channels)])


def apply_effects(clip: AudioClip, chain: Sequence[Effect], *, progress: Progress) -> AudioClip:
    """The clip through `chain_processor`: same rate, channels and frame count. Raises UserError, also where a plug-in fails."""
    _check(chain, clip.channels)
    samples = np.empty_like(clip.samples)
    filled = 0
    with ExitStack() as ending:
        stages = []
        for stage in _stages(chain, clip.sample_rate, clip.channels):
            stages.append(stage)
            if isinstance(stage, PluginStage):
                ending.callback(stage.close)
        blocks = blocks_of(ClipSource(clip), progress=progress, stage="effects")
        for block in run_through(blocks, Pipeline(stages or [_Straight(clip.channels)])):
            samples[filled : filled + len(block)] = block
            filled += len(block)
    if filled != clip.frames:
        raise ValueError(f"the chain gave {filled} frames for {clip.frames}")
    return AudioClip(samples, clip.sample_rate)


def _check(chain: Sequence[Effect], channels: int) -> None:
    check_chain(chain)
    if channels > 2:
        raise UserError(f"Effects take mono and stereo, not {channels} channels; mix it down to stereo first.")


def _stages(chain: Iterable[Effect], sample_rate: int, channels: int) -> Iterator[Processor]:
    """Filters that follow each other become one cascade."""
    sections: list[Section] = []
    for effect in chain:
        values = effect.values()
        more = sections_of(effect.kind, values, sample_rate)
        if more is not None:
            sections.extend(more)
            continue
        # A saturation's own high-pass joins the filters after it.
        if effect.kind == PLUGIN_KIND:
            stages, after = _plugin_stages(effect, sample_rate, channels)
        else:
            stages, after = make_stages(effect.kind, values, sample_rate, channels)
        if stages:
            yield from _cascades(sections, channels)
            sections = []
        yield from stages
        sections.extend(after)
    yield from _cascades(sections, channels)


def _plugin_stages(effect: Effect, sample_rate: int, channels: int) -> tuple[list[Processor], list[Section]]:
    if effect.plugin is None or effect.plugin.amount == 0:
        return [], []
    return [PluginStage(effect.plugin, effect.parameters, sample_rate, channels)], []


def _cascades(sections: list[Section], channels: int) -> Iterator[FilterCascade]:
    for start in range(0, len(sections), _MOST_SECTIONS):
        yield FilterCascade(sections[start : start + _MOST_SECTIONS], channels, settled=True)
