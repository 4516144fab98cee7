"""One number from many measures: the weighted geometric mean, so that one bad fault cannot be bought back by many virtues."""

import math
from collections.abc import Mapping

WEIGHTS: dict[str, float] = {
    "likeness": 2.0,
    "focus": 2.0,
    "detail": 1.0,
    "exposure": 2.0,
    "colour": 1.5,
    "composition": 1.5,
    "light": 1.0,
    "edges": 1.0,
    "eyes": 1.0,
    "mouth": 0.7,
    "noise": 1.0,
    "compression": 0.7,
    "tones": 0.5,
}
"""Every part of a total. A part that was not measured is left out of both sums."""
_FLOOR = 0.02


def total(parts: Mapping[str, float]) -> float:
    """exp(Σ w ln max(part, 0.02) / Σ w) over the parts that are there; raises KeyError for one without a weight."""
    weight = sum(WEIGHTS[name] for name in parts)
    return math.exp(sum(WEIGHTS[name] * math.log(max(value, _FLOOR)) for name, value in parts.items()) / weight)
