"""Inter in its roles. Sizes are logical pixels; every font carries tabular figures, so numbers never jump."""

from __future__ import annotations

import logging
import sys
from dataclasses import dataclass

from PySide6.QtGui import QFont, QFontDatabase

from grammy_desktop.core.resources import resource

log = logging.getLogger(__name__)

_FILES = (
    "Inter-Light.otf",
    "Inter-Regular.otf",
    "Inter-Medium.otf",
    "Inter-SemiBold.otf",
    "Inter-Bold.otf",
    "InterDisplay-SemiBold.otf",
)
TEXT, DISPLAY = "Inter", "Inter Display"
TEXT_SIZES = (90, 100, 115, 130)
"""Per cent a user may choose."""


@dataclass(frozen=True)
class Role:
    """`size` and `line` in logical pixels."""

    size: int
    line: int
    weight: QFont.Weight = QFont.Weight.Normal
    family: str = TEXT


_W = QFont.Weight
ROLES: dict[str, Role] = {
    "score": Role(52, 56, _W.DemiBold, DISPLAY),
    "hero": Role(34, 42, _W.DemiBold, DISPLAY),
    "hero_small": Role(28, 36, _W.DemiBold, DISPLAY),
    # Not Display: Inter Display 4.0 has no truly tabular figures, and this number moves.
    "counter": Role(22, 26, _W.DemiBold),
    "title_large": Role(17, 22, _W.DemiBold),
    "title": Role(15, 20, _W.DemiBold),
    "hero_input": Role(16, 24),
    "input": Role(14, 21),
    "input_strong": Role(14, 21, _W.DemiBold),
    "body": Role(13, 18),
    "body_medium": Role(13, 18, _W.Medium),
    "body_bold": Role(13, 18, _W.DemiBold),
    "small": Role(12, 16),
    "small_medium": Role(12, 16, _W.Medium),
    "small_bold": Role(12, 16, _W.DemiBold),
    "caption": Role(11, 14),
    "caption_medium": Role(11, 14, _W.Medium),
    "axis": Role(10, 12, _W.Medium),
}


def load_fonts() -> None:
    """Register the bundled fonts with the running QGuiApplication; Qt keeps one copy however often it is asked."""
    if TEXT in QFontDatabase.families() and DISPLAY in QFontDatabase.families():
        return
    for name in _FILES:
        if QFontDatabase.addApplicationFont(str(resource("fonts", name))) < 0:
            log.warning("font %s could not be loaded; the system font is used", name)


def make_font(role: str, scale: float, *, on_dark: bool = False) -> QFont:
    """The font of `role` at a text scale (1.0 = 100 %), for light text with `on_dark`. KeyError for an unknown role."""
    spec = ROLES[role]
    font = QFont([spec.family, TEXT, "Noto Sans CJK SC", "Noto Sans CJK JP"])
    font.setPixelSize(max(9, round(spec.size * scale)))
    lighter = on_dark and _is_darkened(font.pixelSize())
    font.setWeight(_LIGHTER.get(spec.weight, spec.weight) if lighter else spec.weight)
    font.setFeature(QFont.Tag("tnum"), 1)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


_LIGHTER = {_W.Normal: _W.Light, _W.Medium: _W.Normal, _W.DemiBold: _W.Medium}
"""Qt lets FreeType darken the stems of OpenType (CFF) fonts: at 13 px half as much ink again, and light text on dark
looks bolder still. One step lighter evens it; dark text on light needs none."""


def _is_darkened(pixels: int) -> bool:
    return sys.platform.startswith("linux") and pixels <= 18
