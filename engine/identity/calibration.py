"""From a raw likeness to a score in [0, 1] that means the same for every person and embedder.

The log-odds of the score run through three anchors on the z scale, straight in between and beyond:

    what strangers reach (z = 0)                                    → 0.01
    the threshold that the models' authors call one person          → 0.50
    the person's own bar: mean - 1 sd of their selfie-to-selfie z   → 0.85

So 0.85 reads: as much like this person as five of six of their own photos are like each other.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.contract.identities import EmbedderCard
from engine.identity.zscores import genuine_z, threshold_z

BAR = 0.85
"""The professional bar on the calibrated score."""
SAME_PERSON = 0.5
"""Below this, the models' authors would call it somebody else."""

_STRANGER = 0.01
_PRIOR_PAIRS = 3.0
"""The embedder's own statistics count as much as this many pairs of selfies."""
_MIN_GAP_Z = 1.0


@dataclass(frozen=True, slots=True)
class Anchors:
    """Where on the z scale the score is 0.5 and 0.85; strangers are at 0."""

    threshold: float
    bar: float


def anchors(cards: Sequence[EmbedderCard], own: Sequence[float]) -> Anchors:
    """Anchors of one person; `own` holds the z of every pair of their kept selfies, and may be empty.

    mean and variance are shrunk towards the embedder's genuine statistics, which count as three pairs. The bar is never
    above the embedder's genuine mean (a burst of nearly equal selfies must not demand a copy) nor below its
    mean - 2 sd or threshold + 1.
    """
    mean0, sd0 = genuine_z(cards)
    border = threshold_z(cards)
    values = np.asarray(own, np.float64)
    count = len(values)
    mean = (values.sum() + _PRIOR_PAIRS * mean0) / (count + _PRIOR_PAIRS)
    variance = (((values - mean) ** 2).sum() + _PRIOR_PAIRS * sd0**2) / (count + _PRIOR_PAIRS)
    floor = max(border + _MIN_GAP_Z, mean0 - 2 * sd0)
    return Anchors(border, float(np.clip(mean - math.sqrt(variance), floor, max(mean0, floor))))


def calibrated(z: float, at: Anchors) -> float:
    """Score in (0, 1), rising with z."""
    low, high = _log_odds(_STRANGER), _log_odds(BAR)
    odds = low * (1 - z / at.threshold) if z < at.threshold else high * (z - at.threshold) / (at.bar - at.threshold)
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, odds))))


def _log_odds(share: float) -> float:
    return math.log(share / (1 - share))
