"""What the engine process reports while it works, in the order in which it happens."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from engine.contract.identities import Likeness
from engine.contract.ports import Step
from engine.contract.selfies import Coverage, Verdict
from engine.contract.shots import FileFormat, Scores


@dataclass(frozen=True, slots=True)
class Stepped:
    """Progress of a stage."""

    step: Step


@dataclass(frozen=True, slots=True)
class Finished:
    """A headshot at full size. Store it: it is not sent again, and `kept` spares making it again after a restart."""

    rank: int
    """Its place in the gallery, from 1. The same request gives the same headshot the same rank."""
    shot_id: str
    picture: bytes
    """A file of `file_format`, see `engine.headshot_files`."""
    file_format: FileFormat
    width_px: int
    height_px: int
    recipe: Mapping[str, Any]
    scores: Scores
    likeness: Likeness
    why: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """Verdict on every photo in the order given, and what the set of them lacks. Ends a check."""

    verdicts: tuple[Verdict, ...]
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class Done:
    """The gallery is complete. Ends a shoot or a variation."""

    style: str
    headshots: int
    """In the gallery, those of earlier starts included."""
    rendered: int
    """Candidates to choose from."""
    rejected: Mapping[str, int]
    """Reason code → number of candidates held back."""
    seconds: Mapping[str, float]
    """Stage → seconds."""
    checked: Checked


@dataclass(frozen=True, slots=True)
class Stopped:
    """This host stops. What was finished has been handed over; the rest is for whoever resumes."""


Event: TypeAlias = Stepped | Finished | Checked | Done | Stopped
Last: TypeAlias = Checked | Done | Stopped
"""After one of these comes nothing more."""
