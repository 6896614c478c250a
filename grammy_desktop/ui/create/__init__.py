"""The left panel of the Create page: prompt, brief, engine, takes."""

from grammy_desktop.ui.create.create_panel import CreatePanel

__all__ = ["CreatePanel"]
