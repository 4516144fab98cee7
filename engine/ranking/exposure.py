"""Exposure that is fair to every skin tone: the highlights of the skin, never its median, and a bright tone somewhere."""

import math

import numpy as np

from engine.contract.pixels import Rgb8
from engine.intake.light import FaceLight
from engine.ranking.bells import inside, ramp
from engine.ranking.skin import Skin

_LOW, _HIGH, _BELOW, _ABOVE = 69.0, 90.0, 7.0, 6.0
"""95th percentile of the skin's L*: 80-87 in well exposed photos of every skin tone; low-key styles go down to 69."""
_AWAY = 9.0
"""L* by which the skin may differ from what is usual in the gallery."""


def exposure(light: FaceLight, lab: np.ndarray, usual: Skin | None) -> float:
    """In [0, 1]: the skin's highlights within 69-90 L* and near those of the gallery, hardly any of it without detail, and the
    brightest 1 % of the whole picture `lab` [h, w, 3] near white (L* 62 → 0, 78 → 1)."""
    absolute = inside(light.highlight, _LOW, _HIGH, _BELOW, _ABOVE)
    relative = 1.0 if usual is None else inside(light.highlight - usual.highlight, -_AWAY, _AWAY, 10.0)
    bright = ramp(float(np.percentile(lab[..., 0], 99)), 62, 78)
    return absolute * relative * math.sqrt(bright) * max(0.0, 1.0 - 2.5 * light.clipped)


def tonal_range(lab: np.ndarray, small: Rgb8) -> float:
    """In [0, 1]: from a deep tone to a bright one, with little that is blown out.

    `lab` and `small` are the whole picture, reduced: [h, w, 3]. The span from the 1st to the 99th percentile of L* counts up to
    60; pixels without any detail are weighed from 5 % to 45 % of the frame, since a white backdrop is wanted.
    """
    low, high = (float(v) for v in np.percentile(lab[..., 0], [1, 99]))
    blown = float((small.min(2) >= 252).mean())
    return math.sqrt(ramp(high - low, 10, 60)) * (1 - 0.6 * ramp(blown, 0.05, 0.45))
