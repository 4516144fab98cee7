"""What a headshot changed about the face, against the selfie that it was made from."""

from dataclasses import dataclass

import cv2
import numpy as np

from engine.contract.faces import Face
from engine.contract.pixels import Rgb8
from engine.faces.analyzer import moved
from engine.faces.geometry import similarity
from engine.identity.geometry import geometry_drift
from engine.identity.texture import texture
from engine.intake.face_patch import FacePatch, face_patch

PLASTIC = 0.55
"""Texture ratio below which skin starts to look like plastic."""
_MIN_TEXTURE = 0.002
_GREY_CHROMA = 3.0
"""Skin with less chroma than this is taken for black-and-white."""


@dataclass(frozen=True, slots=True)
class Drift:
    """Change from selfie to headshot. Zero, or one for the ratio, is no change."""

    skin_tone: float
    """Distance in a*, b* of the median skin colour: colour only, exposure may rightly change. 0 in black-and-white."""
    skin_lightness: float
    """Change of the skin's 95th percentile of L*; positive = lighter."""
    ita_deg: float
    """Change of the individual typology angle; positive = lighter. 0 in black-and-white."""
    geometry: float
    """Median change of the proportions, as a share."""
    texture_ratio: float
    """Skin detail of the headshot over that of the selfie at the same size; < 0.55 looks plastic."""


def drift(source: Rgb8, source_face: Face, headshot: Rgb8, face: Face) -> Drift:
    """Both faces are brought to the height of the smaller one first, so that size does not count as detail."""
    height = min(source_face.height_px, face.height_px)
    before, after = _at_height(source, source_face, height), _at_height(headshot, face, height)
    lab_before, lab_after = _skin_lab(before), _skin_lab(after)
    coloured = min(float(np.hypot(*lab[1:])) for lab in (lab_before, lab_after)) >= _GREY_CHROMA
    return Drift(
        skin_tone=float(np.hypot(*(lab_after[1:] - lab_before[1:]))) if coloured else 0.0,
        skin_lightness=_bright(after) - _bright(before),
        ita_deg=_ita_deg(lab_after) - _ita_deg(lab_before) if coloured else 0.0,
        geometry=geometry_drift(source_face, face),
        texture_ratio=_texture_ratio(before, after),
    )


def _at_height(rgb: Rgb8, face: Face, height_px: float) -> FacePatch:
    step = face.height_px / height_px
    if step <= 1.001:
        return face_patch(rgb, face)
    size = (max(1, round(rgb.shape[1] / step)), max(1, round(rgb.shape[0] / step)))
    to_source = similarity((0.0, 0.0), step, 0.0, size, anchor=(0.0, 0.0))
    smaller = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    return face_patch(np.asarray(smaller, np.uint8), moved(face, to_source))


def _skin_lab(patch: FacePatch) -> np.ndarray:
    pixels = patch.lab[patch.skin if patch.skin.any() else patch.oval]
    return np.asarray(np.median(pixels, axis=0))


def _bright(patch: FacePatch) -> float:
    return float(np.percentile(patch.lab[..., 0][patch.skin if patch.skin.any() else patch.oval], 95))


def _ita_deg(lab: np.ndarray) -> float:
    """Individual typology angle (Chardon et al. 1991)."""
    return float(np.degrees(np.arctan2(lab[0] - 50, lab[2])))


def _texture_ratio(before: FacePatch, after: FacePatch) -> float:
    was, now = texture(before), texture(after)
    bands = ("fine", "medium")
    return float(np.mean([max(now[b], _MIN_TEXTURE) / max(was[b], _MIN_TEXTURE) for b in bands]))
