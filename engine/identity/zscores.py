"""Cosines of several embedders on one scale: standard deviations above what strangers reach.

Raw cosines of different embedders must not be averaged: one network calls strangers 0.11 apart, another 0.0.
z = (cosine - impostor mean) / impostor sd, with the figures of the embedder's card; then z may be averaged.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from engine.contract.identities import EmbedderCard
from engine.contract.pixels import Vector


def z_score(similarity: float, card: EmbedderCard) -> float:
    """How many impostor standard deviations a cosine lies above the impostor mean."""
    return (similarity - card.impostor_mean) / card.impostor_sd


def mean_z(similarities: Mapping[str, float], cards: Sequence[EmbedderCard]) -> float:
    """Mean z over embedders; `similarities` by embedder name."""
    return float(np.mean([z_score(similarities[card.name], card) for card in cards]))


def threshold_z(cards: Sequence[EmbedderCard]) -> float:
    """Where the models' authors put the border between two people, on the z scale."""
    return float(np.mean([z_score(card.threshold, card) for card in cards]))


def genuine_z(cards: Sequence[EmbedderCard]) -> tuple[float, float]:
    """Mean and sd of different photos of one person, on the z scale."""
    mean = np.mean([z_score(card.genuine_mean, card) for card in cards])
    sd = np.mean([card.genuine_sd / card.impostor_sd for card in cards])
    return float(mean), float(sd)


def pairwise_z(
    vectors: Mapping[str, Mapping[str, Vector]], ids: Sequence[str], cards: Sequence[EmbedderCard]
) -> np.ndarray:
    """float64 [n, n]: mean z between each two selfies; `vectors` is embedder name → selfie id → vector."""
    total = np.zeros((len(ids), len(ids)))
    for card in cards:
        stack = np.stack([vectors[card.name][i] for i in ids]).astype(np.float64)
        total += (stack @ stack.T - card.impostor_mean) / card.impostor_sd
    return total / len(cards)
