"""Records of a shoot's life: what was asked, where it stands, who works on it and how it ended.

Payloads are JSON and hold ids, styles and numbers; never a picture, a name or a token. Times are Unix seconds.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal, TypeAlias

from bot.people import Person

Json: TypeAlias = Mapping[str, Any]
Kind: TypeAlias = Literal["shoot", "variation", "screening"]
Lane: TypeAlias = Literal["shoots", "screenings", "quarantine"]

PAYLOAD_VERSION = 1
"""Version of the payload that this code writes; rows of earlier versions can be read."""


class ShootState(StrEnum):
    """Where a shoot stands. The last three are final, and each of them comes with a message to the person."""

    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    EXPLAINED = "explained"
    """It could not be made, and the person is told why."""
    CANCELLED = "cancelled"

    @property
    def is_open(self) -> bool:
        """True while something is still owed."""
        return self in {ShootState.QUEUED, ShootState.RUNNING}


def new_shoot_id() -> str:
    """128 random bits in hex: can be shown and cannot be guessed."""
    return secrets.token_hex(16)


def lane_of(kind: Kind) -> Lane:
    """Screenings have a lane of their own, so that a busy renderer never delays the advice on a selfie."""
    return "screenings" if kind == "screening" else "shoots"


@dataclass(frozen=True, slots=True)
class ShootOrder:
    """What a person asked for, as it is written down before they are answered."""

    id: str
    person: Person
    dedupe_key: str
    """The platform's id of the event; the same key of the same person is the same shoot."""
    kind: Kind
    payload: Json
    conversation: str
    """Where to answer, in the words of the platform's adapter."""
    parent: str | None = None
    """Shoot that a variation starts from; it must be the same person's."""
    payload_version: int = PAYLOAD_VERSION


@dataclass(frozen=True, slots=True)
class Accepted:
    """Answer to an order that is safe on disk."""

    shoot_id: str
    new: bool
    """False: the same order was accepted before, and this is its id."""


@dataclass(frozen=True, slots=True)
class Shoot:
    """A shoot as its owner may see it."""

    order: ShootOrder
    state: ShootState
    lane: Lane
    next_index: int
    """Candidates that are done = index of the next one."""
    created_at: float
    ended_at: float | None
    placeholder: str | None
    """The platform's reference of the message that was posted first and is edited later."""
    ending: Json = field(default_factory=dict)
    """Payload of the gallery, verdict or explanation; empty while open."""


@dataclass(frozen=True, slots=True)
class Place:
    """Place of a shoot in its line, with what an estimate of the waiting time needs."""

    ahead: int
    """Shoots that will start before this one; 0 = next or running."""
    waiting: int
    """All that wait in the lane."""
    running: int
    """Live leases in the lane = shoots that are made side by side."""
    shoot_s: float
    """Mean time from first start to gallery of the lane's last twenty; 0 = not known yet."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One candidate that is safe on disk. `artifact` is its address in the store; "" for one that was left out."""

    index: int
    artifact: str
    facts: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on a shoot until a moment; every write shows the fence, and an outdated fence writes nothing."""

    order: ShootOrder
    lane: Lane
    owner: str
    fence: int
    until: float
    errors: int
    """Starts that ended in an error."""
    stalls: int
    """Starts since the last candidate was gained, this one included."""
    checkpoints: tuple[Checkpoint, ...]
    """What earlier starts made, by index."""

    @property
    def next_index(self) -> int:
        """Where to go on."""
        return len(self.checkpoints)


@dataclass(frozen=True, slots=True)
class Ending:
    """How a shoot ends: finished with a gallery (a screening with a verdict), or explained."""

    state: Literal[ShootState.FINISHED, ShootState.EXPLAINED]
    payload: Json
    """For explained: `code` and `facts` of the sentence."""
