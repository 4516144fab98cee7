"""What can be measured of a sitter's looks: skin tone, hair, glasses, facial hair, clothing.

Measured, never guessed at: no ethnicity, gender, age or emotion. It picks processing variants and words for a prompt, nothing else.
"""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.contract.selfies import Appearance
from engine.faces import landmarks as lm
from engine.faces.geometry import disc, polygon
from engine.intake.colour_names import Lab, colour_name, hair_name
from engine.intake.eyes_and_mouth import Visibility
from engine.intake.face_patch import FacePatch, Mask
from engine.intake.figure import Figure

_CHEEKS: Final = ([117, 50, 36, 101], [346, 280, 266, 330])
_CHIN: Final = [
    43,
    106,
    182,
    83,
    18,
    313,
    406,
    335,
    273,
    422,
    430,
    394,
    379,
    400,
    377,
    152,
    148,
    176,
    150,
    169,
    210,
    202,
]
_UPPER_LIP: Final = [98, 97, 2, 326, 327, 391, 393, 164, 167, 165]
_MONOCHROME_CHROMA: Final = 3.0
_SEEN_SHARE: Final = 0.04
"""Hair or cloth must fill this share of a square face height to count as seen."""


def appearance(patch: FacePatch, figure: Figure, seen: Visibility) -> Appearance:
    """Everything that is measured of one face and its figure."""
    skin = _skin_lab(patch)
    monochrome = is_monochrome(figure)
    facial_hair = _facial_hair(patch)
    hair_lab = _hair_lab(figure, skin, bearded=facial_hair > 0.3)
    cloth = _clothing(figure, skin)
    cloth_lab = _median(figure.lab, cloth)
    return Appearance(
        skin_ita_deg=float(np.degrees(np.arctan2(skin[0] - 50, max(skin[2], 1e-3)))),
        skin_lab=skin,
        hair_lab=hair_lab,
        hair_colour=hair_name(hair_lab) if hair_lab and not monochrome else "",
        glasses=_glasses(patch, seen),
        facial_hair=facial_hair,
        clothing_lab=cloth_lab,
        clothing_colour=colour_name(cloth_lab) if cloth_lab and not monochrome else "",
        clothing_plain=_plainness(figure, cloth, cloth_lab),
        monochrome=monochrome,
    )


def is_monochrome(figure: Figure) -> bool:
    """The photo has no colour, or one tint over all of it."""
    lab = figure.lab[figure.inside]
    if not len(lab):
        return True
    spread = np.percentile(lab[:, 1:], 95, axis=0) - np.percentile(lab[:, 1:], 5, axis=0)
    return bool(float(spread.max()) < 2 * _MONOCHROME_CHROMA)


def _skin_lab(patch: FacePatch) -> Lab:
    """Median of forehead and cheeks, their darker half left out: shadow is not skin tone."""
    mask = (patch.region(*_CHEEKS) | patch.region([9, 108, 151, 337])) & patch.skin
    lab = patch.lab[mask if mask.any() else patch.oval]
    lit = lab[lab[:, 0] >= np.median(lab[:, 0])]
    lightness, red_green, yellow_blue = (float(v) for v in np.median(lit, 0))
    return lightness, red_green, yellow_blue


def _hair_lab(figure: Figure, skin: Lab, *, bearded: bool) -> Lab | None:
    """Colour of what is above the brows, outside the face and unlike skin; None when a scarf also covers the neck."""
    head = _head_above_brows(figure)
    hair = head & ~_like(figure.lab, skin, 11.0)
    colour = _median(figure.lab, hair)
    if colour is None or hair.sum() < 0.5 * head.sum():
        return None
    rows = slice(figure.row(lm.CHIN, 0.10), figure.row(lm.CHIN, 0.28))
    middle, half = int(figure.mesh[lm.CHIN, 0]), int(0.12 * figure.face_px)
    neck = figure.lab[rows, max(0, middle - half) : middle + half]
    covered = not bearded and neck.size > 0 and float(_like(neck, colour, 7.0).mean()) > 0.7
    return None if covered and float(_like(neck, skin, 11.0).mean()) < 0.1 else colour


def _head_above_brows(figure: Figure) -> Mask:
    around = figure.lab.shape[:2]
    face = cv2.dilate((polygon(around, figure.mesh[lm.OVAL]) > 0.5).astype(np.uint8), disc(0.04 * figure.face_px)) > 0
    rows = np.arange(around[0])[:, None]
    above_brows = rows < min(figure.row(105), figure.row(334))
    core = cv2.erode((figure.person > 0.75).astype(np.uint8), disc(0.03 * figure.face_px), borderValue=1) > 0
    return np.asarray(core & figure.inside & above_brows & ~face)


def _clothing(figure: Figure, skin: Lab) -> Mask:
    """Person below the neck and unlike skin."""
    rows = np.arange(figure.lab.shape[0])[:, None]
    below_neck = (rows > figure.row(lm.CHIN, 0.4)) & (rows < figure.row(lm.CHIN, 1.5))
    core = cv2.erode((figure.person > 0.75).astype(np.uint8), disc(0.05 * figure.face_px), borderValue=1) > 0
    return core & figure.inside & below_neck & ~_like(figure.lab, skin, 9.0)


def _like(lab: NDArray[np.float32], colour: Lab, tolerance: float) -> Mask:
    """Near a colour; lightness counts a third, because skin has lit and shaded sides."""
    difference = (lab - np.asarray(colour, np.float32)) * np.array([0.33, 1, 1], np.float32)
    return np.asarray(np.linalg.norm(difference, axis=2) < tolerance)


def _median(lab: NDArray[np.float32], mask: Mask) -> Lab | None:
    face_px = lab.shape[0] / 4
    if mask.sum() < _SEEN_SHARE * face_px**2:
        return None
    lightness, red_green, yellow_blue = (float(v) for v in np.median(lab[mask], 0))
    return lightness, red_green, yellow_blue


def _plainness(figure: Figure, cloth: Mask, colour: Lab | None) -> float:
    """Share of the clothing near its median colour."""
    return float(_like(figure.lab, colour, 9.0)[cloth].mean()) if colour else 0.0


def _glasses(patch: FacePatch, seen: Visibility) -> float:
    """Dark bars across the bridge of the nose and under both eyes, or dark glasses. Rimless ones are not seen."""
    lightness, side = patch.lab[..., 0], patch.side_px
    mesh = patch.mesh
    eyes_px = float(np.hypot(*(mesh[lm.EYE_LEFT_OUTER] - mesh[lm.EYE_RIGHT_OUTER])))
    middle, half = int(mesh[lm.NOSE_BRIDGE, 0]), max(2, int(0.06 * eyes_px))
    top = int(mesh[9, 1] + 0.3 * (mesh[lm.NOSE_BRIDGE, 1] - mesh[9, 1]))
    bridge = _dark_bar(lightness[top : int(mesh[197, 1]), middle - half : middle + half], 0.10 * side)
    under = []
    for lid, a, b in ((145, lm.EYE_RIGHT_OUTER, lm.EYE_RIGHT_INNER), (374, lm.EYE_LEFT_INNER, lm.EYE_LEFT_OUTER)):
        left, right = sorted((int(mesh[a, 0]), int(mesh[b, 0])))
        rows = slice(int(mesh[lid, 1] + 0.03 * side), int(mesh[lid, 1] + 0.22 * side))
        under.append(_dark_bar(lightness[rows, left:right], 0.06 * side))
    framed = np.clip(min((bridge - 14) / 16, (min(under) - 12) / 16), 0, 1)
    return float(max(framed, 1.0 if seen.eyes < 0.4 and bridge > 10 else 0.0))


def _dark_bar(lightness: NDArray[np.float32], width_px: float) -> float:
    """Depth in L* of the darkest thin horizontal bar, median over columns (black top-hat)."""
    if lightness.shape[0] < 4 or lightness.shape[1] < 2:
        return 0.0
    kernel = np.ones((max(3, int(width_px) | 1), 1), np.uint8)
    closed = cv2.morphologyEx(np.ascontiguousarray(lightness), cv2.MORPH_CLOSE, kernel)
    return float(np.median((closed - lightness).max(0)))


def _facial_hair(patch: FacePatch) -> float:
    """Chin and upper lip both darker than the cheeks; strands count where hair is as light as skin. A moustache alone is not seen."""
    lightness = patch.lab[..., 0]
    lips = patch.region(lm.LIPS, grow=0.017)
    chin = patch.region(_CHIN) & ~lips & patch.oval
    upper_lip = patch.outline(_UPPER_LIP) & ~lips
    cheeks = patch.region(*_CHEEKS)
    if not (chin.any() and upper_lip.any() and cheeks.any()):
        return 0.0
    darker = np.median(lightness[cheeks]) - lightness > 18
    detail = np.abs(lightness - cv2.GaussianBlur(lightness, (0, 0), patch.side_px / 80))
    bare = patch.region([9, 108, 151, 337]) | cheeks
    strands = float(detail[chin].mean()) / max(float(np.median(detail[bare])), 0.4)
    on_chin = (float(darker[chin].mean()) + 0.04 * max(0.0, strands - 3) - 0.35) / 0.25
    on_lip = (float(darker[upper_lip].mean()) - 0.42) / 0.25
    return float(np.clip(on_chin, 0, 1) * np.clip(on_lip, 0, 1))
