"""Issue 4: the built-in composer."""

POINTS = ("prompts",)
