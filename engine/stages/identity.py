"""Stage 2: one sitter's face at several scales, from their accepted selfies."""

from collections.abc import Mapping, Sequence

import numpy as np

from engine.contract.identities import EmbedderCard, Identity
from engine.contract.pixels import Vector
from engine.contract.ports import FaceEmbedder
from engine.contract.selfies import Selfie
from engine.identity.agreement import agreement
from engine.identity.ensemble import SCALES, embed_scales, ensemble, weighted_mean
from engine.identity.expression import expression
from engine.identity.geometry import mean_shape, proportions
from engine.identity.texture import texture
from engine.identity.zscores import genuine_z, pairwise_z, threshold_z
from engine.intake.face_patch import face_patch


def identify(selfies: Sequence[Selfie], embedders: Sequence[FaceEmbedder]) -> Identity:
    """Identity of the sitter; selfies that show somebody else or mislead are named in `outliers`.

    Raises PersonError("selfies_disagree") when no clear majority of the selfies shows one person.
    """
    if not selfies or not embedders:
        raise ValueError("identify needs at least one selfie and one embedder")
    cards = [embedder.card for embedder in embedders]
    views = {e.card.name: {s.id: embed_scales(s.rgb, s.face, e) for s in selfies} for e in embedders}
    per_selfie = {name: {i: by_scale[_SAME_SIZE] for i, by_scale in found.items()} for name, found in views.items()}
    mean, sd = genuine_z(cards)
    pairwise = pairwise_z(per_selfie, [s.id for s in selfies], cards)
    agreed = agreement(pairwise, [s.quality for s in selfies], threshold_z(cards), mean, sd)
    kept = [selfies[i] for i in agreed.kept]
    ids = tuple(s.id for s in kept)
    spread_mean, spread_sd = _spread(per_selfie, ids, cards)
    return Identity(
        selfie_ids=ids,
        weights=agreed.weights,
        references={n: weighted_mean(np.stack([v[i] for i in ids]), agreed.weights) for n, v in per_selfie.items()},
        per_selfie=per_selfie,
        ensemble=ensemble(views, ids, agreed.weights),
        spread_mean=spread_mean,
        spread_sd=spread_sd,
        outliers=tuple(selfies[i].id for i in agreed.outliers),
        geometry=proportions(mean_shape([s.face for s in kept], agreed.weights)),
        texture=_mean_of([texture(face_patch(s.rgb, s.face)) for s in kept], agreed.weights),
        expression=_mean_of([expression(s.face) for s in kept], agreed.weights),
    )


_SAME_SIZE = SCALES.index(1.0)


def _spread(
    per_selfie: Mapping[str, Mapping[str, Vector]], ids: Sequence[str], cards: Sequence[EmbedderCard]
) -> tuple[float, float]:
    """Mean and sd of the raw selfie-to-selfie cosine over embedders; the cards' own figures where there are too few pairs."""
    upper = np.triu_indices(len(ids), 1)
    means, sds = [], []
    for card in cards:
        stack = np.stack([per_selfie[card.name][i] for i in ids]).astype(np.float64)
        pairs = (stack @ stack.T)[upper]
        means.append(float(pairs.mean()) if len(pairs) else card.genuine_mean)
        sds.append(float(pairs.std(ddof=1)) if len(pairs) > 2 else card.genuine_sd)
    return float(np.mean(means)), float(np.mean(sds))


def _mean_of(rows: Sequence[Mapping[str, float]], weights: Sequence[float]) -> dict[str, float]:
    return {key: sum(w * row[key] for w, row in zip(weights, rows, strict=True)) for key in rows[0]}
