"""Stage 2: the identity of one sitter from several selfies."""

import numpy as np
import pytest

from engine.contract.errors import PersonError
from engine.contract.identities import EmbedderCard
from engine.faces.sface import SFaceEmbedder
from engine.stages.identity import identify
from tests.identity.sitters import CARD, TableEmbedder, drawn_stranger, marked, people, portrait, selfie


def _table(*vectors: np.ndarray) -> dict[str, np.ndarray]:
    return {f"s{number}": vector for number, vector in enumerate(vectors)}


def _selfies(count: int) -> list:
    return [marked(f"s{number}") for number in range(count)]


def test_one_selfie_is_enough() -> None:
    """A person may send a single photo: the embedder's own statistics then stand in for the selfie-to-selfie spread."""
    identity = identify([selfie("only")], [SFaceEmbedder()])

    card = SFaceEmbedder().card
    assert identity.selfie_ids == ("only",)
    assert identity.weights == (1.0,)
    assert (identity.spread_mean, identity.spread_sd) == (card.genuine_mean, card.genuine_sd)
    assert identity.outliers == ()


def test_sface_alone_gives_384_dimensions_and_an_arcface_model_takes_it_past_1024() -> None:
    """The docs promise these numbers: three crop scales for each embedder, unit length."""
    wide = EmbedderCard("wide", 512, 0.3, 0.0, 0.07, 0.6, 0.1, "none", True)
    vector = people(1, 1, 0.1, dim=512)[0][0]
    other = TableEmbedder({"s0": vector}, wide)
    sitter = marked("s0")

    alone = identify([sitter], [SFaceEmbedder()]).ensemble
    both = identify([sitter], [SFaceEmbedder(), other]).ensemble

    assert alone.shape == (384,)
    assert both.shape == (384 + 3 * 512,)
    assert float(np.linalg.norm(both)) == pytest.approx(1.0, abs=1e-5)


def test_a_friend_among_the_selfies_is_named_and_left_out() -> None:
    """Somebody forwards a photo of a friend by mistake: it must not bend the sitter's identity."""
    (own, (friend, *_)) = people(2, 4, 0.6)
    embedder = TableEmbedder(_table(own[0], own[1], friend, own[2], own[3]))

    identity = identify(_selfies(5), [embedder])

    assert identity.outliers == ("s2",)
    assert identity.selfie_ids == ("s0", "s1", "s3", "s4")
    assert float(identity.references["table"] @ friend) < CARD.threshold


def test_a_painted_stranger_among_real_photos_is_left_out() -> None:
    """The same with the real embedder: three copies of the portrait and a face that is not the sitter's."""
    rgb, face = portrait()
    dim = np.asarray(rgb * 0.8, np.uint8)
    sitters = [selfie("a"), selfie("b", rgb=dim), selfie("stranger", rgb=drawn_stranger(), face=face)]

    identity = identify(sitters, [SFaceEmbedder()])

    assert identity.outliers == ("stranger",)
    assert set(identity.per_selfie["sface"]) == {"a", "b", "stranger"}


@pytest.mark.parametrize("counts", [(1, 1), (2, 2), (3, 3), (2, 1, 1)])
def test_photos_of_several_people_ask_for_more(counts: tuple[int, ...]) -> None:
    """Without a majority nobody can say who the sitter is; the person is asked, nothing is guessed."""
    crowd = people(len(counts), 3, 0.5)
    vectors = [photo for person, count in zip(crowd, counts, strict=True) for photo in person[:count]]

    with pytest.raises(PersonError) as caught:
        identify(_selfies(sum(counts)), [TableEmbedder(_table(*vectors))])

    assert caught.value.code == "selfies_disagree"
    assert caught.value.facts == {"count": sum(counts)}


def test_weights_follow_quality_and_agreement() -> None:
    """A sharp photo that looks like all the others counts more than a poor one or an odd one."""
    (own,) = people(1, 3, 0.35)
    odd = own[0] + 0.9 * people(1, 1, 0.0, seed=5)[0][0]
    odd /= np.linalg.norm(odd)
    embedder = TableEmbedder(_table(own[0], own[1], own[2], odd.astype(np.float32)))
    sitters = [marked("s0", 0.9), marked("s1", 0.9), marked("s2", 0.3), marked("s3", 0.9)]

    identity = identify(sitters, [embedder])

    good, _, poor, strange = identity.weights
    assert sum(identity.weights) == pytest.approx(1.0)
    assert good > strange > poor


def test_photos_of_one_person_are_never_dropped_for_being_different() -> None:
    """Two hundred synthetic sitters with everyday variety: smiles and angles must not count as outliers."""
    for seed in range(200):
        (own,) = people(1, 6, 0.6, seed=seed)
        identity = identify(_selfies(6), [TableEmbedder(_table(*own))])
        assert identity.outliers == ()


def test_texture_geometry_and_expression_come_with_the_identity() -> None:
    """The renderer and the drift measures need them; all are finite numbers and none of them names an emotion."""
    identity = identify([selfie("only")], [SFaceEmbedder()])

    assert identity.geometry.shape == (16,)
    assert np.isfinite(identity.geometry).all()
    assert set(identity.texture) == {"fine", "medium", "coarse", "marks"}
    assert set(identity.expression) == {"mouth_opening", "smile_width", "eye_opening"}


def test_an_empty_sitting_is_our_own_mistake() -> None:
    """Intake answers the person; calling this stage without a selfie is a bug of ours."""
    with pytest.raises(ValueError, match="at least one"):
        identify([], [SFaceEmbedder()])
