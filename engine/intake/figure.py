"""The sitter with hair and shoulders on one small upright canvas: where the person is, and where the photo ends."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.contract.faces import Face
from engine.contract.pixels import Plane, Points, Rgb8
from engine.faces import landmarks as lm
from engine.faces.geometry import invert, sample, similarity, transform
from engine.intake.face_patch import Mask, to_lab
from engine.mattes.segment import person_probability

SIDE_PX: Final = 256
_SPAN: Final = 4.0
"""Canvas side in face heights."""
_CENTRE: Final = (0.5, 0.42)
_ROW_OF_FACE_HEIGHT: Final = SIDE_PX / _SPAN


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """Upright canvas of 256 px, four face heights wide, the face a little above its middle."""

    rgb: Rgb8
    lab: NDArray[np.float32]
    person: Plane
    """Probability of the person."""
    inside: Mask
    """Where the photo has pixels; elsewhere its rim is repeated."""
    mesh: Points
    """[468, 2] in pixels of the canvas."""

    @property
    def face_px(self) -> float:
        """Face height (forehead to chin) on the canvas."""
        return _ROW_OF_FACE_HEIGHT

    def row(self, landmark: int, face_heights_below: float = 0.0) -> int:
        """Row of a landmark, moved down by a part of the face height; always on the canvas."""
        return int(np.clip(self.mesh[landmark, 1] + face_heights_below * self.face_px, 0, SIDE_PX - 1))


def figure(rgb: Rgb8, face: Face) -> Figure:
    """Cut the figure out of the photo and find the person in it."""
    scale = face.height_px / _ROW_OF_FACE_HEIGHT
    centre = face.mesh[lm.OVAL, :2].mean(0)
    angle = float(np.radians(face.roll_deg))
    canvas = similarity((float(centre[0]), float(centre[1])), scale, angle, (SIDE_PX, SIDE_PX), _CENTRE)
    pixels = np.asarray(sample(rgb, canvas, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_LINEAR), np.uint8)
    flags = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
    inside = cv2.warpAffine(np.ones(rgb.shape[:2], np.uint8), canvas, (SIDE_PX, SIDE_PX), flags=flags)
    middle = (_CENTRE[0] * SIDE_PX, _CENTRE[1] * SIDE_PX)
    return Figure(
        rgb=pixels,
        lab=to_lab(pixels),
        person=person_probability(rgb, canvas, SIDE_PX, _ROW_OF_FACE_HEIGHT, middle),
        inside=np.asarray(inside) > 0,
        mesh=transform(invert(canvas), face.mesh),
    )
