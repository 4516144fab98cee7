"""White balance, exposure and retouching: fair to every skin, faithful to every face."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from engine.colour import decode, encode, luminance, to_lab
from engine.contract.pixels import Linear, Plane
from engine.faces import landmarks as lm
from engine.renderers.studio.balance import balance_of, exposed
from engine.renderers.studio.retouch import retouch
from engine.renderers.studio.whites import eye_whites
from tests.studio.sitter import negative, selfie

GREY_WALL = np.full((64, 64, 3), 120, np.uint8)
WHITES = decode(np.array([0.74, 0.71, 0.70]))
"""Whites of the eyes as a well exposed photo shows them, L* 74."""


def _alpha() -> Plane:
    return np.asarray(cv2.resize(negative().matte.alpha, (negative().work,) * 2), np.float32)


def _skin_lightness(linear: Linear) -> float:
    return float(np.median(to_lab(encode(linear))[..., 0][negative().parts.skin > 0.7]))


@pytest.mark.parametrize("reflectance", [1.0, 0.7, 0.45, 0.3, 0.2])
@pytest.mark.parametrize("shine", [0.0, 1.0])
def test_dark_skin_is_not_lightened(reflectance: float, shine: float) -> None:
    """Darker skin under the same light stays as dark as it is, with highlights on it or without: the eyes say that the light was right."""
    parts, linear = negative().parts, negative().linear
    y = luminance(linear)
    glow = np.clip(y - np.percentile(y[parts.skin > 0.6], 88), 0, None)  # highlights do not depend on pigment
    skin = linear * reflectance + (shine * glow * (1 - reflectance))[..., None]
    person = np.where(parts.skin_all[..., None] > 0.5, skin, linear).astype(np.float32)

    ev = balance_of(GREY_WALL, person, _alpha(), parts, WHITES).ev

    assert ev <= 0.21


@pytest.mark.parametrize("stops", [-2.2, 0.7])
def test_wrong_exposure_is_brought_back(stops: float) -> None:
    """A photo far too dark or too bright comes out nearer to the right one."""
    linear, parts = negative().linear, negative().parts
    wrong = np.clip(linear * 2**stops, 0, 1).astype(np.float32)
    balance = balance_of(GREY_WALL, wrong, _alpha(), parts, (WHITES * 2**stops).astype(np.float32))

    repaired = exposed(wrong * balance.gain, balance.ev)

    assert (
        abs(_skin_lightness(repaired) - _skin_lightness(linear))
        < abs(_skin_lightness(wrong) - _skin_lightness(linear)) * 0.6
    )


def test_a_blue_cast_on_skin_is_taken_out() -> None:
    """Skin under a blue screen gets its own hue back, most of the way."""
    linear, parts = negative().linear, negative().parts
    blue = np.array([0.85, 1.0, 1.25], np.float32)
    wall = np.round(encode(np.full((64, 64, 3), 0.2) * blue) * 255).astype(np.uint8)

    gain = balance_of(
        wall, (linear * blue).astype(np.float32), _alpha(), parts, (WHITES * blue).astype(np.float32)
    ).gain

    assert gain[0] / gain[2] > 1.12


def test_faithful_means_untouched() -> None:
    """Polish 0 changes nothing at all."""
    assert np.all(retouch(negative().linear, negative().parts, 150, 0) == 1)


@pytest.mark.parametrize("polish", [0.4, 1.0])
def test_retouching_never_lightens_skin(polish: float) -> None:
    """The middle of the skin keeps its lightness and hue, however much polish is asked for."""
    now = negative()
    ratio = now.retouched(polish)
    before, after = (to_lab(encode(v))[now.parts.skin > 0.7] for v in (now.linear, now.linear * ratio))

    assert np.abs(np.median(after, axis=0) - np.median(before, axis=0)).max() < 1.5


def test_a_mole_stays() -> None:
    """A dark mole on the cheek keeps at least three quarters of its contrast at the default polish."""
    now = negative()
    scale = now.work / now.side
    x, y = (now.matte.face.mesh[425, :2] * scale).astype(int)
    radius = max(2, int(0.018 * now.face_px * scale))
    mole = now.linear.copy()
    spot = np.zeros(mole.shape[:2], np.uint8)
    cv2.circle(spot, (int(x), int(y)), radius, 1, -1)
    mole[spot > 0] *= np.array([0.25, 0.22, 0.22], np.float32)
    ring = cv2.dilate(spot, np.ones((9, 9), np.uint8)) - spot

    done = mole * retouch(mole, now.parts, now.face_px * scale, 0.4)
    lightness = [to_lab(encode(v))[..., 0] for v in (mole, done)]
    contrast = [float(v[ring > 0].mean() - v[spot > 0].mean()) for v in lightness]

    assert contrast[1] > 0.75 * contrast[0]


def test_landmark_425_lies_on_a_cheek() -> None:
    """The mole of the test above is on skin, or that test would prove nothing."""
    now = negative()
    x, y = (now.matte.face.mesh[lm.CHEEKS_AND_BROW[3], :2] * now.work / now.side).astype(int)

    assert now.parts.skin[y, x] > 0.5


def test_the_whites_of_the_eyes_are_found_and_are_nearly_white() -> None:
    """The witness for exposure is seen in an ordinary portrait of 110 px from forehead to chin."""
    whites = eye_whites(selfie().rgb, selfie().face)

    assert whites is not None
    lightness, a, b = to_lab(encode(whites)[None, None])[0, 0]
    assert 50 < lightness < 92
    assert abs(a) < 14
    assert abs(b) < 18


def test_closed_eyes_have_no_whites() -> None:
    """Where the lids cover the eyes nothing is taken for white."""
    face = selfie().face
    mesh = face.mesh.copy()
    for contour in (lm.EYE_RIGHT, lm.EYE_LEFT):
        mesh[contour, 1] = mesh[contour, 1].mean()

    assert eye_whites(selfie().rgb, replace(face, mesh=mesh)) is None
