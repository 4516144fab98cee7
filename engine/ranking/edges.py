"""The outline of the head against the backdrop: no fringe of the old background, neither cut with scissors nor mushy.

Rays run from the middle of the face outwards. On each, the backdrop is what lies outside and the person what lies inside;
between the two, colours should lie on the straight line from one to the other.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.colour import to_lab
from engine.contract.faces import Face
from engine.contract.pixels import Rgb8
from engine.faces import landmarks as lm
from engine.ranking.bells import ramp

_RAYS, _SAMPLES = 96, 72
_FROM, _TO = 0.50, 1.25
"""Along a ray, in face heights from the middle of the face."""
_DIFFERENT = 14.0
"""CIELAB distance from which a sample is no longer backdrop."""
_SMOOTH = 7.0
"""Backdrops that vary more than this along a ray hide their edge, and need no judging."""
_TINTED = 8.0
"""A fringe that is nearer than this to the mix of both sides is none."""


@dataclass(frozen=True, slots=True)
class Outline:
    """What was seen along the rays that show an edge."""

    fringe: float
    """Mean CIELAB distance of the edge zone from the mix of person and backdrop; rims of light count little."""
    width: float
    """Median width of the edge, as a share of the face height."""
    rays: int
    """How many rays could be judged."""


def edges(rgb: Rgb8, face: Face, framing: Mapping[str, float]) -> float:
    """In [0, 1]. `framing` may hold "edge_risk", what the renderer knows about hair it could not tell from the background."""
    seen = outline(rgb, face)
    halo = 1.0 - 0.6 * ramp(seen.fringe, 2.0, 16.0)
    hardness = 1.0 - 0.3 * ramp(seen.width, 0.10, 0.22) - 0.3 * ramp(seen.width, 0.012, 0.004)
    known = 1.0 - 0.6 * min(1.0, max(0.0, framing.get("edge_risk", 0.0)))
    return (halo * hardness if seen.rays >= 8 else 1.0) * known


def outline(rgb: Rgb8, face: Face) -> Outline:
    """Measures of the head's outline from ear over the hair to ear."""
    polar = _polar(rgb, face)
    backdrop = np.median(polar[:, -12:], axis=1, keepdims=True)
    quiet = np.abs(polar[:, -12:] - backdrop).max(axis=(1, 2)) < _SMOOTH
    away = np.linalg.norm(polar - backdrop, axis=2)
    fringes, widths = [], []
    for ray in np.flatnonzero(quiet):
        out = np.flatnonzero(away[ray] > _DIFFERENT)
        if len(out) == 0 or out[-1] < 4 or out[-1] > _SAMPLES - 14:
            continue
        fringe, width = _edge(polar[ray], backdrop[ray, 0], int(out[-1]))
        fringes.append(fringe)
        widths.append(width)
    if not fringes:
        return Outline(0.0, 0.05, 0)
    step = (_TO - _FROM) / (_SAMPLES - 1)
    return Outline(float(np.mean(fringes)), float(np.median(widths)) * step, len(fringes))


def _polar(rgb: Rgb8, face: Face) -> NDArray[np.float32]:
    """CIELAB [rays, samples, 3] from the upper half of the head, turned with it."""
    centre = face.mesh[lm.OVAL, :2].mean(0)
    angles = np.radians(np.linspace(-190, 10, _RAYS) + face.roll_deg)[:, None]
    radii = (np.linspace(_FROM, _TO, _SAMPLES) * face.height_px)[None]
    x = np.asarray(centre[0] + radii * np.cos(angles), np.float32)
    y = np.asarray(centre[1] + radii * np.sin(angles), np.float32)
    height, width = rgb.shape[:2]
    inside = (x >= 0) & (x <= width - 1) & (y >= 0) & (y <= height - 1)
    soft = cv2.GaussianBlur(rgb, (0, 0), max(0.3, 0.0025 * face.height_px))
    found = cv2.remap(soft, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    lab = to_lab(found.astype(np.float32) / 255)
    lab[~inside.all(axis=1)] = lab[~inside.all(axis=1), :1]  # a ray that leaves the picture has no edge
    return lab


def _edge(ray: NDArray[np.float32], backdrop: NDArray[np.float32], last: int) -> tuple[float, float]:
    """Fringe in CIELAB and width in samples of the edge whose outermost sample is `last`."""
    inner = max(0, last - 10)
    person = np.median(ray[max(0, inner - 8) : inner + 1], axis=0)
    axis = person - backdrop
    length = float(np.linalg.norm(axis))
    if length < _DIFFERENT:
        return 0.0, 6.0
    zone = ray[inner : last + 3] - backdrop
    along = zone @ axis / length**2
    off = zone - np.clip(along, 0, 1)[:, None] * axis
    off[:, 0] *= 0.5  # light that grazes the edge is wanted
    distance = np.linalg.norm(off, axis=1)
    beyond = zone[:, 0] * np.sign(axis[0]) < -2  # brighter than a bright backdrop, darker than a dark one: a halo
    fringe = float(np.maximum(distance * np.where(beyond, 1.5, 1.0) - _TINTED, 0).mean())
    return fringe, float(((along > 0.15) & (along < 0.85)).sum())
