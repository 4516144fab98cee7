"""Mouth and eyes as geometry: how open, how wide. No emotion is read from them."""

import numpy as np

from engine.contract.faces import Face
from engine.faces import landmarks as lm
from engine.intake.eyes_and_mouth import openness


def expression(face: Face) -> dict[str, float]:
    """Shares: "mouth_opening" of the mouth's width, "smile_width" of the eyes' outer distance, "eye_opening" height / width."""
    eyes = float(np.linalg.norm(face.mesh[lm.EYE_LEFT_OUTER] - face.mesh[lm.EYE_RIGHT_OUTER]))
    mouth = float(np.linalg.norm(face.mesh[lm.MOUTH_LEFT] - face.mesh[lm.MOUTH_RIGHT]))
    opening = openness(face)
    return {"mouth_opening": opening.mouth, "smile_width": mouth / max(eyes, 1e-3), "eye_opening": opening.eyes}
