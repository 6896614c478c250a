import pytest
from PySide6.QtGui import QColor, QFontInfo, QFontMetrics

from grammy_desktop.core.resources import resource
from grammy_desktop.ui.theme import Theme, ThemeMode
from grammy_desktop.ui.theme.fonts import ROLES
from grammy_desktop.ui.theme.tokens import DARK, LIGHT


def contrast(first: str, second: str) -> float:
    """WCAG 2.2 contrast ratio."""

    def luminance(text: str) -> float:
        colour = QColor(text)
        parts = (colour.redF(), colour.greenF(), colour.blueF())
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("table", [DARK, LIGHT], ids=["dark", "light"])
def test_text_is_readable_on_every_surface(table: dict[str, str]) -> None:
    for text in ("text", "text_2", "text_3", "accent_text", "ok", "warn", "danger", "info"):
        for surface in ("window", "panel", "raised", "control"):
            assert contrast(table[text], table[surface]) >= 4.5, (text, surface)
    for accent in ("accent", "accent_hover", "accent_press"):
        assert contrast(table["on_accent"], table[accent]) >= 4.5
    for token in ("text", "text_2", "text_3", "accent_text"):
        assert contrast(table[token], table["accent_soft"]) >= 4.5, token


@pytest.mark.parametrize("table", [DARK, LIGHT], ids=["dark", "light"])
def test_graphics_stand_out_from_wells_and_panels(table: dict[str, str]) -> None:
    names = [n for n in table if n.startswith(("stem_", "wave_", "meter_"))] + ["line_strong", "focus", "playhead"]
    for name in names:
        assert contrast(table[name], table["well"]) >= 2.95, name
        assert contrast(table[name], table["panel"]) >= 2.95, name


def test_the_contrast_formula_knows_black_and_white() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast(DARK["text"], DARK["window"]) == pytest.approx(16.5, abs=0.1)


def test_both_tables_have_the_same_tokens() -> None:
    assert DARK.keys() == LIGHT.keys()


def test_fonts_are_inter_with_tabular_figures(theme: Theme) -> None:
    for role in ("body", "body_medium", "small", "caption", "counter"):
        metrics = QFontMetrics(theme.font(role))
        assert QFontInfo(theme.font(role)).family().startswith("Inter")
        assert metrics.horizontalAdvance("1111") == metrics.horizontalAdvance("0000"), role


def test_text_scale_grows_every_role(theme: Theme) -> None:
    before = {role: theme.font(role).pixelSize() for role in ROLES}
    theme.set_text_scale(1.3)
    assert all(theme.font(role).pixelSize() > before[role] for role in ROLES)
    assert theme.row(30) == 39


def test_changing_the_mode_tells_and_recolours(theme: Theme) -> None:
    told = []
    theme.changed.connect(lambda: told.append(theme.hex("window")))
    theme.set_mode(ThemeMode.LIGHT)
    assert told == [LIGHT["window"]]
    assert LIGHT["panel"] in theme.stylesheet()


def test_every_shipped_icon_renders_in_its_colour(theme: Theme) -> None:
    for path in resource("icons").glob("*.svg"):
        image = theme.pixmap(path.stem, 16, "accent", ratio=2.0).toImage()
        assert image.width() == 32
        inked = [image.pixelColor(x, y) for x in range(32) for y in range(32) if image.pixelColor(x, y).alpha() == 255]
        assert inked, path.stem
        assert all(abs(c.red() - theme.color("accent").red()) < 4 for c in inked), path.stem


def test_reduced_motion_makes_every_duration_zero(theme: Theme) -> None:
    assert theme.duration(160) == 0
    theme.set_reduced_motion(False)
    assert theme.duration(160) == 160


def test_licences_of_fonts_and_icons_are_shipped() -> None:
    assert "SIL OPEN FONT LICENSE" in resource("fonts", "OFL.txt").read_text()
    assert "ISC License" in resource("icons", "LICENSE").read_text()
