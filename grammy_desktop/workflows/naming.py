"""File names that tell a producer what they hold: `Rooftop Rain_90bpm_Am_drums.wav`."""

from __future__ import annotations

import re
import unicodedata

from grammy_desktop.core.music import Key

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\ud800-\udfff]')
"""What Windows, macOS or Linux refuse in a file name; halves of surrogate pairs stand for bytes that are no text."""

_JOINERS = "\u200c\u200d"
"""Unprintable themselves, but Persian words and many emoji are spelled with them."""

_NO_TEXT = re.compile(r"[\ud800-\udfff]")

_LONGEST = 150
"""Bytes in UTF-8: disks take 255, and tempo, key and part follow."""

_RESERVED = {"con", "prn", "aux", "nul", *(f"com{i}" for i in range(1, 10)), *(f"lpt{i}" for i in range(1, 10))}
"""Device names of Windows."""


def safe_name(text: str, *, fallback: str = "Song") -> str:
    """`text` as a file name on every system: umlauts stay, separators go, at most 80 characters and 150 bytes."""
    name = _FORBIDDEN.sub(" ", unicodedata.normalize("NFC", text))
    name = re.sub(r"\s+", " ", name).strip(" .")[:80]
    name = name.encode()[:_LONGEST].decode("utf-8", "ignore").strip(" .")
    return f"{name} song" if name.lower() in _RESERVED else name or fallback


def one_line(text: str, longest: int = 255) -> str:
    """One line of printable text, at most `longest` characters; bytes that are no text become the replacement character."""
    whole = _NO_TEXT.sub("\ufffd", text)
    return " ".join("".join(c if c.isprintable() or c in _JOINERS else " " for c in whole).split())[:longest].strip()


def short_key(key: str) -> str:
    """'A minor' → 'Am', 'Eb major' → 'Eb', 'D dorian' → 'Ddorian': tags know major and minor only, a file name tells the mode."""
    parsed = Key.parse(key)
    return parsed.tonic_name + {"major": "", "minor": "m"}.get(parsed.mode, parsed.mode.replace(" ", ""))


def file_stem(title: str, tempo: float | None, key: str | None, part: str) -> str:
    """`Title_90bpm_Am_part`; what is unknown is left out."""
    words = [safe_name(title)]
    if tempo:
        words.append(f"{tempo:g}bpm")
    if key:
        words.append(short_key(key))
    words.append(safe_name(part, fallback="audio"))
    return "_".join(words)
