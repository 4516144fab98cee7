"""How much a picture shows the sitter: raw, calibrated, and against the one selfie that it was made from."""

from collections.abc import Mapping, Sequence

import numpy as np

from engine.contract.faces import Face
from engine.contract.identities import EmbedderCard, Identity, Likeness
from engine.contract.pixels import Rgb8, Vector
from engine.contract.ports import FaceEmbedder
from engine.identity.calibration import anchors, calibrated
from engine.identity.zscores import mean_z, pairwise_z


def embeddings(rgb: Rgb8, face: Face, embedders: Sequence[FaceEmbedder]) -> dict[str, Vector]:
    """Embedder name → unit vector of the face."""
    return {embedder.card.name: embedder.embed(rgb, face) for embedder in embedders}


def likeness(
    identity: Identity, vectors: Mapping[str, Vector], cards: Sequence[EmbedderCard], source_id: str
) -> Likeness:
    """Likeness of a picture with the embeddings `vectors` that was made from the selfie `source_id`.

    The calibrated score compares the weighted mean cosine to the single selfies, not the cosine to their mean: the mean
    of n photos is nearer to everything, so only the former is comparable with the selfie-to-selfie spread.
    """
    to_reference = [float(vectors[card.name] @ identity.references[card.name]) for card in cards]
    to_source = [float(vectors[card.name] @ identity.per_selfie[card.name][source_id]) for card in cards]
    to_selfies = {card.name: _mean_to_selfies(identity, vectors[card.name], card.name) for card in cards}
    own = own_pairs(identity, cards)
    return Likeness(
        similarity=float(np.mean(to_reference)),
        calibrated=calibrated(mean_z(to_selfies, cards), anchors(cards, own)),
        source_similarity=float(np.mean(to_source)),
    )


def own_pairs(identity: Identity, cards: Sequence[EmbedderCard]) -> list[float]:
    """z of every pair of the kept selfies; empty when there is one."""
    pairwise = pairwise_z(identity.per_selfie, identity.selfie_ids, cards)
    return [float(z) for z in pairwise[np.triu_indices(len(identity.selfie_ids), 1)]]


def _mean_to_selfies(identity: Identity, vector: Vector, name: str) -> float:
    selfies = identity.per_selfie[name]
    pairs = zip(identity.selfie_ids, identity.weights, strict=True)
    return sum(weight * float(vector @ selfies[selfie_id]) for selfie_id, weight in pairs)
