"""What stands behind the person in a reference picture: a fall of light from one colour to another, and how far from that it is."""

import itertools
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.colour import blur, decode, from_lab, lab_of, smoothstep, to_hex, to_lab
from engine.contract.pixels import Plane, Rgb8
from engine.faces.geometry import disc
from engine.references.reading import Ground

_LEAST_SEEN = 0.06
"""Share of the picture that must be free of people, so that the rest says something about the ground."""
_LOOSE = 0.014
"""What is left out around people, as a share of the height: hair and the light on its edge are no ground."""
_CENTRES = tuple(itertools.product((0.15, 0.35, 0.5, 0.65, 0.85), (0.1, 0.3, 0.42, 0.6, 0.85)))
_RADII = (0.6, 0.75, 0.95, 1.3)
LAYOUT = (4, 2)
"""Columns and rows in which the colours of a place are kept."""
_REACHES = (0.02, 0.08, 0.25, 0.8)
_DUSK = 42.0
"""L* above which small bright things are no lamps."""
_BRIGHTER = 12.0
_DUSK_FALL = (0.5, 0.35), 0.9
"""How the painter of city lights lets its ground fall off."""
_LAMPS = (0.003, 0.2)
"""Share of the ground that lamps take up."""


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    colours: NDArray[np.float64]
    """[2, 3]: inner and outer, CIELAB."""
    at: tuple[float, float]
    radius: float
    unrest: float


def ground_of(rgb: Rgb8, people: Plane) -> Ground | None:
    """The ground around `people` ([H, W] in [0, 1]); None where too little of it is seen."""
    height = people.shape[0]
    free = np.asarray(cv2.dilate(people, disc(_LOOSE * height))) < 0.15
    if free.mean() < _LEAST_SEEN:
        return None
    raw = to_lab(rgb / np.float32(255))
    lab = blur(raw * free[..., None], 0.008 * height)
    lab /= np.maximum(blur(free.astype(np.float32), 0.008 * height), 1e-3)[..., None]
    best = min((_fit(lab, free, at, radius) for at in _CENTRES for radius in _RADII), key=lambda fit: fit.unrest)
    spots = _spots(raw, free, best)
    lamps = _lamps(raw[spots]) if spots.any() else ()
    if lamps:
        best = replace(_fit(lab, free & ~spots, *_DUSK_FALL), unrest=best.unrest)
    inner, outer = _as_paint(lab, free & ~spots, best)
    return Ground(
        centre=_hex(inner),
        edge=_hex(outer),
        at=best.at,
        radius=best.radius,
        unrest=best.unrest,
        layout=_layout(raw, free),
        lamps=lamps,
    )


def _fit(lab: NDArray[np.float32], free: NDArray[np.bool_], at: tuple[float, float], radius: float) -> _Fit:
    """Two colours by least squares; held near each other where the picture shows only one end of the fall."""
    design, wanted = _sample(lab, free, at, radius)
    mean = wanted.mean(0)
    colours = _solved(design, wanted - mean) + mean
    off = np.linalg.norm(wanted - design @ colours, axis=1)
    return _Fit(colours, at, radius, float(np.sqrt(np.mean(np.minimum(off, 40) ** 2))))


def _as_paint(lab: NDArray[np.float32], free: NDArray[np.bool_], fit: _Fit) -> NDArray[np.float32]:
    """Inner and outer colour [2, 3] of the fit when they are mixed as light, which the painter does; none that is not seen."""
    design, wanted = _sample(lab, free, fit.at, fit.radius)
    low, high = np.percentile(wanted, 1, axis=0), np.percentile(wanted, 99, axis=0)
    colours = np.clip(fit.colours, low, high)
    for _ in range(3):
        mixed = lab_of(design.astype(np.float32) @ decode(from_lab(colours[None].astype(np.float32))[0]))
        colours = np.clip(colours + 0.8 * _solved(design, wanted - mixed), low, high)
    return np.asarray(colours, np.float32)


def _sample(
    lab: NDArray[np.float32], free: NDArray[np.bool_], at: tuple[float, float], radius: float
) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """Shares [n, 2] of inner and outer colour, and the colours [n, 3] that are seen there."""
    height, width = free.shape
    rows, columns = np.nonzero(free)
    step = max(1, len(rows) // 4000)
    rows, columns = rows[::step], columns[::step]
    across = (columns / width - at[0]) * width / height
    share = smoothstep(0, radius, np.hypot(across, rows / height - at[1]))
    return np.stack([1 - share, share], axis=1).astype(np.float64), lab[rows, columns]


def _solved(design: NDArray[np.float64], wanted: NDArray[np.float32]) -> NDArray[np.float64]:
    hold = 0.004 * len(wanted) * np.array([[1, -1], [-1, 1]])
    return np.asarray(np.linalg.solve(design.T @ design + hold + 1e-3 * np.eye(2), design.T @ wanted), np.float64)


def _spots(lab: NDArray[np.float32], free: NDArray[np.bool_], fit: _Fit) -> NDArray[np.bool_]:
    """Where small lights shine before the dark; nowhere by day."""
    bright = float(fit.colours[:, 0].max())
    spots = free & (lab[..., 0] > bright + _BRIGHTER)
    few = _LAMPS[0] < spots.sum() / free.sum() < _LAMPS[1]
    return np.asarray(spots if bright < _DUSK and few else np.zeros_like(free))


def _lamps(found: NDArray[np.float32]) -> tuple[str, ...]:
    """Six colours of lights, the dimmest first."""
    parts = np.array_split(found[np.argsort(found[:, 0], kind="stable")], 6)
    return tuple(_hex(part.mean(0)) for part in parts if len(part))


def _layout(lab: NDArray[np.float32], free: NDArray[np.bool_]) -> tuple[str, ...]:
    """Mean colours of a grid of two rows; where people stand, those of what is next to them."""
    height = free.shape[0]
    columns, rows = LAYOUT
    seen = free.astype(np.float32)
    filled = np.zeros((rows, columns, 3), np.float32)
    left = np.ones((rows, columns, 1), np.float32)
    for reach in _REACHES:
        weight = blur(seen, reach * height)
        colour = blur(lab * seen[..., None], reach * height)
        small = cv2.resize(colour, LAYOUT, interpolation=cv2.INTER_AREA)
        near = cv2.resize(weight, LAYOUT, interpolation=cv2.INTER_AREA)[..., None]
        share = left * smoothstep(0.1, 0.4, near) if reach != _REACHES[-1] else left
        filled += share * small / np.maximum(near, 1e-5)
        left = left - share
    return tuple(_hex(colour) for colour in filled.reshape(-1, 3))


def _hex(lab: NDArray[np.float32]) -> str:
    return to_hex(from_lab(np.asarray(lab, np.float32)[None, None])[0, 0])
