"""Similarity transforms, resampling and polygon masks. A matrix [2, 3] maps output pixels to source pixels."""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.contract.pixels import Plane, Points

Matrix = NDArray[np.float64]
"""float64 [2, 3]: affine map from output pixels to source pixels."""


def similarity(
    centre: tuple[float, float],
    source_px_per_px: float,
    angle_rad: float,
    size: tuple[int, int],
    anchor: tuple[float, float] = (0.5, 0.5),
) -> Matrix:
    """Matrix that puts the source point `centre` at the share `anchor` of an output of `size` (width, height)."""
    c, s = np.cos(angle_rad) * source_px_per_px, np.sin(angle_rad) * source_px_per_px
    turn = np.array([[c, -s], [s, c]])
    shift = np.asarray(centre, float) - turn @ np.array([anchor[0] * size[0], anchor[1] * size[1]])
    return np.asarray(np.c_[turn, shift], np.float64)


def invert(matrix: Matrix) -> Matrix:
    """The map the other way round."""
    return np.asarray(cv2.invertAffineTransform(matrix), np.float64)


def compose(outer: Matrix, inner: Matrix) -> Matrix:
    """First `inner`, then `outer`."""
    return np.asarray(np.c_[outer[:, :2] @ inner[:, :2], outer[:, :2] @ inner[:, 2] + outer[:, 2]], np.float64)


def transform(matrix: Matrix, points: NDArray[Any]) -> Points:
    """x, y of the points [n, 2 or 3] under the matrix: float32 [n, 2]."""
    return np.asarray(points[:, :2] @ matrix[:, :2].T + matrix[:, 2], np.float32)


def scale_of(matrix: Matrix) -> float:
    """Source pixels per output pixel."""
    return float(np.hypot(matrix[0, 0], matrix[1, 0]))


def sample(
    picture: NDArray[Any],
    matrix: Matrix,
    size: tuple[int, int],
    *,
    border: int = cv2.BORDER_REPLICATE,
    interpolation: int | None = None,
) -> NDArray[Any]:
    """Resample `picture` to `size` (width, height) without aliasing; Lanczos when enlarging, cubic when reducing a little."""
    k = scale_of(matrix)
    if interpolation is None:
        interpolation = cv2.INTER_LANCZOS4 if k < 1 else cv2.INTER_CUBIC
    if k > 1.6:
        shrink = 1.15 / k
        picture = cv2.resize(picture, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
        matrix = matrix * shrink
    flags = interpolation | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(picture, matrix, size, flags=flags, borderMode=border)


def polygon(shape: Sequence[int], points: NDArray[Any], feather_px: float = 0.0) -> Plane:
    """Anti-aliased filled polygon: float32 [H, W] in [0, 1], softened by a Gaussian of `feather_px`."""
    mask = np.zeros(tuple(shape[:2]), np.uint8)
    cv2.fillPoly(mask, [np.round(points[:, :2] * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    plane = mask.astype(np.float32) / 255
    return cv2.GaussianBlur(plane, (0, 0), feather_px) if feather_px > 0.3 else plane  # type: ignore[return-value]


def disc(radius_px: float) -> NDArray[np.uint8]:
    """Elliptic structuring element of about this radius."""
    side = 2 * max(0, int(radius_px)) + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)), np.uint8)
