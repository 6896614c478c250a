"""Grammy Desktop: a prompt in, a finished song out, on your own computer."""

__version__ = "0.1.0"
