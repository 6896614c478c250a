"""Issue 2: the whole chain, in one window and one command."""

POINTS = ("create", "repeat", "prompts", "edits", "bad_input", "cancel", "kill", "window", "frozen")
