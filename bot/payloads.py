"""What stands in the JSON of an order, a checkpoint and an ending. The conversation writes orders, the worker the other two.

Payloads hold ids, styles, numbers and a checked wish; never a picture, a file name or a token.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias, TypeVar

from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True)
class SelfieRef:
    """A stored selfie and what it is called in answers: "Photo 3"."""

    artifact: str
    name: str
    source: str = ""
    """The platform's reference of the file that it came in, where a person may take that back; "" = unknown."""


@dataclass(frozen=True, slots=True)
class ScreeningPayload:
    """Order of a screening."""

    new: tuple[SelfieRef, ...]
    """Those that the person waits to hear about."""
    earlier: tuple[SelfieRef, ...] = ()
    """Those of the sitting so far: who the sitter is, and what is a duplicate, is seen against them."""


@dataclass(frozen=True, slots=True)
class SelfieVerdict:
    """What was seen in one selfie."""

    artifact: str
    name: str
    selfie_id: str
    outcome: Literal["accepted", "usable", "refused"]
    code: str
    """Of the finding that weighs most, or accepted_…"""
    advice: str
    """One sentence: what is wrong or good, and what to do next."""


@dataclass(frozen=True, slots=True)
class VerdictEnding:
    """Ending of a screening."""

    verdicts: tuple[SelfieVerdict, ...]
    """Of the new selfies."""
    next_photo: str | None
    """Code of the advice for the one photo that would help most."""


@dataclass(frozen=True, slots=True)
class ShootPayload:
    """Order of a shoot."""

    style: str
    count: int
    selfies: tuple[SelfieRef, ...]
    wish: str = ""
    polish: float = 0.4
    seed: int = 0
    reference: SelfieRef | None = None
    """A stored picture whose light and colours the headshots follow; no selfie, and never screened."""


@dataclass(frozen=True, slots=True)
class VariationPayload:
    """Order of a variation. It is complete, so that it can be made when the parent's rows are gone."""

    variation: str
    """Kind, such as more-like-this."""
    count: int
    rank: int
    """Of the headshot in the parent's gallery."""
    recipe: Mapping[str, Any]
    selfies: tuple[SelfieRef, ...]
    seed: int = 0


@dataclass(frozen=True, slots=True)
class HeadshotFacts:
    """Facts of a checkpoint, whose artifact is the finished headshot."""

    rank: int
    shot_id: str
    width_px: int
    height_px: int
    file_format: str
    recipe: Mapping[str, Any]
    score: float
    likeness: float
    """Calibrated, in [0, 1]."""
    why: str
    notes: tuple[str, ...] = ()
    """Codes."""


@dataclass(frozen=True, slots=True)
class GalleryEnding:
    """Ending of a shoot or a variation."""

    style: str
    headshots: int
    rendered: int
    rejected: Mapping[str, int] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
    unmet: tuple[str, ...] = ()
    """Codes of wishes that could not be fulfilled."""


Payload: TypeAlias = (
    ScreeningPayload | ShootPayload | VariationPayload | VerdictEnding | GalleryEnding | HeadshotFacts | SelfieVerdict
)
P = TypeVar("P", bound=Payload)
_ADAPTERS: dict[type, TypeAdapter[Any]] = {
    kind: TypeAdapter(kind)
    for kind in (
        ScreeningPayload, ShootPayload, VariationPayload, VerdictEnding, GalleryEnding, HeadshotFacts, SelfieVerdict,
    )
}  # fmt: skip


def to_json(payload: Payload) -> dict[str, Any]:
    """A payload as JSON."""
    dumped: dict[str, Any] = _ADAPTERS[type(payload)].dump_python(payload, mode="json")
    return dumped


def from_json(kind: type[P], document: Mapping[str, Any]) -> P:
    """What `to_json` was given, as a record of this kind. Raises ValueError."""
    read: P = _ADAPTERS[kind].validate_python(document)
    return read
