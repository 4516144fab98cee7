"""Is the face sharp? Eyes, brows and lips at one standard size, and the finest detail of the eyes at the picture's own."""

import cv2
import numpy as np
from skimage.measure import blur_effect

from engine.contract.faces import Face
from engine.contract.pixels import Rgb8
from engine.faces import landmarks as lm
from engine.ranking.bells import ramp

_EYES = [*lm.EYE_RIGHT, *lm.EYE_LEFT, *lm.BROW_RIGHT, *lm.BROW_LEFT]
_MARGIN = 0.04
"""Around eyes and brows, as a share of the face height."""
_GRAIN_SIGMA_PX = 0.8
_SOFT, _CRISP = 0.10, 0.50
"""What one more blur of 11 px takes away of the eyes' edges: an enlarged picture loses little, a crisp one half."""


def detail(rgb: Rgb8, face: Face) -> float:
    """Finest detail of eyes and brows in [0, 1] at the picture's own size, after the grain is taken out.

    1 - blur effect (Crete et al. 2007) over the box around both eyes. It sees what reduction to a standard size hides: a
    picture that was enlarged.
    """
    points, margin = face.mesh[_EYES, :2], _MARGIN * face.height_px
    height, width = rgb.shape[:2]
    left, top = np.maximum(points.min(0) - margin, 0).astype(int)
    right, bottom = np.minimum(points.max(0) + margin, (width, height)).astype(int)
    if right - left < 16 or bottom - top < 12:
        return 0.0
    grey = cv2.cvtColor(np.ascontiguousarray(rgb[top:bottom, left:right]), cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    box = cv2.GaussianBlur(grey, (0, 0), _GRAIN_SIGMA_PX)
    if float(np.ptp(box)) < 0.02:
        return 0.0
    return ramp(1.0 - float(blur_effect(box, h_size=11)), _SOFT, _CRISP)  # type: ignore[no-untyped-call]
