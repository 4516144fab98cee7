"""From a soft person mask to a trimap: sure person, sure background, and the band that the matting solver decides.

The band is wide around hair and narrow at shoulders. Local colours then correct the mask where it is plainly wrong: wedges
of background under the ears, bright signs behind hair, the cast shadow of the head on a near wall.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.colour import blur, smoothstep, to_lab
from engine.contract.pixels import Plane
from engine.faces import landmarks as lm
from engine.faces.geometry import disc, polygon
from engine.mattes.canvas import Canvas, spread

_REDUCE = 3
"""Colour statistics are taken at a third of the size."""


@dataclass(frozen=True, slots=True, eq=False)
class Trimap:
    """0 background, 1 person, 0.5 unknown: float64 [N, N]; and the mask it came from."""

    plane: NDArray[np.float64]
    main: NDArray[np.uint8]
    """1 on the one connected person that holds the face."""
    likeness: Plane
    """How alike person and surroundings are where they meet, in [0, 1]: 1 = black hair before a black wall."""


def trimap_of(canvas: Canvas, probability: Plane) -> Trimap:
    """Trimap of the person whose face the canvas is built around; `probability` in [0, 1] on the canvas."""
    side, face_px = canvas.side, canvas.face.height_px
    probability = spread(probability, _eroded(canvas.valid, 0.008 * face_px))
    main = _person_of(canvas, probability)
    inside = cv2.distanceTransform(main, cv2.DIST_L2, 5)
    outside = cv2.distanceTransform(1 - main, cv2.DIST_L2, 5)

    rows = np.arange(side, dtype=np.float32)[:, None]
    chin = float(canvas.face.mesh[lm.CHIN, 1])
    hair = 1 - smoothstep(chin + 0.15 * face_px, chin + 0.60 * face_px, rows)
    unsure = blur(((probability > 0.08) & (probability < 0.92)).astype(np.float32), 0.03 * face_px)
    reach_out = (0.028 + 0.060 * hair + 0.05 * np.clip(unsure * 2, 0, 1)) * face_px
    reach_in = (0.022 + 0.038 * hair + 0.03 * np.clip(unsure * 2, 0, 1)) * face_px

    plane = np.full((side, side), 0.5)
    plane[outside > reach_out] = 0
    plane[(inside > reach_in) & (probability > 0.85)] = 1
    plane[(probability < 0.03) & (outside > 0.012 * face_px) & (outside > 0.4 * reach_out)] = 0
    oval = polygon((side, side), canvas.face.mesh[lm.OVAL])
    plane[cv2.erode(oval, disc(0.06 * face_px)) > 0.5] = 1
    alike = _correct_by_colour(plane, canvas, probability, np.asarray(inside), np.asarray(outside))
    plane[canvas.valid <= 0.5] = (probability[canvas.valid <= 0.5] > 0.5).astype(float)
    return Trimap(plane, main, alike)


def _eroded(valid: Plane, by_px: float) -> Plane:
    steps = max(2, int(by_px))
    kernel = np.ones((3, 3), np.uint8)
    shrunk = cv2.erode(
        (valid > 0.99).astype(np.uint8), kernel, iterations=steps, borderType=cv2.BORDER_CONSTANT, borderValue=1
    )
    return np.asarray(shrunk, np.float32)


def _person_of(canvas: Canvas, probability: Plane) -> NDArray[np.uint8]:
    _, parts = cv2.connectedComponents((probability > 0.5).astype(np.uint8))
    x, y = (int(v) for v in canvas.centre)
    here = parts[y, x]
    main = (parts == here) if here else (probability > 0.5)
    opened = cv2.morphologyEx(main.astype(np.uint8), cv2.MORPH_OPEN, disc(0.025 * canvas.face.height_px))
    return np.asarray(opened, np.uint8)


def _correct_by_colour(
    plane: NDArray[np.float64], canvas: Canvas, probability: Plane, inside: Plane, outside: Plane
) -> Plane:
    face_px, side = canvas.face.height_px, canvas.side
    small = (side // _REDUCE, side // _REDUCE)

    def reduced(mask: NDArray[np.bool_]) -> Plane:
        return np.asarray(cv2.resize(mask.astype(np.float32), small, interpolation=cv2.INTER_AREA), np.float32)

    def full(mask: NDArray[np.bool_], above: float) -> NDArray[np.bool_]:
        return np.asarray(cv2.resize(mask.astype(np.float32), (side, side)) > above)

    lab = to_lab(cv2.resize(canvas.picture, small, interpolation=cv2.INTER_AREA).astype(np.float32) / 255)
    sigma = 0.10 * face_px / _REDUCE
    away = reduced((outside > 0.02 * face_px) & (probability < 0.10) & (canvas.valid > 0.5))
    core = reduced((inside > 0.10 * face_px) & (probability > 0.95))
    seen_away, seen_core = blur(away, sigma), blur(core, sigma)
    background = _mean_around(lab, away, seen_away, sigma)
    person = _mean_around(lab, core, seen_core, sigma)
    weights = np.array([2.0, 1.0, 1.0], np.float32) * 0.8
    to_background = np.linalg.norm((lab - background) * weights, axis=2)
    to_person = np.linalg.norm((lab - person) * weights, axis=2)
    known = seen_away > 0.002

    # looks like the wall beside it and not like the person: the solver decides, or it is plainly background
    doubtful = full((to_background < 14) & (to_person > 1.6 * to_background + 8) & known, 0.3)
    plane[doubtful & (inside < 0.16 * face_px) & (inside > 0)] = 0.5
    wrong = ((to_background < 10) & (to_person > 2.5 * to_background + 22) & known).astype(np.uint8)
    wrong = cv2.erode(wrong, np.ones((3, 3), np.uint8)).astype(np.uint8)
    _, parts = cv2.connectedComponents(wrong)
    joined = np.unique(parts[(wrong > 0) & (reduced(probability < 0.1) > 0.5)])
    plane[full(np.isin(parts, joined[joined > 0]), 0.6) & (inside < 0.18 * face_px)] = 0
    # colours that the person does not have, just outside the mask: bright signs and lamps behind hair
    strange = full((np.linalg.norm((lab - person)[..., 1:], axis=2) > 30) & (seen_core > 0.01), 0.5)
    plane[strange & (plane == 0.5) & (outside > 0.010 * face_px)] = 0
    crown = np.arange(side)[:, None] < canvas.face.mesh[lm.NOSE_BRIDGE, 1]
    plane[strange & crown & (inside < 0.06 * face_px)] = 0
    # a smooth, darker copy of the wall just outside the mask: the cast shadow of the head
    shade = full(_shadow(lab, background, person, sigma) & known, 0.6)
    plane[shade & (plane == 0.5) & (outside > 0.012 * face_px)] = 0
    apart = np.linalg.norm((background - person) * weights, axis=2)
    alike = np.where(known & (seen_core > 0.002), 1 - smoothstep(18, 40, apart), 0)
    return np.asarray(cv2.resize(alike.astype(np.float32), (side, side)), np.float32)


def _mean_around(lab: NDArray[np.float32], where: Plane, seen: Plane, sigma: float) -> NDArray[np.float32]:
    return np.asarray(blur(lab * where[..., None], sigma) / np.maximum(seen, 1e-4)[..., None], np.float32)


def _shadow(
    lab: NDArray[np.float32], background: NDArray[np.float32], person: NDArray[np.float32], sigma: float
) -> NDArray[np.bool_]:
    darker = background[..., 0] - lab[..., 0]
    lightness = np.maximum(lab[..., 0] / np.maximum(background[..., 0], 1), 0.05)
    chroma = np.linalg.norm(lab[..., 1:] - background[..., 1:] * lightness[..., None], axis=2)
    grain = np.abs(lab[..., 0] - blur(lab[..., 0], max(1.0, 0.12 * sigma)))
    smooth = blur(grain, max(1.0, 0.2 * sigma)) < 1.2
    unlike = lab[..., 0] - person[..., 0] > 12
    return np.asarray((darker > 3) & (darker < 38) & (chroma < 6.5) & smooth & unlike)
