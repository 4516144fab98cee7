"""Stage 2 records: what the engine knows of one face. Lives in memory only."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.contract.pixels import Vector


@dataclass(frozen=True, slots=True)
class EmbedderCard:
    """Facts that belong to an embedder, not to us."""

    name: str
    dim: int
    threshold: float
    """Cosine above which two photos show one person, by the model's authors."""
    impostor_mean: float
    impostor_sd: float
    """Cosine of different people, measured; see docs/quality.md."""
    genuine_mean: float
    genuine_sd: float
    """Cosine of different photos of one person, measured."""
    licence: str
    commercial: bool


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much a picture shows the sitter."""

    similarity: float
    """Raw: mean cosine over embedders to the sitter's reference, in [-1, 1]."""
    calibrated: float
    """In [0, 1]: against the person's own selfie-to-selfie spread and impostor statistics. 0.85 is the professional bar."""
    source_similarity: float
    """Raw cosine to the one selfie that the picture was made from: the over-processing alarm."""


@dataclass(frozen=True, slots=True, eq=False)
class Identity:
    """One sitter's face at several scales."""

    selfie_ids: tuple[str, ...]
    """In the order of the sitting, outliers left out."""
    weights: tuple[float, ...]
    """Sum 1; quality times agreement with the others."""
    references: Mapping[str, Vector]
    """Embedder name → weighted mean embedding of the sitter."""
    per_selfie: Mapping[str, Mapping[str, Vector]]
    """Embedder name → selfie id → embedding."""
    ensemble: Vector
    """All embedders of all scales concatenated, L2 normalised: at least 1024 dimensions when several embedders are present."""
    spread_mean: float
    """Mean selfie-to-selfie cosine of this person; the embedder's genuine mean when there is one selfie only."""
    spread_sd: float
    outliers: tuple[str, ...]
    """Ids of selfies that show somebody else or mislead."""
    geometry: Vector
    """Scale- and pose-free proportions of the mesh."""
    texture: Mapping[str, float]
    """Skin detail energy per band and number of marks to preserve."""
    expression: Mapping[str, float]
    """Mouth opening, smile width, eye opening: geometry only, no emotion."""
