"""Drift: what a headshot changed about the face."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from engine.contract.faces import Face
from engine.faces.analyzer import MeshFaceAnalyzer
from engine.identity.drift import PLASTIC, drift
from engine.identity.geometry import mean_shape, proportions
from engine.identity.texture import marks
from engine.intake.face_patch import face_patch
from tests.identity.sitters import portrait, turned


def test_the_selfie_itself_has_no_drift() -> None:
    """The zero of the scale, for every measure."""
    rgb, face = portrait()

    same = drift(rgb, face, rgb, face)

    assert (same.skin_tone, same.skin_lightness, same.ita_deg, same.geometry) == (0, 0, 0, 0)
    assert same.texture_ratio == 1.0


def test_smoothed_skin_sounds_the_plastic_alarm() -> None:
    """People complain about waxy skin: a beauty filter must be seen by its missing texture."""
    rgb, face = portrait()
    waxy = cv2.bilateralFilter(rgb, 9, 60, 5)

    assert drift(rgb, face, waxy, face).texture_ratio < PLASTIC


def test_exposure_alone_does_not_change_texture_much() -> None:
    """Relighting is allowed: half a stop more light must not look like added or removed skin detail."""
    rgb, face = portrait()
    linear = np.power(rgb / 255.0, 2.2) * 2**-0.5
    darker = np.asarray(np.power(linear, 1 / 2.2) * 255, np.uint8)

    assert drift(rgb, face, darker, face).texture_ratio == pytest.approx(1.0, abs=0.2)


def test_lightened_skin_is_seen_in_its_angle_and_sign() -> None:
    """Lightening skin is a known harm of such tools: the typology angle and the highlights must both rise."""
    rgb, face = portrait()
    lighter = np.asarray(np.clip(rgb * 0.85 + 38, 0, 255), np.uint8)

    found = drift(rgb, face, lighter, face)

    assert found.ita_deg > 3
    assert found.skin_lightness > 1


def test_black_and_white_has_no_skin_tone_to_drift() -> None:
    """A monochrome style is wanted, not a colour error."""
    rgb, face = portrait()
    grey = np.repeat(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)[..., None], 3, 2)

    found = drift(rgb, face, grey, face)

    assert (found.skin_tone, found.ita_deg) == (0, 0)


def test_proportions_ignore_size_and_tilt_and_see_a_wider_jaw() -> None:
    """The same face smaller or turned drifts by less than a stretched one: jaw and nose may not be reshaped."""
    rgb, face = portrait()
    analyzer = MeshFaceAnalyzer()
    smaller = cv2.resize(rgb, None, fx=0.8, fy=0.8, interpolation=cv2.INTER_AREA)
    tilted = turned(rgb, 15, face)
    wider = cv2.resize(rgb, None, fx=1.18, fy=1.0)

    def moved(picture: np.ndarray) -> float:
        return drift(rgb, face, picture, analyzer.faces(picture)[0]).geometry

    assert max(moved(smaller), moved(tilted)) < 0.02 < moved(wider)


def test_the_mean_shape_of_turned_copies_is_the_shape() -> None:
    """Procrustes alignment takes size and pose out before proportions are averaged."""
    _, face = portrait()
    angle = np.radians(20.0)
    turn = np.array([[np.cos(angle), 0, np.sin(angle)], [0, 1, 0], [-np.sin(angle), 0, np.cos(angle)]])
    copies = [face, _with_mesh(face, 2.0 * face.mesh @ turn.T + 7), _with_mesh(face, 0.5 * face.mesh @ turn)]

    mean = mean_shape(copies, [0.4, 0.3, 0.3])

    np.testing.assert_allclose(proportions(mean), proportions(face.mesh), atol=1e-4)


def _with_mesh(face: Face, mesh: np.ndarray) -> Face:
    return replace(face, mesh=mesh.astype(np.float32))


def test_a_painted_mole_is_counted_as_a_mark() -> None:
    """Marks belong to the person: one dark spot on the cheek is found where it is."""
    rgb, _ = portrait()
    large = cv2.resize(rgb, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC)
    seen = MeshFaceAnalyzer().faces(large)[0]
    x, y = seen.mesh[205, :2]
    with_mole = large.copy()
    cv2.circle(with_mole, (int(x), int(y)), 5, (70, 40, 30), -1, cv2.LINE_AA)

    before, after = face_patch(large, seen), face_patch(with_mole, seen)

    spot = after.mesh[205, :2]
    assert np.abs(marks(before) - spot).sum(1).min() > 20
    assert np.abs(marks(after) - spot).sum(1).min() < 4
