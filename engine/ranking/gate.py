"""What may never be shown: pictures of nobody, of somebody else, worked over, or with the photo's edge in them."""

from enum import StrEnum

from engine.contract.faces import Face
from engine.contract.identities import Likeness
from engine.contract.shots import Candidate
from engine.identity.calibration import BAR, SAME_PERSON

OVER_PROCESSED = 0.80
"""Cosine to its own selfie under which a picture made of the person's own pixels is worked over; studio.md's guard."""
MISSING = 0.001
"""Share of the frame where the photo cut the person off, from which it shows."""
POOR = 0.30
"""Total score below which a picture is no headshot."""


class Held(StrEnum):
    """Why a candidate was held back. Each has a sentence."""

    NO_FACE = "no_face_in_headshot"
    SOMEBODY_ELSE = "looks_like_somebody_else"
    OVER_PROCESSED = "over_processed"
    EDGE_SHOWS = "photo_edge_shows"
    POOR = "quality_too_low"
    BELOW_BAR = "likeness_below_bar"
    NEAR_IDENTICAL = "near_identical"
    ENOUGH = "enough_chosen"


def refusal(candidate: Candidate, face: Face | None, likeness: Likeness | None, *, keeps_pixels: bool) -> Held | None:
    """Why the candidate may never be shown, or None. `keeps_pixels`: the picture is made of the selfie's own pixels."""
    if face is None or likeness is None:
        return Held.NO_FACE
    if likeness.calibrated < SAME_PERSON:
        return Held.SOMEBODY_ELSE
    if keeps_pixels and likeness.source_similarity < OVER_PROCESSED:
        return Held.OVER_PROCESSED
    if candidate.framing.get("missing", 0.0) > MISSING:
        return Held.EDGE_SHOWS
    return None


def reaches_bar(likeness: Likeness) -> bool:
    """True from a calibrated likeness of 0.85 on: the professional bar."""
    return likeness.calibrated >= BAR
