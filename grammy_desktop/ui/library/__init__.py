"""The Library page: filters, search, covers, and what a song holds."""

from grammy_desktop.ui.library.library_page import LibraryPage

__all__ = ["LibraryPage"]
