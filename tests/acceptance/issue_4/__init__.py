"""Issue 4: the built-in composer."""

POINTS = (
    "prompts",
    "fidelity",
    "unique",
    "form",
    "mix",
    "speed",
    "drift",
    "midi",
    "ideas",
    "hearing",
    "restyle",
    "control",
)
