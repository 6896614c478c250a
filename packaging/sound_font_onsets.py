"""Writes resources/soundfonts/fluid_core.onsets.json: how late each key of the shipped sound font speaks.

Run it from the root of the checkout after the sound font changed: python packaging/sound_font_onsets.py
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.generation.composer.render.onset_measure import (
    BASS,
    DRUMS,
    LOW_STRING,
    OTHER,
    PICKED,
    SYNTH_BASS,
    UPRIGHT,
    Heard,
    delay_runs,
)
from grammy_desktop.generation.composer.render.oscillators import RATE

FONT = Path("resources/soundfonts/fluid_core.sf3")
BASSES: dict[int, Heard] = {33: BASS, 34: BASS, 36: BASS, 38: SYNTH_BASS, 39: SYNTH_BASS}
OTHERS: dict[int, Heard] = dict.fromkeys((0, 4, 5, 7, 11, 16, 24, 25, 26, 28, 29, 30, 46), OTHER) | {27: PICKED}
KITS = (0, 8, 16, 24, 25, 40)
VELOCITY = 100


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

    table = {f"0:{program}": delay_runs(striker(0, program), range(21, 61), way) for program, way in BASSES.items()}
    # The fingers are heard longest before the lowest string of the upright bass.
    table["0:32"] = delay_runs(striker(0, 32), range(21, 29), LOW_STRING) + delay_runs(
        striker(0, 32), range(29, 61), UPRIGHT
    )
    table |= {f"0:{program}": delay_runs(striker(0, program), range(33, 100), way) for program, way in OTHERS.items()}
    table |= {f"128:{program}": delay_runs(striker(128, program), range(35, 83), DRUMS) for program in KITS}
    ordered = dict(sorted(table.items(), key=lambda item: [int(number) for number in item[0].split(":")]))
    lines = [f'  "{preset}": {json.dumps(runs)}' for preset, runs in ordered.items()]
    FONT.with_name("fluid_core.onsets.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
