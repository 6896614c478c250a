"""Writes resources/soundfonts/fluid_core.onsets.json: how late each key of the shipped sound font speaks.

Run it from the root of the checkout after the sound font changed: python packaging/sound_font_onsets.py
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.generation.composer.render.onset_measure import (
    BASS_HIGHPASS,
    BASS_ROUNDED,
    OTHER_HIGHPASS,
    SYNTH_BASS_ROUNDED,
    delay_runs,
)
from grammy_desktop.generation.composer.render.oscillators import RATE
from grammy_desktop.generation.composer.render.shaping import apply_filter

FONT = Path("resources/soundfonts/fluid_core.sf3")
BASSES = (32, 33, 34, 36)
SYNTH_BASSES = (38, 39)
"""Their strips cut nothing but what no loudspeaker gives."""
OTHERS = (0, 4, 5, 7, 11, 16, 24, 25, 26, 27, 28, 29, 30, 46)
KITS = (0, 8, 16, 24, 25, 40)
VELOCITY = 100


SYNTH_BASS_LOWPASS = 3000.0
"""Hz: what the strips of most styles cut above; the click before the note goes with it."""


def main() -> None:
    import tinysoundfont

    synth: Any = tinysoundfont.Synth(gain=-6, samplerate=RATE)
    font = synth.sfload(str(FONT), max_voices=64)

    def striker(bank: int, program: int) -> Any:
        synth.program_select(0, font, bank, program, bank == 128)

        def strike(key: int) -> Samples:
            synth.sounds_off(0)
            synth.generate(RATE // 10)
            synth.noteon(0, key, VELOCITY)
            return np.frombuffer(synth.generate(RATE // 3), np.float32).reshape(-1, 2).copy()

        return strike

    table = {
        f"0:{program}": delay_runs(striker(0, program), range(21, 61), BASS_HIGHPASS, BASS_ROUNDED)
        for program in BASSES
    }
    table |= {
        f"0:{program}": delay_runs(striker(0, program), range(21, 61), (24.0,), SYNTH_BASS_ROUNDED)
        for program in SYNTH_BASSES
    }
    table |= {f"0:{program}": delay_runs(striker(0, program), range(33, 100), OTHER_HIGHPASS) for program in OTHERS}
    table |= {f"128:{program}": delay_runs(striker(128, program), range(35, 83), BASS_HIGHPASS) for program in KITS}
    ordered = dict(sorted(table.items(), key=lambda item: [int(number) for number in item[0].split(":")]))
    lines = [f'  "{preset}": {json.dumps(runs)}' for preset, runs in ordered.items()]
    FONT.with_name("fluid_core.onsets.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def _darkened(strike: Callable[[int], Samples]) -> Callable[[int], Samples]:
    return lambda key: apply_filter(strike(key), "lowpass", SYNTH_BASS_LOWPASS)


if __name__ == "__main__":
    main()
