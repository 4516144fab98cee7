"""Soft limits: 1 inside a range, falling off smoothly outside of it."""

import math


def inside(value: float, low: float, high: float, below: float, above: float | None = None) -> float:
    """1 from `low` to `high`; exp(-(distance / width)²) beyond, with width `below` on the low side and `above` on the high one."""
    if value < low:
        return math.exp(-(((low - value) / below) ** 2))
    if value > high:
        return math.exp(-(((value - high) / (below if above is None else above)) ** 2))
    return 1.0


def ramp(value: float, zero: float, one: float) -> float:
    """0 at `zero`, 1 at `one`, straight in between; `zero` may be the larger one."""
    return min(1.0, max(0.0, (value - zero) / (one - zero)))
