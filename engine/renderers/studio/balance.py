"""White balance and exposure that are fair to every skin tone.

Exposure never looks at the median lightness of skin, which is a property of the person. It looks at the 95th percentile of
the face, which was 80 to 87 L* for every tone measured, because every lit face has highlights. Where that asks for more light,
the rest of the person must agree: a white shirt that is bright already, or eyes much lighter than the skin around them, say
that very dark skin without shine is not a photo without light.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.colour import LUMINANCE, decode, decode8, encode, lab_of, luminance, smoothstep, to_lab
from engine.contract.pixels import Linear, Plane, Rgb8
from engine.renderers.studio.parts import Parts

_SKIN_HUE_DEG = (40.0, 62.0)
_SKIN_CHROMA = (10.0, 34.0)
_HIGHLIGHT = (0.64, 0.82)
"""Wanted band of the face's 95th percentile, sRGB encoded."""
_EV = (-0.6, 1.3)
_BRIGHTEST = (0.68, 0.86)
"""Encoded luminance of the brightest 3 % of the person: from too little light to enough."""
_EYES_OVER_SKIN = (1.2, 2.4)
"""Luminance of the whites of the eyes over that of the skin: 0.3 to 1.6 on light and medium skin, in any light."""


@dataclass(frozen=True, slots=True, eq=False)
class Balance:
    """Von Kries gains and exposure for one selfie."""

    gain: NDArray[np.float32]
    """[3], luminance kept."""
    ev: float


def balance_of(
    rgb: Rgb8, foreground: Linear, alpha: Plane, parts: Parts, whites: NDArray[np.float32] | None
) -> Balance:
    """Gains by grid search: skin hue and chroma bands, whites of the eyes, near-grey surfaces, and a prior that keeps it timid.

    `whites` [3] in linear light, see `whites.eye_whites`.
    """
    skin = foreground[parts.skin > 0.6]
    if len(skin) < 200:
        skin = foreground[parts.face > 0.6]
    lit = _well_lit(foreground, alpha, skin, whites)
    if float(np.linalg.norm(lab_of(np.median(skin, 0))[1:])) < 3:  # a black-and-white photo has no cast
        return Balance(np.ones(3, np.float32), _exposure(skin, lit))
    gain = _gain(np.median(skin[::7], axis=0), whites, *_grey(rgb))
    return Balance(gain, _exposure(skin, lit))


def _grey(rgb: Rgb8) -> tuple[NDArray[np.float64], float]:
    """Shades-of-grey estimate (p = 4) over near-neutral pixels only, and its weight; a blue wall must not turn skin olive."""
    small = decode8(np.asarray(cv2.resize(rgb, (160, 160), interpolation=cv2.INTER_AREA), np.uint8)).reshape(-1, 3)
    small = small[(small.max(1) < 0.95) & (small.max(1) > 0.01)]
    if not len(small):
        return np.ones(3), 0.0
    lab = to_lab(encode(small)[None])[0]
    neutral = small[np.hypot(lab[:, 1], lab[:, 2]) < 22]
    if len(neutral) <= 200:
        return np.ones(3), 0.0
    return (neutral.astype(np.float64) ** 4).mean(0) ** 0.25, 0.35 * min(1.0, len(neutral) / len(small) / 0.3)


def _gain(
    skin: NDArray[np.float32], whites: NDArray[np.float32] | None, grey: NDArray[np.float64], grey_weight: float
) -> NDArray[np.float32]:
    steps = np.linspace(-0.30, 0.30, 41)
    red, blue = (v.ravel() for v in np.meshgrid(steps, steps, indexing="ij"))
    gains = np.exp(np.stack([red, np.zeros_like(red), blue], axis=1))
    gains /= (gains @ LUMINANCE)[:, None]
    lab = lab_of(np.minimum(skin * gains, 1))
    hue, chroma = np.degrees(np.arctan2(lab[:, 2], lab[:, 1])), np.hypot(lab[:, 1], lab[:, 2])
    cost = (_outside(hue, *_SKIN_HUE_DEG) / 8) ** 2
    cost += (np.maximum(chroma - _SKIN_CHROMA[1], 0) / 8) ** 2 + (np.maximum(_SKIN_CHROMA[0] - chroma, 0) / 4) ** 2
    cost += ((red - blue) / 2 / 0.10) ** 2 + ((red + blue) / 2 / 0.035) ** 2  # green-magenta is almost forbidden
    if whites is not None:
        eye = lab_of(np.minimum(whites * gains, 1))
        cost += 0.12 / 25 * (_outside(eye[:, 1], -3, 8) ** 2 + _outside(eye[:, 2], -2, 8) ** 2)
    surface = grey * gains
    cost += (
        grey_weight * (np.log(surface[:, 0] / surface[:, 1]) ** 2 + np.log(surface[:, 2] / surface[:, 1]) ** 2) / 0.0144
    )
    return np.asarray(gains[int(np.argmin(cost))], np.float32)


def _outside(value: NDArray[np.float32], low: float, high: float) -> NDArray[np.float32]:
    return np.asarray(np.maximum(np.maximum(low - value, value - high), 0), np.float32)


def _well_lit(foreground: Linear, alpha: Plane, skin: NDArray[np.float32], whites: NDArray[np.float32] | None) -> float:
    """In [0, 1]: how sure it is that the person stands in enough light, whatever the skin."""
    inside = cv2.erode((alpha > 0.95).astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    bright = float(encode(np.array(np.percentile(luminance(foreground[inside]), 97)))) if inside.any() else 0.0
    by_brightest = float(smoothstep(*_BRIGHTEST, np.array(bright)))
    if whites is None:
        return by_brightest
    over_skin = float(luminance(whites)) / max(float(np.median(luminance(skin))), 1e-4)
    return max(by_brightest, float(smoothstep(*_EYES_OVER_SKIN, np.array(over_skin))))


def _exposure(skin: NDArray[np.float32], lit: float) -> float:
    bright = float(np.percentile(luminance(skin), 95))
    wanted = float(decode(np.array(np.clip(float(encode(np.array(bright))), *_HIGHLIGHT))))
    ev = 0.8 * float(np.log2(wanted / max(bright, 1e-4)))
    if ev > 0:
        ev *= 1 - lit
    return float(np.clip(ev, *_EV))


def exposed(linear: Linear, ev: float) -> Linear:
    """Exposure with a soft shoulder above 0.72, so that highlights do not clip."""
    brighter = linear * np.float32(2**ev)
    if ev <= 0:
        return brighter
    y, knee = luminance(brighter)[..., None], 0.72
    over = np.maximum(y - knee, 0)
    rolled = (knee + (1 - knee) * (1 - np.exp(-over / (1 - knee)))) / np.maximum(y, 1e-6)
    return np.asarray(brighter * np.where(y > knee, rolled, 1), np.float32)
