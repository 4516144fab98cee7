"""The port `Matter`: what every way of cutting a person out must do."""

import cv2
import numpy as np

from engine.faces import landmarks as lm
from engine.faces.geometry import polygon
from engine.mattes.closed_form import _solve_tile
from engine.mattes.laplacian import matting_system
from tests.studio.sitter import matte, selfie


def test_the_face_belongs_to_the_person_and_the_wall_does_not() -> None:
    """Nothing of a face may ever become see-through, and nothing of the old wall may stay."""
    cut = matte()
    oval = cv2.erode(polygon(cut.alpha.shape, cut.face.mesh[lm.OVAL]), np.ones((9, 9)))

    assert cut.alpha[oval > 0.99].min() > 0.99
    assert cut.alpha[:40].max() == 0
    assert cut.alpha.min() >= 0
    assert cut.alpha.max() <= 1


def test_edges_are_soft_but_narrow() -> None:
    """Hair has partial coverage, yet the unknown is a thin line and not a fog."""
    alpha = matte().alpha
    soft = (alpha > 0.05) & (alpha < 0.95)

    assert 0.002 < soft.mean() < 0.05


def test_foreground_colours_do_not_carry_the_wall() -> None:
    """Half-covered hair keeps the colour of hair: the light wall of the photo is taken out of it."""
    cut = matte()
    edge = (cut.alpha > 0.3) & (cut.alpha < 0.7)
    edge[int(cut.face.mesh[lm.NOSE_TIP, 1]) :] = False
    before, after = cut.picture[edge].mean(), cut.foreground[edge].mean()

    assert after < before - 15


def test_the_canvas_maps_back_to_the_photo() -> None:
    """The face on the canvas is the face in the photo: masks and pixels can never drift apart."""
    cut = matte()
    mapped = cut.face.mesh[:, :2] @ cut.matrix[:, :2].T + cut.matrix[:, 2]

    assert np.abs(mapped - selfie().face.mesh[:, :2]).max() < 0.05


def test_our_matting_system_is_that_of_the_reference() -> None:
    """The Laplacian for unknown pixels only has the entries of pymatting's full one: memory was saved, nothing else changed."""
    from pymatting.laplacian.cf_laplacian import cf_laplacian

    rng = np.random.default_rng(7)
    picture, trimap = rng.random((24, 30, 3)), np.full((24, 30), 0.5)
    trimap[:8], trimap[18:] = 0, 1
    matrix, right, unknown = matting_system(picture, trimap)
    flat = unknown.ravel()
    full = cf_laplacian(picture, is_known=~unknown)[flat]

    assert np.allclose(matrix.toarray(), full[:, flat].toarray(), atol=1e-9)
    assert np.allclose(right, -full[:, ~flat] @ trimap.ravel()[~flat], atol=1e-9)


def test_where_nothing_is_unknown_the_trimap_is_the_answer() -> None:
    """A tile without a band costs nothing and changes nothing."""
    trimap = np.zeros((20, 20))
    trimap[10:] = 1

    assert np.array_equal(_solve_tile(np.zeros((20, 20, 3)), trimap), trimap)
