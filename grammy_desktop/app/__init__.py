"""The composition root: everything that is made once is made here and handed to whoever needs it."""

from grammy_desktop.app.app import App
from grammy_desktop.app.options import CreateOptions

__all__ = ["App", "CreateOptions"]
