"""Standard face crops: upright squares with the eyes at fixed places, for identity models and for looking at."""

from typing import Final, Literal

import cv2
import numpy as np

from engine.contract.pixels import Rgb8
from engine.contract.selfies import Selfie
from engine.faces.geometry import sample, similarity

FACE_SHARE: Final = 0.55
"""Forehead to chin as a share of the side; leaves room for hair and neck."""
EYE_LINE: Final = 0.42
"""Eyes below the upper edge as a share of the side."""


def face_crop(selfie: Selfie, side_px: Literal[512, 1024] = 512) -> Rgb8:
    """Upright aligned square [side, side, 3]. Beyond the photo its rim is repeated; a small face is enlarged, not sharpened."""
    face = selfie.face
    eyes = face.points[:2].mean(0)
    along = face.points[1] - face.points[0]
    matrix = similarity(
        (float(eyes[0]), float(eyes[1])),
        face.height_px / (FACE_SHARE * side_px),
        float(np.arctan2(along[1], along[0])),
        (side_px, side_px),
        (0.5, EYE_LINE),
    )
    return np.asarray(sample(selfie.rgb, matrix, (side_px, side_px), border=cv2.BORDER_REPLICATE), np.uint8)
