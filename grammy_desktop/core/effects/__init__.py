"""Effects as data and as processors: a chain is checked against a table, then carried out block by block."""

from grammy_desktop.core.effects.apply import apply_effects, chain_processor, make_processor
from grammy_desktop.core.effects.chain import PLUGIN_KIND, Effect, check_chain
from grammy_desktop.core.effects.chain_data import entries_of, load_chain, parse_chain

__all__ = [
    "PLUGIN_KIND",
    "Effect",
    "apply_effects",
    "chain_processor",
    "check_chain",
    "entries_of",
    "load_chain",
    "make_processor",
    "parse_chain",
]
