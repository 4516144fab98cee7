"""How the light lies on the face: soft from light to shade, and highlights that roll off instead of clipping."""

import cv2
import numpy as np

from engine.intake.face_patch import FacePatch
from engine.intake.light import FaceLight
from engine.ranking.bells import inside, ramp

_STEP = 0.035
"""Scale at which a shadow edge is looked for, as a share of the patch side; pores and lines are smaller."""


def light_quality(patch: FacePatch, light: FaceLight) -> float:
    """In [0, 1]: evenness, weighed half since side light may be wanted, × softness of the shadow's edge × highlight roll-off."""
    return (0.5 + 0.5 * light.evenness) * (0.6 + 0.4 * shadow_softness(patch)) * roll_off(patch)


def shadow_softness(patch: FacePatch) -> float:
    """1 = light turns into shade gradually. 90th percentile of the slope of the coarse L* on skin, in L* per patch side: about 200
    in soft light, where it is the shape of the face, and from 360 on the edge of a cast shadow."""
    skin = patch.skin.astype(np.float32)
    sigma = _STEP * patch.side_px
    weight = cv2.GaussianBlur(skin, (0, 0), sigma)
    coarse = cv2.GaussianBlur(patch.lab[..., 0] * skin, (0, 0), sigma) / np.maximum(weight, 1e-3)
    slope = np.hypot(cv2.Sobel(coarse, cv2.CV_32F, 1, 0) / 8, cv2.Sobel(coarse, cv2.CV_32F, 0, 1) / 8)
    inner = weight > 0.75
    if inner.sum() < 100:
        return 1.0
    return ramp(float(np.percentile(slope[inner], 90)) * patch.side_px, 360, 210)


def roll_off(patch: FacePatch) -> float:
    """1 = the brightest skin still has detail: share of skin above L* 97 against 3 %."""
    return inside(float((patch.lab[..., 0][patch.oval] > 97).mean()), 0.0, 0.01, 0.05)
