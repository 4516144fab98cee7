"""A gallery in which no picture repeats another: greedy MAP inference of a determinantal point process.

Kulesza & Taskar 2012; the incremental Cholesky update is that of Chen, Zhang & Zhou 2018 (O(count² · n)). The kernel is
L = diag(q) S diag(q) with q from merit and S = exp(-d²) from what the pictures have in common.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.colour import to_lab
from engine.contract.pixels import Rgb8
from engine.contract.shots import Shot

SAME_LOOK = 3.5
"""Mean CIELAB distance of two thumbnails below which nobody tells the pictures apart."""
SAME_VARIATION = 0.3
"""The same for two variations of one headshot: whoever asks for more like it wants small differences, not none."""
_WEIGHTS = {"selfie": 0.5, "crop": 0.25, "light": 0.15, "backdrop": 0.35, "grade": 0.15, "wardrobe": 0.15}
"""Squared distance that a difference in one respect adds."""
_LOOK_SCALE = 30.0
"""Mean CIELAB distance that adds 0.5 to the squared distance."""
_EAGERNESS = 6.0
"""How much merit weighs against variety: q = merit ** 6."""
_THUMB = (24, 30)

Thumb = NDArray[np.float32]
"""CIELAB [30, 24, 3]: the whole picture, soft, without its shape."""


def thumb(rgb: Rgb8) -> Thumb:
    """Thumbnail for comparing looks."""
    small = cv2.resize(rgb, _THUMB, interpolation=cv2.INTER_AREA)
    return to_lab(np.asarray(small, np.float32) / 255)


def look_distance(one: Thumb, other: Thumb) -> float:
    """Mean CIELAB distance of two thumbnails."""
    return float(np.linalg.norm(one - other, axis=2).mean())


def near_identical(one: Shot, other: Shot, look: float) -> bool:
    """True for two pictures of one plan, and for two of one selfie and crop that look the same; variations of one headshot
    differ in degrees, not in names, so only their looks count.
    """
    if (one.selfie_id, one.crop) != (other.selfie_id, other.crop):
        return False
    if one.parent is not None and one.parent == other.parent:
        return look < SAME_VARIATION
    return look < SAME_LOOK or _plan(one) == _plan(other)


def similarity(shots: Sequence[Shot], thumbs: Sequence[Thumb]) -> NDArray[np.float64]:
    """[n, n]: exp(-d²), 1 on the diagonal."""
    n = len(shots)
    stack = np.stack(thumbs).reshape(n, -1, 3)
    squared = np.zeros((n, n))
    for i in range(n):
        look = np.linalg.norm(stack - stack[i], axis=2).mean(1)
        squared[i] = 0.5 * (look / _LOOK_SCALE) ** 2
        squared[i] += [sum(_WEIGHTS[name] for name in _differences(shots[i], other)) for other in shots]
    return np.asarray(np.exp(-squared))


def diverse_order(merit: Sequence[float], alike: NDArray[np.float64], count: int) -> list[int]:
    """Up to `count` indices, best and most different first; the head of the list is the best short list, too."""
    strength = np.asarray(merit, np.float64) ** _EAGERNESS
    gain = strength**2
    kernel = alike * np.outer(strength, strength)
    rows = np.zeros((0, len(strength)))
    order: list[int] = []
    while len(order) < min(count, len(strength)):
        pick = int(np.argmax(gain))
        order.append(pick)
        row = (kernel[pick] - rows[:, pick] @ rows) / np.sqrt(max(gain[pick], 1e-30))
        rows = np.vstack([rows, row])
        gain = np.where(np.isneginf(gain), gain, np.maximum(gain - row**2, 1e-12 * strength**2))
        gain[pick] = -np.inf
    return order


def _plan(shot: Shot) -> dict[str, str]:
    return {
        "selfie": shot.selfie_id,
        "crop": shot.crop,
        "light": shot.light.name,
        "backdrop": shot.backdrop.name,
        "grade": shot.grade.name,
        "wardrobe": shot.wardrobe,
    }


def _differences(one: Shot, other: Shot) -> list[str]:
    return [name for name, value in _plan(one).items() if _plan(other)[name] != value]
