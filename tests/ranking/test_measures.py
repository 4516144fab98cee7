"""The measures of one picture."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from engine.contract.crops import CROPS
from engine.intake.face_patch import face_patch
from engine.intake.light import FaceLight
from engine.ranking.composition import composition
from engine.ranking.edges import edges
from engine.ranking.exposure import exposure
from engine.ranking.light import shadow_softness
from engine.ranking.measures import measure
from engine.ranking.mouth import mouth
from engine.ranking.skin import Skin, usual_skin
from engine.ranking.totals import WEIGHTS, total
from tests.ranking.prints import headshot, lit, moved, only_face


def test_every_measure_lies_between_zero_and_one() -> None:
    """Scores are drawn as bars and multiplied: nothing may leave [0, 1], and each measure has a weight."""
    for picture in (headshot(), lit(headshot(), 0.05), np.zeros_like(headshot())):
        parts = measure(picture, only_face(headshot()))

        assert all(0 <= value <= 1 for value in parts.values())
        assert set(parts) | {"likeness"} == set(WEIGHTS)


def test_a_picture_without_a_face_scores_nothing() -> None:
    """A backdrop alone must come last, not fail."""
    assert set(measure(headshot(), None).values()) == {0.0}


def test_one_bad_fault_cannot_be_bought_back() -> None:
    """A blurred picture in perfect light is still blurred: the total falls below a picture that is fair in everything."""
    fair = dict.fromkeys(WEIGHTS, 0.7)
    blurred = dict.fromkeys(WEIGHTS, 1.0) | {"focus": 0.03}

    assert total(blurred) < total(fair) < total(dict.fromkeys(WEIGHTS, 1.0)) == 1.0


def test_dark_skin_is_not_called_underexposed() -> None:
    """Exposure looks at the skin's highlights: the same portrait with the skin's tone lowered, highlights kept, scores the same."""
    picture = headshot()
    face = only_face(picture)
    patch = face_patch(picture, face)
    dark = cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    dark[..., 0] = np.interp(dark[..., 0], [0, 30, 76, 87, 100], [0, 12, 46, 80, 100])
    darker = np.asarray(np.clip(cv2.cvtColor(dark, cv2.COLOR_LAB2RGB) * 255, 0, 255), np.uint8)
    median = float(np.median(face_patch(darker, face).lab[..., 0][patch.skin]))

    assert median < float(np.median(patch.lab[..., 0][patch.skin])) - 15
    assert measure(darker, face)["exposure"] > 0.8


def test_black_and_white_has_no_colour_cast() -> None:
    """Monochrome styles skip the test of skin colour, but a tint over the whole print is a fault."""
    grey = np.repeat(cv2.cvtColor(headshot(), cv2.COLOR_RGB2GRAY)[..., None], 3, 2)
    face = only_face(headshot())

    assert measure(grey, face)["colour"] == 1.0
    assert measure(lit(grey, 0.7, 1.0, 1.5), face, monochrome=True)["colour"] < 0.3


@pytest.mark.parametrize("crop", ["classic", "square", "wide", "three-four"])
def test_each_crop_is_judged_by_its_own_plan(crop: str) -> None:
    """A wide frame is not a badly filled tight one."""
    picture = headshot(crop)  # type: ignore[arg-type]
    height, width = picture.shape[:2]

    assert composition(only_face(picture), width, height, CROPS[crop]) > 0.9  # type: ignore[index]


def test_room_belongs_on_the_side_where_the_sitter_looks() -> None:
    """Negative space: with the head turned to the picture's right, a head left of the middle is better than one right of it."""
    picture = headshot()
    height, width = picture.shape[:2]
    left, right = (replace(only_face(moved(picture, right=d)), yaw_deg=30.0) for d in (-0.09, 0.09))

    assert composition(left, width, height) > composition(right, width, height)


def test_a_bright_fringe_around_the_head_lowers_the_edges() -> None:
    """Left-over background between hair and backdrop looks cut out with scissors."""
    picture, face = _pasted(fringe=False), only_face(headshot())
    fringed = _pasted(fringe=True)

    assert edges(fringed, face, {}) < edges(picture, face, {}) - 0.05


def test_what_the_renderer_knows_of_the_hair_counts() -> None:
    """Hair that could not be told from the background is a risk that pixels alone do not show."""
    picture, face = headshot(), only_face(headshot())

    assert edges(picture, face, {"edge_risk": 0.8}) < edges(picture, face, {}) * 0.6


def test_a_cast_shadow_across_the_face_is_hard_light() -> None:
    """A shadow edge down the nose is harsher than light that falls off over the whole cheek."""
    picture, face = headshot(), only_face(headshot())
    columns = np.arange(picture.shape[1], dtype=np.float32)
    nose = float(face.mesh[4, 0])
    hard, gentle = (
        lit(picture, 1.0) * (1 - 0.6 / (1 + np.exp(np.clip((columns - nose) / width, -30, 30))))[None, :, None]
        for width in (2.0, 60.0)
    )

    hard_patch, gentle_patch = (face_patch(p.astype(np.uint8), face) for p in (hard, gentle))

    assert shadow_softness(hard_patch) < shadow_softness(gentle_patch)


def test_an_open_mouth_counts_less_than_a_smile() -> None:
    """Frames in the middle of a word are no headshots; nothing is read into the face beyond its geometry."""
    face = only_face(headshot())
    mesh = face.mesh.copy()
    mesh[14] = mesh[13] + [0, 0.5 * float(np.linalg.norm(mesh[291] - mesh[61])), 0]

    assert mouth(face) == 1.0
    assert mouth(replace(face, mesh=mesh)) < 0.3


def test_usual_skin_needs_three_pictures_in_colour() -> None:
    """Two pictures have no usual; black-and-white ones have no colour."""
    one = (headshot(), only_face(headshot()), False)
    grey = (headshot(), only_face(headshot()), True)

    assert usual_skin([one, one, grey, grey]) is None
    assert usual_skin([one, one, one]) is not None


def test_exposure_follows_the_gallery() -> None:
    """One picture that is a stop darker than its neighbours is seen even when its skin is within the absolute limits."""
    light = FaceLight(highlight=72.0, clipped=0.0, evenness=1.0, side_ev=0.0, backlight=0.0)
    bright = np.full((8, 8, 3), 90.0, np.float32)

    assert exposure(light, bright, None) == 1.0
    assert exposure(light, bright, Skin(90.0, 12, 16)) < 0.6


def _pasted(*, fringe: bool) -> np.ndarray:
    """The head on a flat dark backdrop, with or without a rim of bright green in between."""
    picture, face = headshot(), only_face(headshot())
    centre = tuple(int(v) for v in face.mesh[:, :2].mean(0))
    inner, outer = np.zeros(picture.shape[:2], np.uint8), np.zeros(picture.shape[:2], np.uint8)
    axes = (int(0.62 * face.height_px), int(0.78 * face.height_px))
    cv2.ellipse(inner, centre, axes, 0, 0, 360, 255, -1, cv2.LINE_AA)
    cv2.ellipse(outer, centre, (axes[0] + 8, axes[1] + 8), 0, 0, 360, 255, -1, cv2.LINE_AA)
    soft_inner, soft_outer = (cv2.GaussianBlur(m, (0, 0), 1.5)[..., None] / 255.0 for m in (inner, outer))
    backdrop = np.full(picture.shape, 60.0)
    if fringe:
        backdrop = backdrop * (1 - soft_outer) + np.array([110.0, 230.0, 90.0]) * soft_outer
    return np.asarray(picture * soft_inner + backdrop * (1 - soft_inner), np.uint8)
