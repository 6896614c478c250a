"""The effects that are not plain filters, by kind."""

from __future__ import annotations

from collections.abc import Callable

from grammy_desktop.core.effects import pedalboard_stage
from grammy_desktop.core.effects.compression import GlueStage, MultibandStage
from grammy_desktop.core.effects.crush import CrushStage
from grammy_desktop.core.effects.de_esser import DeEsserStage
from grammy_desktop.core.effects.gate import GateStage
from grammy_desktop.core.effects.machines import tape_stages, vinyl_stages
from grammy_desktop.core.effects.pedalboard_stage import PedalboardStage
from grammy_desktop.core.effects.saturation import saturation_stage
from grammy_desktop.core.effects.stereo_tools import MatrixStage, WidenerStage, stereo_matrix
from grammy_desktop.core.effects.tremolo import TremoloStage
from grammy_desktop.core.effects.width import WidthStage
from grammy_desktop.core.filter_cascade import FilterCascade, Section, butterworth, first_order_highpass
from grammy_desktop.core.stream import Processor

_OFFSET_CUT = 5.0
"""Hz: even harmonics bring a constant along; a high-pass takes it out."""
_CRUSH_CUTOFF = 0.45
"""Of the lower rate."""

Values = dict[str, float]
Made = tuple[list[Processor], list[Section]]
"""Processors, and filters that follow them; both empty where the values are neutral."""


def make_stages(kind: str, values: Values, sample_rate: int, channels: int) -> Made:
    """The stages of one effect."""
    if kind == "saturation":
        return _saturation(values, sample_rate, channels)
    return _BUILDERS[kind](values, sample_rate, channels), []


def _saturation(values: Values, sample_rate: int, channels: int) -> Made:
    if values["drive_db"] <= 0 or values["mix"] <= 0:
        return [], []
    after = [first_order_highpass(_OFFSET_CUT, sample_rate)] if values["warmth"] > 0 else []
    return [saturation_stage(sample_rate, channels, **values)], after


def _glue(values: Values, sample_rate: int, channels: int) -> list[Processor]:
    return [GlueStage(sample_rate, channels, **values)]


def _multiband(values: Values, sample_rate: int, channels: int) -> list[Processor]:
    low, mid, high = (values.pop(f"{band}_threshold_db") for band in ("low", "mid", "high"))
    return [MultibandStage(sample_rate, channels, thresholds_db=(low, mid, high), **values)]


def _width(values: Values, sample_rate: int, channels: int) -> list[Processor]:
    neutral = channels != 2 or (values["width"] == 1 and values["mono_below"] <= 0)
    return [] if neutral else [WidthStage(sample_rate, **values)]


def _de_esser(values: Values, sample_rate: int, channels: int) -> list[Processor]:
    return [DeEsserStage(sample_rate, channels, **values)] if values["range_db"] > 0 else []


def _gate(values: Values, sample_rate: int, channels: int) -> list[Processor]:
    return [GateStage(sample_rate, channels, **values)] if values["range_db"] > 0 else []


def _bit_crush(values: Values, sample_rate: int, channels: int) -> list[Processor]:
    bits, rate_hz = values["bits"], values["rate_hz"]
    if bits >= 24 and rate_hz >= sample_rate:
        return []
    crush = CrushStage(sample_rate, channels, bits=bits, rate_hz=rate_hz)
    if values["filtered"] < 0.5 or rate_hz >= sample_rate:
        return [crush]
    around = butterworth(8, _CRUSH_CUTOFF * rate_hz, sample_rate, "lowpass")
    return [FilterCascade(around, channels, settled=True), crush, FilterCascade(around, channels, settled=True)]


def _stereo(values: Values, sample_rate: int, channels: int) -> list[Processor]:
    return [MatrixStage(stereo_matrix(values))] if channels == 2 and any(values.values()) else []


def _widener(values: Values, sample_rate: int, channels: int) -> list[Processor]:
    return [WidenerStage(sample_rate, **values)] if channels == 2 and values["amount"] > 0 else []


def _tremolo(values: Values, sample_rate: int, channels: int) -> list[Processor]:
    return [TremoloStage(sample_rate, channels, **values)] if values["depth"] > 0 else []


def _pedalboard(kind: str) -> Callable[[Values, int, int], list[Processor]]:
    def build(values: Values, sample_rate: int, channels: int) -> list[Processor]:
        return [PedalboardStage(pedalboard_stage.PLUGINS[kind](values), sample_rate, channels)]

    return build


_BUILDERS: dict[str, Callable[[Values, int, int], list[Processor]]] = {
    "glue": _glue,
    "multiband": _multiband,
    "width": _width,
    "de_esser": _de_esser,
    "gate": _gate,
    "tape": tape_stages,
    "vinyl": vinyl_stages,
    "bit_crush": _bit_crush,
    "stereo": _stereo,
    "widener": _widener,
    "tremolo": _tremolo,
    **{kind: _pedalboard(kind) for kind in pedalboard_stage.PLUGINS},
}
