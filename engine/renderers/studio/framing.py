"""Choosing the frame: head size and eye line of the crop, without showing where the photo cut the person off."""

from dataclasses import dataclass

import cv2
import numpy as np

from engine.contract.crops import Crop
from engine.renderers.studio.negative import Negative

_GRID = 512
_SIZES = np.arange(1.0, 0.40, -0.02)
_ASIDE = np.array([0, 0.02, -0.02, 0.04, -0.04, 0.06, -0.06, 0.08, -0.08, 0.10, -0.10, 0.12, -0.12])
_DOWN = np.array([0, 0.02, -0.02, 0.04, -0.04, -0.06, 0.06, -0.08, -0.10, -0.12, 0.08])
_HEADROOM = 0.045
LARGE_HEAD = 0.80
"""A head that fills more of the frame than this is cut closer than a photographer would."""
LARGEST_HEAD = 0.95
"""More than this is no headshot."""


@dataclass(frozen=True, slots=True)
class Framing:
    """A rectangle on the canvas, in canvas pixels, and what it shows."""

    x: float
    y: float
    width: float
    height: float
    missing: float
    """Share of the frame where the photo cut the person off; above 0.001 the cut shows."""
    headroom: float
    """Free space above the head as a share of the height; negative = the hair is cut."""
    head: float
    """Head height as a share of the height."""


def frame(negative: Negative, crop: Crop) -> Framing:
    """The best rectangle for a crop: small moves and a tighter cut are cheap, a visible photo edge is dear."""
    head, side = negative.head, negative.side
    scale = _GRID / side
    valid = cv2.resize(negative.matte.valid, (_GRID, _GRID), interpolation=cv2.INTER_AREA) > 0.95
    person = cv2.resize(negative.matte.alpha, (_GRID, _GRID), interpolation=cv2.INTER_AREA) > 0.12
    table = cv2.integral((~valid & person).astype(np.float32))
    sizes = _SIZES[crop.head / _SIZES <= max(LARGEST_HEAD, crop.head)]

    centre_x = (head.oval_x + head.eye_x) / 2
    lead = float(np.clip(negative.yaw_deg / 45, -1, 1)) * 0.05  # room where the sitter looks
    size, aside, down = (v.ravel() for v in np.meshgrid(sizes, _ASIDE, _DOWN, indexing="ij"))
    height = head.height / crop.head * size
    width = height * crop.aspect
    x = centre_x - width * (0.5 - lead + aside)
    y = head.eye_line - height * (crop.eye_line - down)
    left, top = x * scale, y * scale
    right, bottom = (x + width) * scale, (y + height) * scale
    outside = np.maximum(-left, 0) + np.maximum(-top, 0) + np.maximum(right - _GRID, 0) + np.maximum(bottom - _GRID, 0)
    a, b = (np.clip(np.ceil(v) + 1, 0, _GRID).astype(int) for v in (left, top))
    c, d = (np.clip(np.floor(v) - 1, 0, _GRID).astype(int) for v in (right, bottom))
    cut = table[d, c] - table[b, c] - table[d, a] + table[b, a]
    missing = cut / np.maximum((c - a) * (d - b), 1)
    headroom = (head.top - y) / height
    short = 0.0 if head.hair_cut else np.maximum(0, _HEADROOM - headroom) * 14
    cost = (
        60 * missing
        + 5 * (cut > 6)
        + (1 - size) * 2.2
        + 30 * np.maximum(0, crop.head / size - LARGE_HEAD)
        + np.abs(aside) * 8
        + np.abs(down) * 6
    )
    cost = cost + short + outside / _GRID * 20
    best = int(np.argmin(cost))
    return Framing(
        x=float(x[best]),
        y=float(y[best]),
        width=float(width[best]),
        height=float(height[best]),
        missing=float(missing[best]) if cut[best] > 6 else 0.0,
        headroom=float(headroom[best]),
        head=float(head.height / height[best]),
    )
