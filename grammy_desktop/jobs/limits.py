"""How many jobs of a lane run at once."""

from __future__ import annotations

import os
from collections.abc import Mapping

from grammy_desktop.jobs.work import Lane

SLOTS: dict[Lane, int] = {Lane.GENERATION: 2, Lane.MASTERING: 4, Lane.SCORING: 4, Lane.DATABASE: 1}

_MEMORY_PER_WORKER = 1.5e9
"""Bytes; what a worker with the scientific libraries and a ten-minute song needs."""


def default_slots() -> dict[Lane, int]:
    """The product's slots, capped by this computer's processors and memory: more workers than that only wait for each other."""
    import psutil

    cores = os.cpu_count() or 1
    by_memory = int(psutil.virtual_memory().total // _MEMORY_PER_WORKER)
    cap = max(1, min(cores, by_memory))
    return {lane: slots if lane is Lane.DATABASE else min(slots, cap) for lane, slots in SLOTS.items()}


def resolve_slots(slots: Mapping[Lane, int] | None) -> dict[Lane, int]:
    """`slots` over the defaults; the database lane always has one."""
    resolved = default_slots() | dict(slots or {})
    if min(resolved.values()) < 1:
        raise ValueError("every lane needs at least one slot")
    return resolved | {Lane.DATABASE: 1}
