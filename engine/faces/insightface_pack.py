"""ArcFace-class embedders from an InsightFace pack that the operator brings: the code is MIT, the weights have their own terms.

`pip install headroom[arcface]` and name the folder of one pack in HEADROOM_ARCFACE_DIR. The folder's name says which pack
it is, because the file names do not (antelopev2 and AuraFace both ship `glintr100.onnx`).
"""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np

from engine.contract.errors import ModelUnavailable, SettingsError
from engine.contract.faces import Face
from engine.contract.identities import EmbedderCard
from engine.contract.pixels import Points, Rgb8, Vector
from engine.faces.geometry import sample, similarity

_TEMPLATE = np.array(
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]], np.float32
)
"""Where the five points lie in the 112 px picture that these networks were trained on (InsightFace `arcface_dst`)."""
_SIDE_PX = 112
_NON_COMMERCIAL = "InsightFace model licence: non-commercial research only"


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack of weights that InsightFace can read."""

    folder: str
    """Name of the folder, lower case."""
    file: str
    licence: str
    commercial: bool


PACKS: dict[str, Pack] = {
    "buffalo_l": Pack("buffalo_l", "w600k_r50.onnx", _NON_COMMERCIAL, False),
    "antelopev2": Pack("antelopev2", "glintr100.onnx", _NON_COMMERCIAL, False),
    "auraface": Pack("auraface", "glintr100.onnx", "Apache-2.0", True),
}


class Recogniser(Protocol):
    """The one method of InsightFace's `ArcFaceONNX` that we use."""

    def get_feat(self, imgs: Any) -> Any:
        """BGR uint8 [112, 112, 3] → float [1, dim]."""
        ...


class ArcFaceEmbedder:
    """Aligns by the mesh-refined points, embeds the picture and its mirror image."""

    def __init__(self, recogniser: Recogniser, card: EmbedderCard) -> None:
        self._recogniser = recogniser
        self._card = card

    @property
    def card(self) -> EmbedderCard:
        """Dimension, threshold and licence."""
        return self._card

    def embed(self, rgb: Rgb8, face: Face) -> Vector:
        """Unit vector [dim]; the face is turned upright by its five points."""
        aligned = align(rgb, face.points)
        bgr = np.ascontiguousarray(aligned[..., ::-1])
        vector = _unit(self._recogniser.get_feat(bgr)) + _unit(
            self._recogniser.get_feat(np.ascontiguousarray(bgr[:, ::-1]))
        )
        return _unit(vector)


def align(rgb: Rgb8, points: Points) -> Rgb8:
    """RGB [112, 112, 3] with the five points [5, 2] on the template, by the least-squares similarity (Umeyama 1991)."""
    source, target = points.astype(np.float64), _TEMPLATE.astype(np.float64)
    middle, centre = source.mean(0), target.mean(0)
    a, b = source - middle, target - centre
    # the similarity [[p, -q], [q, p]] that turns a onto b, in closed form
    p = float((a * b).sum())
    q = float((a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]).sum())
    angle, scale = float(np.arctan2(q, p)), float(np.hypot(p, q)) / max(float((a * a).sum()), 1e-9)
    anchor = (float(centre[0]) / _SIDE_PX, float(centre[1]) / _SIDE_PX)
    matrix = similarity((float(middle[0]), float(middle[1])), 1 / scale, -angle, (_SIDE_PX, _SIDE_PX), anchor)
    return np.asarray(sample(rgb, matrix, (_SIDE_PX, _SIDE_PX), interpolation=cv2.INTER_LINEAR), np.uint8)


def arcface_embedder(folder: Path) -> ArcFaceEmbedder:
    """The embedder of the pack in `folder`.

    Raises SettingsError("arcface_pack_unknown") for a folder that names no known pack and ModelUnavailable when
    InsightFace is not installed or the weight file is missing.
    """
    pack = PACKS.get(folder.name.lower())
    if pack is None:
        raise SettingsError("arcface_pack_unknown", folder=folder.name, known=", ".join(PACKS))
    path = folder / pack.file
    if not path.is_file():
        raise ModelUnavailable("arcface_file_missing", stage="identity", name=pack.file, folder=str(folder))
    if find_spec("insightface") is None:
        raise ModelUnavailable("arcface_not_installed", stage="identity")
    return ArcFaceEmbedder(_recogniser(path), card_of(pack))


def card_of(pack: Pack, dim: int = 512) -> EmbedderCard:
    """Facts of a pack. Statistics are typical of ResNet ArcFace models on selfies; measure your own, see docs/quality.md."""
    return EmbedderCard(
        name=f"arcface-{pack.folder}",
        dim=dim,
        threshold=0.30,
        impostor_mean=0.02,
        impostor_sd=0.07,
        genuine_mean=0.62,
        genuine_sd=0.12,
        licence=pack.licence,
        commercial=pack.commercial,
    )


def _recogniser(path: Path) -> Recogniser:
    from insightface.model_zoo.arcface_onnx import ArcFaceONNX

    recogniser: Recogniser = ArcFaceONNX(model_file=str(path))
    return recogniser


def _unit(vector: Any) -> Vector:
    flat = np.asarray(vector, np.float32).ravel()
    return np.asarray(flat / np.linalg.norm(flat), np.float32)
