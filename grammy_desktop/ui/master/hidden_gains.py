"""The gains under which X plays: the session's own for mix or master, without telling anyone which."""

from __future__ import annotations

from grammy_desktop.ui.session import SILENCE_DB, SongSession


def gains_of(session: SongSession, what: str) -> dict[str, float]:
    """Linear gain of every source as if `what` ('mix' or 'master') were heard; level-matched as in the open."""
    if what == session.heard:
        return session.gains()
    level = 10 ** (session.match_gain_db(what) / 20)
    levels = {name: session.stem_gain(name) for name in session.stems}
    soloed = any(stem.soloed for stem in levels.values())
    gains = dict.fromkeys(session.gains(), 0.0)
    if what == "master":
        gains["master"] = level
        return gains
    if not levels:
        gains["mix"] = level
    for name, stem in levels.items():
        silent = stem.muted or (soloed and not stem.soloed) or stem.db <= SILENCE_DB
        gains[f"stem:{name}"] = 0.0 if silent else level * 10 ** (stem.db / 20)
    return gains
