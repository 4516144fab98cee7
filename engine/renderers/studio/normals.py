"""Which way each part of the sitter faces: the face mesh joined to an inflated silhouette."""

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.colour import blur
from engine.contract.faces import Face
from engine.contract.pixels import Plane
from engine.faces import landmarks as lm
from engine.faces.geometry import polygon
from engine.mattes.canvas import spread

SIDE_PX = 192


def normals_of(alpha: Plane, valid: Plane, face: Face) -> NDArray[np.float32]:
    """Unit normals float32 [192, 192, 3] on the canvas: x right, y down, z to the viewer.

    The silhouette is inflated to h = √(d (2R - d)), d = distance to the edge; the mesh's own depth replaces it inside the
    face, joined by carrying the difference at the rim smoothly inward.
    """
    n = SIDE_PX
    scale = n / alpha.shape[0]
    mesh, face_px = face.mesh[:, :2] * scale, face.height_px * scale
    small = cv2.resize(alpha, (n, n), interpolation=cv2.INTER_AREA)
    inside = spread(
        np.asarray(small, np.float32), np.asarray(cv2.resize(valid, (n, n), interpolation=cv2.INTER_AREA) + 0.09)
    )
    up, down = n // 4, n // 2  # the person goes on below the canvas, so the cut is not a silhouette
    padded = cv2.copyMakeBorder(inside, up, down, up, up, cv2.BORDER_REPLICATE)
    distance = cv2.distanceTransform((padded > 0.5).astype(np.uint8), cv2.DIST_L2, 5)[up : up + n, up : up + n]
    radius = 0.62 * face_px
    distance = np.minimum(distance, radius)
    inflated = np.sqrt(np.maximum(distance * (2 * radius - distance), 0)).astype(np.float32)
    body = np.asarray(cv2.GaussianBlur(inflated, (0, 0), 0.07 * face_px), np.float32)

    depth = -face.mesh[:, 2] * scale
    depth = (depth - depth[lm.OVAL].mean()) * 0.9
    surface, known = _interpolated(mesh, depth, n)
    known &= polygon((n, n), mesh[lm.OVAL]) > 0.5
    inner = cv2.erode(known.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    rim = (known & ~inner).astype(np.float32)
    lift = blur((body - surface) * rim, 0.12 * face_px) / np.maximum(blur(rim, 0.12 * face_px), 1e-6)
    weight = blur(inner.astype(np.float32), 0.03 * face_px)
    joined = body * (1 - weight) + (surface + lift) * weight
    height = cv2.GaussianBlur(joined.astype(np.float32), (0, 0), 0.03 * face_px)
    slope_x = cv2.Sobel(height, cv2.CV_32F, 1, 0, ksize=3) / 8
    slope_y = cv2.Sobel(height, cv2.CV_32F, 0, 1, ksize=3) / 8
    vectors = np.dstack([-slope_x, -slope_y, np.ones_like(slope_x)])
    return np.asarray(vectors / np.linalg.norm(vectors, axis=2, keepdims=True), np.float32)


def _interpolated(points: NDArray[np.float32], values: NDArray[np.float32], n: int) -> tuple[Plane, NDArray[np.bool_]]:
    from scipy.interpolate import LinearNDInterpolator

    rows, columns = np.mgrid[0:n, 0:n].astype(np.float32)
    plane = np.asarray(LinearNDInterpolator(points, values)(columns, rows), np.float32)
    known = ~np.isnan(plane)
    return np.nan_to_num(plane), known
