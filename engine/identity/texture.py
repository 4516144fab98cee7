"""Skin detail: how much of it there is at three sizes, and which marks a headshot must keep.

Contrast is relative (natural logarithm of linear light), so that exposure and relighting do not change it.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.contract.pixels import Plane
from engine.faces import landmarks as lm
from engine.faces.geometry import disc
from engine.intake.face_patch import FacePatch, Mask

BANDS: dict[str, tuple[float, float]] = {"fine": (0.0, 0.004), "medium": (0.004, 0.012), "coarse": (0.012, 0.045)}
"""Name → Gaussian sigmas between which the detail lies, as shares of the face height: pores, lines, blotches."""
_NOSE_BASE = (2, 98, 327, 48, 278, 129, 358)
"""Nostrils and wings: shadow lines that are no marks."""
_HAIR_STEP = 14.0
"""L* by which a place darker than the face, seen coarsely, is hair or deep shadow."""
_MAD_TO_SD = 1.4826
_FLOOR = 0.02
"""Linear light added before the logarithm: noise in deep shade is no texture."""
_MARK_CONTRAST = 0.13
_MARK_AREA = (0.00004, 0.0016)
"""Of a mark, as shares of the squared face height: about 2 to 11 mm² to a coin's width on a head."""


def texture(patch: FacePatch) -> dict[str, float]:
    """Robust contrast per band ("fine", "medium", "coarse", each a share of the light) and the number of "marks"."""
    log_light = _log_light(patch)
    skin = _bare_skin(patch)
    if not skin.any():
        return dict.fromkeys((*BANDS, "marks"), 0.0)
    energy = {name: _spread(_band(log_light, *sizes, _height_px(patch))[skin]) for name, sizes in BANDS.items()}
    return energy | {"marks": float(len(marks(patch)))}


def marks(patch: FacePatch) -> NDArray[np.float32]:
    """Moles, scars and freckles that stand out: float32 [n, 2], x and y in pixels of the patch."""
    height = _height_px(patch)
    band = _band(_log_light(patch), 0.006, 0.022, height)
    inner = cv2.erode(_bare_skin(patch).astype(np.uint8), disc(0.012 * height)) > 0
    limit = max(_MARK_CONTRAST, 4 * _spread(band[inner])) if inner.any() else np.inf
    spots = ((band < -limit) & inner).astype(np.uint8)
    count, _, stats, centres = cv2.connectedComponentsWithStats(spots, connectivity=8)
    low, high = (share * height**2 for share in _MARK_AREA)
    area = stats[1:count, cv2.CC_STAT_AREA]
    box = stats[1:count, cv2.CC_STAT_WIDTH] * stats[1:count, cv2.CC_STAT_HEIGHT]
    longest = np.maximum(stats[1:count, cv2.CC_STAT_WIDTH], stats[1:count, cv2.CC_STAT_HEIGHT])
    shortest = np.minimum(stats[1:count, cv2.CC_STAT_WIDTH], stats[1:count, cv2.CC_STAT_HEIGHT])
    round_enough = (area > 0.45 * box) & (longest <= 2.2 * shortest + 1)
    wanted = (area >= max(low, 3)) & (area <= high) & round_enough
    return np.asarray(centres[1:count][wanted], np.float32)


def _bare_skin(patch: FacePatch) -> Mask:
    """The skin a little further from rim and features, without the nose's wings, without hair that falls into the face."""
    skin = cv2.erode(patch.skin.astype(np.uint8), disc(0.015 * patch.side_px), borderValue=0)
    skin[patch.region(_NOSE_BASE, grow=0.01)] = 0
    coarse = cv2.GaussianBlur(patch.lab[..., 0], (0, 0), 0.025 * patch.side_px)
    usual = float(np.median(coarse[skin > 0])) if skin.any() else 0.0
    hair = cv2.dilate((coarse < usual - _HAIR_STEP).astype(np.uint8), disc(0.02 * patch.side_px))
    bare = (skin > 0) & (hair == 0)
    return np.asarray(bare if bare.sum() > 0.2 * (skin > 0).sum() else skin > 0)


def _height_px(patch: FacePatch) -> float:
    return float(np.linalg.norm(patch.mesh[lm.CHIN] - patch.mesh[lm.FOREHEAD]))


def _log_light(patch: FacePatch) -> Plane:
    y = ((patch.lab[..., 0] + 16) / 116) ** 3
    return np.asarray(np.log(np.maximum(y, 0) + _FLOOR), np.float32)


def _band(plane: Plane, fine: float, coarse: float, height_px: float) -> Plane:
    low = cv2.GaussianBlur(plane, (0, 0), max(coarse * height_px, 0.3))
    high = cv2.GaussianBlur(plane, (0, 0), fine * height_px) if fine * height_px > 0.3 else plane
    return np.asarray(high - low, np.float32)


def _spread(values: NDArray[np.float32]) -> float:
    return _MAD_TO_SD * float(np.median(np.abs(values - np.median(values))))
