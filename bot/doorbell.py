"""The doorbell between the bot and its workers. It carries an opaque id and nothing else; SQL is the truth.

Whoever loses all that is in here has lost nothing: the reconciler of the ledger rings again for what is still open. So no
method raises because the bell is broken, save the one that has an answer to give, and each is done within a second.
"""

import math
import re
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from typing import Protocol, get_args

from bot.shoots import Lane

LANES: tuple[Lane, ...] = get_args(Lane)
"""Screenings look at selfies on the CPU, so that a busy GPU never delays the coach; quarantine runs a suspect shoot alone."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a shoot has come: `done` of `total` in a stage; total 0 = not known."""

    shoot_id: str
    stage: str
    """One short snake_case word such as "render"; never words of a person."""
    done: int
    total: int
    at: float
    """Unix seconds."""

    def __post_init__(self) -> None:
        require_opaque(self.shoot_id)
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,31}", self.stage):
            raise ValueError("a stage is one short snake_case word")
        if not (self.done >= 0 and self.total >= 0 and 0 <= self.at < math.inf):
            raise ValueError("progress and time count up from 0")


class ShootQueue(Protocol):
    """The bot's side: asks for work and hears how it goes. The same methods serve screenings, each with an id of its own."""

    async def wake(self, shoot_id: str, lane: Lane) -> bool:
        """Ask a worker to look at a shoot. Ringing twice is harmless: a worker that cannot claim the shoot goes on.

        False = not heard within a second. Callers may ignore it, because the reconciler rings again.
        """
        ...

    async def cancel(self, shoot_id: str) -> bool:
        """Tell whoever runs the shoot, or will, to stop; the ledger must know already. False = not heard within a second."""
        ...

    async def latest(self, shoot_id: str) -> Progress | None:
        """The last progress; None = nothing was heard of the shoot for a day. Raises QueueError within a second."""
        ...

    def changes(self, shoot_id: str) -> AsyncIterator[Progress]:
        """The latest progress at once, then every later one in order. Outages delay it; it ends only when the caller leaves."""
        ...

    async def forget(self, shoot_ids: Collection[str]) -> int:
        """Remove progress and cancellations of these shoots; how many keys went. Raises QueueError within a second."""
        ...


class ShootFeedback(Protocol):
    """The worker's side: says how it goes and hears that it should stop."""

    async def report(self, progress: Progress) -> bool:
        """Publish progress. False = not heard within a second; the next one makes up for it."""
        ...

    async def cancelled(self, shoot_id: str) -> None:
        """Return when somebody has cancelled the shoot, also when that was before this call. Outages delay it."""
        ...


def require_opaque(shoot_id: str) -> str:
    """The id when it is 128 bits in 32 lowercase hex digits, such as `new_shoot_id()`; raises ValueError without repeating it."""
    if not re.fullmatch(r"[0-9a-f]{32}", shoot_id):
        raise ValueError("a shoot id is 32 lowercase hex digits")
    return shoot_id
