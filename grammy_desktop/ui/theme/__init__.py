"""Colours, type, icons and the style sheet, in one object that is passed to every widget."""

from grammy_desktop.ui.theme.theme import Theme, ThemeMode

__all__ = ["Theme", "ThemeMode"]
