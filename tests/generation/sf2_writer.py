"""Writes small SF2 files, sound and broken ones, for tests (SoundFont Technical Specification 2.04)."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

RATE = 44_100


@dataclass(frozen=True)
class Tone:
    """A looped sine on `low` to `high`, whose sound begins `late` seconds into its sample. offset: start generator (frames)."""

    hertz: float = 440.0
    key: int = 69
    low: int = 0
    high: int = 127
    late: float = 0.0
    level: float = 0.5
    seconds: float = 0.5
    offset: int = 0


Presets = Mapping[tuple[int, int, str], tuple[Tone, ...]]


def write_sf2(path: Path, presets: Presets, *, texts: Mapping[str, str] | None = None, silence: int = 0) -> Path:
    """presets: (bank, program, name) -> its zones. silence: bytes of unused sample data at the end (not written: a hole)."""
    smpl, shdr, igen, ibag, inst, pgen, pbag, phdr = (bytearray() for _ in range(8))
    samples = 0
    for (bank, program, name), tones in presets.items():
        phdr += struct.pack("<20sHHHIII", name.encode(), program, bank, len(pbag) // 4, 0, 0, 0)
        pbag += struct.pack("<HH", len(pgen) // 4, 0)
        pgen += struct.pack("<HH", 41, len(inst) // 22)
        inst += struct.pack("<20sH", name.encode(), len(ibag) // 4)
        for tone in tones:
            ibag += struct.pack("<HH", len(igen) // 4, 0)
            igen += struct.pack("<HBB", 43, tone.low, tone.high)
            igen += struct.pack("<HH", 54, 1)
            if tone.offset:
                igen += struct.pack("<Hh", 0, tone.offset)
            igen += struct.pack("<HH", 53, samples)
            wave = _wave(tone)
            first = len(smpl) // 2
            # The loop is whole periods of the tone.
            period = RATE / tone.hertz
            loop = first + round(tone.late * RATE + 20 * period)
            shdr += struct.pack(
                "<20sIIIIIBbHH",
                b"sine",
                first,
                first + len(wave),
                loop,
                loop + round(100 * period),
                RATE,
                tone.key,
                0,
                0,
                1,
            )
            smpl += wave.tobytes() + bytes(2 * 46)
            samples += 1
    phdr += struct.pack("<20sHHHIII", b"EOP", 0, 0, len(pbag) // 4, 0, 0, 0)
    pbag += struct.pack("<HH", len(pgen) // 4, 0)
    inst += struct.pack("<20sH", b"EOI", len(ibag) // 4)
    ibag += struct.pack("<HH", len(igen) // 4, 0)
    shdr += struct.pack("<20sIIIIIBbHH", b"EOS", *([0] * 9))
    info = chunk("ifil", struct.pack("<HH", 2, 1))
    for tag, text in (texts or {"INAM": "Test"}).items():
        info += chunk(tag, text.encode() + b"\0" * (2 - len(text.encode()) % 2))
    tables = {"phdr": phdr, "pbag": pbag, "pmod": bytes(10), "pgen": pgen + bytes(4), "inst": inst, "ibag": ibag}
    tables |= {"imod": bytes(10), "igen": igen + bytes(4), "shdr": shdr}
    pdta = chunk("LIST", b"pdta" + b"".join(chunk(name, bytes(table)) for name, table in tables.items()))
    head = chunk("LIST", b"INFO" + info)
    size = len(smpl) + silence
    sdta = b"LIST" + struct.pack("<I", size + 12) + b"sdtasmpl" + struct.pack("<I", size) + bytes(smpl)
    with path.open("wb") as file:
        file.write(b"RIFF" + struct.pack("<I", 4 + len(head) + len(sdta) + silence + len(pdta)) + b"sfbk" + head + sdta)
        # A hole takes no room on the disk.
        file.seek(silence, 1)
        file.write(pdta)
    return path


def _wave(tone: Tone) -> np.ndarray:
    time = np.arange(round(tone.seconds * RATE)) / RATE
    wave = tone.level * np.sin(2 * np.pi * tone.hertz * time)
    quiet = np.zeros(round(tone.late * RATE))
    return np.round(np.concatenate([quiet, wave]) * 32_000).astype("<i2")


def chunk(name: str, data: bytes) -> bytes:
    return name.encode() + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)
