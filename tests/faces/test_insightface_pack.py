"""ArcFace packs: the seam to InsightFace, with a recogniser of known answers and, where ONNX is installed, a tiny real one."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from engine.contract.errors import HeadroomError, ModelUnavailable, SettingsError
from engine.faces.geometry import invert, similarity, transform
from engine.faces.insightface_pack import _TEMPLATE, PACKS, ArcFaceEmbedder, align, arcface_embedder, card_of
from tests.identity.sitters import portrait


class EdgeRecogniser:
    """Answers with the picture's own columns, and remembers what it was shown."""

    def __init__(self) -> None:
        self.shown: list[np.ndarray] = []

    def get_feat(self, imgs: Any) -> Any:
        """[1, 112]: mean of each column."""
        self.shown.append(imgs)
        return imgs.astype(np.float32).mean((0, 2))[None]


def test_the_five_points_land_on_the_template() -> None:
    """The networks were trained on one alignment: a face at any place, size and tilt is brought to it within half a pixel."""
    matrix = similarity((40.0, 60.0), 0.25, 0.6, (112, 112))
    points = transform(matrix, _TEMPLATE) + 200.0
    picture = np.zeros((400, 400, 3), np.uint8)
    for x, y in points:
        cv2.circle(picture, (round(float(x) * 16), round(float(y) * 16)), 24, (255, 255, 255), -1, cv2.LINE_AA, 4)

    aligned = align(picture, points.astype(np.float32))

    for x, y in _TEMPLATE:
        around = aligned[round(float(y)) - 9 : round(float(y)) + 10, round(float(x)) - 9 : round(float(x)) + 10, 0]
        rows, columns = np.indices(around.shape) - 9
        weight = around.astype(float) / around.sum()
        assert abs((rows * weight).sum() + round(float(y)) - y) < 0.5
        assert abs((columns * weight).sum() + round(float(x)) - x) < 0.5
    assert invert(matrix).shape == (2, 3)


def test_the_recogniser_is_shown_the_picture_and_its_mirror_in_bgr() -> None:
    """InsightFace expects BGR and swaps channels itself; the mean with the mirror image steadies the vector."""
    rgb, face = portrait()
    recogniser = EdgeRecogniser()

    vector = ArcFaceEmbedder(recogniser, card_of(PACKS["auraface"], dim=112)).embed(rgb, face)

    aligned = align(rgb, face.points)
    np.testing.assert_array_equal(recogniser.shown[0], aligned[..., ::-1])
    np.testing.assert_array_equal(recogniser.shown[1], aligned[:, ::-1, ::-1])
    assert float(np.linalg.norm(vector)) == pytest.approx(1.0, abs=1e-5)


def test_only_auraface_may_be_used_commercially() -> None:
    """An operator must see in the card that buffalo_l and antelopev2 are for non-commercial research."""
    allowed = {name for name, pack in PACKS.items() if card_of(pack).commercial}

    assert allowed == {"auraface"}
    assert "non-commercial" in card_of(PACKS["buffalo_l"]).licence
    assert "non-commercial" in card_of(PACKS["antelopev2"]).licence


@pytest.mark.parametrize(("name", "error"), [("models", SettingsError), ("auraface", ModelUnavailable)])
def test_a_wrong_folder_is_named(tmp_path: Path, name: str, error: type[HeadroomError]) -> None:
    """The operator reads which folder is wrong instead of a traceback of somebody else's package."""
    folder = tmp_path / name
    folder.mkdir()

    with pytest.raises(error):
        arcface_embedder(folder)


def test_a_real_onnx_file_is_read_through_insightface(tmp_path: Path) -> None:
    """The real package reads a tiny network with the shapes of an ArcFace model, and a vector of 512 comes out."""
    onnx = pytest.importorskip("onnx")
    pytest.importorskip("insightface")
    folder = tmp_path / "auraface"
    folder.mkdir()
    onnx.save(_tiny_arcface(onnx), str(folder / "glintr100.onnx"))
    rgb, face = portrait()

    embedder = arcface_embedder(folder)
    vector = embedder.embed(rgb, face)

    assert vector.shape == (embedder.card.dim,)
    assert float(np.linalg.norm(vector)) == pytest.approx(1.0, abs=1e-5)


def _tiny_arcface(onnx: Any) -> Any:
    """[1, 3, 112, 112] → average pool to 7 × 7 → [1, 512]."""
    helper, kinds = onnx.helper, onnx.TensorProto
    weights = np.random.default_rng(0).normal(size=(147, 512)).astype(np.float32)
    nodes = [
        helper.make_node("AveragePool", ["data"], ["pooled"], kernel_shape=[16, 16], strides=[16, 16]),
        helper.make_node("Flatten", ["pooled"], ["flat"]),
        helper.make_node("MatMul", ["flat", "weights"], ["fc1"]),
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("data", kinds.FLOAT, [1, 3, 112, 112])],
        [helper.make_tensor_value_info("fc1", kinds.FLOAT, [1, 512])],
        [onnx.numpy_helper.from_array(weights, "weights")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8
    return model
