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

Shares = NDArray[np.float64]


def shares(size: int) -> Shares:
    """[size]: share of each value of a list in order of preference; sums to 1."""
    raw = 1 / (1 + DECAY * np.arange(size))
    return np.asarray(raw / raw.sum())


def spread(axes: Sequence[Shares], picks: int, allowed: NDArray[np.bool_] | None = None) -> list[tuple[int, ...]]:
    """`picks` index tuples, one index per axis. `axes` hold the share of each value, summing to 1 per axis.

    `allowed` [size of each axis] marks the combinations that exist; None = all. None comes twice before all have come once.
    Cost: picks × product of the sizes.
    """
    shape = tuple(len(axis) for axis in axes)
    if 0 in shape or (allowed is not None and not allowed.any()):
        raise ValueError("every axis needs a value")
    never = 0.0 if allowed is None else np.where(allowed, 0.0, np.inf)
    seen = np.zeros(shape, dtype=np.float64)
    found = []
    for _ in range(picks):
        cost = np.round(_lag(seen, axes) + 1000.0 * seen, 9) + never  # rounded: ties must not hang on the last bit
        pick = tuple(int(index) for index in np.unravel_index(int(np.argmin(cost)), shape))
        seen[pick] += 1
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
