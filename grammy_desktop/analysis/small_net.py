"""Small trained networks in plain numpy: two or three layers, tens of kilobytes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.resources import resource

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class SmallNet:
    """Rectified layers over standardised inputs; the last layer is linear.

    mean, scale: [inputs]; layers: (weights [in, out], bias [out]) each; version: what it was trained on and when.
    """

    mean: Floats
    scale: Floats
    layers: tuple[tuple[Floats, Floats], ...]
    version: str = ""

    def __call__(self, rows: Floats) -> Floats:
        """[..., inputs] -> [..., outputs], logits."""
        out = (rows - self.mean) * self.scale
        for number, (weights, bias) in enumerate(self.layers):
            out = out @ weights + bias
            if number + 1 < len(self.layers):
                out = np.maximum(out, 0.0)
        return np.asarray(out, dtype=np.float32)

    def save(self, path: Path) -> None:
        arrays: dict[str, Any] = {"mean": self.mean, "scale": self.scale, "version": np.array(self.version)}
        for number, (weights, bias) in enumerate(self.layers):
            arrays |= {f"w{number}": weights, f"b{number}": bias}
        with path.open("wb") as file:
            np.savez_compressed(file, **arrays)

    @classmethod
    def load(cls, path: Path) -> SmallNet:
        with np.load(path, allow_pickle=False) as stored:
            count = sum(name.startswith("w") for name in stored.files)
            layers = tuple((stored[f"w{number}"], stored[f"b{number}"]) for number in range(count))
            return cls(stored["mean"], stored["scale"], layers, str(stored["version"]))


@lru_cache(maxsize=8)
def trained(name: str) -> SmallNet:
    """The network that ships under this name (resources/models/analysis). Raises FileNotFoundError."""
    return SmallNet.load(resource("models", "analysis", f"{name}.npz"))


def softmax(logits: Floats) -> NDArray[np.float64]:
    """Over the last axis."""
    shifted = logits.astype(np.float64) - logits.max(axis=-1, keepdims=True)
    grown = np.exp(shifted)
    return np.asarray(grown / grown.sum(axis=-1, keepdims=True))
