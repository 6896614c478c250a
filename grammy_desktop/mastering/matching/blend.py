"""Several references as one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from grammy_desktop.core.errors import UserError
from grammy_desktop.mastering.matching.grid import Curve, grid_frequencies
from grammy_desktop.mastering.matching.profile import ReferenceProfile


def blend_profiles(profiles: Sequence[ReferenceProfile], weights: Sequence[float] | None = None) -> ReferenceProfile:
    """The weighted mean of all figures in dB, which is what lies between them to the ear; by default all weigh the same.

    Above the bandwidth of some, only the others count. Raises UserError without a reference or with impossible weights.
    """
    if not profiles:
        raise UserError("Give at least one reference to blend.")
    shares = _shares(len(profiles), weights)
    if len(profiles) == 1:
        return profiles[0]
    by_band = shares[:, None] * _usable(profiles)
    by_band /= by_band.sum(axis=0)

    def mean(name: str) -> float:
        return float(shares @ np.array([getattr(profile, name) for profile in profiles]))

    def mean_curve(curves: Sequence[Curve]) -> Curve:
        return np.asarray((by_band * np.array(curves)).sum(axis=0))

    counted = [profile for profile, share in zip(profiles, shares, strict=True) if share > 0]
    return ReferenceProfile(
        name=" + ".join(profile.name for profile in counted),
        source_hash="",
        sample_rate=max(profile.sample_rate for profile in counted),
        duration=sum(profile.duration for profile in counted),
        loudness=mean("loudness"),
        rms_db=mean("rms_db"),
        width_db=mean("width_db"),
        bandwidth=max(profile.bandwidth for profile in counted),
        mid_db=mean_curve([profile.mid_db for profile in profiles]),
        side_db=mean_curve([profile.side_db for profile in profiles]),
    )


def _shares(count: int, weights: Sequence[float] | None) -> Curve:
    values = np.ones(count) if weights is None else np.asarray(weights, np.float64)
    if len(values) != count or not np.isfinite(values).all() or (values < 0).any() or values.sum() <= 0:
        raise UserError(f"{count} references need {count} weights of 0 or more, not all of them 0.")
    return np.asarray(values / values.sum())


def _usable(profiles: Sequence[ReferenceProfile]) -> Curve:
    """[profiles, points]: 1 within a profile's bandwidth, next to nothing above it."""
    frequencies = grid_frequencies()
    return np.array([np.where(frequencies <= profile.bandwidth, 1.0, 1e-9) for profile in profiles])
