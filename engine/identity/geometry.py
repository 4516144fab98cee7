"""Proportions of a face, free of scale and pose, from the 3-D mesh.

Each selfie's mesh is turned and scaled onto the others (generalised Procrustes analysis, Gower 1975), frontal photos
count more, and 16 distances of the mean shape are taken relative to their geometric mean. They are logarithms, so
a difference of 0.01 is one per cent.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.contract.faces import Face
from engine.contract.pixels import Points, Vector

DISTANCES: dict[str, tuple[int, int]] = {
    "eyes_outer": (33, 263),
    "eyes_inner": (133, 362),
    "eye_right": (33, 133),
    "eye_left": (362, 263),
    "brow_to_eye_right": (105, 159),
    "brow_to_eye_left": (334, 386),
    "brows_inner": (55, 285),
    "nose_length": (168, 2),
    "nose_width": (129, 358),
    "nose_bridge": (193, 417),
    "face_width": (234, 454),
    "jaw_width": (172, 397),
    "chin_width": (149, 378),
    "temple_width": (54, 284),
    "face_height": (10, 152),
    "nose_to_lip": (2, 0),
}
"""Name → two mesh points, the sitter's right first."""
_ROUNDS = 3


def proportions(mesh: Points) -> Vector:
    """float32 [16]: log of each distance over their geometric mean, in the order of `DISTANCES`."""
    pairs = np.asarray(list(DISTANCES.values()))
    lengths = np.linalg.norm(mesh[pairs[:, 0]] - mesh[pairs[:, 1]], axis=1)
    logs = np.log(np.maximum(lengths, 1e-6))
    return np.asarray(logs - logs.mean(), np.float32)


def mean_shape(faces: Sequence[Face], weights: Sequence[float]) -> Points:
    """float32 [468, 3]: weighted Procrustes mean; weight × cos² yaw, since a turned mesh is flattened on its far side."""
    turn = np.cos(np.radians([face.yaw_deg for face in faces])) ** 2
    share = np.asarray(weights) * np.maximum(turn, 0.05)
    share = share / share.sum()
    shapes = [_normal(face.mesh.astype(np.float64)) for face in faces]
    mean = shapes[int(np.argmax(share))]
    for _ in range(_ROUNDS if len(shapes) > 1 else 0):
        turned = [shape @ _rotation(shape, mean) for shape in shapes]
        mean = _normal(sum(w * shape for w, shape in zip(share, turned, strict=True)))
    return np.asarray(mean, np.float32)


def geometry_drift(source: Face, other: Face) -> float:
    """Median change of the proportions between two faces as a share: 0.02 = the typical distance is 2 % off."""
    return float(np.median(np.abs(proportions(source.mesh) - proportions(other.mesh))))


def _normal(shape: NDArray[np.float64] | float) -> NDArray[np.float64]:
    points = np.asarray(shape, np.float64)
    centred = points - points.mean(0)
    return np.asarray(centred / np.sqrt((centred**2).sum(1).mean()))


def _rotation(shape: NDArray[np.float64], onto: NDArray[np.float64]) -> NDArray[np.float64]:
    """Right-handed rotation [3, 3] that turns the rows of `shape` onto `onto` best (Kabsch 1976)."""
    u, _, vt = np.linalg.svd(shape.T @ onto)
    u[:, -1] *= np.sign(np.linalg.det(u @ vt))
    return np.asarray(u @ vt)
