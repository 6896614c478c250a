"""pedalboard's built-in plug-ins as a `Processor`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.chunked_stage import ChunkedStage

if TYPE_CHECKING:
    import pedalboard

_CHUNK = 8_192
"""What pedalboard works through at a time; its plug-ins forget everything when a longer block comes than the one before."""


class PedalboardStage(ChunkedStage):
    """Plug-ins without delay, in series; they keep their state from chunk to chunk."""

    def __init__(self, plugins: Sequence[pedalboard.Plugin], sample_rate: int, channels: int) -> None:
        import pedalboard

        super().__init__(channels=channels, chunk=_CHUNK)
        self._board = pedalboard.Pedalboard(list(plugins))
        self._sample_rate = sample_rate

    def _work(self, chunk: Samples) -> Samples:
        done: Samples = self._board.process(
            np.ascontiguousarray(chunk), self._sample_rate, buffer_size=_CHUNK, reset=False
        )
        return done


def _compressor(values: dict[str, float]) -> list[pedalboard.Plugin]:
    import pedalboard as pb

    knobs = (values["threshold_db"], values["ratio"], values["attack_ms"], values["release_ms"])
    return [pb.Compressor(*knobs), pb.Gain(values["makeup_db"])]


def _reverb(values: dict[str, float]) -> list[pedalboard.Plugin]:
    import pedalboard as pb

    # Freeverb scales its wet path by three and its dry path by two inside; 1/3 and 1/2 bring both to unity.
    wet, dry = values["mix"] / 3, (1 - values["mix"]) / 2
    return [pb.Reverb(values["room_size"], values["damping"], wet, dry, values["width"])]


def _delay(values: dict[str, float]) -> list[pedalboard.Plugin]:
    import pedalboard as pb

    return [pb.Delay(values["time_ms"] / 1000, values["feedback"], values["mix"])]


def _chorus(values: dict[str, float]) -> list[pedalboard.Plugin]:
    import pedalboard as pb

    knobs = (values["rate_hz"], values["depth"], values["delay_ms"], values["feedback"])
    return [pb.Chorus(*knobs, values["mix"])]


def _phaser(values: dict[str, float]) -> list[pedalboard.Plugin]:
    import pedalboard as pb

    knobs = (values["rate_hz"], values["depth"], values["frequency"], values["feedback"])
    return [pb.Phaser(*knobs, values["mix"])]


PLUGINS: dict[str, Callable[[dict[str, float]], list[pedalboard.Plugin]]] = {
    "compressor": _compressor,
    "reverb": _reverb,
    "delay": _delay,
    "chorus": _chorus,
    "phaser": _phaser,
}
"""By kind of effect."""
