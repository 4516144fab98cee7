"""Where people are in a reference picture: seen in order to look past them."""

from collections.abc import Sequence

import numpy as np

from engine.contract.faces import Face
from engine.contract.pixels import Plane, Rgb8
from engine.faces import landmarks as lm
from engine.mattes.segment import person_probability


def people(rgb: Rgb8, faces: Sequence[Face]) -> Plane:
    """Share [H, W] in [0, 1] that belongs to people; `faces` in pixels of `rgb`. 0 everywhere where there are none."""
    side = max(rgb.shape[:2])
    found = np.zeros((side, side), np.float32)
    for face in faces:
        x, y = face.mesh[lm.OVAL, :2].mean(0)
        seen = person_probability(rgb, np.eye(2, 3), side, face.height_px, (float(x), float(y)))
        found = np.maximum(found, seen)
    return found[: rgb.shape[0], : rgb.shape[1]]
