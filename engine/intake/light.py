"""How the face is lit: exposure, clipped highlights, shadow, side light, light from behind. L* is CIELAB lightness, 0 to 100."""

from dataclasses import dataclass

import cv2
import numpy as np

from engine.contract.faces import Face
from engine.contract.pixels import Rgb8
from engine.faces import landmarks as lm
from engine.intake.face_patch import FacePatch, Mask, to_lab

_SMALL_PX = 160
_NOSE_BASE = 2


@dataclass(frozen=True, slots=True)
class FaceLight:
    """Light on one face."""

    highlight: float
    """95th percentile of the skin's L*: 80-87 in well exposed photos of every skin tone, which the median is not."""
    clipped: float
    """Share of the skin without detail in the highlights."""
    evenness: float
    """In [0, 1] (ISO/IEC 29794-5: illumination uniformity): 1 = even, below 0.15 hard shadow across the face."""
    side_ev: float
    """Exposure of the picture-right half of the skin minus the left, in stops: positive = light from the right.

    Stops, not L*: the same lamp gives the same figure on every skin tone. Soft light below 1, hard side light above 1.8.
    """
    backlight: float
    """L* of the surround minus that of the face: positive = the background is brighter."""


def face_light(rgb: Rgb8, face: Face, patch: FacePatch) -> FaceLight:
    """All measures of light."""
    lightness = patch.lab[..., 0]
    skin = _upper_skin(patch)
    low, dark, high = (float(v) for v in np.percentile(lightness[skin], [5, 10, 95]))
    right_half = _right_half(patch)
    side = _exposure_ev(patch, skin & right_half) - _exposure_ev(patch, skin & ~right_half)
    clipped = float((patch.rgb.max(2) >= 252)[skin].mean())
    evenness = 1.0 - max(0.0, abs(side) - 0.4) / 2.2 - max(0.0, high - low - 38) / 60 - 1.5 * clipped
    evenness -= max(0.0, 18 - dark) / 40
    return FaceLight(
        highlight=high,
        clipped=clipped,
        evenness=float(np.clip(evenness, 0, 1)),
        side_ev=side,
        backlight=_surround_lightness(rgb, face) - float(np.median(lightness[skin])),
    )


def _upper_skin(patch: FacePatch) -> Mask:
    """Skin above the mouth: a beard is not a shadow."""
    nose_base, chin = patch.mesh[_NOSE_BASE], patch.mesh[lm.CHIN]
    rows = np.arange(patch.side_px, dtype=np.float32)[:, None]
    upper = patch.skin & (rows < nose_base[1] + 0.1 * (chin[1] - nose_base[1]))
    return upper if upper.any() else patch.oval


def _exposure_ev(patch: FacePatch, mask: Mask) -> float:
    """Median luminance in stops; 0 where nothing is seen."""
    if not mask.any():
        return 0.0
    linear = (patch.rgb[mask].astype(np.float32) / 255) ** 2.2
    return float(np.log2(np.median(linear @ np.array([0.2126, 0.7152, 0.0722], np.float32)) + 0.003))


def _right_half(patch: FacePatch) -> Mask:
    """Picture-right of the line from forehead to chin."""
    top, bottom = patch.mesh[lm.FOREHEAD], patch.mesh[lm.CHIN]
    rows, columns = np.mgrid[0 : patch.side_px, 0 : patch.side_px].astype(np.float32)
    along = bottom - top
    return np.asarray((columns - top[0]) * along[1] - (rows - top[1]) * along[0] > 0)


def _surround_lightness(rgb: Rgb8, face: Face) -> float:
    """Median L* beside and above the head; that of the whole picture when the head fills it."""
    height, width = rgb.shape[:2]
    k = _SMALL_PX / max(height, width)
    size = (max(1, round(width * k)), max(1, round(height * k)))
    lightness = to_lab(np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8))[..., 0]
    rows, columns = np.mgrid[0 : size[1], 0 : size[0]]
    x, y, w, h = (v * k for v in face.box)
    beside = (columns < x - 0.3 * w) | (columns > x + 1.3 * w) | (rows < y - 0.5 * h)
    beside &= rows < y + 1.3 * h
    return float(np.median(lightness[beside]) if beside.sum() > 50 else np.median(lightness))
