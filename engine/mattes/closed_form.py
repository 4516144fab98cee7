"""The default `Matter`: segmentation → trimap → closed-form matting (Levin, Lischinski and Weiss, PAMI 2008) through pymatting,
with multi-level foreground colours (Germer et al. 2020). The solve runs in overlapping tiles, because its Laplacian takes
400 bytes a pixel.
"""

from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.colour import blur, guided, smoothstep
from engine.contract.faces import Face
from engine.contract.pixels import Plane, Rgb8
from engine.contract.ports import Matte
from engine.faces.geometry import disc
from engine.mattes.canvas import Canvas, lay
from engine.mattes.segment import person_probability
from engine.mattes.trimap import Trimap, trimap_of

CANVAS_PX = 1152
_TILE_OVERLAP = 0.06


class ClosedFormMatter:
    """Cuts a person out of a photo with hair kept; 0.5 to 2 s on two cores."""

    def __init__(self, most_px: int = CANVAS_PX, threads: int = 2) -> None:
        self._most_px = most_px
        self._threads = threads

    def matte(self, rgb: Rgb8, face: Face) -> Matte:
        """The person whose face this is; `face` in pixels of `rgb`."""
        from engine.mattes.solver import foreground_colours  # compiles on first use, only where a person is cut out

        canvas = lay(rgb, face, self._most_px)
        probability = person_probability(rgb, canvas.matrix, canvas.side, canvas.face.height_px, canvas.centre)
        trimap = trimap_of(canvas, probability)
        alpha = _attached(self._solve(canvas, trimap), trimap.main)
        alpha = _without_blobs(alpha, probability, canvas.face.height_px)
        alpha = _smoothed(alpha, probability, trimap)
        picture = canvas.picture.astype(np.float64) / 255
        foreground = foreground_colours(picture, alpha.astype(np.float64))
        return Matte(
            matrix=canvas.matrix,
            face=canvas.face,
            picture=canvas.picture,
            valid=canvas.valid,
            alpha=alpha,
            foreground=np.asarray(np.clip(foreground * 255 + 0.5, 0, 255), np.uint8),
            confidence=_confidence(alpha, trimap.plane) * _certainty(alpha, probability, canvas),
        )

    def _solve(self, canvas: Canvas, trimap: Trimap) -> Plane:
        picture = canvas.picture.astype(np.float64) / 255
        side = canvas.side
        half, margin = side // 2, int(_TILE_OVERLAP * side)
        spans = (slice(0, half + margin), slice(half - margin, side))
        tiles = [(rows, columns) for rows in spans for columns in spans]

        def one(tile: tuple[slice, slice]) -> NDArray[np.float64]:
            return _solve_tile(np.ascontiguousarray(picture[tile]), np.ascontiguousarray(trimap.plane[tile]))

        with ThreadPoolExecutor(self._threads) as pool:
            solved = list(pool.map(one, tiles))
        total, weights = np.zeros((side, side)), np.zeros((side, side))
        ramp = np.clip((np.arange(half + margin) + 0.5) / (2 * margin), 0, 1)
        for (rows, columns), alpha in zip(tiles, solved, strict=True):
            down = ramp[: alpha.shape[0]] if rows.start else ramp[: alpha.shape[0]][::-1]
            across = ramp[: alpha.shape[1]] if columns.start else ramp[: alpha.shape[1]][::-1]
            window = np.outer(down, across) + 1e-9
            total[rows, columns] += alpha * window
            weights[rows, columns] += window
        alpha = np.clip(total / weights, 0, 1)
        return np.asarray(np.clip((alpha - 0.06) / 0.90, 0, 1), np.float32)


def _solve_tile(picture: NDArray[np.float64], plane: NDArray[np.float64]) -> NDArray[np.float64]:
    unknown = (plane > 0) & (plane < 1)
    if not unknown.any():
        return plane
    if not (plane == 0).any() or not (plane == 1).any():  # nothing to compare with: the neighbours' tiles decide
        return np.where(unknown, 0.5, plane)
    from engine.mattes.solver import closed_form_alpha

    try:
        return closed_form_alpha(picture, plane)
    except ValueError:  # it could not be factorised, or ran out of steps
        grey = np.asarray(cv2.cvtColor(picture.astype(np.float32), cv2.COLOR_RGB2GRAY), np.float32)
        return guided(grey, plane.astype(np.float32), max(4, plane.shape[0] // 90), 1e-4).clip(0, 1).astype(np.float64)


def _attached(alpha: Plane, main: NDArray[np.uint8]) -> Plane:
    """Alpha without islands that are not joined to the person."""
    count, parts = cv2.connectedComponents((alpha > 0.12).astype(np.uint8))
    sizes = np.bincount(parts.ravel(), minlength=count)
    touching = np.unique(parts[(main > 0) & (alpha > 0.5)])
    kept = [i for i in touching if i > 0 and sizes[i] > 0.01 * main.sum()]
    near = np.clip(blur(np.isin(parts, kept).astype(np.float32), 2.0) * 1.6, 0, 1)
    return np.asarray(alpha * near, np.float32)


def _smoothed(alpha: Plane, probability: Plane, trimap: Trimap) -> Plane:
    """Alpha that follows the segmentation's smooth outline where colours cannot tell person from surroundings.

    The solver would follow compression blocks there: dark hair before a dark wall came out as a staircase.
    """
    outline = smoothstep(0.25, 0.75, probability)
    share = trimap.likeness * (trimap.plane == 0.5)
    share = blur(share.astype(np.float32), 2.0).clip(0, 1)
    return np.asarray(alpha * (1 - share) + outline * share, np.float32)


def _without_blobs(alpha: Plane, probability: Plane, face_px: float) -> Plane:
    """Alpha without thick patches that the segmentation doubts: surroundings of the person's own colour beside neck and ears.

    Hair strands are doubted as well, but they are thin and stay.
    """
    doubted = ((alpha > 0.2) & (probability < 0.55)).astype(np.uint8)
    thick = cv2.morphologyEx(doubted, cv2.MORPH_OPEN, disc(0.035 * face_px))
    grown = np.bitwise_and(cv2.dilate(thick, disc(0.015 * face_px)).astype(np.uint8), doubted)
    return np.asarray(alpha * (1 - blur(grown.astype(np.float32), 0.006 * face_px)).clip(0, 1), np.float32)


def _certainty(alpha: Plane, probability: Plane, canvas: Canvas) -> float:
    """In [0.4, 1]: falls with the area around head and neck that the matte kept although the segmentation doubts it."""
    face_px = canvas.face.height_px
    near = slice(0, int(canvas.centre[1] + 1.3 * face_px))
    doubt = ((alpha[near] > 0.5) & (probability[near] < 0.8) & (canvas.valid[near] > 0.5)).astype(np.uint8)
    thick = cv2.morphologyEx(doubt, cv2.MORPH_OPEN, disc(0.03 * face_px))
    return float(1 - np.clip(4 * thick.sum() / face_px**2, 0, 0.6))


def _confidence(alpha: Plane, plane: NDArray[np.float64]) -> float:
    """1 - mean of 4 α (1 - α) over the unknown band: a solver that could tell person from background leaves few greys."""
    band = plane == 0.5
    return float(1 - np.mean(4 * alpha[band] * (1 - alpha[band]))) if band.any() else 1.0
