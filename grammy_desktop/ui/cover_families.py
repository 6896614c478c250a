"""The five kinds of cover. Each paints 640 x 640 with a ramp (dark to light), a generator and the sections' energy."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QLinearGradient, QPainter, QPainterPath, QPen, QPolygonF

_S = 640.0
Ramp = tuple[str, ...]
Energy = tuple[float, ...]


def hills(painter: QPainter, ramp: Ramp, rng: np.random.Generator, energy: Energy) -> None:
    """Layers of hills under a moon."""
    _sky(painter, ramp[0], _mix(ramp[1], ramp[2], 0.85))
    radius = _S * rng.uniform(0.14, 0.18)
    centre = QPointF(_S * rng.uniform(0.42, 0.68), _S * rng.uniform(0.42, 0.48))
    _disc(painter, centre, radius, _mix(ramp[4], ramp[3], 0.25))
    layers = 4
    for layer in range(layers):
        share = layer / (layers - 1)
        base = _S * (0.56 + 0.09 * layer)
        height = _S * (0.045 + 0.02 * energy[layer % len(energy)])
        phases = rng.uniform(0, 2 * math.pi, 3)
        colour = _mix(ramp[2], ramp[0], 0.15 + 0.8 * share)
        if layer == 0:
            colour = _mix(ramp[2], ramp[3], 0.35)
        points = [QPointF(-5, _S + 5)]
        for x in np.linspace(-5, _S + 5, 130):
            angle = x / _S * 2 * math.pi
            waves = math.sin(angle * 1.1 + phases[0]) + 0.5 * math.sin(angle * 2.3 + phases[1])
            points.append(QPointF(float(x), base - height * (waves + 0.2 * math.sin(angle * 5 + phases[2]))))
        points.append(QPointF(_S + 5, _S + 5))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawPolygon(QPolygonF(points))


def rings(painter: QPainter, ramp: Ramp, rng: np.random.Generator, energy: Energy) -> None:
    """Rings that an uneven beat has bent, around a dot."""
    _sky(painter, ramp[0], ramp[1])
    centre = QPointF(_S / 2, _S / 2)
    harmonics = [(int(k), rng.uniform(0, 2 * math.pi), rng.uniform(0.4, 1.0)) for k in (2, 3, 5)]
    count = 17
    for ring in range(count, 0, -1):
        share = ring / count
        radius = _S * 0.42 * share
        bend = 0.075 * energy[ring % len(energy)] * (1.15 - share)
        points = []
        for angle in np.linspace(0, 2 * math.pi, 181):
            wobble = sum(a * math.sin(k * angle + p + ring * 0.16) for k, p, a in harmonics)
            r = radius * (1 + bend * wobble)
            points.append(QPointF(centre.x() + r * math.cos(angle), centre.y() + r * math.sin(angle)))
        colour = _mix(ramp[3], ramp[2], share)
        colour.setAlphaF(0.95 - 0.55 * share)
        painter.setPen(QPen(colour, 6.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolygon(QPolygonF(points))
    _disc(painter, centre, 17, QColor(ramp[4]))


def dots(painter: QPainter, ramp: Ramp, rng: np.random.Generator, energy: Energy) -> None:
    """A grid of dots, as large as a rhythm makes them."""
    _sky(painter, ramp[0], _mix(ramp[1], ramp[2], 0.2))
    columns = rows = 13
    step = _S / (columns - 1)
    rhythm = rng.integers(0, 4, columns)
    for column in range(columns):
        level = energy[column * len(energy) // columns]
        for row in range(rows):
            wave = 0.5 + 0.5 * math.cos((row - rows / 2) * 0.9) * math.cos(column * 1.05 + rhythm[column] * 0.35)
            radius = 4 + 15 * level * wave**2
            colour = _mix(ramp[2], ramp[4], min(1.0, wave**2 * 1.1))
            _disc(painter, QPointF(column * step, row * step), radius, colour)


def bars(painter: QPainter, ramp: Ramp, rng: np.random.Generator, energy: Energy) -> None:
    """A level display, mirrored, its heights from the sections."""
    _sky(painter, ramp[0], _mix(ramp[0], ramp[1], 0.9))
    count = 20
    step = _S / count
    phase = rng.uniform(0, 2 * math.pi)
    for bar in range(count):
        level = energy[bar * len(energy) // count]
        shape = 0.55 + 0.3 * math.sin(bar * 0.62 + phase) + 0.15 * rng.uniform(-1, 1)
        half = _S * 0.27 * max(0.12, level * shape)
        box = QRectF(bar * step + step * 0.25, _S / 2 - half, step * 0.5, 2 * half)
        gradient = QLinearGradient(box.topLeft(), box.bottomLeft())
        gradient.setColorAt(0, QColor(ramp[4]))
        gradient.setColorAt(1, QColor(ramp[2]))
        path = QPainterPath()
        path.addRoundedRect(box, step * 0.25, step * 0.25)
        painter.fillPath(path, QBrush(gradient))


def discs(painter: QPainter, ramp: Ramp, rng: np.random.Generator, energy: Energy) -> None:
    """Discs one before the other, from dark and large to light and small."""
    _sky(painter, ramp[0], _mix(ramp[0], ramp[1], 0.9))
    count = 5
    tilt = rng.uniform(-0.06, 0.06)
    for index in range(count):
        share = index / (count - 1)
        radius = _S * (0.42 - 0.27 * share) * (0.85 + 0.15 * energy[index % len(energy)])
        centre = QPointF(_S * (0.16 + 0.66 * share), _S * (0.72 - 0.27 * share + tilt))
        _disc(painter, centre, radius, _along(ramp, 1.1 + 2.6 * share))


def _sky(painter: QPainter, top: str | QColor, bottom: str | QColor) -> None:
    gradient = QLinearGradient(0, 0, _S * 0.6, _S)
    gradient.setColorAt(0, QColor(top))
    gradient.setColorAt(1, QColor(bottom))
    painter.fillRect(QRectF(0, 0, _S, _S), gradient)


def _disc(painter: QPainter, centre: QPointF, radius: float, colour: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(centre, radius, radius)


def _along(ramp: Ramp, place: float) -> QColor:
    """A colour between two neighbours of the ramp; `place` 0 to 4."""
    step = min(3, int(place))
    return _mix(ramp[step], ramp[step + 1], place - step)


def _mix(first: str | QColor, second: str | QColor, share: float) -> QColor:
    a, b = QColor(first), QColor(second)
    return QColor(
        round(a.red() + (b.red() - a.red()) * share),
        round(a.green() + (b.green() - a.green()) * share),
        round(a.blue() + (b.blue() - a.blue()) * share),
    )
