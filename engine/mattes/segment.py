"""Where the person is, softly: MediaPipe selfie segmentation on three boxes around the face, each with its mirror image.

The model sees 256 × 256 pixels; tight boxes give hair its resolution, the wide one gives shoulders their context.
"""

import cv2
import numpy as np

from engine.contract.pixels import Plane, Rgb8
from engine.faces.geometry import Matrix, compose, invert, sample, similarity
from engine.faces.networks import network

_PX = 256
_BOXES = ((0.50, 4.8, 1.0, False), (-0.05, 3.2, 1.5, True), (-0.25, 2.4, 1.0, True))
"""Centre below the face centre and side, both in face heights; weight; whether the rim fades out."""


def person_probability(rgb: Rgb8, canvas: Matrix, side_px: int, face_px: float, centre: tuple[float, float]) -> Plane:
    """Probability [side, side] in [0, 1] that a canvas pixel shows the person.

    `canvas` maps canvas pixels to pixels of `rgb`; `face_px` (forehead to chin) and `centre` are in canvas pixels.
    """
    total = np.zeros((side_px, side_px), np.float32)
    weights = np.full((side_px, side_px), 1e-6, np.float32)
    fade = np.hanning(_PX + 2)[1:-1]
    for below, side, weight, fades in _BOXES:
        span = side * face_px
        box = similarity((centre[0], centre[1] + below * face_px), span / _PX, 0.0, (_PX, _PX))
        probability = _segment(sample(rgb, compose(canvas, box), (_PX, _PX), interpolation=cv2.INTER_LINEAR))
        window = np.outer(fade, fade).astype(np.float32) ** 0.25 if fades else np.ones((_PX, _PX), np.float32)
        back = invert(box)
        flags = cv2.WARP_INVERSE_MAP
        window = cv2.warpAffine(window * weight, back, (side_px, side_px), flags=flags | cv2.INTER_LINEAR)  # type: ignore[assignment]
        placed = cv2.warpAffine(probability, back, (side_px, side_px), flags=flags | cv2.INTER_CUBIC)
        total += placed * window
        weights += window
    return np.asarray((total / weights).clip(0, 1), np.float32)


def _segment(patch: Rgb8) -> Plane:
    net = network("selfie-segmentation")
    both = np.zeros((_PX, _PX), np.float32)
    for mirrored in (False, True):
        seen = np.ascontiguousarray(patch[:, ::-1]) if mirrored else patch
        net.setInput(cv2.dnn.blobFromImage(seen, 1 / 255.0, (_PX, _PX)))
        out = np.asarray(net.forward(), np.float32).reshape(_PX, _PX)
        both += (out[:, ::-1] if mirrored else out) / 2
    return both
