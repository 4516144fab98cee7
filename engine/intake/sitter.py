"""Whose headshots: in photos with several people the sitter is the face that the photos share."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from engine.contract.faces import Face
from engine.contract.pixels import Rgb8, Vector
from engine.contract.ports import FaceEmbedder

_BYSTANDER_AREA: Final = 0.12
"""Faces smaller than this share of the largest are people in the background."""
_DOMINANT_AREA: Final = 3.0
"""A face this many times larger than the next is the subject of its photo."""
_CLEAR_SCORE: Final = 0.7
_ALONE: Final = 1.5
"""A photo of one person says more about whose shoot it is than a group does."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A decoded photo and its clear faces, the largest first."""

    rgb: Rgb8
    faces: tuple[Face, ...]


def clear_faces(faces: Sequence[Face]) -> tuple[Face, ...]:
    """Faces that could be the sitter: certain and not in the far background. At least the largest real one."""
    real = sorted((face for face in faces if face.mesh_score >= 0.5), key=_area, reverse=True)
    return tuple(
        face
        for i, face in enumerate(real)
        if i == 0 or (face.score > _CLEAR_SCORE and _area(face) > _BYSTANDER_AREA * _area(real[0]))
    )


def sitter_faces(photos: Sequence[Seen], embedder: FaceEmbedder) -> list[Face | None]:
    """The sitter's face in every photo; None where there is no face or it cannot be decided whose shoot this is."""
    chosen = [_only_or_dominant(photo.faces) for photo in photos]
    if all(face is not None or not photo.faces for face, photo in zip(chosen, photos, strict=True)) and not any(
        len(photo.faces) > 1 for photo in photos
    ):
        return chosen
    vectors = [[embedder.embed(photo.rgb, face) for face in photo.faces] for photo in photos]
    shared = _shared_vector(vectors, embedder.card.threshold)
    if shared is None:
        return chosen
    for i, (photo, candidates) in enumerate(zip(photos, vectors, strict=True)):
        if len(candidates) > 1:
            similarities = [float(vector @ shared) for vector in candidates]
            best = int(np.argmax(similarities))
            chosen[i] = photo.faces[best] if similarities[best] >= embedder.card.threshold else None
    return chosen


def _area(face: Face) -> float:
    return face.box[2] * face.box[3]


def _only_or_dominant(faces: Sequence[Face]) -> Face | None:
    if not faces or (len(faces) > 1 and _area(faces[0]) < _DOMINANT_AREA * _area(faces[1])):
        return None
    return faces[0]


def _shared_vector(vectors: Sequence[Sequence[Vector]], threshold: float) -> Vector | None:
    """Mean of the face that most photos hold; None when no face or more than one face is shared that often."""
    votes: list[tuple[float, Vector, list[Vector]]] = []
    for i, candidates in enumerate(vectors):
        for vector in candidates:
            weight, matches = _ALONE if len(candidates) == 1 else 1.0, [vector]
            for j, others in enumerate(vectors):
                best = max(others, key=lambda other: float(other @ vector), default=None) if j != i else None
                if best is not None and float(best @ vector) >= threshold:
                    weight += _ALONE if len(others) == 1 else 1.0
                    matches.append(best)
            if len(matches) > 1:
                votes.append((weight, vector, matches))
    if not votes:
        return None
    votes.sort(key=lambda vote: -vote[0])
    weight, first, matches = votes[0]
    rival = any(other >= weight and float(vector @ first) < threshold for other, vector, _ in votes)
    mean = np.mean(matches, axis=0)
    return None if rival else np.asarray(mean / np.linalg.norm(mean), np.float32)
