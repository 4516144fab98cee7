"""How much grain a grey picture has."""

import cv2
import numpy as np

from engine.contract.pixels import Plane


def grain(grey: Plane) -> float:
    """Standard deviation of the noise in grey levels (Immerkær 1996, median form); 0 for a picture too small to tell."""
    if min(grey.shape) < 8:
        return 0.0
    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
    residual = np.abs(cv2.filter2D(grey, -1, kernel))[1:-1, 1:-1]
    return float(np.median(residual) / 0.6745 / 6)
