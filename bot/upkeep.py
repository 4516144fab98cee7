"""What has to be done every now and then, by every process of the bot or by one: none of it does harm when it is done twice."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from datetime import UTC, datetime

import structlog

from bot.artifacts import ArtifactStore, Removed
from bot.doorbell import ShootQueue
from bot.ledger import Clock, Counts, Kick, Reconciler
from bot.retention import Retention
from bot.shoots import Lane
from engine.contract.errors import QueueError, StorageError

RECONCILE_S = 2.0
COUNT_S = 10.0
SWEEP_S = 5 * 60.0
PURGE_S = 3600.0
AGAIN_S, LONGEST_S = 10.0, 300.0
"""A shoot that still waits is rung for again after the first, then after twice as long, and so on up to the second. A worker
goes on until there is nothing left to claim, so most of these rings only wake one that has nothing to do.
"""
AGAIN_AT_ONCE = 2
"""Such rings per lane and look."""
log = structlog.get_logger()


class Upkeep:
    """Runs until it is cancelled; nothing that fails ends it."""

    def __init__(
        self,
        reconciler: Reconciler,
        queue: ShootQueue,
        pictures: ArtifactStore,
        retention: Retention,
        clock: Clock,
        *,
        on_counts: Callable[[Counts], None] = lambda _: None,
        on_swept: Callable[[Removed], None] = lambda _: None,
        on_failure: Callable[[str], None] = lambda _: None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._reconciler = reconciler
        self._queue = queue
        self._pictures = pictures
        self._retention = retention
        self._clock = clock
        self._on_counts, self._on_swept, self._on_failure = on_counts, on_swept, on_failure
        self._sleep = sleep
        self._rung: dict[str, tuple[float, float]] = {}
        """Of the shoots that were to be woken at the last look: when they were rung for, and how long that holds."""

    async def run(self) -> None:
        """For ever."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._every(RECONCILE_S, self.reconcile))
            group.create_task(self._every(COUNT_S, self.count))
            group.create_task(self._every(SWEEP_S, self.sweep))
            group.create_task(self._every(PURGE_S, self.purge))

    async def _every(self, period_s: float, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await work()
            except (StorageError, QueueError) as error:
                log.warning("upkeep_failed", code=error.code, kind=getattr(work, "__name__", ""))
                self._on_failure(error.code)
            await self._sleep(period_s)

    async def reconcile(self) -> None:
        """Move on what is stuck, and ring for what waits."""
        found = await self._reconciler.reconcile()
        for kind, shoots in (("quarantined", found.quarantined), ("explained", found.explained)):
            for shoot_id in shoots:
                log.warning("shoot_stalled", shoot_id=shoot_id, state=kind)
        for kick in self._to_ring(found.kicks):
            await self._queue.wake(kick.shoot_id, kick.lane)

    def _to_ring(self, kicks: Collection[Kick]) -> list[Kick]:
        """What was not there at the last look is new or was left behind, and is rung for at once."""
        now, again = self._clock(), dict.fromkeys((kick.lane for kick in kicks), AGAIN_AT_ONCE)
        before, self._rung = self._rung, {}
        return [kick for kick in kicks if self._is_due(kick, before.get(kick.shoot_id), now, again)]

    def _is_due(self, kick: Kick, last: tuple[float, float] | None, now: float, again: dict[Lane, int]) -> bool:
        if last is None:
            self._rung[kick.shoot_id] = (now, AGAIN_S)
            return True
        at, holds_s = last
        due = not 0 <= now - at < holds_s and again[kick.lane] > 0
        self._rung[kick.shoot_id] = (now, min(holds_s * 2, LONGEST_S)) if due else last
        again[kick.lane] -= due
        return due

    async def count(self) -> None:
        """The books, for whoever measures."""
        self._on_counts(await self._reconciler.counts())

    async def sweep(self) -> None:
        """Destroy pictures whose time has come."""
        removed = await self._pictures.sweep(datetime.fromtimestamp(self._clock(), UTC))
        self._on_swept(removed)
        if removed.artifacts or removed.leftovers:
            log.info("pictures_swept", count=removed.artifacts, total=removed.artifacts + removed.leftovers)

    async def purge(self) -> None:
        """Delete the rows of what ended long ago, in small pieces."""
        before = self._clock() - self._retention.records.total_seconds()
        total = 0
        while gone := await self._reconciler.purge(before):
            total += gone
        if total:
            log.info("records_purged", count=total)
