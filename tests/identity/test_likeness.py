"""Likeness: what the calibrated score means."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.contract.identities import EmbedderCard
from engine.faces.sface import SFaceEmbedder
from engine.identity.calibration import BAR, SAME_PERSON, anchors, calibrated
from engine.identity.likeness import embeddings, likeness
from engine.identity.zscores import genuine_z, mean_z, threshold_z, z_score
from engine.stages.identity import identify
from tests.identity.sitters import CARD, TableEmbedder, drawn_stranger, marked, people, portrait, selfie

SFACE = SFaceEmbedder().card
OTHER = EmbedderCard("other", 512, 0.3, 0.0, 0.07, 0.6, 0.12, "none", True)


def test_the_three_anchors_have_their_scores() -> None:
    """Strangers 0.01, the authors' threshold 0.5, the person's own bar 0.85: the meaning that the docs promise."""
    at = anchors([SFACE], [])

    assert calibrated(0.0, at) == pytest.approx(0.01)
    assert calibrated(threshold_z([SFACE]), at) == pytest.approx(SAME_PERSON)
    assert calibrated(at.bar, at) == pytest.approx(BAR)


@given(st.lists(st.floats(-2, 12), max_size=30), st.floats(-5, 15), st.floats(0.01, 3))
def test_more_alike_never_scores_less(own: list[float], z: float, step: float) -> None:
    """Whatever the selfies were like, the score rises with the likeness and stays in [0, 1]."""
    at = anchors([SFACE, OTHER], own)

    assert 0 < calibrated(z, at) <= calibrated(z + step, at) < 1
    assert at.threshold < at.bar


def test_a_burst_of_equal_selfies_does_not_demand_a_copy() -> None:
    """Ten frames of one burst are alike to 0.97; a typical other photo of the same person must still reach the bar."""
    mean, _ = genuine_z([SFACE])
    at = anchors([SFACE], [z_score(0.97, SFACE)] * 45)

    assert calibrated(mean, at) >= BAR


def test_varied_selfies_lower_the_bar_and_never_to_the_threshold() -> None:
    """Somebody with a new beard is less like their own photos: the bar follows, but strangers stay out."""
    varied = anchors([SFACE], [z_score(c, SFACE) for c in (0.45, 0.5, 0.48, 0.55, 0.5, 0.47)])

    assert varied.bar < anchors([SFACE], []).bar
    assert calibrated(threshold_z([SFACE]), varied) == pytest.approx(SAME_PERSON)


def test_embedders_are_averaged_as_z_scores() -> None:
    """A cosine of 0.5 means little to one network and much to another: raw cosines must not be mixed."""
    both = mean_z({"sface": 0.5, "other": 0.5}, [SFACE, OTHER])

    assert both == pytest.approx((z_score(0.5, SFACE) + z_score(0.5, OTHER)) / 2)


def test_the_sitters_own_pixels_pass_the_bar_and_a_stranger_fails() -> None:
    """With one real photo and the real embedder: a dimmer copy is the sitter, a painted face is not."""
    rgb, face = portrait()
    embedder = SFaceEmbedder()
    identity = identify([selfie("only")], [embedder])
    dim = np.asarray(rgb * 0.75, np.uint8)

    own = likeness(identity, embeddings(dim, face, [embedder]), [embedder.card], "only")
    stranger = likeness(identity, embeddings(drawn_stranger(), face, [embedder]), [embedder.card], "only")

    assert own.calibrated > BAR
    assert own.source_similarity > 0.93
    assert stranger.calibrated < 0.1


def test_another_photo_of_a_person_scores_better_than_any_stranger() -> None:
    """Forty synthetic people with five selfies each: a sixth photo passes as the person, no stranger does."""
    crowd = people(40, 6, 0.6, seed=3)
    for number, photos in enumerate(crowd):
        embedder = TableEmbedder({f"s{i}": v for i, v in enumerate(photos[:5])})
        identity = identify([marked(f"s{i}") for i in range(5)], [embedder])
        stranger = crowd[(number + 1) % 40][0]

        own = likeness(identity, {"table": photos[5]}, [CARD], "s0").calibrated
        other = likeness(identity, {"table": stranger}, [CARD], "s0").calibrated

        assert own > SAME_PERSON > other
