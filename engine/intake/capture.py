"""How well the camera did: sharpness, noise, compression."""

import cv2
import numpy as np
from skimage.measure import blur_effect

from engine.contract.faces import Face
from engine.contract.pixels import Plane, Rgb8
from engine.faces import landmarks as lm
from engine.intake.face_patch import FacePatch

_NOISY = 3.0
"""From this noise on, sharpness is measured after a median filter: grain looks sharp."""


def noise(patch: FacePatch) -> float:
    """Standard deviation of the grain in grey levels (Immerkær 1996, median form). Clean 0.3-2, bad above 6."""
    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
    residual = np.abs(cv2.filter2D(patch.grey, -1, kernel))[1:-1, 1:-1]
    return float(np.median(residual[patch.oval[1:-1, 1:-1]]) / 0.6745 / 6)


def sharpness(patch: FacePatch, noise_level: float) -> float:
    """In [0, 1], 0.7 is the bar: what is lost by blurring eyes, brows and lips once more (Crete et al. 2007).

    Measured at one face size, so that it does not depend on the photo's scale; small faces are measured at their own.
    """
    grey: Plane = patch.grey
    if noise_level > _NOISY:
        grey = np.asarray(cv2.medianBlur(grey.astype(np.uint8), 3), np.float32)
    features = patch.region([*lm.EYE_RIGHT, *lm.BROW_RIGHT], [*lm.EYE_LEFT, *lm.BROW_LEFT], lm.LIPS, grow=0.025)
    rows, columns = np.flatnonzero(features.any(1)), np.flatnonzero(features.any(0))
    if len(rows) < 12 or len(columns) < 12:
        return 0.0
    box = grey[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] / 255
    if float(box.max() - box.min()) < 0.02:
        return 0.0
    edge_loss = 1.0 - float(blur_effect(box, h_size=9))  # type: ignore[no-untyped-call]
    return float(np.clip((edge_loss - 0.12) / 0.36, 0, 1))


def blockiness(rgb: Rgb8, face: Face) -> float:
    """Extra step at every 8th pixel, where JPEG blocks meet, relative to ordinary steps around the head: above 0.9 visible."""
    x, y, w, h = face.box
    height, width = rgb.shape[:2]
    left, right = int(max(0, x - w / 2)), int(min(width, x + 1.5 * w))
    top, bottom = int(max(0, y - h / 2)), int(min(height, y + 1.5 * h))
    grey = np.asarray(cv2.cvtColor(rgb[top:bottom, left:right], cv2.COLOR_RGB2GRAY), np.float32)
    return min(_grid_steps(grey, 0), _grid_steps(grey, 1))


def _grid_steps(grey: Plane, axis: int) -> float:
    steps = np.minimum(np.abs(np.diff(grey, axis=axis)), 12.0).mean(1 - axis)
    if len(steps) < 32:
        return 0.0
    extra = steps - (np.roll(steps, 1) + np.roll(steps, -1)) / 2
    phases = np.array([np.median(extra[phase::8]) for phase in range(8)])
    return float((phases.max() - np.median(phases)) / (np.median(steps) + 0.3))
