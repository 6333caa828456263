"""Stacked areas over time: the parts of a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from crm.web.charts.frame import Frame, across, months, scale_for


@dataclass(frozen=True)
class Layer:
    """One band of a stack; `at` is the middle of its right end, None where it is too thin for a label."""

    key: str
    path: str
    values: tuple[int, ...]
    at: float | None


@dataclass(frozen=True, kw_only=True)
class Stack(Frame):
    """Stacked areas over time, the first at the bottom."""

    layers: tuple[Layer, ...]
    days: tuple[date, ...]

    @property
    def table(self) -> list[tuple[date, list[int]]]:
        """(day, an amount of each band), the latest first."""
        return [(on, [layer.values[i] for layer in self.layers]) for i, on in enumerate(self.days)][::-1]


THINNEST = 13  # units of the drawing that a label needs


def stack(days: Sequence[date], bands: Sequence[tuple[str, Sequence[int]]]) -> Stack | None:
    """Stacked areas of (key, a value for each day), the first at the bottom; None without two days."""
    if len(days) < 2:
        return None
    scale = scale_for(sum(values[i] for _, values in bands) for i in range(len(days)))
    x = [across(on, days[0], days[-1]) for on in days]
    floor = [0] * len(days)
    layers = []
    for key, values in bands:
        ceiling = [low + value for low, value in zip(floor, values, strict=True)]
        there = "L".join(f"{x[i]} {scale.up(ceiling[i])}" for i in range(len(days)))
        back = "L".join(f"{x[i]} {scale.up(floor[i])}" for i in reversed(range(len(days))))
        low, high = scale.up(floor[-1]), scale.up(ceiling[-1])
        middle = round((low + high) / 2, 1) if low - high >= THINNEST else None
        layers.append(Layer(key, f"M{there}L{back}Z", tuple(values), middle))
        floor = ceiling
    return Stack(layers=tuple(layers), days=tuple(days), rows=scale.rows(), columns=months(days[0], days[-1]))
