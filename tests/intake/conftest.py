"""The one real face of these tests: NASA's public-domain portrait that scikit-image ships, and copies degraded on purpose."""

import io
from collections.abc import Callable

import numpy as np
import pytest
import skimage.data
from PIL import Image

from engine.contract.faces import Face
from engine.contract.pixels import Rgb8
from engine.contract.ports import Step
from engine.contract.selfies import Intake, Photo
from engine.faces.analyzer import MeshFaceAnalyzer
from engine.faces.sface import SFaceEmbedder
from engine.stages.intake import intake


@pytest.fixture(scope="session")
def portrait() -> Rgb8:
    """512 × 512, sharp, evenly lit, facing the camera; the face is 109 px high."""
    return np.asarray(skimage.data.astronaut(), np.uint8)


@pytest.fixture(scope="session")
def analyzer() -> MeshFaceAnalyzer:
    """The real one."""
    return MeshFaceAnalyzer()


@pytest.fixture(scope="session")
def face(portrait: Rgb8, analyzer: MeshFaceAnalyzer) -> Face:
    """The sitter's face in the portrait."""
    return analyzer.faces(portrait)[0]


@pytest.fixture(scope="session")
def png() -> Callable[[Rgb8], bytes]:
    """Pixels as a file, without loss."""

    def encoded(rgb: Rgb8) -> bytes:
        file = io.BytesIO()
        Image.fromarray(rgb).save(file, "PNG", compress_level=1)
        return file.getvalue()

    return encoded


class Shoot:
    """Runs the stage and remembers its steps."""

    def __init__(self, analyzer: MeshFaceAnalyzer, png: Callable[[Rgb8], bytes]) -> None:
        self.steps: list[Step] = []
        self._analyzer, self._png = analyzer, png

    def take(self, *pictures: Rgb8 | bytes) -> Intake:
        """Intake of pixels or of raw bytes."""
        data = [p if isinstance(p, bytes) else self._png(p) for p in pictures]
        photos = [Photo(f"photo {i}", d) for i, d in enumerate(data, 1)]
        return intake(photos, self._analyzer, SFaceEmbedder(), self.steps.append)

    def codes(self, picture: Rgb8) -> set[str]:
        """Codes of all findings of one photo."""
        return {finding.code for finding in self.take(picture).verdicts[0].findings}


@pytest.fixture
def shoot(analyzer: MeshFaceAnalyzer, png: Callable[[Rgb8], bytes]) -> Shoot:
    """A fresh shoot."""
    return Shoot(analyzer, png)
