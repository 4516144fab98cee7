"""Records of stages 4 to 7: from a request over planned shots and rendered candidates to a ranked gallery."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from engine.contract.identities import Likeness
from engine.contract.pixels import Rgb8
from engine.contract.selfies import Intake, Photo
from engine.contract.styles import Backdrop, CropName, Grade, Light, Style, Wardrobe

FileFormat = Literal["jpeg", "png", "webp"]


@dataclass(frozen=True, slots=True)
class ShootRequest:
    """One request: sitting + style + count."""

    photos: tuple[Photo, ...]
    style: str = "corporate"
    """Name or alias of a style."""
    count: int = 12
    """Headshots in the gallery, 1 to 100."""
    candidates: int | None = None
    """Pictures rendered to choose from, 20 to 100; None: twice the count within these bounds."""
    wish: str = ""
    """The person's own words, at most 120 characters."""
    polish: float = 0.4
    """faithful 0 ↔ 1 polished. The default keeps pores, moles, scars and wrinkles."""
    height_px: int = 2048
    """Wanted height of a finished headshot; less where the photo does not carry it."""
    seed: int = 0
    backdrop: Backdrop | None = None
    """Replaces the style's backdrops (brand colour, own picture)."""
    backdrop_picture: bytes | None = None
    """For a backdrop of kind "picture"."""
    wardrobe: Wardrobe | None = None
    crops: tuple[CropName, ...] = ()
    """Replaces the style's crops."""
    reference: Photo | None = None
    """Light, colours and backdrop follow this picture, as far as skin carries them; who is in it is never looked at."""


@dataclass(frozen=True, slots=True)
class VariationRequest:
    """More of one headshot."""

    recipe: Mapping[str, Any]
    kind: str
    """A key of `variations`: more-like-this, new-light, new-backdrop, new-crop, warmer, …"""
    photos: tuple[Photo, ...]
    """Among them the one that the headshot was made from."""
    count: int = 4
    height_px: int = 2048
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Prompt:
    """Engineered text, at most 75 CLIP tokens a part."""

    subject: str
    """Positive, first text encoder: who and what."""
    photography: str
    """Positive, second text encoder: light, lens, finish."""
    negative: str
    unmet: tuple[str, ...] = ()
    """Codes of wishes that the chosen renderer cannot fulfil; each has a sentence."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A planned picture, complete: the same shot, selfies and version give the same bytes."""

    id: str
    """Deterministic from the rest."""
    seed: int
    selfie_id: str
    style: str
    crop: CropName
    light: Light
    backdrop: Backdrop
    grade: Grade
    polish: float
    wardrobe: Wardrobe
    prompt: Prompt
    preference: float = 1.0
    """Style's order of preference in [0, 1]: what the photographer would try first."""
    parent: str | None = None
    """Id of the shot this one varies."""


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A rendered picture, not yet judged."""

    shot: Shot
    rgb: Rgb8
    source_similarity: float
    """Cosine to the selfie it was made from, by the default embedder."""
    honest_height_px: int
    """Largest height that the source carries without softness."""
    framing: Mapping[str, float] = field(default_factory=dict)
    """What the renderer knows of the frame: share of missing photo, headroom, matte confidence, edge hardness."""
    notes: tuple[str, ...] = ()
    """Codes of things the viewer should know; each has a sentence."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Every measure of the ranking, each in [0, 1], and the weighted total. Formulas in docs/quality.md."""

    total: float
    parts: Mapping[str, float]


@dataclass(frozen=True, slots=True, eq=False)
class Headshot:
    """A judged picture that may be delivered."""

    rank: int
    shot: Shot
    rgb: Rgb8
    scores: Scores
    likeness: Likeness
    why: str
    """One plain sentence."""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Gallery:
    """The ranked headshots of one shoot and how they came about."""

    style: Style
    intake: Intake
    headshots: tuple[Headshot, ...]
    """With their proofs as pictures; the finished pictures were handed over one by one."""
    rendered: int
    rejected: Mapping[str, int]
    """Reason code → number of candidates that were held back."""
    seconds: Mapping[str, float]
    """Stage → seconds."""
