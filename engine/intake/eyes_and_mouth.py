"""Whether eyes and mouth can be seen: closed eyes, dark glasses, masks and hands in front of the face."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.contract.faces import Face
from engine.contract.pixels import Points
from engine.faces import landmarks as lm
from engine.intake.face_patch import FacePatch, Mask, chroma

_GREY_CHROMA = 3.0
_CHEEK_RIGHT = [117, 50, 36, 101]
_CHEEK_LEFT = [346, 280, 266, 330]


@dataclass(frozen=True, slots=True)
class Openness:
    """Geometry of eyes and mouth."""

    eyes: float
    """Opening / width of the narrower eye: closed below 0.18, ordinary 0.25-0.4."""
    mouth: float
    """Inner lip opening / mouth width: closed below 0.05, teeth or speech above 0.12."""


@dataclass(frozen=True, slots=True)
class Visibility:
    """What stands between camera and face. In [0, 1], 1 = free."""

    eyes: float
    """ISO/IEC 29794-5: eyes visible. Low behind dark glasses or with a hand or hair over one eye."""
    mouth: float
    """ISO/IEC 29794-5: mouth occlusion prevention. Low with a mask, a scarf or a hand in front of it."""


def openness(face: Face) -> Openness:
    """From the iris model's eye contour and the mesh, half each."""
    mesh = face.mesh[:, :2]
    right = (_aspect(face.eye_right[:16]) + _lid_ratio(mesh, (159, 145), (158, 153), (160, 144), (33, 133))) / 2
    left = (_aspect(face.eye_left[:16]) + _lid_ratio(mesh, (386, 374), (385, 380), (387, 373), (362, 263))) / 2
    mouth = _distance(mesh, 13, 14) / max(_distance(mesh, lm.MOUTH_RIGHT, lm.MOUTH_LEFT), 1e-3)
    return Openness(min(right, left), mouth)


def _distance(mesh: Points, a: int, b: int) -> float:
    d = mesh[a, :2] - mesh[b, :2]
    return float(np.hypot(d[0], d[1]))


def _lid_ratio(mesh: Points, *pairs: tuple[int, int]) -> float:
    """Soukupová & Čech 2016: mean of three lid distances over the distance of the corners (the last pair)."""
    *lids, corners = pairs
    return sum(_distance(mesh, a, b) for a, b in lids) / (3 * max(_distance(mesh, *corners), 1e-3))


def _aspect(contour: Points) -> float:
    """Extent across / along the eye's own axis."""
    centred = contour - contour.mean(0)
    axes = np.linalg.svd(centred, full_matrices=False)[2]
    along, across = np.ptp(centred @ axes.T, axis=0)
    return float(across / max(float(along), 1e-3))


def visibility(patch: FacePatch) -> Visibility:
    """Eyes and mouth are where the mesh says, or it only guesses them: then their edges and colours are missing.

    Skin-coloured hands and beige masks are found as well as dark ones, since nothing is asked of their colour.
    """
    grey = cv2.GaussianBlur(patch.grey, (0, 0), max(0.6, patch.side_px / 270))
    across, down = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    edges = np.asarray(np.hypot(across, down) / 8, np.float32)
    eye_edges = [_mean(edges, patch.region(eye, grow=0.01)) for eye in (lm.EYE_RIGHT, lm.EYE_LEFT)]
    eyes = min(1.0 - _dark_glasses(patch), _weaker_eye(patch, eye_edges))
    return Visibility(eyes=eyes, mouth=_mouth(patch, edges, float(np.mean(eye_edges))))


def _mean(plane: NDArray[np.float32], mask: Mask) -> float:
    return float(plane[mask].mean()) if mask.any() else 0.0


def _median(lab: NDArray[np.float32], mask: Mask) -> NDArray[np.float32]:
    return np.asarray(np.median(lab[mask], 0) if mask.any() else np.zeros(3), np.float32)


def _dark_glasses(patch: FacePatch) -> float:
    """Under the eyes much darker than the cheeks, and without the colour of skin; in a grey photo: and no eyes in it."""
    under_eyes = _median(patch.lab, patch.outline(lm.BAG_RIGHT) | patch.outline(lm.BAG_LEFT))
    cheeks = _median(patch.lab, patch.region(_CHEEK_RIGHT) | patch.region(_CHEEK_LEFT))
    darker = np.clip((cheeks[0] - under_eyes[0] - 14) / 14, 0, 1)
    if float(chroma(cheeks)) < _GREY_CHROMA:
        return float(darker * np.clip((20 - max(_eye_contrasts(patch))) / 10, 0, 1))
    return float(darker * np.clip((22 - float(chroma(under_eyes))) / 10, 0, 1))


def _eye_contrasts(patch: FacePatch) -> list[float]:
    """Range of L* in each eye: iris against white, 30-80 when seen."""
    contrasts = []
    for eye in (lm.EYE_RIGHT, lm.EYE_LEFT):
        lightness = patch.lab[..., 0][patch.region(eye)]
        contrasts.append(float(np.ptp(np.percentile(lightness, [5, 95]))) if len(lightness) else 0.0)
    return contrasts


def _weaker_eye(patch: FacePatch, eye_edges: list[float]) -> float:
    """Visibility of the less visible eye, by its edges against the other's and by iris against white."""
    likeness = min(eye_edges) / max(*eye_edges, 1e-3)
    contrasts = _eye_contrasts(patch)
    return float(np.clip(max((likeness - 0.36) / 0.12, (min(contrasts) - 14) / 6), 0, 1))


def _mouth(patch: FacePatch, edges: NDArray[np.float32], eye_edges: float) -> float:
    """Lips differ from the skin around them in colour or lightness, or at least show edges as the eyes do."""
    lips = patch.outline(lm.LIPS)
    around = patch.region(lm.LIPS, grow=0.035) & ~patch.region(lm.LIPS, grow=0.012)
    difference = _median(patch.lab, lips) - _median(patch.lab, around)
    edge_ratio = _mean(edges, patch.region(lm.LIPS, grow=0.01)) / max(eye_edges, 1e-3)
    signs = (float(chroma(difference)) / 1.6 - 0.3, abs(float(difference[0])) / 2.5 - 1.0, (edge_ratio - 0.3) / 0.2)
    return float(np.clip(max(signs), 0, 1))
