"""Where skin, eyes, lips, hair and clothes are, softly, on the canvas of one selfie."""

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.colour import blur, encode, guided, smoothstep, to_lab
from engine.contract.faces import Face
from engine.contract.pixels import Linear, Plane, Points
from engine.faces import landmarks as lm
from engine.faces.geometry import disc, polygon

_HOLES = ((lm.LIPS, 0.012), (lm.EYE_RIGHT, 0.03), (lm.EYE_LEFT, 0.03), (lm.BROW_RIGHT, 0.018), (lm.BROW_LEFT, 0.018))
"""What is not skin inside the face oval, with its growth in face heights."""


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """Soft masks in [0, 1], float32 [N, N]."""

    face: Plane
    """The face oval."""
    skin: Plane
    """Bare skin inside the oval."""
    skin_all: Plane
    """Skin of neck, ears and arms as well."""
    likeness: Plane
    """How much a pixel has the colour of the cheeks."""
    eyes: Plane
    sclera: Plane
    iris: Plane
    mouth: Plane
    bags: Plane
    """Under the eyes."""
    skin_lab: NDArray[np.float32]
    """Median CIELAB of the cheeks [3]."""


def parts_of(foreground: Linear, alpha: Plane, face: Face) -> Parts:
    """Masks of one sitter; everything in canvas pixels."""
    shape, mesh, face_px = alpha.shape, face.mesh, face.height_px
    oval = polygon(shape, mesh[lm.OVAL])
    holes = np.zeros(shape, np.float32)
    for points, growth in _HOLES:
        holes = np.maximum(holes, cv2.dilate(polygon(shape, mesh[points]), disc(growth * face_px)))
    lab = to_lab(encode(foreground))
    seed = np.zeros(shape, np.uint8)
    for index in lm.CHEEKS_AND_BROW:
        x, y = (int(v) for v in mesh[index, :2])
        cv2.circle(seed, (x, y), max(3, int(0.055 * face_px)), 1, -1)
    cheeks = lab[(seed > 0) & (oval > 0.5)]
    if len(cheeks) < 30:
        cheeks = lab[oval > 0.5]
    median = np.median(cheeks, axis=0)
    spread = np.maximum(1.48 * np.median(np.abs(cheeks - median), axis=0), [6, 2.5, 2.5])
    apart = ((lab - median) / (spread * [3.2, 2.2, 2.2])).astype(np.float32)
    apart[..., 0] *= np.where(apart[..., 0] < 0, 0.6, 0.8)
    like = cv2.blur(np.exp(-0.5 * (apart**2).sum(2)).astype(np.float32), (5, 5))
    skin = blur(oval * (1 - holes) * smoothstep(0.12, 0.45, like), 0.008 * face_px).clip(0, 1)
    skin_all = blur(smoothstep(0.25, 0.6, like) * alpha * (1 - holes), 0.01 * face_px).clip(0, 1)
    eyes = _union(shape, mesh, (lm.EYE_RIGHT, lm.EYE_LEFT))
    iris = _irises(shape, (face.iris_right, face.iris_left))
    whites = cv2.erode(eyes, np.ones((3, 3))) * (1 - cv2.dilate(iris, np.ones((3, 3))))
    bags = blur(_union(shape, mesh, (lm.BAG_RIGHT, lm.BAG_LEFT)), 0.02 * face_px)
    return Parts(
        face=blur(oval, 0.02 * face_px),
        skin=np.asarray(skin, np.float32),
        skin_all=np.asarray(skin_all, np.float32),
        likeness=np.asarray(like, np.float32),
        eyes=eyes,
        sclera=np.asarray(whites, np.float32),
        iris=iris,
        mouth=polygon(shape, mesh[lm.MOUTH]),
        bags=bags,
        skin_lab=np.asarray(median, np.float32),
    )


def _union(shape: tuple[int, ...], mesh: Points, groups: Iterable[list[int]]) -> Plane:
    mask = np.zeros(shape, np.float32)
    for points in groups:
        mask = np.maximum(mask, polygon(shape, mesh[points]))
    return mask


def _irises(shape: tuple[int, ...], irises: Iterable[Points]) -> Plane:
    mask = np.zeros(shape, np.float32)
    for iris in irises:
        radius = float(np.linalg.norm(iris[1:] - iris[0], axis=1).mean()) * 1.12
        centre = (int(iris[0, 0]), int(iris[0, 1]))
        cv2.circle(mask, centre, max(1, int(radius)), 1.0, -1)
    return mask


def clothing(foreground: Linear, alpha: Plane, parts: Parts, face: Face) -> Plane:
    """Soft mask of the garment [N, N]: colours of skin, hair and cloth are learned from this photo and compared."""
    reduce = 3
    h, w = alpha.shape[0] // reduce, alpha.shape[1] // reduce
    lab = to_lab(encode(cv2.resize(foreground, (w, h), interpolation=cv2.INTER_AREA)))
    small_alpha = cv2.resize(alpha, (w, h), interpolation=cv2.INTER_AREA)
    like = cv2.resize(parts.likeness, (w, h), interpolation=cv2.INTER_AREA)
    mesh, face_px, face_w = face.mesh / reduce, face.height_px / reduce, face.width_px / reduce
    chin = mesh[lm.CHIN]
    rows, columns = np.mgrid[0:h, 0:w].astype(np.float32)
    aside = np.abs(columns - chin[0]) / face_w
    oval = polygon((h, w), mesh[lm.OVAL])
    around = cv2.dilate(oval, np.ones((int(0.06 * face_px) | 1,) * 2))
    solid = small_alpha > 0.9
    hair = solid & (rows < mesh[lm.FOREHEAD, 1] - 0.03 * face_px) & (like < 0.5)
    hair |= solid & (rows < mesh[1, 1]) & (around < 0.1) & (aside > 0.56) & (aside < 0.8) & (like < 0.25)
    cloth = (
        solid & (rows > chin[1] + 0.55 * face_px) & (like < 0.20) & ((aside > 0.55) | (rows > chin[1] + 0.95 * face_px))
    )
    if cloth.sum() < 150:
        cloth = solid & (rows > chin[1] + 0.40 * face_px) & (like < 0.25)
    skin = solid & ((cv2.resize(parts.skin, (w, h)) > 0.7) | ((like > 0.6) & (rows > chin[1])))
    if cloth.sum() < 60:
        return np.zeros(alpha.shape, np.float32)
    p_hair, p_cloth, p_skin = _histograms(lab, (hair, cloth, skin))
    below = smoothstep(float(chin[1] - 0.05 * face_px), float(chin[1] + 0.35 * face_px), rows)
    p_hair = p_hair * (1 - 0.45 * below) * np.exp(-np.clip(aside - 0.75, 0, 9) * 3 * below)
    lowered = rows + (aside > 0.5) * 0.15 * face_px
    p_cloth = p_cloth * smoothstep(float(chin[1] - 0.12 * face_px), float(chin[1] + 0.25 * face_px), lowered)
    p_skin = p_skin * (1 + 1.5 * like)
    share = (p_cloth / (p_hair + p_cloth + p_skin + 1e-9)).astype(np.float32)
    guide = np.asarray(lab[..., 0] / 100, np.float32)
    for _ in range(2):
        share = guided(guide, cv2.medianBlur(share, 5), int(0.05 * face_px), 1e-3).clip(0, 1)
    share = smoothstep(0.3, 0.7, share) * small_alpha * (1 - around)
    return np.asarray(cv2.resize(share, alpha.shape[::-1], interpolation=cv2.INTER_CUBIC).clip(0, 1), np.float32)


def _histograms(lab: NDArray[np.float32], seeds: Iterable[NDArray[np.bool_]]) -> list[NDArray[np.float32]]:
    from scipy.ndimage import gaussian_filter

    bins = np.array([20, 32, 32])
    cell = np.clip((lab - [0, -64, -64]) / [100, 128, 128] * bins, 0, bins - 1).astype(int)
    index = (cell[..., 0] * bins[1] + cell[..., 1]) * bins[2] + cell[..., 2]
    found = []
    for seed in seeds:
        counts = np.bincount(index[seed], minlength=int(bins.prod())).astype(np.float32).reshape(bins)
        smooth = gaussian_filter(counts, 1.0)
        found.append(np.asarray((smooth / max(float(smooth.sum()), 1.0) + 2e-6).ravel()[index], np.float32))
    return found
