"""Understands prompts: reads them into briefs, enhances them, offers templates. No numpy, no network."""

from grammy_desktop.assistant.enhance import Enhancement, enhance
from grammy_desktop.assistant.read_prompt import read_prompt
from grammy_desktop.assistant.templates import Template, load_templates

__all__ = ["Enhancement", "Template", "enhance", "load_templates", "read_prompt"]
