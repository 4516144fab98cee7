"""Eyes that are open and seen."""

import cv2
import numpy as np

from engine.contract.faces import Face
from engine.faces import landmarks as lm
from engine.intake.eyes_and_mouth import openness
from engine.intake.face_patch import FacePatch
from engine.ranking.bells import ramp


def eyes(patch: FacePatch, face: Face) -> float:
    """In [0, 1]: opening (0.12 closed → 0, 0.22 → 1), and up to a fifth off for dull eyes without a light in them."""
    opening = ramp(openness(face).eyes, 0.12, 0.22)
    return opening * (0.8 + 0.2 * ramp(eye_contrast(patch), 15, 45))


def eye_contrast(patch: FacePatch) -> float:
    """From the darkest to the brightest 2 % of L* within the lids: pupil to white or catchlight, the lesser of the two eyes."""
    lightness = cv2.GaussianBlur(patch.lab[..., 0], (0, 0), 0.7)
    spans = []
    for contour in (lm.EYE_RIGHT, lm.EYE_LEFT):
        inside_lids = lightness[patch.outline(contour)]
        spans.append(float(np.ptp(np.percentile(inside_lids, [2, 98]))) if len(inside_lids) > 10 else 0.0)
    return min(spans)
