"""What every start of a shoot works with, joined in `service`."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.artifacts import ArtifactStore
from bot.doorbell import ShootFeedback
from bot.ledger import LEASE_S, Acceptance, Leases
from bot.observe.metrics import Metrics
from bot.retention import Retention
from bot.shoots import Ending


@dataclass(frozen=True, slots=True)
class Parts:
    """The ports of one worker."""

    leases: Leases
    acceptance: Acceptance
    pictures: ArtifactStore
    feedback: ShootFeedback
    retention: Retention
    metrics: Metrics
    lease_s: float = LEASE_S
    clock: Callable[[], float] = time.time
    """Unix seconds."""

    def now(self) -> datetime:
        """The clock's time, aware."""
        return datetime.fromtimestamp(self.clock(), UTC)

    def patience(self) -> Callable[[], float]:
        """Until when the picture store is asked again: as long as a lease, from now."""
        until = time.monotonic() + self.lease_s
        return lambda: until


@dataclass(frozen=True, slots=True)
class Made:
    """What a start has come to."""

    ending: Ending
    refused: tuple[str, ...] = ()
    """Selfies that are not kept: destroyed as soon as the ending is written."""
