"""Even spread of a few picks over many combinations: every value and every pair of values comes up as often as it should.

Nested loops would show one backdrop twelve times before the next. Each pick here is the combination whose values and pairs lag
furthest behind their share; ties go to what the photographer prefers. No randomness, so the same lists give the same picks.
"""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

DECAY = 0.35
"""The second choice comes 1 / 1.35 as often as the first, the third 1 / 1.70."""

_UNREST = 0.6
"""Lag that a seed may add to a combination; below 1, so that no value is left behind by a whole pick."""

_REPEAT = 1.2
"""Lag that a value of the pick just before is charged with: neighbours shall differ."""

Shares = NDArray[np.float64]


def shares(size: int) -> Shares:
    """[size]: share of each value of a list in order of preference; sums to 1."""
    raw = 1 / (1 + DECAY * np.arange(size))
    return np.asarray(raw / raw.sum())


def spread(
    axes: Sequence[Shares], picks: int, allowed: NDArray[np.bool_] | None = None, seed: int = 0
) -> list[tuple[int, ...]]:
    """`picks` index tuples, one index per axis. `axes` hold the share of each value, summing to 1 per axis.

    `allowed` [size of each axis] marks the combinations that exist; None = all. No combination comes twice before all have come
    once. `seed` 0 starts with the first choices; another one starts elsewhere and spreads as evenly.
    Cost: picks × product of the sizes.
    """
    shape = tuple(len(axis) for axis in axes)
    if 0 in shape or (allowed is not None and not allowed.any()):
        raise ValueError("every axis needs a value")
    own = np.zeros(shape) if allowed is None else np.where(allowed, 0.0, np.inf)
    if seed:
        own = own + _UNREST * np.random.default_rng(seed).random(shape)
    seen, again = np.zeros(shape), np.zeros(shape)
    found = []
    for _ in range(picks):
        lag = np.round(_lag(seen, axes) + 1000.0 * seen + again, 9)  # ties must not hang on the last bit
        pick = tuple(int(index) for index in np.unravel_index(int(np.argmin(lag + own)), shape))
        seen[pick] += 1
        again = _REPEAT * sum(index == at for index, at in zip(np.indices(shape, sparse=True), pick, strict=True))
        found.append(pick)
    return found


def _lag(seen: NDArray[np.float64], axes: Sequence[Shares]) -> NDArray[np.float64]:
    """[shape]: how far each combination's values and pairs are ahead of their share; the lowest comes next."""
    every, taken = range(seen.ndim), seen.sum()
    ahead = np.zeros_like(seen)
    for size in (1, 2):
        for some in combinations(every, size):
            used = seen.sum(axis=tuple(axis for axis in every if axis not in some))
            wanted = axes[some[0]] if size == 1 else np.outer(axes[some[0]], axes[some[1]])
            ahead += (used - taken * wanted).reshape([seen.shape[axis] if axis in some else 1 for axis in every])
    return ahead
