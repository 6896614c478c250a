"""Send a file through an effect chain."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from grammy_desktop.core.audio import AudioClip, Samples
from grammy_desktop.core.dither import DitherMode
from grammy_desktop.core.metadata_read import read_metadata
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.core.progress import PartOfProgress, Progress
from grammy_desktop.workflows.delivery import format_for, subtype_for

_ROOM = 10 ** (-1 / 20)
"""Where a result that went beyond full scale is turned down to, in a format that would clip it: -1 dBFS."""


@dataclass(frozen=True)
class EffectsRequest:
    """chain: a name, or the path of a TOML file. out: its ending says the format that is made. bits: 16, 24, 32f or None."""

    data_dir: str
    source: str
    chain: str
    out: str
    bits: str | None = None
    dither: DitherMode = "tpdf"


@dataclass(frozen=True)
class MadeEffects:
    """path: the result in the staging folder, in the format of `out`."""

    path: Path
    report: dict[str, Any]


def make_effects(request: EffectsRequest, staging: Path, progress: Progress) -> MadeEffects:
    """Runs in a worker: streamed, same rate and length; surround becomes stereo; metadata is kept.

    What goes beyond full scale is kept in a float WAV, and turned down where the format would clip it.
    Raises `UserError` for an unknown chain, a bad file, or a format without such bits.
    """
    from grammy_desktop.core.audio_file import open_source, open_writer
    from grammy_desktop.core.effects.named_chains import find_chain
    from grammy_desktop.core.loudness import measure_source

    source_path, out = Path(request.source), Path(request.out)
    chain = find_chain(request.chain, AppPaths(Path(request.data_dir)).user_effects)
    format = format_for(out)
    subtype = subtype_for(format, request.bits)
    rendered = staging / "effects-float.wav"
    progress.report(0.0, "effects")
    with open_source(source_path) as source:
        rate, channels = source.sample_rate, min(2, source.channels)
        before = measure_source(source, progress=PartOfProgress(progress, 0.0, 0.2, "effects"))
        peak = 0.0
        with open_writer(rendered, sample_rate=rate, channels=channels, subtype="FLOAT") as writer:
            for block in _through(source, chain.chain, PartOfProgress(progress, 0.2, 0.6, "effects")):
                peak = max(peak, float(np.max(np.abs(block), initial=0.0)))
                writer.write(block)
    if peak > 1.0 and format == "wav" and subtype is None:
        subtype = "FLOAT"
    gain = np.float32(_ROOM / peak) if peak > 1.0 and subtype != "FLOAT" else np.float32(1.0)
    made = staging / f"effects{out.suffix}"
    with (
        open_source(rendered) as source,
        open_writer(
            made,
            sample_rate=rate,
            channels=channels,
            format=format,
            subtype=subtype,
            metadata=read_metadata(source_path),
            dither=request.dither,
        ) as writer,
    ):
        for block in _through(source, (), PartOfProgress(progress, 0.6, 0.85, "store")):
            writer.write(block * gain)
    rendered.unlink()
    with open_source(made) as source:
        after = measure_source(source, progress=PartOfProgress(progress, 0.85, 1.0, "measure"))
    report = {
        "chain": chain.id,
        "name": chain.name,
        "effects": [effect.kind for effect in chain.chain],
        "before": before.to_json(),
        "after": after.to_json(),
        "turned_down_db": round(20 * math.log10(1 / float(gain)), 2),
    }
    return MadeEffects(made, report)


def _through(source: Any, chain: Any, progress: Progress) -> Iterator[Samples]:
    from grammy_desktop.core.audio_file import to_stereo
    from grammy_desktop.core.effects import chain_processor
    from grammy_desktop.core.stream import blocks_of, run_through

    blocks = blocks_of(source, progress=progress, stage="effects")
    if source.channels > 2:
        blocks = (to_stereo(AudioClip(block, source.sample_rate)).samples for block in blocks)
    return run_through(blocks, chain_processor(chain, source.sample_rate, min(2, source.channels)))
