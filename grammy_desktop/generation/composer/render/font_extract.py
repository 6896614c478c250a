"""Takes one preset out of a sound font as a small font of its own.

The synthesiser loads a font whole, as 32-bit floats (a font of 2 GB would need 4), and trusts every number in it. So it is
only ever given what is made here: one preset, the samples that the wanted keys need, every index checked.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.errors import UserError
from grammy_desktop.generation.composer.render.font_file import COMPRESSED, TABLES, FontFile

_INSTRUMENT, _SAMPLE, _KEY_RANGE = 41, 53, 43
_OFFSETS = {0: 1, 1: 1, 2: 1, 3: 1, 4: 32_768, 12: 32_768, 45: 32_768, 50: 32_768}
"""Generators that move a sample's ends and loop, by the frames that one step of them means."""
_END_OFFSET, _EDGE = 1, 2
_ROM = 0x8000
_PADDING = 46
"""Silent frames after each sample (SoundFont 2.04, 6.1)."""
LARGEST = 320_000_000
"""Bytes of samples of one part at most; as floats they take twice that."""

_Zone = list[tuple[int, int]]


@dataclass(frozen=True)
class _Instrument:
    zones: list[_Zone]


def extract_preset(font: FontFile, bank: int, program: int, keys: Iterable[int]) -> bytes:
    """A font that holds the preset alone, as bank 0, program 0, with what `keys` need.

    Raises UserError where the font has no such preset, is broken, or needs more memory than a part may take.
    """
    wanted = frozenset(keys)
    head = _preset_row(font, bank, program)
    preset_zones = _zones(font, "phdr", "pbag", "pgen", head, last=_INSTRUMENT)
    instruments: dict[int, int] = {}
    bodies: list[_Instrument] = []
    kept: list[_Zone] = []
    for zone in preset_zones:
        target = _value(zone, _INSTRUMENT)
        if target is None:
            if not kept:
                kept.append(zone)
            continue
        if not _covers(zone, wanted):
            continue
        if target not in instruments:
            instruments[target] = len(bodies)
            bodies.append(_Instrument(_instrument_zones(font, target, wanted)))
        kept.append([*zone[:-1], (_INSTRUMENT, instruments[target])])
    return _Builder(font).build(kept, bodies)


def preset_keys(font: FontFile, bank: int, program: int) -> tuple[int, ...]:
    """The keys that a preset answers to."""
    keys: set[int] = set()
    for zone in _zones(font, "phdr", "pbag", "pgen", _preset_row(font, bank, program), last=_INSTRUMENT):
        target = _value(zone, _INSTRUMENT)
        if target is None:
            continue
        for inner in _instrument_zones(font, target, frozenset(range(128))):
            if _value(inner, _SAMPLE) is not None:
                keys |= _reach(zone) & _reach(inner)
    return tuple(sorted(keys))


def _preset_row(font: FontFile, bank: int, program: int) -> int:
    heads = font.tables["phdr"]
    rows = np.flatnonzero((heads["bank"][:-1] == bank) & (heads["preset"][:-1] == program))
    if len(rows) == 0:
        raise UserError(
            f"The sound font “{font.path.stem}” has no preset {bank}:{program}; “grammy instruments” lists what it has.",
            file=str(font.path),
        )
    return int(rows[0])


def _instrument_zones(font: FontFile, row: int, wanted: frozenset[int]) -> list[_Zone]:
    zones = _zones(font, "inst", "ibag", "igen", row, last=_SAMPLE)
    general = zones[0] if zones and _value(zones[0], _SAMPLE) is None else []
    kept = [general] if general else []
    for zone in zones:
        if _value(zone, _SAMPLE) is None:
            continue
        if _reach(zone if _value(zone, _KEY_RANGE) is not None else [*general, *zone]) & wanted:
            kept.append(zone)
    return kept


def _zones(font: FontFile, heads: str, bags: str, gens: str, row: int, *, last: int) -> list[_Zone]:
    """The generators of every zone of a preset or instrument, up to `last`, which ends a zone."""
    head, bag, gen = (font.tables[name] for name in (heads, bags, gens))
    if row + 1 >= len(head):
        raise font.broken("it names an instrument that it has not")
    zones: list[_Zone] = []
    first, end = int(head["bag"][row]), int(head["bag"][row + 1])
    if not first <= end < len(bag):
        raise font.broken(f"its table “{bags}” is too short")
    for place in range(first, end):
        start, stop = int(bag["gen"][place]), int(bag["gen"][place + 1])
        if not start <= stop <= len(gen):
            raise font.broken(f"its table “{gens}” is too short")
        zone: _Zone = []
        for oper, amount in gen[start:stop].tolist():
            zone.append((oper, amount))
            if oper == last:
                break
        zones.append(zone)
    return zones


def _value(zone: _Zone, oper: int) -> int | None:
    return next((amount for kind, amount in zone if kind == oper), None)


def _reach(zone: _Zone) -> set[int]:
    amount = _value(zone, _KEY_RANGE)
    return set(range(128)) if amount is None else set(range(amount & 0xFF, min(127, amount >> 8) + 1))


def _covers(zone: _Zone, keys: frozenset[int]) -> bool:
    return bool(_reach(zone) & keys)


class _Builder:
    """Writes the small font: samples one after another, tables with fresh indices."""

    def __init__(self, font: FontFile) -> None:
        self._font = font
        self._samples: dict[int, int] = {}
        self._data: list[bytes] = []
        self._rows: list[tuple[Any, ...]] = []
        self._size = 0

    def build(self, preset: list[_Zone], instruments: list[_Instrument]) -> bytes:
        tables: dict[str, list[tuple[Any, ...]]] = {name: [] for name in TABLES}
        tables["phdr"] = [(b"preset", 0, 0, 0, (0, 0, 0))]
        self._write(preset, tables, "pbag", "pgen")
        tables["phdr"].append((b"EOP", 0, 0, len(tables["pbag"]), (0, 0, 0)))
        for number, instrument in enumerate(instruments):
            tables["inst"].append((b"part %d" % number, len(tables["ibag"])))
            self._write([self._placed(zone) for zone in instrument.zones], tables, "ibag", "igen")
        tables["inst"].append((b"EOI", len(tables["ibag"])))
        for bags, gens in (("pbag", "pgen"), ("ibag", "igen")):
            tables[bags].append((len(tables[gens]), 0))
            tables[gens].append((0, 0))
        tables["shdr"] = [*self._rows, (b"EOS", 0, 0, 0, 0, 0, 0, 0, 0, 0)]
        return self._file({name: np.array(rows, TABLES[name]) for name, rows in tables.items()})

    @staticmethod
    def _write(zones: list[_Zone], tables: dict[str, list[tuple[Any, ...]]], bags: str, gens: str) -> None:
        for zone in zones:
            tables[bags].append((len(tables[gens]), 0))
            tables[gens] += zone

    def _placed(self, zone: _Zone) -> _Zone:
        """The zone with its sample's new number, and without offsets that leave the sample."""
        old = _value(zone, _SAMPLE)
        if old is None:
            return [entry for entry in zone if entry[0] not in _OFFSETS]
        number = self._take(old)
        length = self._length(old)
        moved = {kind: _signed(amount) * step for kind, amount in zone if (step := _OFFSETS.get(kind))}
        safe = all(abs(frames) < length // 2 for frames in moved.values())
        kept = [entry for entry in zone[:-1] if safe or entry[0] not in _OFFSETS]
        if int(self._font.tables["shdr"]["kind"][old]) & COMPRESSED:
            # Compressed samples lie side by side once they are decoded, and a sample's last frames are interpolated with what
            # follows: they are left out, or the beginning of another sample would click there.
            end = _signed(_value(kept, _END_OFFSET) or 0) - _EDGE
            kept = [*(entry for entry in kept if entry[0] != _END_OFFSET), (_END_OFFSET, end & 0xFFFF)]
        return [*kept, (_SAMPLE, number)]

    def _length(self, row: int) -> int:
        """Frames of a sample; of a compressed one its bytes, which are fewer."""
        heads = self._font.tables["shdr"]
        return int(heads["end"][row]) - int(heads["start"][row])

    def _take(self, row: int) -> int:
        if row in self._samples:
            return self._samples[row]
        heads: NDArray[Any] = self._font.tables["shdr"]
        if row + 1 >= len(heads):
            raise self._font.broken("it names a sample that it has not")
        head = heads[row]
        packed = bool(int(head["kind"]) & COMPRESSED)
        start, end = int(head["start"]), int(head["end"])
        wide = 1 if packed else 2
        if int(head["kind"]) & _ROM or end <= start:
            start, end, data = 0, _PADDING, bytes(2 * _PADDING)
            packed, wide = False, 2
        else:
            data = self._font.samples(start * wide, end * wide)
        first = self._size // wide
        loop = (int(head["loop_start"]), int(head["loop_end"]))
        if not packed:
            loop = _safe_loop(loop, start, end)
            loop = (loop[0] - start + first, loop[1] - start + first)
        kind = COMPRESSED | 1 if packed else 1
        rate = min(192_000, max(400, int(head["rate"])))
        self._rows.append(
            (
                bytes(head["name"]),
                first,
                first + end - start,
                *loop,
                rate,
                int(head["key"]),
                int(head["cents"]),
                0,
                kind,
            )
        )
        padding = b"" if packed else bytes(2 * _PADDING)
        self._data += [data, padding, b"\0" if (len(data) + len(padding)) % 2 else b""]
        self._size += len(data) + len(padding) + (len(data) + len(padding)) % 2
        if self._size > LARGEST:
            raise UserError(
                f"A preset of the sound font “{self._font.path.stem}” needs more than {LARGEST // 1_000_000} MB of samples; "
                "choose a lighter one.",
                file=str(self._font.path),
            )
        self._samples[row] = len(self._rows) - 1
        return self._samples[row]

    def _file(self, tables: dict[str, NDArray[Any]]) -> bytes:
        info = _chunk(b"ifil", struct.pack("<HH", 2, 1)) + _chunk(b"isng", b"EMU8000\0") + _chunk(b"INAM", b"part\0\0")
        empty = {b"pmod": bytes(10), b"imod": bytes(10)}
        pdta = b"".join(
            _chunk(name, empty[name] if name in empty else tables[name.decode()].tobytes())
            for name in (b"phdr", b"pbag", b"pmod", b"pgen", b"inst", b"ibag", b"imod", b"igen", b"shdr")
        )
        smpl = b"".join(self._data)
        body = (
            _chunk(b"LIST", b"INFO" + info)
            + _chunk(b"LIST", b"sdta" + _chunk(b"smpl", smpl))
            + _chunk(b"LIST", b"pdta" + pdta)
        )
        return _chunk(b"RIFF", b"sfbk" + body)


def _safe_loop(loop: tuple[int, int], start: int, end: int) -> tuple[int, int]:
    return loop if start <= loop[0] < loop[1] <= end else (start, end)


def _signed(amount: int) -> int:
    return amount - 65_536 if amount >= 32_768 else amount


def _chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)
