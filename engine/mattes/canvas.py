"""The upright square around a sitter on which the matte and everything that belongs to the face is computed."""

from dataclasses import dataclass

import cv2
import numpy as np

from engine.contract.faces import Face
from engine.contract.pixels import Plane, Rgb8
from engine.faces import landmarks as lm
from engine.faces.analyzer import moved
from engine.faces.geometry import Matrix, sample, similarity

SPAN_FACES = 3.7
"""Side of the canvas in face heights."""
ANCHOR = (0.5, 0.40)
"""Where the face centre stands."""
_KEPT_TILT_DEG, _STRAIGHTENED, _MOST_RAD = 3.0, 0.6, 0.35


@dataclass(frozen=True, slots=True, eq=False)
class Canvas:
    """A resampled view of the photo."""

    matrix: Matrix
    """Canvas pixels → photo pixels."""
    face: Face
    """In canvas pixels."""
    picture: Rgb8
    valid: Plane
    """0 outside the photo."""

    @property
    def side(self) -> int:
        """Pixels."""
        return int(self.picture.shape[0])

    @property
    def centre(self) -> tuple[float, float]:
        """Centre of the face oval in canvas pixels."""
        c = self.face.mesh[lm.OVAL, :2].mean(0)
        return float(c[0]), float(c[1])


def lay(rgb: Rgb8, face: Face, most_px: int) -> Canvas:
    """Canvas at the photo's own resolution, at most `most_px` wide. A big tilt is straightened partly, a small one is kept."""
    tilt = np.sign(face.roll_deg) * max(0.0, abs(face.roll_deg) - _KEPT_TILT_DEG) * _STRAIGHTENED
    angle = float(np.clip(np.radians(tilt), -_MOST_RAD, _MOST_RAD))
    span = SPAN_FACES * face.height_px
    side = int(np.clip(span, 512, most_px)) // 2 * 2
    centre = face.mesh[lm.OVAL, :2].mean(0)
    matrix = similarity((float(centre[0]), float(centre[1])), span / side, angle, (side, side), ANCHOR)
    ones = np.ones(rgb.shape[:2], np.float32)
    valid = cv2.warpAffine(ones, matrix, (side, side), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    picture = np.ascontiguousarray(sample(rgb, matrix, (side, side)))
    return Canvas(matrix, moved(face, matrix), picture, np.asarray(valid, np.float32))


def spread(plane: Plane, valid: Plane) -> Plane:
    """The plane with every invalid pixel taken from the nearest valid one, so that a cut shoulder goes on."""
    good = valid > 0.99
    if good.all() or not good.any():
        return plane
    invalid = (~good).astype(np.uint8)
    _, labels = cv2.distanceTransformWithLabels(invalid, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    source = np.zeros(int(labels.max()) + 1, np.int64)
    positions = np.flatnonzero(good.ravel())
    source[labels.ravel()[positions]] = positions
    return np.asarray(plane.ravel()[source[labels.ravel()]].reshape(plane.shape), np.float32)
