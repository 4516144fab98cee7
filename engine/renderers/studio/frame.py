"""One selfie in one crop at one size: the sitter's own pixels, cut out, balanced and retouched, ready for any light."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.colour import blur, decode, decode8, encode, from_lab, guided, smoothstep, to_lab
from engine.contract.crops import CROPS
from engine.contract.pixels import Linear, Plane, Rgb8
from engine.contract.styles import CropName, Wardrobe
from engine.faces.geometry import Matrix, compose, sample, scale_of
from engine.renderers.studio.framing import Framing
from engine.renderers.studio.negative import Negative
from engine.renderers.studio.printing import lay_base

SHARP_ENLARGEMENT = 2.5
"""A headshot is never delivered at more than this times the photo's own resolution."""
_GARMENTS: dict[str, tuple[float, float, float]] = {
    "charcoal": (24, 0, -1.5),
    "navy": (20, 1, -12),
    "black": (13, 0, -0.5),
    "white": (86, 0, 1),
    "light-blue": (74, -2, -10),
}
"""CIELAB of the wanted cloth."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """The sitter at frame size."""

    base: NDArray[np.uint16]
    """[H, W, 3], coded linear light; see `printing`."""
    alpha: NDArray[np.uint16]
    """[H, W], 65535 = the person."""
    framing: Framing
    px: float
    """Canvas pixels per frame pixel."""
    enlargement: float
    """Frame pixels per photo pixel."""
    wrap_share: Plane
    """How close the backdrop is, at 1/8 of the size: where light wraps."""
    to_photo: Matrix
    """Frame pixels → photo pixels."""
    garment_found: bool

    @property
    def height(self) -> int:
        """Pixels."""
        return int(self.alpha.shape[0])

    @property
    def width(self) -> int:
        """Pixels."""
        return int(self.alpha.shape[1])


def honest_height(negative: Negative, framing: Framing) -> int:
    """Largest height in pixels at which this selfie is still sharp in this frame."""
    photo_px = framing.height * scale_of(negative.matte.matrix)
    return int(photo_px * SHARP_ENLARGEMENT)


def lay(negative: Negative, framing: Framing, crop: CropName, height: int, polish: float, wardrobe: Wardrobe) -> Frame:
    """The frame of one crop at `height` pixels."""
    width = round(height * CROPS[crop].aspect)
    px = framing.height / height
    to_canvas = np.array([[px, 0, framing.x], [0, px, framing.y]], np.float64)
    to_photo = compose(negative.matte.matrix, to_canvas)
    enlargement = 1 / scale_of(to_photo)
    source = np.ascontiguousarray(sample(negative.photo, to_photo, (width, height)))
    grey = np.asarray(cv2.cvtColor(source, cv2.COLOR_RGB2GRAY), np.float32)
    alpha = _alpha(negative, to_canvas, grey, 1 / px)
    coded_alpha = (alpha * 65535 + 0.5).astype(np.uint16)
    base = lay_base(
        source,
        coded_alpha,
        _sharpening(grey, enlargement),
        negative.matte.picture,
        negative.matte.foreground,
        negative.retouched(polish),
        (framing.x, framing.y, px),
        negative.balance.gain,
        negative.balance.ev,
    )
    found = wardrobe == "own" or _recolour(base, negative, to_canvas, wardrobe)
    small = cv2.resize(1 - alpha, (max(8, width // 8), max(8, height // 8)), interpolation=cv2.INTER_AREA)
    return Frame(
        base=base,
        alpha=coded_alpha,
        framing=framing,
        px=px,
        enlargement=enlargement,
        wrap_share=blur(small, 0.012 * height / 8),
        to_photo=to_photo,
        garment_found=found,
    )


def _alpha(negative: Negative, to_canvas: Matrix, grey: Plane, enlarged: float) -> Plane:
    """The matte at frame size; where it is enlarged, its soft pixels follow the picture's own edges (guided filter)."""
    height, width = grey.shape
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    raw = cv2.warpAffine(negative.matte.alpha, to_canvas, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    alpha = np.asarray(raw.clip(0, 1), np.float32)
    if enlarged > 1.3:
        followed = guided(
            np.asarray(grey / 255, np.float32), alpha, int(3 * enlarged), 2e-4, 2 if height > 1200 else 1
        ).clip(0, 1)
        soft = blur(((alpha > 0.03) & (alpha < 0.97)).astype(np.float32), enlarged * 1.5)
        alpha = np.asarray(alpha * (1 - soft) + followed * soft, np.float32)
    return np.asarray(np.clip((alpha - 0.02) / 0.96, 0, 1), np.float32)


def _sharpening(grey: Plane, enlargement: float) -> Plane:
    """Grey levels to add: output sharpening that spares flat areas, and what resampling took when enlarged."""
    fine = grey - cv2.GaussianBlur(grey, (0, 0), max(0.9, grey.shape[0] / 1500))
    amount = 0.30 * float(np.clip(1.25 - 0.25 * max(enlargement, 1), 0.5, 1))
    added = fine * amount * smoothstep(1.0, 4.5, np.abs(fine))
    if enlargement > 1.25:
        coarse = grey - cv2.GaussianBlur(grey, (0, 0), enlargement * 1.1)
        added = added + np.clip(coarse, -12, 12) * (0.5 * min(1.0, enlargement - 1))
    return np.asarray(added, np.float32)


def _recolour(base: NDArray[np.uint16], negative: Negative, to_canvas: Matrix, wardrobe: Wardrobe) -> bool:
    """Bring the garment to a business colour, folds kept; False when hardly any garment is seen."""
    cloth = negative.cloth()
    shrink = negative.work / negative.side
    matrix = np.array([[shrink, 0, 0], [0, shrink, 0]], np.float64)
    height, width = base.shape[:2]
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    mask = cv2.warpAffine(cloth, compose(matrix, to_canvas), (width, height), flags=flags).clip(0, 1)
    rows = np.flatnonzero(mask.max(1) > 0.02)
    if not len(rows) or (mask > 0.8).mean() < 0.01:
        return False
    lower = slice(int(rows[0]), height)
    linear = (base[lower].astype(np.float32) / 65535) ** 2 * 1.5
    lab = to_lab(encode(linear))
    solid = mask[lower] > 0.8
    wanted = _GARMENTS[wardrobe]
    lightness, spread = float(np.median(lab[..., 0][solid][::7])), max(float(np.std(lab[..., 0][solid][::7])), 1.0)
    gain = min(1.0, (7 if wanted[0] < 40 else 6) / spread)
    tint = np.median(lab[..., 1:][solid][::7], axis=0)
    apart = np.hypot(0.7 * (lab[..., 0] - lightness), np.linalg.norm(lab[..., 1:] - tint, axis=2))
    same = blur(smoothstep(38, 24, apart), 0.002 * height)  # shirt and tie keep their own colours beside a jacket
    new = lab.copy()
    new[..., 0] = wanted[0] + (lab[..., 0] - lightness) * gain
    new[..., 1:] = np.array(wanted[1:]) + (lab[..., 1:] - tint) * 0.10
    share = np.asarray(mask[lower] * same, np.float32)[..., None]
    changed = decode(from_lab(lab * (1 - share) + new * share))
    coded = (np.sqrt(changed / 1.5) * 65535 + 0.5).astype(np.uint16)
    base[lower] = np.where(share > 0.004, coded, base[lower])
    return True


def surroundings(negative: Negative, laid: Frame, height: int) -> tuple[Linear, Plane]:
    """The photo itself in this frame at `height` pixels, balanced, and a mask that is 1 where the person or nothing is seen."""
    width = max(8, round(height * laid.width / laid.height))
    ratio = laid.height / height
    matrix = compose(laid.to_photo, np.array([[ratio, 0, 0], [0, ratio, 0]], np.float64))
    picture: Rgb8 = np.ascontiguousarray(sample(negative.photo, matrix, (width, height)))
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    seen = cv2.warpAffine(np.ones(negative.photo.shape[:2], np.uint8), matrix, (width, height), flags=flags)
    person = cv2.resize(laid.alpha, (width, height), interpolation=cv2.INTER_AREA).astype(np.float32) / 65535
    linear = decode8(picture) * negative.balance.gain * np.float32(2**negative.balance.ev)
    return np.asarray(linear, np.float32), np.asarray(np.where(seen > 0, person, 1), np.float32)
