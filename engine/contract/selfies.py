"""Stage 1 records: what a person gave, what was seen in it and what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from engine.contract.faces import Face
from engine.contract.pixels import Rgb8


@dataclass(frozen=True, slots=True)
class Photo:
    """Bytes as they came, not yet looked at. `name` is how the person knows it ("photo 2", a file name); it is never logged."""

    name: str
    data: bytes


class Outcome(StrEnum):
    """Verdict on one selfie."""

    ACCEPTED = "accepted"
    USABLE = "usable"
    """Usable with a warning."""
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be. `code` has a sentence of advice in `sentences`."""

    code: str
    refuses: bool
    """True: the selfie cannot be used for this reason."""
    value: float | None = None
    limit: float | None = None


@dataclass(frozen=True, slots=True)
class Appearance:
    """What was measured in the picture, never guessed at: no ethnicity, gender, age or emotion. Scores are in [0, 1]."""

    skin_ita_deg: float
    """Individual typology angle, atan2(L* - 50, b*) in degrees: > 55 very light … < -30 very dark."""
    skin_lab: tuple[float, float, float]
    hair_lab: tuple[float, float, float] | None
    """Median CIELAB of the hair, None where hardly any is seen (covered, shaved, cut off)."""
    hair_colour: str
    """black, brown, blond, red, grey, white or "" when unseen."""
    glasses: float
    facial_hair: float
    clothing_lab: tuple[float, float, float] | None
    clothing_colour: str
    """Plain colour name or "" when unseen."""
    clothing_plain: float
    """1 = one even colour, 0 = a busy pattern."""
    monochrome: bool
    """The photo itself has no colour."""


@dataclass(frozen=True, slots=True, eq=False)
class Selfie:
    """A decoded photo with its sitter's face. Pixels carry no metadata."""

    id: str
    """First 16 hex digits of the SHA-256 of the bytes as they came."""
    name: str
    rgb: Rgb8
    face: Face
    appearance: Appearance
    measures: Mapping[str, float]
    quality: float
    """In [0, 1]; weighs this selfie in the identity and orders the selfies for shots."""
    outcome: Outcome
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Answer to the person about one photo."""

    name: str
    selfie_id: str
    outcome: Outcome
    findings: tuple[Finding, ...]
    advice: str
    """One sentence: what is wrong and what to do next, or what is good about it."""
    measures: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which angles, lights and expressions the selfies hold, and the one photo that would help most."""

    angles: Mapping[str, int]
    """Count of usable selfies: front, left, right, up, down."""
    light: Mapping[str, int]
    """even, side, back."""
    expression: Mapping[str, int]
    """mouth_closed, mouth_open: geometry of the mouth, no emotion."""
    next_photo: str | None
    """Code of the advice for the most helpful next photo, None when nothing is missing."""


@dataclass(frozen=True, slots=True, eq=False)
class Intake:
    """Result of stage 1: a verdict for every photo in the order given; `selfies` holds the accepted and usable ones."""

    verdicts: tuple[Verdict, ...]
    selfies: tuple[Selfie, ...]
    coverage: Coverage
