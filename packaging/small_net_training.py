"""Gradient descent for the small networks of grammy_desktop/analysis, in numpy: seeded, a minute on one core."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np

from grammy_desktop.analysis.small_net import SmallNet


class Trainer:
    """Adam (Kingma and Ba 2015) with a cosine schedule, weight decay and dropout on the hidden layers."""

    def __init__(self, inputs, sizes, seed, *, rate=3e-3, decay=1e-4, dropout=0.1):
        self.rng = np.random.default_rng(seed)
        self.rate, self.decay, self.dropout = rate, decay, dropout
        inputs = np.asarray(inputs, dtype=np.float32)
        self.mean = inputs.mean(axis=0)
        self.scale = (1.0 / (inputs.std(axis=0) + 1e-3)).astype(np.float32)
        widths = [inputs.shape[1], *sizes]
        self.values = []
        for before, after in itertools.pairwise(widths):
            self.values.append(self.rng.normal(0, np.sqrt(2.0 / before), (before, after)).astype(np.float32))
            self.values.append(np.zeros(after, np.float32))
        self.values[-2] *= 0.1
        self.first = [np.zeros_like(value) for value in self.values]
        self.second = [np.zeros_like(value) for value in self.values]
        self.step_number = 0

    def step(self, rows, gradient_of: Callable, progress: float):
        """One step; gradient_of(logits) -> (loss, gradient of the loss in the logits). progress: 0 to 1, for the schedule."""
        layers = len(self.values) // 2
        kept, masks = [(rows - self.mean) * self.scale], []
        for number in range(layers):
            out = kept[-1] @ self.values[2 * number] + self.values[2 * number + 1]
            if number + 1 < layers:
                mask = (out > 0) & (self.rng.random(out.shape, dtype=np.float32) >= self.dropout)
                out = np.where(mask, out / (1 - self.dropout), 0).astype(np.float32)
                masks.append(mask)
            kept.append(out)
        loss, back = gradient_of(kept[-1])
        gradients = [None] * len(self.values)
        for number in reversed(range(layers)):
            gradients[2 * number] = kept[number].T @ back + self.decay * self.values[2 * number]
            gradients[2 * number + 1] = back.sum(axis=0)
            if number:
                back = (back @ self.values[2 * number].T) * masks[number - 1] / (1 - self.dropout)
        self.step_number += 1
        rate = self.rate * (0.5 * (1 + np.cos(np.pi * progress)) + 0.01) * min(1.0, self.step_number / 20)
        for index, gradient in enumerate(gradients):
            self.first[index] += 0.1 * (gradient - self.first[index])
            self.second[index] += 0.001 * (np.square(gradient) - self.second[index])
            first = self.first[index] / (1 - 0.9**self.step_number)
            second = self.second[index] / (1 - 0.999**self.step_number)
            self.values[index] -= (rate * first / (np.sqrt(second) + 1e-8)).astype(np.float32)
        return loss

    def net(self, version):
        layers = tuple(
            (self.values[index].astype(np.float32), self.values[index + 1].astype(np.float32))
            for index in range(0, len(self.values), 2)
        )
        return SmallNet(self.mean, self.scale, layers, version)


def cross_entropy_of_groups(groups):
    """For `Trainer.step`: rows of several groups, one logit each; in each group any of the rows marked right may win."""

    def gradient(logits):
        back, first, loss = np.zeros_like(logits), 0, 0.0
        for right in groups:
            values = logits[first : first + right.size, 0].astype(np.float64)
            grown = np.exp(values - values.max())
            share = grown / grown.sum()
            good = float(share[right].sum()) + 1e-9
            loss -= np.log(good)
            back[first : first + right.size, 0] = (share - np.where(right, share / good, 0.0)) / len(groups)
            first += right.size
        return loss / len(groups), back

    return gradient


def cross_entropy_of_joined(labels, places, count, softness):
    """For `Trainer.step`: `places` rows an example with `count` logits each, and a last one whose mean speaks for 'none'.

    Labels are place * count + which, or places * count for none. softness: share of the label spread over all.
    """
    classes = places * count

    def gradient(logits):
        rows = logits.reshape(-1, places, count + 1)
        joined = np.concatenate(
            [rows[:, :, :count].reshape(-1, classes), rows[:, :, count].mean(axis=1)[:, None]], axis=1
        )
        grown = np.exp(joined - joined.max(axis=1, keepdims=True))
        share = grown / grown.sum(axis=1, keepdims=True)
        at = np.arange(len(labels))
        loss = -np.log(share[at, labels] + 1e-9).mean()
        target = np.full_like(share, softness / (classes + 1))
        target[at, labels] += 1 - softness
        share = (share - target) / len(labels)
        back = np.zeros_like(rows)
        back[:, :, :count] = share[:, :classes].reshape(-1, places, count)
        back[:, :, count] = share[:, classes:] / places
        return float(loss), back.reshape(-1, count + 1)

    return gradient


def logistic(labels):
    """For `Trainer.step`: one logit a row, labels 0 or 1."""

    def gradient(logits):
        share = 1 / (1 + np.exp(-logits[:, 0]))
        loss = -(labels * np.log(share + 1e-9) + (1 - labels) * np.log(1 - share + 1e-9)).mean()
        return float(loss), ((share - labels) / len(labels))[:, None].astype(np.float32)

    return gradient
