"""How well the camera did: sharpness, noise, compression."""

import cv2
import numpy as np
from skimage.measure import blur_effect

from engine.contract.faces import Face
from engine.contract.pixels import Plane, Rgb8
from engine.faces import landmarks as lm
from engine.grain import grain
from engine.intake.face_patch import FacePatch, Mask

_PRINT_PX = 700
"""Face height in a finished headshot of 2048 px: finer grain than this shows is nobody's concern."""
_NOISY = 3.0
"""From this grain on, sharpness is measured after a median filter: grain looks sharp."""
_SMALL_PATCH_PX = 230


def noise(rgb: Rgb8, face: Face) -> float:
    """Standard deviation of the grain on the face in grey levels. Clean photos 0.3-3, clearly grainy above 6."""
    x, y, w, h = face.box
    box = rgb[max(0, int(y)) : max(1, int(y + h)), max(0, int(x)) : max(1, int(x + w))]
    scale = min(1.0, _PRINT_PX / face.height_px)
    if scale < 1.0:
        box = np.asarray(cv2.resize(box, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    return grain(np.asarray(cv2.cvtColor(box, cv2.COLOR_RGB2GRAY), np.float32))


def sharpness(patch: FacePatch) -> float:
    """In [0, 1], 0.7 is the bar: what the sharper of the eyes, with its brow, loses by one more blur (Crete et al. 2007).

    Measured at one face size, so that it does not depend on the photo's scale. Small faces are measured at their own,
    with a smaller second blur, since every detail of theirs is fine.
    """
    grey = patch.grey
    if grain(grey) > _NOISY:
        grey = np.asarray(cv2.medianBlur(grey.astype(np.uint8), 3), np.float32)
    second_blur_px, span = (7, 0.33) if patch.side_px < _SMALL_PATCH_PX else (9, 0.39)
    eyes = (
        patch.region([*lm.EYE_RIGHT, *lm.BROW_RIGHT], grow=0.025),
        patch.region([*lm.EYE_LEFT, *lm.BROW_LEFT], grow=0.025),
    )
    edge_loss = max(_edge_loss(grey, eye, second_blur_px) for eye in eyes)
    return float(np.clip((edge_loss - 0.12) / span, 0, 1))


def _edge_loss(grey: Plane, mask: Mask, second_blur_px: int) -> float:
    """Share of the edges in the mask's box that a box blur takes away: sharp edges lose much, soft ones have nothing to lose."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    if len(rows) < 12 or len(columns) < 12:
        return 0.0
    box = grey[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] / 255
    if float(box.max() - box.min()) < 0.02:
        return 0.0
    return 1.0 - float(blur_effect(box, h_size=second_blur_px))  # type: ignore[no-untyped-call]


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
