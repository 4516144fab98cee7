"""The port `FaceEmbedder`: what every embedder that is present must do."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from engine.contract.faces import Face
from engine.contract.identities import EmbedderCard
from engine.contract.pixels import Rgb8, Vector
from engine.contract.ports import FaceEmbedder
from engine.faces.analyzer import MeshFaceAnalyzer
from engine.faces.insightface_pack import align, arcface_embedder
from engine.faces.sface import SFaceEmbedder
from engine.settings import arcface_dir
from tests.identity.sitters import drawn_stranger, portrait, turned


class PixelEmbedder:
    """A fake that knows a face by its blurred grey values on the aligned picture. Good for one sitter, not for people."""

    card = EmbedderCard("pixels", 196, 0.6, 0.2, 0.15, 0.8, 0.1, "none", True)

    def embed(self, rgb: Rgb8, face: Face) -> Vector:
        """Unit vector [196]."""
        aligned = cv2.cvtColor(align(rgb, face.points), cv2.COLOR_RGB2GRAY).astype(np.float32)
        small = cv2.resize(aligned[14:98, 14:98], (14, 14), interpolation=cv2.INTER_AREA)
        both = small + small[:, ::-1]
        flat = (both - both.mean()).ravel()
        return np.asarray(flat / np.linalg.norm(flat), np.float32)


def _present() -> list[Callable[[], FaceEmbedder]]:
    folder = arcface_dir()
    return [SFaceEmbedder, PixelEmbedder, *([lambda: arcface_embedder(Path(folder))] if folder else [])]


@pytest.fixture(params=_present(), ids=lambda make: getattr(make, "__name__", "arcface"))
def embedder(request: pytest.FixtureRequest) -> FaceEmbedder:
    """Each embedder that can run here."""
    return request.param()


def _seen(rgb: Rgb8, embedder: FaceEmbedder) -> Vector:
    return embedder.embed(rgb, MeshFaceAnalyzer().faces(rgb)[0])


def test_a_vector_has_length_one_and_the_dimension_of_the_card(embedder: FaceEmbedder) -> None:
    """Cosines are plain products everywhere, for every stage that compares faces."""
    vector = _seen(portrait()[0], embedder)

    assert vector.dtype == np.float32
    assert vector.shape == (embedder.card.dim,)
    assert float(np.linalg.norm(vector)) == pytest.approx(1.0, abs=1e-5)


def test_the_same_picture_gives_the_same_vector(embedder: FaceEmbedder) -> None:
    """A shoot can be repeated to the byte, so nothing random may hide in an embedder."""
    rgb, face = portrait()

    np.testing.assert_array_equal(embedder.embed(rgb, face), embedder.embed(rgb, face))


def test_a_mirror_image_is_the_same_person(embedder: FaceEmbedder) -> None:
    """Front cameras mirror selfies; the sitter must not lose likeness by that."""
    rgb, _ = portrait()
    mirrored = np.ascontiguousarray(rgb[:, ::-1])

    assert float(_seen(rgb, embedder) @ _seen(mirrored, embedder)) >= 0.97


@pytest.mark.parametrize("degrees", [-30, 30])
def test_a_tilted_copy_is_the_same_person(embedder: FaceEmbedder, degrees: float) -> None:
    """Selfies are held at any angle: 30 degrees of tilt of the same pixels may cost 0.02 of cosine at most."""
    rgb, face = portrait()

    assert float(_seen(rgb, embedder) @ _seen(turned(rgb, degrees, face), embedder)) >= 0.98


def test_the_threshold_lies_between_the_sitter_and_a_stranger(embedder: FaceEmbedder) -> None:
    """A soft, dim, re-compressed copy is still the sitter; a painted stranger on the same landmarks is not."""
    rgb, face = portrait()
    reference = embedder.embed(rgb, face)
    soft = cv2.GaussianBlur((rgb * 0.7).astype(np.uint8), (0, 0), 1.2)
    stored = cv2.imdecode(cv2.imencode(".jpg", soft, [cv2.IMWRITE_JPEG_QUALITY, 50])[1], cv2.IMREAD_COLOR)

    same = float(reference @ embedder.embed(np.asarray(stored, np.uint8), face))
    other = float(reference @ embedder.embed(drawn_stranger(), face))

    assert same > embedder.card.threshold > other


def test_the_card_has_statistics_that_can_be_used(embedder: FaceEmbedder) -> None:
    """The calibrated score divides by them: strangers lie below the threshold, photos of one person above it."""
    card = embedder.card

    assert card.impostor_mean < card.threshold < card.genuine_mean
    assert card.impostor_sd > 0
    assert card.genuine_sd > 0
    assert card.licence
