"""The order of surround channels: WAV, FLAC and this app keep one, Vorbis and Opus another."""

from __future__ import annotations

import numpy as np

from grammy_desktop.core.audio import Samples

# For each channel of a Vorbis or Opus stream its place in a WAV (Vorbis I specification, 4.3.9; RFC 7845, 5.1.1.2).
# Not named: the order is the same.
_WAV_PLACES = {
    3: (0, 2, 1),
    5: (0, 2, 1, 3, 4),
    6: (0, 2, 1, 4, 5, 3),
    7: (0, 2, 1, 5, 6, 4, 3),
    8: (0, 2, 1, 6, 7, 4, 5, 3),
}
XIPH_SUBTYPES = frozenset({"VORBIS", "OPUS"})


def to_xiph_order(block: Samples) -> Samples:
    """[frames, channels] in WAV order as a Vorbis or Opus encoder wants them."""
    places = _WAV_PLACES.get(block.shape[1])
    return block if places is None else block[:, list(places)]


def from_xiph_order(block: Samples) -> Samples:
    """The inverse of `to_xiph_order`."""
    places = _WAV_PLACES.get(block.shape[1])
    return block if places is None else block[:, np.argsort(places)]
