"""How the photo is framed: hair or face cut by its edge, shoulders, and how busy the background is."""

from dataclasses import dataclass

import cv2
import numpy as np

from engine.contract.faces import Face
from engine.contract.pixels import Rgb8
from engine.faces import landmarks as lm
from engine.intake.figure import Figure

_SMALL_PX = 160


@dataclass(frozen=True, slots=True)
class Framing:
    """Measures of the frame; widths are in face widths (ear to ear)."""

    face_cut: float
    """Share of the face outline outside the photo (ISO/IEC 29794-5: leftward, rightward crop)."""
    hair_cut: float
    """Width of the head where the photo's upper or side edge cuts it, above the eyes (margin above)."""
    shoulders: float
    """Widest part of the person between chin and chest: neck about 0.8, both shoulders above 1.6 (margin below)."""
    background: float
    """In [0, 1]: how busy the surround is (background uniformity, turned round). Only lowers trust in the cut-out."""


def framing(rgb: Rgb8, face: Face, figure: Figure) -> Framing:
    """All measures of the frame."""
    height, width = rgb.shape[:2]
    outline = face.mesh[lm.OVAL, :2]
    outside = (outline < 0).any(1) | (outline[:, 0] > width - 1) | (outline[:, 1] > height - 1)
    face_width_px = max(float(np.hypot(*(figure.mesh[lm.EAR_LEFT] - figure.mesh[lm.EAR_RIGHT]))), 1.0)
    return Framing(
        face_cut=float(outside.mean()),
        hair_cut=_hair_cut_px(figure) / face_width_px,
        shoulders=_shoulders_px(figure) / face_width_px,
        background=_busyness(rgb, face),
    )


def _hair_cut_px(figure: Figure) -> float:
    """Length of the photo's edge that runs through the person above the eyes."""
    beyond = (~figure.inside).astype(np.uint8)
    edge = (cv2.dilate(beyond, np.ones((3, 3), np.uint8)) > 0) & figure.inside
    cut = edge & (figure.person > 0.6)
    return float(cut[: figure.row(lm.NOSE_BRIDGE)].sum())


def _shoulders_px(figure: Figure) -> float:
    band = slice(figure.row(lm.CHIN, 0.25), figure.row(lm.CHIN, 0.8) + 1)
    seen = (figure.person[band] > 0.5) & figure.inside[band]
    return float(seen.sum(1).max()) if len(seen) else 0.0


def _busyness(rgb: Rgb8, face: Face) -> float:
    """Share of pixels with an edge beside and above the head."""
    height, width = rgb.shape[:2]
    k = _SMALL_PX / width
    size = (_SMALL_PX, max(1, round(height * k)))
    grey = (
        cv2.cvtColor(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    )
    edges = np.hypot(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)) / 4
    rows, columns = np.mgrid[0 : size[1], 0 : size[0]]
    x, y, w, h = (v * k for v in face.box)
    beside = (columns < x - 0.3 * w) | (columns > x + 1.3 * w) | (rows < y - 0.5 * h)
    beside &= rows < y + 1.3 * h
    return float(np.clip((edges > 0.06)[beside].mean() / 0.5, 0, 1)) if beside.sum() > 50 else 0.0
