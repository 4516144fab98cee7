"""In a photo of several people the sitter is the face that the photos share; where that is open, Headroom asks."""

from dataclasses import replace

import numpy as np
import pytest

from engine.contract.faces import Face
from engine.contract.identities import EmbedderCard
from engine.contract.pixels import Rgb8, Vector
from engine.contract.selfies import Selfie
from engine.faces.sface import CARD
from engine.intake.coverage import coverage
from engine.intake.sitter import Seen, clear_faces, sitter_faces
from tests.intake.conftest import Shoot


class KnownPeople:
    """An embedder that recognises everybody by the x of their box, in hundreds; remembers whom it looked at."""

    def __init__(self) -> None:
        self.looked_at: list[int] = []

    @property
    def card(self) -> EmbedderCard:
        """Threshold and dimension of the default embedder."""
        return CARD

    def embed(self, rgb: Rgb8, face: Face) -> Vector:
        """The same person always gives the same unit vector, other people orthogonal ones."""
        person = int(face.box[0] // 100)
        self.looked_at.append(person)
        return np.eye(128, dtype=np.float32)[person]


@pytest.fixture
def somebody(face: Face) -> Face:
    """A clear face."""
    return face


def photo_of(face: Face, *people: int, height_px: float = 100.0) -> Seen:
    """A photo with these people, all of one size."""
    faces = [replace(face, box=(100.0 * person, 0.0, height_px, height_px)) for person in people]
    return Seen(np.zeros((8, 8, 3), np.uint8), tuple(faces))


def chosen(photos: list[Seen]) -> list[int | None]:
    """Person chosen in each photo."""
    return [None if f is None else int(f.box[0] // 100) for f in sitter_faces(photos, KnownPeople())]


class TestWhoseShoot:
    def test_a_lone_face_needs_no_embedding(self, somebody: Face) -> None:
        """The ordinary case costs nothing."""
        embedder = KnownPeople()
        assert len(sitter_faces([photo_of(somebody, 1), photo_of(somebody, 1)], embedder)) == 2
        assert embedder.looked_at == []

    def test_the_face_that_selfies_share_is_taken_from_the_group(self, somebody: Face) -> None:
        """One selfie is enough to find its owner among friends."""
        assert chosen([photo_of(somebody, 3, 1, 2), photo_of(somebody, 1)]) == [1, 1]

    def test_groups_alone_can_tell_when_one_face_is_in_most(self, somebody: Face) -> None:
        """Whoever is in all the photos is who sent them."""
        assert chosen([photo_of(somebody, 1, 2), photo_of(somebody, 1, 3), photo_of(somebody, 4, 1)]) == [1, 1, 1]

    def test_a_single_group_photo_is_asked_about(self, somebody: Face) -> None:
        """A guess could put a friend's face on somebody's profile."""
        assert chosen([photo_of(somebody, 1, 2)]) == [None]

    def test_the_same_couple_twice_is_asked_about(self, somebody: Face) -> None:
        """Both faces are shared; nothing decides."""
        assert chosen([photo_of(somebody, 1, 2), photo_of(somebody, 2, 1)]) == [None, None]

    def test_a_group_without_the_sitter_is_asked_about(self, somebody: Face) -> None:
        """Two selfies of one person and a photo of others."""
        assert chosen([photo_of(somebody, 1), photo_of(somebody, 1), photo_of(somebody, 2, 3)]) == [1, 1, None]

    def test_people_far_behind_do_not_count(self, somebody: Face) -> None:
        """A street has passers-by."""
        near, far = replace(somebody, box=(0, 0, 300, 300)), replace(somebody, box=(400, 0, 60, 60))
        assert clear_faces([far, near]) == (near,)

    def test_a_much_larger_face_is_the_subject(self, somebody: Face) -> None:
        """A friend in the second row does not make it a group."""
        near, second = replace(somebody, box=(100, 0, 200, 200)), replace(somebody, box=(400, 0, 100, 100))
        assert chosen([Seen(np.zeros((8, 8, 3), np.uint8), (near, second))]) == [1]

    def test_what_is_no_face_to_the_mesh_is_none(self, somebody: Face) -> None:
        """Faces on posters and patterns in curtains."""
        assert clear_faces([replace(somebody, mesh_score=0.1)]) == ()

    def test_a_group_photo_alone_asks_in_the_verdict(self, portrait: Rgb8, shoot: Shoot) -> None:
        """The question reaches the person, as a finding with a sentence."""
        pair = np.hstack([portrait[:, 60:400], portrait[:, 60:400][:, ::-1]])
        verdict = shoot.take(np.ascontiguousarray(pair)).verdicts[0]
        assert [finding.code for finding in verdict.findings] == ["whose_face"]


class TestNextPhoto:
    def selfie(self, template: Selfie, **measures: float) -> Selfie:
        """The template with other measures."""
        return replace(template, measures={**template.measures, **measures})

    def test_what_is_missing_is_asked_for_in_the_order_of_its_use(self, portrait: Rgb8, shoot: Shoot) -> None:
        """From nothing to a full set, one photo at a time, each closing the gap that was named."""
        template = shoot.take(portrait).selfies[0]
        good = {
            "face_px": 500.0,
            "yaw_deg": 0.0,
            "pitch_deg": 0.0,
            "mouth_open": 0.02,
            "side_light_ev": 0.2,
            "backlight": 0.0,
            "sharpness": 0.9,
        }
        have = [self.selfie(template, **{**good, "yaw_deg": 20.0, "face_px": 150.0, "side_light_ev": 2.0})]
        asked = []
        for measures in (
            {**good, "face_px": 150.0, "side_light_ev": 2.0},
            {**good, "side_light_ev": 2.0},
            {**good, "mouth_open": 0.2},
            {**good, "yaw_deg": -20.0},
        ):
            asked.append(coverage(have).next_photo)
            have.append(self.selfie(template, **measures))
        assert asked == ["next_front", "next_closer", "next_even_light", "next_turned_right"]
        assert coverage(have).next_photo is None
