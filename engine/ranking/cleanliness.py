"""Noise and compression: what a clean print does not have."""

import math

from engine.ranking.bells import inside

_NOISE = 7.0
_BLOCKS = (0.18, 0.45)


def low_noise(noise: float) -> float:
    """In [0, 1] from the grain on the face in grey levels. No free range: between equal pictures the cleaner one wins."""
    return math.exp(-((noise / _NOISE) ** 2))


def unblocked(blockiness: float) -> float:
    """In [0, 1] from the steps at the 8-pixel grid: up to 0.18 cannot be seen."""
    return inside(blockiness, 0.0, _BLOCKS[0], 1.0, _BLOCKS[1])
