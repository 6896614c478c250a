"""matchering's smoothing of a matching curve: cubic spline onto a logarithmic axis, LOWESS, and back.

All of it is linear in the curve, and the axes never change: mid and side are smoothed together, column by column.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FFT_SIZE = 4096
_OVERSAMPLING = 4
"""Points of the logarithmic axis per point of the linear one."""
_NEIGHBOURS = 0.0375
"""Share of all points that a local line is fitted to."""
_ANCHOR_STEP = 8
"""statsmodels fits a line where 0.001 of the axis has gone by and interpolates between."""
_SPLINE_ROUNDS = 40
"""Every round of Jacobi's method halves the error at least."""

Curve = NDArray[np.float64]


def smooth_matching(curves: Curve) -> Curve:
    """[2049, curves], ratios per FFT bin from 0 to Nyquist; the lowest bin becomes 0, the next is left as it is."""
    half = FFT_SIZE // 2
    linear = np.linspace(0, 1, half + 1)
    logarithmic = np.logspace(np.log10(4 / FFT_SIZE), 0, half * _OVERSAMPLING + 1)
    smooth = lowess(cubic_spline(linear, curves, logarithmic))
    result = cubic_spline(logarithmic, smooth, linear)
    result[0] = 0
    result[1] = curves[1]
    return result


def cubic_spline(knots: Curve, values: Curve, places: Curve) -> Curve:
    """Values [knots, curves] at `places`; the third derivative is continuous at the second knot from either end."""
    width = np.diff(knots)
    slope = np.diff(values, axis=0) / width[:, None]
    curvature = _second_derivatives(width, slope)
    index = np.clip(np.searchsorted(knots, places, side="right") - 1, 0, len(width) - 1)
    span = width[index][:, None]
    after = (places - knots[index])[:, None]
    before = span - after
    low, high = curvature[index], curvature[index + 1]
    straight = values[index] * before / span + values[index + 1] * after / span
    return np.asarray(
        straight + (low * (before**3 / span - before * span) + high * (after**3 / span - after * span)) / 6
    )


def _second_derivatives(width: Curve, slope: Curve) -> Curve:
    """By Jacobi's method: the diagonal outweighs the rest twice."""
    lower, upper = width[:-1].copy(), width[1:].copy()
    diagonal = 2 * (lower + upper)
    right = 6 * np.diff(slope, axis=0)
    # 'Not a knot': the outer second derivative lies on the line through the two next to it.
    first, last = width[0] / width[1], width[-1] / width[-2]
    diagonal[0] += lower[0] * (1 + first)
    upper[0] -= lower[0] * first
    diagonal[-1] += upper[-1] * (1 + last)
    lower[-1] -= upper[-1] * last
    # Curve after curve: long rows are what numpy is quick with.
    constant = np.ascontiguousarray(right.T) / diagonal
    below, above = (lower / diagonal)[1:], (upper / diagonal)[:-1]
    found, previous = constant.copy(), np.empty_like(constant)
    product = np.empty_like(constant[:, 1:])
    for _ in range(_SPLINE_ROUNDS):
        found, previous = previous, found
        found[:] = constant
        found[:, 1:] -= np.multiply(below, previous[:, :-1], out=product)
        found[:, :-1] -= np.multiply(above, previous[:, 1:], out=product)
    inner = found.T
    start = (1 + first) * inner[0] - first * inner[1]
    end = (1 + last) * inner[-1] - last * inner[-2]
    return np.vstack([start, inner, end])


def lowess(values: Curve) -> Curve:
    """Cleveland's locally weighted lines, not iterated, over equally spaced points [points, curves], as statsmodels has it."""
    count = len(values)
    near = int(_NEIGHBOURS * count + 1e-10)
    # statsmodels ends on the last two points, wherever the steps have led.
    anchors = np.union1d(np.arange(0, count - 1, _ANCHOR_STEP), [count - 2, count - 1])
    first = np.clip(anchors - (near - 1) // 2, 0, count - near)
    inside = (first == anchors - (near - 1) // 2) & (near % 2 == 1)
    fitted = np.empty((len(anchors), values.shape[1]))
    # In the middle all windows look alike.
    middle = _line_weights(np.arange(near), np.array([(near - 1) // 2]))[0]
    windows = np.lib.stride_tricks.sliding_window_view(values, near, axis=0)
    fitted[inside] = windows[first[inside]] @ middle
    edges = np.flatnonzero(~inside)
    weights = _line_weights(np.arange(near), anchors[edges] - first[edges])
    fitted[edges] = np.einsum("ejk,ek->ej", windows[first[edges]], weights)
    places = np.arange(count)
    return np.stack([np.interp(places, anchors, column) for column in fitted.T], axis=1)


def _line_weights(points: NDArray[np.int64], places: NDArray[np.int64]) -> Curve:
    """[places, points]: what each point adds to the fitted line at each place."""
    distance = np.abs(points[None, :] - places[:, None]).astype(np.float64)
    radius = distance.max(axis=1, keepdims=True)
    weight = (1 - (distance / radius) ** 3) ** 3
    weight[distance <= 0.001 * radius] = 1
    weight[distance > 0.999 * radius] = 0
    weight /= weight.sum(axis=1, keepdims=True)
    mean = (weight @ points)[:, None]
    spread = (weight * (points[None, :] - mean) ** 2).sum(axis=1, keepdims=True)
    return np.asarray(weight * (1 + (places[:, None] - mean) * (points[None, :] - mean) / spread))
