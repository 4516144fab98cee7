"""The whites of the eyes: the one part of every face that is the same for all, and so a witness for exposure and colour."""

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.colour import decode8, luminance
from engine.contract.faces import Face
from engine.contract.pixels import Rgb8
from engine.faces import landmarks as lm
from engine.faces.geometry import invert, polygon, sample, similarity, transform

_PATCH_PX = 128
_EYE_SHARE = 0.8
"""Width of the eye in the patch."""
_FEWEST_PX = 60


def eye_whites(rgb: Rgb8, face: Face) -> NDArray[np.float32] | None:
    """Colour [3] of the sclera in linear light, both eyes together; None when too little of it is seen.

    The brightest third without glints: lids and lashes shade the rest.
    """
    right = (lm.EYE_RIGHT_OUTER, lm.EYE_RIGHT_INNER, lm.EYE_RIGHT)
    left = (lm.EYE_LEFT_INNER, lm.EYE_LEFT_OUTER, lm.EYE_LEFT)
    seen = [_sclera(rgb, face, *right, face.iris_right), _sclera(rgb, face, *left, face.iris_left)]
    pixels = np.concatenate(seen)
    if len(pixels) < _FEWEST_PX:
        return None
    y = luminance(pixels)
    chosen = pixels[(y >= np.percentile(y, 68)) & (y <= np.percentile(y, 97))]
    return np.asarray(np.median(chosen, axis=0), np.float32)


def _sclera(
    rgb: Rgb8, face: Face, first: int, second: int, contour: list[int], iris: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Pixels [n, 3] of one eye's white in linear light."""
    a, b = face.mesh[first, :2], face.mesh[second, :2]
    along = b - a
    width = float(np.hypot(along[0], along[1]))
    centre = (float(a[0] + b[0]) / 2, float(a[1] + b[1]) / 2)
    angle = float(np.arctan2(along[1], along[0]))
    size = (_PATCH_PX, _PATCH_PX)
    matrix = similarity(centre, width / (_PATCH_PX * _EYE_SHARE), angle, size)
    patch = np.asarray(sample(rgb, matrix, size, interpolation=cv2.INTER_LINEAR), np.uint8)
    back = invert(matrix)
    opening = polygon(patch.shape, transform(back, face.mesh[contour]))
    opening = np.asarray(cv2.erode(opening, np.ones((7, 7), np.uint8)), np.float32)
    ring = transform(back, iris)
    radius = float(np.linalg.norm(ring[1:] - ring[0], axis=1).mean()) * 1.15
    cv2.circle(opening, (int(ring[0, 0]), int(ring[0, 1])), max(1, int(radius)), 0.0, -1)
    return decode8(patch)[opening > 0.9]
