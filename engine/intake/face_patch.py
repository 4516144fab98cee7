"""The face, upright and at one size, so that every measure means the same whatever the photo's scale."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.contract.faces import Face
from engine.contract.pixels import Plane, Points, Rgb8
from engine.faces import landmarks as lm
from engine.faces.geometry import Matrix, disc, invert, polygon, sample, similarity, transform

PATCH_PX: Final = 320
_FACE_SHARE: Final = 1 / 1.15
"""Face height / patch side, for faces that are large enough."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class FacePatch:
    """Upright square picture of a face: 320 px, less where the photo holds fewer; never enlarged."""

    rgb: Rgb8
    lab: NDArray[np.float32]
    """[n, n, 3]: CIELAB, D65."""
    mesh: Points
    """[468, 2] in pixels of the patch."""
    oval: Mask
    """Inside the outline of the face."""
    skin: Mask
    """Inside the outline, away from its rim, without eyes, brows and lips."""
    matrix: Matrix
    """Patch pixels → photo pixels."""

    @property
    def side_px(self) -> int:
        """Width and height."""
        return int(self.rgb.shape[0])

    @property
    def grey(self) -> Plane:
        """Luma in [0, 255]."""
        return np.asarray(cv2.cvtColor(self.rgb, cv2.COLOR_RGB2GRAY), np.float32)

    def region(self, *parts: Sequence[int], grow: float = 0.0) -> Mask:
        """Union of the convex hulls of landmark lists, grown by a share of the patch side."""
        union = np.zeros(self.oval.shape, np.uint8)
        for part in parts:
            hull = cv2.convexHull(np.ascontiguousarray(self.mesh[list(part)])).reshape(-1, 2)
            union |= (polygon(union.shape, hull) > 0.5).astype(np.uint8)
        return np.asarray(cv2.dilate(union, disc(grow * self.side_px)) if grow else union, np.uint8) > 0

    def outline(self, part: Sequence[int]) -> Mask:
        """Inside of the polygon through the landmarks in their order."""
        return polygon(self.oval.shape, self.mesh[list(part)]) > 0.5


def face_patch(rgb: Rgb8, face: Face) -> FacePatch:
    """Cut the face out of the photo, upright."""
    scale = max(face.height_px / _FACE_SHARE / PATCH_PX, 1.0)
    side = max(16, round(min(PATCH_PX, face.height_px / _FACE_SHARE / scale)))
    centre = face.mesh[lm.OVAL, :2].mean(0)
    matrix = similarity((float(centre[0]), float(centre[1])), scale, float(np.radians(face.roll_deg)), (side, side))
    pixels = sample(rgb, matrix, (side, side), interpolation=cv2.INTER_AREA if scale > 1 else cv2.INTER_LINEAR)
    mesh = transform(invert(matrix), face.mesh)
    oval = polygon((side, side), mesh[lm.OVAL]) > 0.5
    bare = FacePatch(np.asarray(pixels, np.uint8), to_lab(pixels), mesh, oval, oval, matrix)
    inner = cv2.erode(oval.astype(np.uint8), disc(0.02 * side), borderValue=0) > 0
    features = bare.region(lm.EYE_RIGHT, lm.EYE_LEFT, lm.BROW_RIGHT, lm.BROW_LEFT, lm.LIPS, grow=0.012)
    return FacePatch(bare.rgb, bare.lab, mesh, oval, inner & ~features, matrix)


def to_lab(rgb: Rgb8) -> NDArray[np.float32]:
    """CIELAB (D65) of an sRGB picture."""
    return np.asarray(cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB), np.float32)


def chroma(lab: NDArray[np.float32]) -> NDArray[np.float32]:
    """C*ab."""
    return np.hypot(lab[..., 1], lab[..., 2])
