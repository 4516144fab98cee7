"""Sitters for tests: NASA's public-domain portrait in scikit-image, a drawn stranger, and embedders of known vectors."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import cv2
import numpy as np
from skimage import data

from engine.contract.faces import Face
from engine.contract.identities import EmbedderCard
from engine.contract.pixels import Rgb8, Vector
from engine.contract.selfies import Appearance, Outcome, Selfie
from engine.faces import landmarks as lm
from engine.faces.analyzer import MeshFaceAnalyzer

PLAIN = Appearance(20.0, (65.0, 14.0, 16.0), None, "", 0.0, 0.0, None, "", 1.0, False)


@cache
def portrait() -> tuple[Rgb8, Face]:
    """Astronaut Eileen Collins and her face."""
    rgb = np.ascontiguousarray(data.astronaut())
    return rgb, MeshFaceAnalyzer().faces(rgb)[0]


def drawn_stranger() -> Rgb8:
    """A painted face whose features lie on the landmarks of the portrait: nobody, and not the sitter."""
    rgb, face = portrait()
    picture = np.full_like(rgb, 90)
    mesh = np.round(face.mesh[:, :2]).astype(np.int32)

    def fill(points: list[int], colour: tuple[int, int, int]) -> None:
        cv2.fillPoly(picture, [np.asarray(cv2.convexHull(mesh[points]))], colour, cv2.LINE_AA)

    fill(lm.OVAL, (150, 100, 70))
    for brow in (lm.BROW_RIGHT, lm.BROW_LEFT):
        fill(brow, (20, 15, 12))
    for eye, iris in ((lm.EYE_RIGHT, face.iris_right), (lm.EYE_LEFT, face.iris_left)):
        fill(eye, (235, 230, 225))
        cv2.circle(picture, tuple(int(v) for v in iris[0]), 3, (30, 20, 15), -1, cv2.LINE_AA)
    fill([168, 129, 358, 2], (120, 75, 55))
    fill(lm.LIPS, (110, 50, 50))
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 1.0), np.uint8)


def turned(rgb: Rgb8, degrees: float, face: Face) -> Rgb8:
    """The picture turned about the face."""
    x, y = face.points.mean(0)
    matrix = cv2.getRotationMatrix2D((float(x), float(y)), degrees, 1.0)
    size = (rgb.shape[1], rgb.shape[0])
    return np.asarray(cv2.warpAffine(rgb, matrix, size, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def selfie(selfie_id: str, quality: float = 0.9, rgb: Rgb8 | None = None, face: Face | None = None) -> Selfie:
    """An accepted selfie of the portrait, or of another picture."""
    own_rgb, own_face = portrait()
    return Selfie(
        id=selfie_id,
        name=selfie_id,
        rgb=own_rgb if rgb is None else rgb,
        face=own_face if face is None else face,
        appearance=PLAIN,
        measures={},
        quality=quality,
        outcome=Outcome.ACCEPTED,
    )


def marked(selfie_id: str, quality: float = 0.9) -> Selfie:
    """A selfie whose face score carries its number, so that a `TableEmbedder` knows which one it is."""
    _, face = portrait()
    return selfie(selfie_id, quality, face=replace(face, score=float(selfie_id.strip("s"))))


CARD = EmbedderCard("table", 128, 0.36, 0.0, 0.09, 0.72, 0.12, "none", True)


class TableEmbedder:
    """Answers with the vector that the table holds for `face.score`; every crop scale sees the same."""

    def __init__(self, table: Mapping[str, Vector], card: EmbedderCard = CARD) -> None:
        self._table = {float(key.strip("s")): vector for key, vector in table.items()}
        self._card = card
        self.asked: list[float] = []

    @property
    def card(self) -> EmbedderCard:
        """As given."""
        return self._card

    def embed(self, rgb: Rgb8, face: Face) -> Vector:
        """The vector of this face."""
        self.asked.append(face.score)
        return self._table[face.score]


def people(count: int, photos: int, spread: float, seed: int = 0, dim: int = 128) -> list[list[Vector]]:
    """Synthetic embeddings: `count` random directions with `photos` unit vectors around each; larger spread, less alike."""
    random = np.random.default_rng(seed)
    found = []
    for _ in range(count):
        centre = random.normal(size=dim)
        centre /= np.linalg.norm(centre)
        around = [centre + spread * random.normal(size=dim) / np.sqrt(dim) for _ in range(photos)]
        found.append([np.asarray(v / np.linalg.norm(v), np.float32) for v in around])
    return found
