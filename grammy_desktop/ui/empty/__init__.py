"""The first run: a prompt, six ways to start, and what is ready."""

from grammy_desktop.ui.empty.hero_panel import HeroPanel

__all__ = ["HeroPanel"]
