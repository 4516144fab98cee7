"""Every measure of one picture, but likeness."""

from collections.abc import Mapping

import cv2
import numpy as np

from engine.colour import to_lab
from engine.contract.crops import Crop
from engine.contract.faces import Face
from engine.contract.pixels import Rgb8
from engine.intake.capture import blockiness, noise, sharpness
from engine.intake.face_patch import face_patch
from engine.intake.light import face_light
from engine.ranking.cleanliness import low_noise, unblocked
from engine.ranking.colour import colour, is_monochrome
from engine.ranking.composition import composition
from engine.ranking.edges import edges
from engine.ranking.exposure import exposure, tonal_range
from engine.ranking.eyes import eyes
from engine.ranking.focus import detail
from engine.ranking.light import light_quality
from engine.ranking.mouth import mouth
from engine.ranking.skin import Skin, skin_of

_SMALL_PX = 128


def measure(
    rgb: Rgb8,
    face: Face | None,
    *,
    crop: Crop | None = None,
    monochrome: bool | None = None,
    framing: Mapping[str, float] | None = None,
    usual: Skin | None = None,
) -> Mapping[str, float]:
    """Parts of the score, each in [0, 1], by the names in `totals.WEIGHTS`; all 0 where there is no face.

    `face` is in pixels of `rgb`. `crop` is what was planned, `monochrome` None = look, `framing` what the renderer knows
    and `usual` the sitter's skin in the other pictures of the gallery.
    """
    if face is None:
        return dict.fromkeys(_NAMES, 0.0)
    height, width = rgb.shape[:2]
    scale = _SMALL_PX / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)
    lab = to_lab(small.astype(np.float32) / 255)
    patch = face_patch(rgb, face)
    grain = noise(rgb, face)
    light = face_light(rgb, face, patch)
    return {
        "focus": sharpness(patch),
        "detail": detail(rgb, face),
        "exposure": exposure(light, lab, usual),
        "colour": colour(skin_of(patch), usual, monochrome=is_monochrome(lab) if monochrome is None else monochrome),
        "composition": composition(face, width, height, crop),
        "light": light_quality(patch, light),
        "edges": edges(rgb, face, framing or {}),
        "eyes": eyes(patch, face),
        "mouth": mouth(face),
        "noise": low_noise(grain),
        "compression": unblocked(blockiness(rgb, face)),
        "tones": tonal_range(lab, small),
    }


_NAMES = (
    "focus",
    "detail",
    "exposure",
    "colour",
    "composition",
    "light",
    "edges",
    "eyes",
    "mouth",
    "noise",
    "compression",
    "tones",
)
