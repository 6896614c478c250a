"""Sound-font files (SF2, SF3) as they lie on disk: what they hold, told without loading a sample.

SoundFont Technical Specification 2.04: a RIFF of INFO (texts), sdta (samples) and pdta (nine tables). SF3 is the same with
its samples in Ogg Vorbis.
"""

from __future__ import annotations

import mmap
import struct
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.errors import UserError

SUFFIXES = (".sf2", ".sf3")
TABLES: dict[str, np.dtype[Any]] = {
    "phdr": np.dtype([("name", "S20"), ("preset", "<u2"), ("bank", "<u2"), ("bag", "<u2"), ("rest", "<u4", 3)]),
    "pbag": np.dtype([("gen", "<u2"), ("mod", "<u2")]),
    "pgen": np.dtype([("oper", "<u2"), ("amount", "<u2")]),
    "inst": np.dtype([("name", "S20"), ("bag", "<u2")]),
    "ibag": np.dtype([("gen", "<u2"), ("mod", "<u2")]),
    "igen": np.dtype([("oper", "<u2"), ("amount", "<u2")]),
    "shdr": np.dtype(
        [("name", "S20"), ("start", "<u4"), ("end", "<u4"), ("loop_start", "<u4"), ("loop_end", "<u4"), ("rate", "<u4"),
         ("key", "u1"), ("cents", "i1"), ("link", "<u2"), ("kind", "<u2")]
    ),
}  # fmt: skip
COMPRESSED = 0x10
"""The bit of a sample's kind that says Ogg Vorbis."""
_MOST_TEXT = 2_000


@dataclass(frozen=True)
class FontPreset:
    bank: int
    program: int
    name: str


@dataclass(frozen=True)
class FontInfo:
    """What a font says of itself; '' where it is silent. presets are in order of bank and program."""

    path: Path
    title: str
    author: str
    licence: str
    comment: str
    presets: tuple[FontPreset, ...]
    size: int

    @property
    def name(self) -> str:
        """What sheets call it: `font:NAME:BANK:PROGRAM`."""
        return font_name(self.path)


def font_name(path: Path) -> str:
    return unicodedata.normalize("NFC", path.stem)


class FontFile:
    """An open font, its samples mapped, not read. A context manager."""

    def __init__(self, path: Path) -> None:
        """Raises UserError where it is no sound font, or a broken one."""
        self.path = path
        try:
            with path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except FileNotFoundError as error:
            raise UserError(f"The sound font “{path.name}” does not exist.", file=str(path)) from error
        except ValueError as error:
            raise self.broken("it is empty") from error
        except OSError as error:
            raise UserError(
                f"The sound font “{path.name}” cannot be read ({error.strerror}).", file=str(path)
            ) from error
        try:
            self._chunks = self._find_chunks()
            self.tables = {name: self._table(name) for name in TABLES}
        except UserError:
            self.close()
            raise

    def __enter__(self) -> FontFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._map.close()

    def broken(self, how: str) -> UserError:
        """The sentence for a font that cannot be used."""
        return UserError(
            f"The sound font “{self.path.name}” is broken: {how}; download or export it again.", file=str(self.path)
        )

    def samples(self, first: int, last: int) -> bytes:
        """Bytes `first` to `last` of the sample data. Raises UserError where there are none."""
        place, size = self._chunks["smpl"]
        if not 0 <= first <= last <= size:
            raise self.broken("a sample lies outside the file")
        return self._map[place + first : place + last]

    @property
    def sample_bytes(self) -> int:
        return self._chunks["smpl"][1]

    def text(self, chunk: str) -> str:
        """A text of the INFO list, one line."""
        place, size = self._chunks.get(chunk, (0, 0))
        return _text(self._map[place : place + min(size, _MOST_TEXT)])

    @cached_property
    def presets(self) -> tuple[FontPreset, ...]:
        heads = self.tables["phdr"][:-1]
        found = {(int(head["bank"]), int(head["preset"])): _text(bytes(head["name"])) for head in heads[::-1]}
        return tuple(FontPreset(bank, program, found[bank, program]) for bank, program in sorted(found))

    def info(self) -> FontInfo:
        return FontInfo(
            path=self.path,
            title=self.text("INAM"),
            author=self.text("IENG"),
            licence=self.text("ICOP"),
            comment=self.text("ICMT"),
            presets=self.presets,
            size=len(self._map),
        )

    def fingerprint(self) -> str:
        """Hex digest of what the font holds: all tables and 64 pieces of its samples, so that 2 GB take no time."""
        from hashlib import blake2b

        digest = blake2b(digest_size=16)
        for name in sorted(TABLES):
            digest.update(self.tables[name].tobytes())
        size = self.sample_bytes
        for piece in range(64):
            first = piece * max(0, size - 4096) // 63
            digest.update(self.samples(first, min(size, first + 4096)))
        digest.update(struct.pack("<Q", size))
        return digest.hexdigest()

    def _find_chunks(self) -> dict[str, tuple[int, int]]:
        """(place, size) of every chunk in the three lists."""
        data = self._map
        if len(data) < 12 or data[:4] != b"RIFF" or data[8:12] != b"sfbk":
            raise UserError(f"“{self.path.name}” is no sound font; wanted is an SF2 or SF3 file.", file=str(self.path))
        (said,) = struct.unpack_from("<I", data, 4)
        if said + 8 > len(data) + 1:
            raise self.broken(f"{len(data)} of {said + 8} bytes are there")
        chunks: dict[str, tuple[int, int]] = {}
        place = 12
        while place + 8 <= len(data):
            name, size = struct.unpack_from("<4sI", data, place)
            if name == b"LIST":
                place += 12
                continue
            if place + 8 + size > len(data):
                raise self.broken("a part of it is missing")
            chunks.setdefault(name.decode("latin-1"), (place + 8, size))
            place += 8 + size + size % 2
        missing = [name for name in ("smpl", *TABLES) if name not in chunks]
        if missing:
            raise self.broken(f"it has no table “{missing[0]}”")
        return chunks

    def _table(self, name: str) -> NDArray[Any]:
        kind = TABLES[name]
        place, size = self._chunks[name]
        if size % kind.itemsize or size < kind.itemsize:
            raise self.broken(f"its table “{name}” has a wrong size")
        return np.frombuffer(self._map[place : place + size], kind)


def read_font(path: Path) -> FontInfo:
    """What a font holds and says of itself. Raises UserError in one sentence where it cannot be used."""
    with FontFile(path) as font:
        info = font.info()
    if not info.presets:
        raise UserError(f"The sound font “{path.name}” holds no presets.", file=str(path))
    return info


def find_fonts(folder: Path | None) -> tuple[Path, ...]:
    """Every sound font in a folder and those inside it, by name."""
    if folder is None or not folder.is_dir():
        return ()
    paths = [path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and not path.name.startswith(".")]
    return tuple(sorted((path for path in paths if path.is_file()), key=lambda path: font_name(path).casefold()))


def locate_font(name: str, folder: Path | None) -> Path:
    """The file that a sheet means: a path, or the name of one in the user's folder. Raises UserError."""
    path = Path(name).expanduser()
    if path.suffix.lower() in SUFFIXES and path.is_absolute():
        if path.is_file():
            return path
        raise UserError(f"The sound font “{path.name}” does not exist any more.", file=str(path))
    wanted = unicodedata.normalize("NFC", name).casefold()
    fonts = find_fonts(folder)
    for font in fonts:
        if wanted in (font_name(font).casefold(), unicodedata.normalize("NFC", font.name).casefold()):
            return font
    there = f"there are {', '.join(font_name(font) for font in fonts)}" if fonts else "there is none"
    raise UserError(f"The sound font “{name}” is not in the folder “soundfonts”; {there}.", file=name)


def _text(data: bytes) -> str:
    data = data.split(b"\0", 1)[0]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
