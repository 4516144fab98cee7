"""One long vector of a face: every embedder at several crop scales, concatenated.

SFace alone gives 3 × 128 = 384 dimensions; with one ArcFace-class model of 512 it is 1920. Mirror images are already
averaged inside each embedder. The three scales are views of one network: they steady the vector, they add no new witness.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from engine.contract.faces import Face
from engine.contract.pixels import Rgb8, Vector
from engine.contract.ports import FaceEmbedder

SCALES = (0.85, 1.0, 1.2)
"""The five alignment points are spread by these factors: 0.85 crops closer, 1.2 wider."""


def scaled(face: Face, factor: float) -> Face:
    """The face with its five points spread about their centre, so that an embedder aligns a closer or wider crop."""
    centre = face.points.mean(0)
    return replace(face, points=np.asarray(centre + (face.points - centre) * factor, np.float32))


def embed_scales(rgb: Rgb8, face: Face, embedder: FaceEmbedder) -> tuple[Vector, ...]:
    """One unit vector per entry of `SCALES`."""
    return tuple(embedder.embed(rgb, face if factor == 1.0 else scaled(face, factor)) for factor in SCALES)


def ensemble(
    views: Mapping[str, Mapping[str, tuple[Vector, ...]]], selfie_ids: Sequence[str], weights: Sequence[float]
) -> Vector:
    """Unit vector [Σ dim × scales]. `views`: embedder name → selfie id → vectors by scale; each block counts the same."""
    blocks = []
    for by_selfie in views.values():
        for scale in range(len(SCALES)):
            stack = np.stack([by_selfie[i][scale] for i in selfie_ids])
            blocks.append(weighted_mean(stack, weights))
    joined = np.concatenate(blocks)
    return np.asarray(joined / np.linalg.norm(joined), np.float32)


def weighted_mean(vectors: np.ndarray, weights: Sequence[float]) -> Vector:
    """Unit vector of the weighted sum; `vectors` is [n, dim]."""
    mean = np.asarray(weights, np.float64) @ vectors.astype(np.float64)
    return np.asarray(mean / np.linalg.norm(mean), np.float32)
