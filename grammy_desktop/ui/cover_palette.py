"""Ten ramps of five colours, dark to light; the circle of fifths and the mode choose one."""

from __future__ import annotations

from grammy_desktop.core.music import Key

RAMPS: tuple[tuple[str, ...], ...] = tuple(
    tuple(f"#{colour}" for colour in ramp.split())
    for ramp in (
        "1B1733 3A2A55 7A4A78 D8859A F7C9B0",
        "10222E 1D4257 3B7C8C 8CC3BF F1E3C4",
        "2A1512 5B2A20 A8543A E59B62 F8DDB0",
        "131A2E 263A66 4C6FB0 93B3E6 E9E4F5",
        "1F1A12 4A3A20 8E6C34 D5AE63 F6E7C1",
        "0F2420 1E4A41 3F8573 93C9A8 F2EBC9",
        "24121F 552344 974170 DD7F9C F9CFC4",
        "161B21 323F4D 62788A A9BCC8 F0E5D8",
        "1A1430 35287A 6A58C8 A99BF0 F4D7E6",
        "22160F 6B3018 C9622B F1A552 FBE3AE",
    )
)


def palette_of(key: Key) -> tuple[str, ...]:
    """Neighbours on the circle of fifths get neighbouring ramps; minor lies three ramps away from its tonic's major."""
    fifths = key.tonic * 7 % 12
    return RAMPS[(fifths + (7 if key.is_minor else 0)) % len(RAMPS)]
