"""Colour arithmetic shared by renderers: sRGB (IEC 61966-2-1), linear light, CIELAB (D65) and blur."""

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.contract.pixels import Linear, Plane, Rgb8

LUMINANCE: Final = np.array([0.2126, 0.7152, 0.0722], np.float32)
"""Rec. 709 weights."""


def decode(encoded: NDArray[Any]) -> NDArray[np.float32]:
    """sRGB in [0, 1] → linear light."""
    s = np.asarray(np.clip(encoded, 0, 1), np.float32)
    return np.asarray(np.where(s <= 0.04045, s / 12.92, ((s + 0.055) / 1.055) ** 2.4), np.float32)


def encode(linear: NDArray[Any]) -> NDArray[np.float32]:
    """Linear light → sRGB; values above 1 stay above 1."""
    v = np.asarray(np.maximum(linear, 0), np.float32)
    curved = 1.055 * np.power(np.maximum(v, 1e-9), 1 / 2.4) - 0.055
    return np.asarray(np.where(v <= 0.0031308, v * 12.92, curved), np.float32)


DECODE_8BIT: Final = decode(np.arange(256) / 255.0)
"""8-bit sRGB → linear light [256]."""


def decode8(rgb: Rgb8) -> Linear:
    """8-bit sRGB → linear light in [0, 1]."""
    return np.asarray(DECODE_8BIT[rgb], np.float32)


def luminance(linear: NDArray[np.float32]) -> Plane:
    """Y of linear light [..., 3]."""
    return np.asarray(linear @ LUMINANCE, np.float32)


def to_lab(encoded: NDArray[Any]) -> NDArray[np.float32]:
    """sRGB in [0, 1] [H, W, 3] → CIELAB."""
    return np.asarray(cv2.cvtColor(np.clip(encoded, 0, 1).astype(np.float32), cv2.COLOR_RGB2LAB), np.float32)


def from_lab(lab: NDArray[Any]) -> NDArray[np.float32]:
    """CIELAB → sRGB, about [0, 1]."""
    return np.asarray(cv2.cvtColor(lab.astype(np.float32), cv2.COLOR_LAB2RGB), np.float32)


def lab_of(linear: NDArray[Any]) -> NDArray[np.float32]:
    """CIELAB of single colours in linear light [n, 3] or [3]."""
    flat = np.asarray(linear, np.float32).reshape(1, -1, 3)
    return to_lab(encode(flat)).reshape(np.shape(linear))


def hex_linear(colour: str) -> NDArray[np.float32]:
    """ "#rrggbb" → linear light [3]."""
    return decode(np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]))


def to_hex(rgb: NDArray[Any]) -> str:
    """sRGB [3] in [0, 1], clipped → "#rrggbb"."""
    return "#" + "".join(f"{round(255 * float(value)):02x}" for value in np.clip(rgb, 0, 1))


def temperature_gain(kelvin: float) -> NDArray[np.float32]:
    """RGB gain of a light of this colour temperature beside neutral 5500 K, green = 1, softened to what retouchers use.

    Planckian locus by Kim et al. 2002, turned into linear Rec. 709 and applied at 45 % strength in the exponent.
    """
    gain = _planck(kelvin) / _planck(5500.0)
    return np.asarray((gain / gain[1]) ** 0.45, np.float32)


def _planck(kelvin: float) -> NDArray[np.float64]:
    t = float(np.clip(kelvin, 1667, 25000))
    if t <= 4000:
        x = -0.2661239e9 / t**3 - 0.2343589e6 / t**2 + 0.8776956e3 / t + 0.179910
    else:
        x = -3.0258469e9 / t**3 + 2.1070379e6 / t**2 + 0.2226347e3 / t + 0.240390
    if t <= 2222:
        y = -1.1063814 * x**3 - 1.34811020 * x**2 + 2.18555832 * x - 0.20219683
    elif t <= 4000:
        y = -0.9549476 * x**3 - 1.37418593 * x**2 + 2.09137015 * x - 0.16748867
    else:
        y = 3.0817580 * x**3 - 5.87338670 * x**2 + 3.75112997 * x - 0.37001483
    xyz = np.array([x / y, 1.0, (1 - x - y) / y])
    matrix = np.array([[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415], [0.0557, -0.2040, 1.0570]])
    return np.asarray(matrix @ xyz, np.float64)


def blur(plane: NDArray[Any], sigma_px: float) -> NDArray[np.float32]:
    """Gaussian blur; a large one is done at reduced size."""
    if sigma_px < 4:
        return np.asarray(cv2.GaussianBlur(plane, (0, 0), max(sigma_px, 0.3)), np.float32)
    factor = max(1, int(sigma_px / 3))
    h, w = plane.shape[:2]
    small = cv2.resize(plane, (max(4, w // factor), max(4, h // factor)), interpolation=cv2.INTER_AREA)
    blurred = cv2.GaussianBlur(small, (0, 0), sigma_px * small.shape[1] / w)
    return np.asarray(cv2.resize(blurred, (w, h), interpolation=cv2.INTER_CUBIC), np.float32)


def guided(guide: Plane, plane: Plane, radius_px: int, epsilon: float, reduce: int = 1) -> Plane:
    """Fast guided filter with a grey guide (He and Sun 2015); coefficients at 1 / `reduce` of the size."""
    h, w = guide.shape
    size = (max(8, w // reduce), max(8, h // reduce))
    small_guide = cv2.resize(guide, size, interpolation=cv2.INTER_AREA)
    small = cv2.resize(plane, size, interpolation=cv2.INTER_AREA)
    side = 2 * max(1, radius_px // reduce) + 1
    mean_guide, mean = cv2.blur(small_guide, (side, side)), cv2.blur(small, (side, side))
    covariance = cv2.blur(small_guide * small, (side, side)) - mean_guide * mean
    variance = cv2.blur(small_guide * small_guide, (side, side)) - mean_guide * mean_guide
    slope = covariance / (variance + epsilon)
    offset = mean - slope * mean_guide
    slopes = cv2.resize(cv2.blur(slope, (side, side)), (w, h), interpolation=cv2.INTER_LINEAR)
    offsets = cv2.resize(cv2.blur(offset, (side, side)), (w, h), interpolation=cv2.INTER_LINEAR)
    return np.asarray(slopes * guide + offsets, np.float32)


def smoothstep(low: float, high: float, value: NDArray[Any]) -> NDArray[np.float32]:
    """0 below `low`, 1 above `high` (or the reverse when low > high), smooth between."""
    t = np.clip((value - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)
