"""Effect chains as data: checked against a table, carried out by pedalboard and by the app's own processors."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from grammy_desktop.core.audio import AudioClip, Samples
from grammy_desktop.core.dynamics import glue_compress, multiband_compress
from grammy_desktop.core.effect_specs import EFFECTS
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.oversampled import Shaper, shape_waveform
from grammy_desktop.core.progress import Progress
from grammy_desktop.core.stereo_width import widen

if TYPE_CHECKING:
    import pedalboard

_BLOCK_SECONDS = 5
"""pedalboard's plugins keep their state between blocks; shorter blocks only let a cancel through sooner."""
_SATURATION_OVERSAMPLING = 2
"""Gentle curves make low harmonics; more points would cost time and change nothing below 20 kHz."""


@dataclass(frozen=True)
class Effect:
    """One link of a chain. `parameters` that are left out take the table's defaults (`effect_specs.EFFECTS`)."""

    kind: str
    parameters: Mapping[str, float] = field(default_factory=dict)

    def values(self) -> dict[str, float]:
        """Every parameter's value. Raises UserError as `check_chain`."""
        check_chain([self])
        specs = EFFECTS[self.kind].parameters
        return {name: float(self.parameters.get(name, spec.default)) for name, spec in specs.items()}

    def scaled(self, intensity: float) -> Effect:
        """The same effect at `intensity` 0 (does nothing) to 1 (as written)."""
        specs = EFFECTS[self.kind].parameters
        return Effect(self.kind, {name: specs[name].scaled(value, intensity) for name, value in self.values().items()})


def check_chain(chain: Iterable[Effect], where: str = "") -> None:
    """Raise UserError naming the first unknown kind or parameter, or the value out of range; `where` is the file."""
    prefix = f"“{where}”: " if where else ""
    for effect in chain:
        if effect.kind not in EFFECTS:
            raise UserError(f"{prefix}there is no effect “{effect.kind}”; there are {', '.join(EFFECTS)}.")
        specs = EFFECTS[effect.kind].parameters
        for name, value in effect.parameters.items():
            if name not in specs:
                known = ", ".join(specs)
                raise UserError(f"{prefix}the effect “{effect.kind}” has no parameter “{name}”; it has {known}.")
            spec = specs[name]
            if not spec.lowest <= value <= spec.highest:
                span = f"{spec.lowest:g} to {spec.highest:g} {spec.unit}".rstrip()
                raise UserError(f"{prefix}“{name}” of the effect “{effect.kind}” is {value:g}; it may be {span}.")


def parse_chain(entries: object, where: str) -> tuple[Effect, ...]:
    """A chain from TOML or JSON data, a list of tables `{kind = ..., parameter = number, ...}`. Raises UserError."""
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise UserError(f"“{where}”: an effect chain is a list of [[chain]] tables.")
    chain = []
    for entry in entries:
        kind = entry.get("kind")
        if not isinstance(kind, str):
            raise UserError(f"“{where}”: every [[chain]] table needs a “kind”.")
        parameters = {name: value for name, value in entry.items() if name != "kind"}
        for name, value in parameters.items():
            if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
                raise UserError(f"“{where}”: “{name}” of the effect “{kind}” must be a number.")
        chain.append(Effect(kind, {name: float(value) for name, value in parameters.items()}))
    check_chain(chain, where)
    return tuple(chain)


def load_chain(path: Path) -> tuple[Effect, ...]:
    """A chain from a TOML file with `[[chain]]` tables. Raises UserError."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UserError(f"“{path.name}” could not be read as an effect chain: {error}.", file=str(path)) from error
    return parse_chain(data.get("chain"), path.name)


def apply_effects(clip: AudioClip, chain: Sequence[Effect], *, progress: Progress) -> AudioClip:
    """The clip through the chain, in order: same rate, channels and frame count, no delay; tails end with the clip.

    Mono and stereo only (UserError). The result may exceed full scale; nothing is limited here.
    """
    check_chain(chain)
    if clip.channels > 2:
        raise UserError(f"Effects take mono and stereo, not {clip.channels} channels; mix it down to stereo first.")
    samples = clip.samples
    for number, effect in enumerate(chain):
        progress.report(number / len(chain), "effects")
        progress.check_cancelled()
        if clip.frames:
            samples = _apply(samples, clip.sample_rate, effect, progress)
    progress.report(1.0, "effects")
    return AudioClip(samples, clip.sample_rate)


def _apply(samples: Samples, sample_rate: int, effect: Effect, progress: Progress) -> Samples:
    values = effect.values()
    match effect.kind:
        case "gain":
            return samples * np.float32(10 ** (values["gain_db"] / 20))
        case "width":
            return widen(samples, sample_rate, width=values["width"], mono_below=values["mono_below"])
        case "glue":
            return glue_compress(samples, sample_rate, **values)
        case "multiband":
            levels = [values.pop(f"{band}_threshold_db") for band in ("low", "mid", "high")]
            return multiband_compress(samples, sample_rate, thresholds_db=(levels[0], levels[1], levels[2]), **values)
        case "saturation":
            return _saturate(samples, sample_rate, **values)
        case _:
            plugins = _plugins(effect.kind, values, sample_rate)
            return _run(plugins, samples, sample_rate, progress) if plugins else samples


def _plugins(kind: str, values: dict[str, float], sample_rate: int) -> list[pedalboard.Plugin]:
    """pedalboard's plugins for one effect; none where the parameters are neutral."""
    import pedalboard as pb

    frequency = min(values.get("frequency", 0.0), 0.49 * sample_rate)
    match kind:
        case "highpass":
            return [pb.HighpassFilter(frequency) for _ in range(_stages(values))] if values["frequency"] > 5 else []
        case "lowpass":
            inaudible = values["frequency"] >= 0.49 * sample_rate
            return [] if inaudible else [pb.LowpassFilter(frequency) for _ in range(_stages(values))]
        case "low_shelf" | "high_shelf" | "peak":
            filters = {"low_shelf": pb.LowShelfFilter, "high_shelf": pb.HighShelfFilter, "peak": pb.PeakFilter}
            return [filters[kind](frequency, values["gain_db"], values["q"])] if values["gain_db"] else []
        case "compressor":
            knobs = (values["threshold_db"], values["ratio"], values["attack_ms"], values["release_ms"])
            return [pb.Compressor(*knobs), pb.Gain(values["makeup_db"])]
        case "reverb":
            # Freeverb scales its wet path by three and its dry path by two inside; 1/3 and 1/2 bring both to unity.
            wet, dry = values["mix"] / 3, (1 - values["mix"]) / 2
            return [pb.Reverb(values["room_size"], values["damping"], wet, dry, values["width"])]
        case "delay":
            return [pb.Delay(values["time_ms"] / 1000, values["feedback"], values["mix"])]
        case "chorus":
            knobs = (values["rate_hz"], values["depth"], values["delay_ms"], values["feedback"])
            return [pb.Chorus(*knobs, values["mix"])]
    raise ValueError(f"no plugin for {kind!r}")


def _stages(values: dict[str, float]) -> int:
    return max(1, round(values["slope"] / 6))


def _run(plugins: list[pedalboard.Plugin], samples: Samples, sample_rate: int, progress: Progress) -> Samples:
    import pedalboard as pb

    board = pb.Pedalboard(plugins)
    out = np.empty_like(samples)
    size = _BLOCK_SECONDS * sample_rate
    for start in range(0, len(samples), size):
        progress.check_cancelled()
        block = np.ascontiguousarray(samples[start : start + size].T)
        out[start : start + size] = board.process(block, sample_rate, reset=start == 0).T
    return out


def _saturate(samples: Samples, sample_rate: int, *, drive_db: float, warmth: float, mix: float) -> Samples:
    if drive_db <= 0 or mix <= 0:
        return samples
    bent = shape_waveform(samples, sample_rate, _tape_curve(drive_db, warmth), oversampling=_SATURATION_OVERSAMPLING)
    if warmth > 0:
        bent = _without_offset(bent, sample_rate)
    return bent if mix >= 1 else samples + (bent - samples) * np.float32(mix)


def _tape_curve(drive_db: float, warmth: float) -> Shaper:
    """tanh with unity gain for small signals; `warmth` shifts its working point, which adds even harmonics."""
    drive = np.float32(10 ** (drive_db / 20))
    shift = np.float32(0.5 * warmth)
    rest = np.tanh(shift)
    scale = np.float32(1 / (drive * (1 - rest * rest)))

    def bend(values: Samples) -> Samples:
        bent: Samples = (np.tanh(values * drive + shift) - rest) * scale
        return bent

    return bend


def _without_offset(samples: Samples, sample_rate: int) -> Samples:
    """The even harmonics bring a constant along; a 5 Hz high-pass takes it out."""
    from scipy.signal import butter, sosfilt

    sections = butter(1, 5.0, "highpass", fs=sample_rate, output="sos")
    filtered = sosfilt(sections, np.ascontiguousarray(samples.T), axis=1)
    return np.ascontiguousarray(filtered.T, np.float32)
