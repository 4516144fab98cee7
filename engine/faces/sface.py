"""SFace (Zhong et al. 2021, OpenCV model zoo, Apache-2.0): the default embedder, 128 dimensions, 40 ms a face."""

import cv2
import numpy as np

from engine.contract.faces import Face
from engine.contract.identities import EmbedderCard
from engine.contract.pixels import Points, Rgb8, Vector
from engine.faces.geometry import invert, sample, similarity, transform
from engine.faces.networks import sface

_PATCH_PX = 336
_MIRRORED = (1, 0, 2, 4, 3)
"""Order of the five points in the mirrored picture."""

CARD = EmbedderCard(
    name="sface",
    dim=128,
    threshold=0.363,
    impostor_mean=0.113,
    impostor_sd=0.086,
    genuine_mean=0.732,
    genuine_sd=0.115,
    licence="Apache-2.0",
    commercial=True,
)


class SFaceEmbedder:
    """Embeds the upright face by its mesh-refined points, mean of the picture and its mirror image."""

    @property
    def card(self) -> EmbedderCard:
        """Dimension, threshold and licence."""
        return CARD

    def embed(self, rgb: Rgb8, face: Face) -> Vector:
        """Unit vector [128]. The face is made upright first: a tilt of 30° would cost 0.6 of cosine otherwise."""
        eyes = face.points[1] - face.points[0]
        centre = face.mesh[:, :2].mean(0)
        span = 2.0 * float(np.ptp(face.mesh[:, :2], axis=0).max())
        matrix = similarity(
            (float(centre[0]), float(centre[1])),
            span / _PATCH_PX,
            float(np.arctan2(eyes[1], eyes[0])),
            (_PATCH_PX, _PATCH_PX),
        )
        patch = sample(rgb, matrix, (_PATCH_PX, _PATCH_PX), interpolation=cv2.INTER_LINEAR)
        bgr = np.asarray(cv2.cvtColor(patch, cv2.COLOR_RGB2BGR), np.uint8)
        points = transform(invert(matrix), face.points)
        flipped = np.asarray(points[list(_MIRRORED)] * [-1, 1] + [_PATCH_PX - 1, 0], np.float32)
        both = np.add(_feature(bgr, points), _feature(np.ascontiguousarray(bgr[:, ::-1]), flipped))
        return np.asarray(both / np.linalg.norm(both), np.float32)


def _feature(bgr: Rgb8, points: Points) -> Vector:
    row = np.zeros((1, 15), np.float32)
    row[0, 4:14] = points.ravel()
    recogniser = sface()
    vector = np.array(recogniser.feature(recogniser.alignCrop(bgr, row)), np.float32).ravel()
    return np.asarray(vector / np.linalg.norm(vector), np.float32)
