"""Which selfies of a sitting show the same person, and how much each one counts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.contract.errors import PersonError

_MAD_TO_SD = 1.4826
_FAR = 3.5
"""Modified z-score beyond which a value is an outlier (Iglewicz & Hoaglin 1993)."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """The selfies that belong together. Indices are those of the matrix."""

    kept: tuple[int, ...]
    outliers: tuple[int, ...]
    weights: tuple[float, ...]
    """Of the kept ones, sum 1."""


def agreement(
    pairwise: NDArray[np.float64], quality: Sequence[float], threshold: float, mean: float, sd: float
) -> Agreement:
    """Drop selfies that show somebody else or mislead; weigh the rest by quality × agreement with the others.

    `pairwise` [n, n] holds likeness on one scale, `threshold` is where two people begin on it, `mean` and `sd` are
    those of different photos of one person. A selfie is dropped when its likeness to the medoid (the selfie most like all
    others) is below `threshold`, or when it is below `mean - sd` and far below the others' (robust z < -3.5, where the
    spread counts as half of `sd` at least: a few photos may agree by chance).
    Raises PersonError("selfies_disagree") when no clear majority belongs together.
    """
    n = len(quality)
    if pairwise.shape != (n, n) or n == 0:
        raise ValueError("agreement needs one row per selfie, and at least one selfie")
    if n == 1:
        return Agreement((0,), (), (1.0,))
    weight = np.clip(np.asarray(quality, np.float64), 0.05, 1.0)
    others = _mean_to_others(pairwise, weight)
    medoid = int(np.argmax(others * weight**0.25))
    near = pairwise[medoid].copy()
    near[medoid] = np.inf
    rest = near[np.isfinite(near)]
    centre = float(np.median(rest))
    spread = max(_MAD_TO_SD * float(np.median(np.abs(rest - centre))), sd / 2)
    misleads = (near < centre - _FAR * spread) & (near < mean - sd) if n >= 4 else np.zeros(n, bool)
    keep = (near >= threshold) & ~misleads
    kept = np.flatnonzero(keep)
    if len(kept) * 2 <= n:
        raise PersonError("selfies_disagree", count=n)
    agree = _mean_to_others(pairwise[np.ix_(kept, kept)], weight[kept]) if len(kept) > 1 else np.ones(1)
    share = weight[kept] * np.clip(agree / max(float(agree.max()), 1e-6), 0.05, 1.0)
    share /= share.sum()
    return Agreement(
        tuple(int(i) for i in kept),
        tuple(int(i) for i in np.flatnonzero(~keep)),
        tuple(float(w) for w in share),
    )


def _mean_to_others(pairwise: NDArray[np.float64], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weighted mean of each row without its diagonal: [n]."""
    off = np.tile(weight, (len(weight), 1))
    np.fill_diagonal(off, 0.0)
    return np.asarray((pairwise * off).sum(1) / off.sum(1))
